"""Judges the open cases again: after a change of the policy, or with a newer engine.

Decided cases keep the verdict they were decided by: a verdict names the version in force (N8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.clock import Clock
from console.domain.cases import OPEN_STATES
from console.domain.ids import EventId, MessageId, new_id
from console.domain.journal import Event
from console.domain.messages import IncomingMessage
from console.domain.roles import Actor
from console.domain.sanctions import LadderSettings
from console.domain.verdicts import Verdict
from console.services.intake_context import Surroundings
from console.services.ports import Database, Judge, JudgeContext, Progress
from console.services.rows import CaseDetail, ChangeSet, Cursor, QueueFilter, Sort

BATCH = 200


@dataclass(frozen=True, slots=True)
class _Case:
    """A case as it was read, with what the engine needs of it."""

    id: MessageId
    revision: int
    verdict: Verdict
    message: IncomingMessage


def judge_again(
    db: Database, judge: Judge, clock: Clock, actor: Actor, ladder: LadderSettings, progress: Progress
) -> ChangeSet:
    """Give every open case a verdict by the policy in force. Batches are units of work of their own:
    a stop in between leaves cases that were judged by the older version, and says so by their version."""
    judge.prepare()
    where = QueueFilter(states=OPEN_STATES, arrived_before=db.reads.last_arrival() + 1)
    total = db.reads.matches(where, 10_000_000)
    changed: set[MessageId] = set()
    cursor: Cursor | None = None
    done = 0
    while True:
        progress(done, total)
        page = db.reads.queue(where, Sort.OLDEST, cursor, BATCH)
        cases = [_case(db.reads.case_detail(row.id, clock.now(), ladder)) for row in page.rows]
        changed |= _replace(db, _judged(db, judge, clock, ladder, cases))
        done += len(page.rows)
        cursor = page.next
        if cursor is None:
            break
    progress(done, total)
    _record(db, clock, actor, judge.version, done, len(changed))
    return ChangeSet(messages=frozenset(changed), counts=bool(changed))


def _judged(
    db: Database, judge: Judge, clock: Clock, ladder: LadderSettings, cases: Sequence[_Case]
) -> list[tuple[_Case, Verdict]]:
    messages = [each.message for each in cases]
    keys = [judge.bands(each.text) for each in messages]
    around = Surroundings(db.reads, messages, keys, clock.now(), ladder)
    emergency = db.reads.emergency()
    urgent = emergency is not None and emergency.active
    found = []
    for case in cases:
        before = around.of(case.message, known=True)
        context = JudgeContext(before.author_recent, before.similar_recent, before.delivered_warnings, urgent)
        verdict = judge.judge(case.message, context)
        if verdict != case.verdict:
            found.append((case, verdict))
    return found


def _replace(db: Database, judged: Sequence[tuple[_Case, Verdict]]) -> set[MessageId]:
    """Put the verdicts in force, except where somebody decided or the text changed meanwhile."""
    replaced: set[MessageId] = set()
    if not judged:
        return replaced
    with db.write() as unit:
        for case, verdict in judged:
            head = unit.case(case.id)
            if head.state in OPEN_STATES and head.revision == case.revision:
                unit.replace_verdict(case.id, verdict)
                replaced.add(case.id)
    return replaced


def _case(detail: CaseDetail) -> _Case:
    message, post = detail.message, detail.post
    identities = [each for each in detail.author.identities if each.platform == message.platform]
    # Of linked identities on one platform the first stands for all: their warnings count together.
    author = identities[0].external_id if identities else ""
    incoming = IncomingMessage(
        external_id=message.external_id,
        text=message.text,
        platform=message.platform,
        channel=message.channel,
        kind=message.kind,
        account=detail.account.name,
        author_external_id=author,
        author_name=detail.author.name,
        author_warnings=detail.declared_warnings,
        posted_at=message.posted_at,
        post_external_id=post.external_id if post else "",
        post_text=post.text if post else "",
        parent_external_id=message.parent_external_id,
        thread=message.thread,
        attachments=message.attachments,
        permalink=message.permalink,
    )
    return _Case(message.id, message.revision, detail.verdict, incoming)


def _record(db: Database, clock: Clock, actor: Actor, engine: str, seen: int, changed: int) -> None:
    payload = {"engine": engine, "seen": seen, "changed": changed}
    event = Event(
        EventId(new_id()), "verdicts.renewed", "queue", actor.staff.id, actor.desk, clock.now(), payload
    )
    with db.write() as unit:
        unit.append(event)
