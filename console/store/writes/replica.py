"""The desk's own side of sharing: membership, what has to be sent, and what came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from console.domain.ids import DecisionId, EventId, MessageId
from console.domain.journal import canonical
from console.services.sharing_ports import (
    Content,
    Membership,
    PeerDesk,
    Position,
    SharedEvent,
    Standing,
    Unsent,
)
from console.store.journal import link_of
from console.store.reads.incoming import INCOMING, incoming_of
from console.store.reads.sharing import foreign
from console.store.tables import (
    content_places,
    edits,
    journal,
    messages,
    meta,
    notes,
    peer_desks,
    people,
    shared_events,
    unsent,
)
from console.store.writes.base import KEYS, VISIBLE, Writes
from console.store.writes.registers import as_keys

_MEMBERSHIP, _POSITION = "hub", "hub.position"


class ReplicaWrites(Writes):
    """Fulfils `console.services.sharing_ports.Replica`."""

    # --- membership and position ---------------------------------------------------------------

    def membership(self) -> Membership | None:
        """The hub that this desk joined."""
        found = self._fact(_MEMBERSHIP)
        return msgspec.json.decode(found, type=Membership) if found else None

    def put_membership(self, membership: Membership | None) -> None:
        """Join, change or leave; see `Replica`."""
        before = self.membership()
        if membership is None:
            self.connection.execute(delete(meta).where(meta.c.key == _MEMBERSHIP))
            return
        self._keep(_MEMBERSHIP, msgspec.json.encode(membership).decode())
        if before is None or before.hub != membership.hub:
            for table in (content_places, edits, unsent):
                self.connection.execute(delete(table))
            self.connection.execute(insert(unsent).from_select(["message"], select(messages.c.pk)))
            self.put_position(Position())

    def position(self) -> Position:
        """How far this desk has come with the hub."""
        found = self._fact(_POSITION)
        return msgspec.json.decode(found, type=Position) if found else Position()

    def put_position(self, position: Position) -> None:
        """Remember it; stands or falls with what was received."""
        self._keep(_POSITION, msgspec.json.encode(position).decode())

    def _fact(self, key: str) -> str | None:
        return self.connection.execute(_FACT, {"key_": key}).scalar_one_or_none()

    def _keep(self, key: str, value: str) -> None:
        statement = upsert(meta).values(key=key, value=value)
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=["key"], set_={"value": value})
        )

    # --- out -----------------------------------------------------------------------------------

    def unsent(self, limit: int) -> tuple[Unsent, ...]:
        """The oldest messages that are in sight and not in the hub."""
        rows = self.connection.execute(_UNSENT.limit(limit))
        return tuple(Unsent(row.pk, row.id, row.person_id, incoming_of(row)) for row in rows)

    def sent(self, sent: Sequence[Unsent]) -> None:
        """Forget that these have to be sent, unless they changed meanwhile."""
        rows = [{"pk_": each.pk, "sha_": each.judged.sha256} for each in sent]
        if rows:
            self.connection.execute(_SENT, rows)

    def mark_unsent(self, messages_: Sequence[MessageId]) -> None:
        """The hub says that it does not hold these."""
        found = select(messages.c.pk).where(messages.c.id.in_(select(KEYS.c.value)))
        statement = insert(unsent).prefix_with("OR IGNORE").from_select(["message"], found)
        self.connection.execute(statement, as_keys(messages_))

    def unsent_events(self, after: int, limit: int) -> tuple[SharedEvent, ...]:
        """The desk's own journal after a sequence."""
        rows = self.connection.execute(_OWN.where(journal.c.sequence > after).limit(limit)).mappings()
        return tuple(self._own(row) for row in rows)

    def _own(self, row: Any) -> SharedEvent:
        link = link_of(row)
        matter = ""
        if link.event.kind == "note.added":
            facts = {"id_": link.event.subject, "at_": link.event.at, "actor_": link.event.actor}
            matter = self.connection.execute(_NOTE, facts).scalars().first() or ""
        if row["standing"] is None:
            return SharedEvent(link, matter=matter)
        return SharedEvent(
            link, row["standing"], row["code"], row["seq"], row["accepted_at"], matter, True, row["seal"]
        )

    # --- in ------------------------------------------------------------------------------------

    def present_texts(self, messages_: Sequence[MessageId]) -> Mapping[MessageId, tuple[str, bool]]:
        """What stands here now, and whether it is still to be sent."""
        rows = self.connection.execute(_PRESENT_TEXTS, as_keys(messages_))
        return {MessageId(row.id): (row.sha256, row.waits is not None) for row in rows}

    def place_contents(self, contents: Sequence[Content]) -> None:
        """Note the places of texts that are the present ones."""
        rows = [{"id_": each.message, "sha_": each.sha256, "seq_": each.seq} for each in contents]
        if rows:
            self.connection.execute(_PLACE, rows)
            placed = [{"id_": row["id_"], "sha_": row["sha_"]} for row in rows]
            self.connection.execute(_IN_HUB, placed)
        edited = [
            {"id_": each.message, "seq_": each.seq, "revision_": each.revision}
            for each in contents
            if each.revision > 1
        ]
        if edited:
            self.connection.execute(_EDITED, edited)

    def known_event(self, event: EventId) -> SharedEvent | None:
        """What is known of an event through the hub or a file."""
        row = self.connection.execute(_KNOWN, {"id_": event}).one_or_none()
        if row is None:
            return None
        if not row.own:
            return foreign(row)
        own = self.connection.execute(_OWN.where(journal.c.event_id == event)).mappings().one()
        return self._own(own)

    def know_event(self, shared: SharedEvent) -> None:
        """Keep an event of another desk, or what the hub says of one of this desk."""
        link, event = shared.link, shared.event
        row = {
            "standing": shared.standing,
            "code": shared.code,
            "seq": shared.seq,
            "accepted_at": shared.accepted_at,
            "event_id": event.id,
            "own": shared.own,
            "kind": event.kind,
            "subject": event.subject,
            "decision": str(event.payload.get("decision") or ""),
            "desk": event.desk,
            "sequence": link.sequence,
            "previous": link.previous,
            "sha256": link.sha256,
            "body": "" if shared.own else canonical(event).decode(),
            "matter": "" if shared.own else shared.matter,
            "seal": shared.seal,
        }
        self.connection.execute(_KNOW, row)

    def events_about(self, subject: str) -> tuple[SharedEvent, ...]:
        """Events of a subject in the order in which they count."""
        about = {"subject_": subject}
        own = self.connection.execute(_OWN_ABOUT, about).mappings()
        others = self.connection.execute(_OTHERS_ABOUT, about)
        return in_order([*(self._own(row) for row in own), *(foreign(row) for row in others)])

    def with_events(self, messages_: Sequence[MessageId]) -> tuple[MessageId, ...]:
        """Those of the messages about which something was received."""
        if not messages_:
            return ()
        query = select(shared_events.c.subject).distinct()
        query = query.where(shared_events.c.subject.in_(select(KEYS.c.value)))
        return tuple(MessageId(each) for each in self.connection.execute(query, as_keys(messages_)).scalars())

    def events_of_kinds(self, kinds: Sequence[str]) -> tuple[SharedEvent, ...]:
        """Events of some kinds in the order in which they count."""
        own = self.connection.execute(_OWN.where(journal.c.kind.in_(kinds))).mappings()
        others = self.connection.execute(_OTHERS.where(shared_events.c.kind.in_(kinds)))
        return in_order([*(self._own(row) for row in own), *(foreign(row) for row in others)])

    def event_at(self, seq: int) -> str | None:
        """Which event or present text has a place."""
        event = select(shared_events.c.event_id).where(shared_events.c.seq == seq)
        found = self.connection.execute(event).scalars().first()
        if found is None:
            text = (
                select(messages.c.id)
                .join_from(content_places, messages, messages.c.pk == content_places.c.message)
                .where(content_places.c.seq == seq)
            )
            found = self.connection.execute(text).scalars().first()
        return found

    def forget_after(self, seq: int) -> tuple[str, ...]:
        """Events and texts placed after `seq` lose their places."""
        lost = shared_events.c.seq > seq
        subjects = self.connection.execute(select(shared_events.c.subject).where(lost).distinct())
        found = tuple(subjects.scalars())
        self.connection.execute(update(shared_events).where(lost).values(seq=None, accepted_at=None))
        # What was contested stays so: the same pair must not meet the other way round.
        self.connection.execute(
            update(shared_events)
            .where(shared_events.c.seq.is_(None), shared_events.c.standing != Standing.CONTESTED)
            .values(standing=Standing.PENDING, code="")
        )
        gone = select(content_places.c.message).where(content_places.c.seq > seq)
        self.connection.execute(insert(unsent).prefix_with("OR IGNORE").from_select(["message"], gone))
        self.connection.execute(delete(content_places).where(content_places.c.seq > seq))
        self.connection.execute(delete(edits).where(edits.c.seq > seq))
        return found

    def is_accepted(self, decision: DecisionId) -> bool:
        """Whether nothing can come before the decision any more."""
        if self._fact(_MEMBERSHIP) is None:
            return True
        made = select(shared_events.c.standing).where(
            shared_events.c.decision == decision, shared_events.c.kind == "decision.made"
        )
        return self.connection.execute(made).scalars().first() is Standing.ACCEPTED

    def put_peers(self, desks: Sequence[PeerDesk]) -> None:
        """Keep the other desks and their keys."""
        for desk in desks:
            values = {"name": desk.name, "staff": desk.staff, "public_key": desk.public_key}
            statement = upsert(peer_desks).values(id=desk.id, **values)
            self.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def in_order(events: Iterable[SharedEvent]) -> tuple[SharedEvent, ...]:
    """Those placed by the hub, in its order; then the others as their desks' clocks say, each desk's own
    in the order of its journal."""
    placed = sorted((each for each in events if each.seq is not None), key=lambda each: each.seq or 0)
    rest = [each for each in events if each.seq is None]
    latest: dict[str, datetime] = {}
    keyed = []
    for each in sorted(rest, key=lambda shared: (shared.event.desk, shared.link.sequence)):
        # A clock set back must not turn a desk's own order around.
        at = max(each.event.at, latest.get(each.event.desk, each.event.at))
        latest[each.event.desk] = at
        keyed.append((at, each.event.desk, each.link.sequence, each))
    return (*placed, *(each for *_, each in sorted(keyed, key=lambda key: key[:3])))


