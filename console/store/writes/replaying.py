"""Cases taken back to their beginning, and what replaying their events asks of the tables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from console.domain.ids import DecisionId, MessageId, StaffId
from console.errors import ConflictError
from console.services.facts import ConflictSettled, DecisionMade
from console.services.sharing_ports import SharedEvent
from console.store.search import decision_search_command, decision_words
from console.store.tables import (
    DECISION_SEARCH,
    contested,
    decisions,
    edits,
    escalations,
    messages,
    outgoing,
    people,
    snapshots,
    warnings,
)
from console.store.writes.base import VISIBLE
from console.store.writes.delivering import DeliveringWrites


class ReplayWrites(DeliveringWrites):
    """The replaying part of `console.services.sharing_ports.Replica`."""

    def clear_case(self, message: MessageId) -> None:
        """Back to the beginning; what belongs to this desk alone (which outcome was seen, which verdict a
        decision was made on, how far carrying out has come) is kept aside for the same ids."""
        pk = self.message_pk(message)
        of_case = {"pk_": pk}
        gone = self.connection.execute(_DECISIONS_OF, of_case).all()
        self.seen_outcomes |= set(self.connection.execute(_SEEN_OF, of_case).scalars())
        self.judged_on |= {row.id: row.verdict for row in gone}
        for row in gone:
            words = {DECISION_SEARCH: "delete", "rowid": row.pk, "words": decision_words(row)}
            self.connection.execute(insert(decision_search_command), words)
        self.set_aside(pk)
        for statement in _CLEAR:
            self.connection.execute(statement, of_case)
        self.connection.execute(_UNDECIDED, of_case)

    def edits_of(self, message: MessageId) -> tuple[int, ...]:
        """Where the text became another; the same text sent anew is no edit."""
        newest, places = 1, []
        for seq, revision in self.connection.execute(_EDITS, {"id_": message}):
            if revision > newest:
                places.append(seq)
            newest = max(newest, revision)
        return tuple(places)

    def revision_of(self, message: MessageId, sha256: str) -> int | None:
        """This desk's newest revision with that text."""
        row = self.connection.execute(_REVISION, {"id_": message}).one_or_none()
        if row is None or row.sha256 == sha256:
            return row.revision if row else None
        earlier = select(snapshots.c.revision).where(
            snapshots.c.message == row.pk, snapshots.c.sha256 == sha256
        )
        return self.connection.execute(earlier.order_by(snapshots.c.revision.desc())).scalars().first()

    def reopen(self, message: MessageId) -> None:
        """No decision stands any more, and the message is there again."""
        self.change_message(self.message_pk(message), decision=None, deleted_at=None)

    def holds(self, message: MessageId) -> bool:
        """Whether a visible message of that id is here."""
        return self.connection.execute(_REVISION, {"id_": message}).first() is not None

    def contest(self, shared: SharedEvent, fact: DecisionMade) -> None:
        """Keep a decision beside the one that stands."""
        event = shared.event
        values = {
            "message": self.message_pk(MessageId(event.subject)),
            "event_id": event.id,
            "actor": event.actor,
            "at": event.at,
            "accepted_at": shared.accepted_at,
            "code": shared.code,
            "fact": fact,
        }
        statement = upsert(contested).values(decision=fact.decision, **values)
        self.connection.execute(statement.on_conflict_do_update(index_elements=["decision"], set_=values))

    def contested(self, decision: DecisionId) -> DecisionMade:
        """What a contested decision said. Code `conflict.unknown`."""
        query = select(contested.c.fact).where(contested.c.decision == decision)
        fact: DecisionMade | None = self.connection.execute(query).scalar_one_or_none()
        if fact is None:
            raise ConflictError("conflict.unknown", decision=decision)
        return fact

    def settle_conflict(self, fact: ConflictSettled, by: StaffId, at: datetime) -> None:
        """Supervision has looked at both. A conflict unknown here is no error: it may come later."""
        self.connection.execute(
            update(contested)
            .where(contested.c.decision == fact.decision)
            .values(settled_at=at, settled_by=by, outcome=fact.outcome, word=fact.word)
        )

    def clear_links(self) -> None:
        """Every identity stands for itself again."""
        self.connection.execute(
            update(people)
            .where(people.c.root != people.c.number)
            .values(merged_into=None, root=people.c.number)
        )
        self.connection.execute(
            update(people).where(people.c.merged_into.is_not(None)).values(merged_into=None)
        )


_DECISIONS_OF = select(decisions).where(decisions.c.message == bindparam("pk_"))
_SEEN_OF = select(escalations.c.id).where(escalations.c.message == bindparam("pk_"), escalations.c.seen)
_CLEAR = tuple(
    delete(table).where((table.c.incident if table is warnings else table.c.message) == bindparam("pk_"))
    for table in (outgoing, warnings, escalations, contested, decisions)
)
_UNDECIDED = update(messages).where(messages.c.pk == bindparam("pk_")).values(decision=None, deleted_at=None)
_EDITS = (
    select(edits.c.seq, edits.c.revision)
    .join_from(messages, edits, edits.c.message == messages.c.pk)
    .where(messages.c.id == bindparam("id_"))
    .order_by(edits.c.seq)
)
_REVISION = select(messages.c.pk, messages.c.revision, messages.c.sha256).where(
    messages.c.id == bindparam("id_"), VISIBLE
)
