"""Everything about one case, read in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from console.domain.cases import CaseState
from console.domain.decisions import Decision
from console.domain.ids import MessageId, PostId
from console.domain.messages import Account, Message, Post, Snapshot
from console.domain.sanctions import LadderSettings, standing
from console.domain.verdicts import Language, PolicyVersion, Route, Verdict
from console.errors import ConflictError
from console.services.rows import CaseDetail, EscalationOutcome, NoteRow
from console.store.reads.delivering import outgoing_about
from console.store.reads.persons import events_of, person_at, warnings_of
from console.store.reads.siblings import siblings
from console.store.tables import (
    accounts,
    decisions,
    escalations,
    messages,
    notes,
    people,
    posts,
    snapshots,
    staff,
    verdicts,
)
from console.store.writes.base import VISIBLE

_EVENTS = 50
_BROUGHT_BACK = (EscalationOutcome.RETURNED, EscalationOutcome.REFUSED)

UNJUDGED = Verdict((), Route.NONE, Language("und", 0.0), (), 0, PolicyVersion("", ""), "")
"""Stands for the verdict of the city's own words, which are never judged."""


def case_detail(
    connection: Connection, message: MessageId, at: datetime, ladder: LadderSettings
) -> CaseDetail:
    """All that the panes show of a case. Code `case.unknown`."""
    row = connection.execute(_CASE, {"id_": message}).one_or_none()
    if row is None:
        raise ConflictError("case.unknown", message=message)
    author, number, declared = person_at(connection, row.author)
    numbers = _identities(connection, number)
    issued = warnings_of(connection, numbers)
    kept = snapshots_of(connection, [row.pk])
    decision, decided_by = _standing_decision(connection, row)
    return CaseDetail(
        message=message_of(row, author.id),
        state=row.state,
        account=Account(row.account_id, row.platform, row.account_name, row.account_type, row.archived_at),
        post=post_of(row),
        author=author,
        author_number=number,
        declared_warnings=declared,
        verdict=row.verdict_body or UNJUDGED,
        # An edit is judged in the same transaction: the verdict in force is about the present text.
        judged_text=row.text,
        snapshots=kept,
        siblings=siblings(connection, row),
        history=events_of(connection, numbers, issued, _EVENTS),
        warnings=issued,
        standing=standing(issued, at, ladder, row.platform),
        notes=_notes(connection, row.pk),
        decision=decision,
        decided_by=decided_by,
        returned_word=_returned_word(connection, row),
        outgoing=outgoing_about(connection, row.pk),
    )


def message_of(row: Row[Any], author: Any) -> Message:
    """The message in a row of `message_query`."""
    return Message(
        id=row.id,
        platform=row.platform,
        external_id=row.external_id,
        channel=row.channel,
        kind=row.kind,
        account_id=row.account_id,
        author_id=author,
        text=row.text,
        posted_at=row.posted_at,
        received_at=row.received_at,
        post_id=row.post_id,
        parent_external_id=row.parent_external_id,
        thread=row.thread or (),
        attachments=row.attachments or (),
        permalink=row.permalink,
        revision=row.revision,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
    )


def post_of(row: Row[Any]) -> Post | None:
    """The post in a row of `message_query`, if the message stands under one."""
    if row.post_id is None:
        return None
    return Post(
        PostId(row.post_id),
        row.account_id,
        row.post_external_id,
        row.post_text,
        row.post_posted_at,
        row.post_permalink,
    )


def text_at(row: Row[Any], revision: int, kept: Sequence[Snapshot]) -> str:
    """The text of a revision: what a snapshot kept, or the present one."""
    earlier = {(each.message_id, each.revision): each.text for each in kept}
    return earlier.get((row.id, revision), str(row.text))


def snapshots_of(connection: Connection, keys: Sequence[int]) -> tuple[Snapshot, ...]:
    """Earlier texts of these messages, oldest first."""
    rows = connection.execute(
        select(snapshots, messages.c.id)
        .join_from(snapshots, messages, messages.c.pk == snapshots.c.message)
        .where(snapshots.c.message.in_(keys))
        .order_by(snapshots.c.message, snapshots.c.revision)
    )
    return tuple(Snapshot(row.id, row.revision, row.text, row.sha256, row.seen_at) for row in rows)


def decision_of(row: Row[Any], message: MessageId) -> Decision:
    """The decision in a row of `decisions`."""
    return Decision(
        id=row.id,
        message_id=message,
        revision=row.revision,
        actions=row.actions,
        rules=row.rules,
        reason=row.reason,
        texts=row.texts,
        actor=row.actor,
        at=row.at,
        policy=row.policy,
        engine=row.engine,
        suggested=row.suggested,
        note=row.note,
        exception=row.exception,
    )


def _identities(connection: Connection, root: int) -> tuple[int, ...]:
    return tuple(connection.scalars(select(people.c.number).where(people.c.root == root)))


def _standing_decision(connection: Connection, row: Row[Any]) -> tuple[Decision | None, str]:
    if row.decision is None:
        return None, ""
    decided = connection.execute(
        select(decisions, staff.c.name)
        .outerjoin_from(decisions, staff, staff.c.id == decisions.c.actor)
        .where(decisions.c.id == row.decision)
    ).one()
    return decision_of(decided, row.id), decided.name or ""


def _notes(connection: Connection, pk: int) -> tuple[NoteRow, ...]:
    rows = connection.execute(
        select(notes.c.at, staff.c.name, notes.c.text)
        .outerjoin_from(notes, staff, staff.c.id == notes.c.actor)
        .where(notes.c.message == pk)
        .order_by(notes.c.at, notes.c.pk)
    )
    return tuple(NoteRow(row.at, row.name or "", row.text) for row in rows)


def _returned_word(connection: Connection, row: Row[Any]) -> str:
    if row.state is not CaseState.RETURNED:
        return ""
    answers = (
        select(escalations.c.answer)
        .where(escalations.c.message == row.pk, escalations.c.outcome.in_(_BROUGHT_BACK))
        .order_by(escalations.c.answered_at.desc())
        .limit(1)
    )
    return connection.scalar(answers) or ""


def message_query() -> Select[Any]:
    """All that `message_of` and `post_of` need; the caller adds conditions."""
    return (
        select(
            messages,
            accounts.c.id.label("account_id"),
            accounts.c.platform,
            accounts.c.name.label("account_name"),
            accounts.c.type.label("account_type"),
            accounts.c.archived_at,
            posts.c.id.label("post_id"),
            posts.c.external_id.label("post_external_id"),
            posts.c.text.label("post_text"),
            posts.c.posted_at.label("post_posted_at"),
            posts.c.permalink.label("post_permalink"),
        )
        .join_from(messages, accounts, accounts.c.pk == messages.c.account)
        .outerjoin(posts, posts.c.pk == messages.c.post)
    )


_CASE = (
    message_query()
    .add_columns(verdicts.c.body.label("verdict_body"))
    .outerjoin(verdicts, verdicts.c.pk == messages.c.verdict)
    .where(messages.c.id == bindparam("id_"), VISIBLE)
)