_FACT = select(meta.c.value).where(meta.c.key == bindparam("key_"))
_UNSENT = (
    INCOMING.add_columns(people.c.id.label("person_id"))
    .join(unsent, unsent.c.message == messages.c.pk)
    .where(VISIBLE)
    .order_by(unsent.c.message)
)
_SENT = delete(unsent).where(
    unsent.c.message == bindparam("pk_"),
    select(messages.c.sha256).where(messages.c.pk == unsent.c.message).scalar_subquery() == bindparam("sha_"),
)
_OWN = (
    select(
        journal,
        shared_events.c.standing,
        shared_events.c.code,
        shared_events.c.seq,
        shared_events.c.accepted_at,
        shared_events.c.seal,
    )
    .outerjoin_from(journal, shared_events, shared_events.c.event_id == journal.c.event_id)
    .order_by(journal.c.sequence)
)
_OTHERS = select(shared_events).where(~shared_events.c.own)
# Made once: for every event that comes in, building statements cost more than carrying them out.
_OWN_ABOUT = _OWN.where(journal.c.subject == bindparam("subject_"))
_OTHERS_ABOUT = _OTHERS.where(shared_events.c.subject == bindparam("subject_"))
_NEWS = upsert(shared_events)
_KNOW = _NEWS.on_conflict_do_update(
    index_elements=["event_id"],
    set_={name: _NEWS.excluded[name] for name in ("standing", "code", "seq", "accepted_at")},
)
_NOTE = (
    select(notes.c.text)
    .join_from(notes, messages, messages.c.pk == notes.c.message)
    .where(
        messages.c.id == bindparam("id_"),
        notes.c.at == bindparam("at_"),
        notes.c.actor == bindparam("actor_"),
    )
)
_KNOWN = select(shared_events).where(shared_events.c.event_id == bindparam("id_"))
_PRESENT = select(messages.c.pk).where(
    messages.c.id == bindparam("id_"), messages.c.sha256 == bindparam("sha_")
)
_PRESENT_TEXTS = (
    select(messages.c.id, messages.c.sha256, unsent.c.message.label("waits"))
    .outerjoin_from(messages, unsent, unsent.c.message == messages.c.pk)
    .where(messages.c.id.in_(select(KEYS.c.value)))
)
_PLACE = (
    insert(content_places)
    .prefix_with("OR REPLACE")
    .from_select(["message", "seq"], _PRESENT.add_columns(bindparam("seq_")))
)
_IN_HUB = delete(unsent).where(unsent.c.message.in_(_PRESENT))
_EDITED = (
    insert(edits)
    .prefix_with("OR IGNORE")
    .from_select(
        ["seq", "message", "revision"],
        select(bindparam("seq_"), messages.c.pk, bindparam("revision_")).where(
            messages.c.id == bindparam("id_")
        ),
    )
)
