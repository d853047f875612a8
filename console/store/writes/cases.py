"""Cases and decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, select, update

from console.domain.cases import UNDOABLE_STATES, CaseState
from console.domain.decisions import Decision
from console.domain.ids import DecisionId, MessageId, StaffId
from console.domain.messages import Account, Platform
from console.domain.verdicts import Route, Verdict
from console.errors import ConflictError
from console.services.ports import CaseHead
from console.store.codes import ACTION_BITS
from console.store.search import decision_search, decision_words
from console.store.tables import accounts, decisions, messages, notes, people, verdicts
from console.store.writes.base import VISIBLE, Writes
from console.store.writes.findings import Findings


class CaseWrites(Writes):
    """What happens to one case."""

    def case(self, message: MessageId) -> CaseHead:
        """The case as it stands in this transaction. Code `case.unknown`."""
        row = self.connection.execute(_HEAD, {"id_": message}).one_or_none()
        if row is None:
            raise ConflictError("case.unknown", message=message)
        verdict: Verdict | None = row.body
        return CaseHead(
            message_id=message,
            state=row.state,
            revision=row.revision,
            sha256=row.sha256,
            person_id=row.person,
            shown_as=row.shown_as,
            platform=Platform(row.platform),
            account=Account(row.account_id, row.platform, row.name, row.type, row.archived_at),
            decision_id=row.decision,
            permalink=row.permalink,
            posted_at=row.posted_at,
            deleted=row.deleted_at is not None,
            by_city=row.by_city,
            suggested=verdict.actions if verdict else (),
            policy=str(verdict.policy) if verdict else "",
            engine=verdict.engine if verdict else "",
        )

    def set_state(self, message: MessageId, state: CaseState) -> None:
        """Move a case; the counters follow. Code `case.unknown`."""
        row = self.connection.execute(_COUNTED, {"id_": message}).one_or_none()
        if row is None:
            raise ConflictError("case.unknown", message=message)
        emergency = row.route is Route.EMERGENCY
        self.tally[row.state, row.channel, emergency] -= 1
        self.tally[state, row.channel, emergency] += 1
        self.change_message(row.pk, state=state)

    def mark_deleted(self, message: MessageId, at: datetime) -> None:
        """The message is gone from its platform; the text is kept, the state is the caller's to move."""
        self.change_message(self.message_pk(message), deleted_at=at)

    def replace_verdict(self, message: MessageId, verdict: Verdict) -> None:
        """Judge again: the new verdict is in force; the old one stays while a decision rests on it."""
        row = self.connection.execute(_JUDGED, {"id_": message}).one_or_none()
        if row is None:
            raise ConflictError("case.unknown", message=message)
        findings = Findings(self)
        pk = self.next_key("verdicts")
        self.connection.execute(
            insert(verdicts), [{"pk": pk, "message": row.pk, "revision": row.revision, "body": verdict}]
        )
        self.change_message(row.pk, verdict=pk, **findings.columns(verdict))
        findings.replace({row.pk: verdict})
        self.tally[row.state, row.channel, row.route is Route.EMERGENCY] -= 1
        self.tally[row.state, row.channel, verdict.route is Route.EMERGENCY] += 1
        rests = exists().where(decisions.c.message == row.pk, decisions.c.verdict == row.verdict)
        self.connection.execute(verdicts.delete().where(verdicts.c.pk == row.verdict, ~rests))

    def add_decision(self, decision: Decision, state_before: CaseState) -> None:
        """Store a decision; it becomes the case's standing one. Code `case.unknown`."""
        row = self.connection.execute(_DECIDED, {"id_": decision.message_id}).one_or_none()
        if row is None:
            raise ConflictError("case.unknown", message=decision.message_id)
        made = self.connection.execute(
            insert(decisions).values(
                id=decision.id,
                message=row.pk,
                account=row.account,
                revision=decision.revision,
                verdict=self._judged_on(decision, row),
                actions=decision.actions,
                actions_mask=sum(ACTION_BITS[action] for action in set(decision.actions)),
                rules=decision.rules,
                rules_mask=Findings(self).mask(decision.rules),
                reason=decision.reason,
                texts=decision.texts,
                actor=decision.actor,
                at=decision.at,
                policy=decision.policy,
                engine=decision.engine,
                suggested=decision.suggested,
                note=decision.note,
                exception=decision.exception,
                state_before=state_before,
                previous=row.decision,
            )
        ).inserted_primary_key
        words = {"rowid": made[0] if made else None, "words": decision_words(decision)}
        self.connection.execute(insert(decision_search), words)
        self.change_message(row.pk, decision=decision.id)

    def _judged_on(self, decision: Decision, row: Any) -> int | None:
        if decision.id in self.judged_on:
            return self.judged_on[decision.id]
        if decision.revision == row.revision:
            pk: int | None = row.verdict
            return pk
        # Made elsewhere on an earlier text: its own verdict, if this desk ever had one.
        earlier = select(func.max(verdicts.c.pk)).where(
            verdicts.c.message == row.pk, verdicts.c.revision == decision.revision
        )
        return self.connection.execute(earlier).scalar()

    def decision(self, decision: DecisionId) -> tuple[Decision, CaseState, datetime | None]:
        """A decision, the state of the case before it, and when it was undone. Code `decision.unknown`."""
        row = self.connection.execute(_DECISION, {"id_": decision}).one_or_none()
        if row is None:
            raise ConflictError("decision.unknown", decision=decision)
        made = Decision(
            id=row.id,
            message_id=row.message_id,
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
        return made, row.state_before, row.undone_at

    def mark_undone(self, decision: DecisionId, at: datetime, by: StaffId) -> None:
        """The decision no longer stands; the one before it does again. Code `decision.unknown`."""
        row = self.connection.execute(
            update(decisions)
            .where(decisions.c.id == decision, decisions.c.undone_at.is_(None))
            .values(undone_at=at, undone_by=by)
            .returning(decisions.c.message, decisions.c.previous)
        ).one_or_none()
        if row is None:
            raise ConflictError("decision.unknown", decision=decision)
        self.connection.execute(
            update(messages)
            .where(messages.c.pk == row.message, messages.c.decision == decision)
            .values(decision=row.previous)
        )

    def latest_undoable(self, actor: StaffId) -> DecisionId | None:
        """The actor's newest decision that still stands on a case that can go back."""
        return self.connection.execute(_UNDOABLE, {"actor_": actor}).scalar_one_or_none()

    def approve(self, decision: DecisionId, by: StaffId, at: datetime) -> None:
        """Record the second signature. Code `decision.unknown`."""
        done = self.connection.execute(
            update(decisions).where(decisions.c.id == decision).values(approved_by=by, approved_at=at)
        )
        if done.rowcount == 0:
            raise ConflictError("decision.unknown", decision=decision)

    def add_note(self, message: MessageId, text: str, actor: StaffId, at: datetime) -> None:
        """An internal note. Code `case.unknown`."""
        pk = self.message_pk(message)
        self.connection.execute(insert(notes).values(message=pk, at=at, actor=actor, text=text))


_kept = people.alias("kept")
_HEAD = (
    select(
        messages.c.state,
        messages.c.revision,
        messages.c.sha256,
        people.c.id.label("person"),
        _kept.c.id.label("shown_as"),
        messages.c.decision,
        messages.c.permalink,
        messages.c.posted_at,
        messages.c.deleted_at,
        messages.c.by_city,
        accounts.c.id.label("account_id"),
        accounts.c.platform,
        accounts.c.name,
        accounts.c.type,
        accounts.c.archived_at,
        verdicts.c.body,
    )
    .join_from(messages, accounts, accounts.c.pk == messages.c.account)
    .join(people, people.c.number == messages.c.author)
    .join(_kept, _kept.c.number == people.c.root)
    .outerjoin(verdicts, verdicts.c.pk == messages.c.verdict)
    .where(messages.c.id == bindparam("id_"), VISIBLE)
)
_COUNTED = select(messages.c.pk, messages.c.state, messages.c.channel, messages.c.route).where(
    messages.c.id == bindparam("id_"), VISIBLE
)
_JUDGED = _COUNTED.add_columns(messages.c.revision, messages.c.verdict)
_DECIDED = select(
    messages.c.pk, messages.c.account, messages.c.revision, messages.c.verdict, messages.c.decision
).where(messages.c.id == bindparam("id_"), VISIBLE)
_DECISION = (
    select(decisions, messages.c.id.label("message_id"))
    .join_from(decisions, messages, messages.c.pk == decisions.c.message)
    .where(decisions.c.id == bindparam("id_"))
)
_UNDOABLE = (
    select(decisions.c.id)
    .join_from(decisions, messages, messages.c.pk == decisions.c.message)
    .where(
        decisions.c.actor == bindparam("actor_"),
        decisions.c.undone_at.is_(None),
        messages.c.decision == decisions.c.id,
        messages.c.state.in_(sorted(UNDOABLE_STATES)),
    )
    .order_by(decisions.c.at.desc(), decisions.c.pk.desc())
    .limit(1)
)
