"""What files between desks need of the store: texts and events on their way out, chains on their way in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from console.domain.ids import DeskId, MessageId, StaffId
from console.services.carry_ports import CarriedText, TextHere
from console.services.sharing_ports import PeerDesk, SharedEvent
from console.store.reads.incoming import INCOMING, incoming_of
from console.store.reads.sharing import foreign
from console.store.tables import content_places, messages, peer_desks, shared_events, snapshots, unsent
from console.store.writes.base import KEYS, VISIBLE, Writes
from console.store.writes.registers import as_keys


class CarryWrites(Writes):
    """Fulfils `console.services.carry_ports.CarryReplica`."""

    def unsent_texts(self, after: int, limit: int) -> tuple[tuple[int, CarriedText], ...]:
        """Texts that the hub does not have."""
        rows = self.connection.execute(_UNSENT.limit(limit), {"after_": after})
        return tuple((row.pk, _carried(row)) for row in rows)

    def texts_of(self, messages_: Sequence[MessageId]) -> tuple[CarriedText, ...]:
        """Present texts by message."""
        return tuple(_carried(row) for row in self.connection.execute(_TEXTS, as_keys(messages_)))

    def texts_here(self, messages_: Sequence[MessageId]) -> Mapping[MessageId, TextHere]:
        """What stands here of these messages, and stood before."""
        earlier: dict[int, set[str]] = defaultdict(set)
        for message, sha256 in self.connection.execute(_EARLIER, as_keys(messages_)):
            earlier[message].add(sha256)
        return {
            MessageId(row.id): TextHere(
                row.sha256,
                row.edited_at or row.received_at,
                row.waits is not None,
                row.seq,
                frozenset(earlier[row.pk]),
            )
            for row in self.connection.execute(_HERE, as_keys(messages_))
        }

    def carried_desks(self) -> tuple[DeskId, ...]:
        """Desks whose events came by file and wait for the hub."""
        return tuple(DeskId(each) for each in self.connection.execute(_CARRIED_DESKS).scalars())

    def carried_events(self, desk: DeskId, after: int, limit: int) -> tuple[SharedEvent, ...]:
        """Events of one of them."""
        rows = self.connection.execute(_CARRIED.limit(limit), {"desk_": desk, "after_": after})
        return tuple(foreign(row) for row in rows)

    def links_of(self, desk: DeskId, sequences: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        """Links of another desk's chain that are here."""
        rows = self.connection.execute(_LINKS, {"desk_": desk, **as_keys(sequences)})
        return {row.sequence: (row.previous, row.sha256) for row in rows}

    def gaps_of(self, desk: DeskId) -> tuple[tuple[int, int], ...]:
        """What is missing in another desk's chain."""
        rows = self.connection.execute(_GAPS, {"desk_": desk})
        return tuple((row.before + 1, row.sequence - 1) for row in rows)

    def peers(self) -> tuple[PeerDesk, ...]:
        """All desks of the hub."""
        rows = self.connection.execute(select(peer_desks).order_by(peer_desks.c.id))
        return tuple(
            PeerDesk(DeskId(row.id), row.name, StaffId(row.staff), bytes(row.public_key)) for row in rows
        )


def _carried(row: Row[Any]) -> CarriedText:
    at = row.edited_at or row.received_at
    return CarriedText(MessageId(row.id), incoming_of(row), at, None if row.waits is not None else row.seq)


_WITH_PLACES = (
    INCOMING.add_columns(unsent.c.message.label("waits"), content_places.c.seq)
    .outerjoin(unsent, unsent.c.message == messages.c.pk)
    .outerjoin(content_places, content_places.c.message == messages.c.pk)
    .where(VISIBLE)
)
_UNSENT = _WITH_PLACES.where(unsent.c.message > bindparam("after_")).order_by(unsent.c.message)
_TEXTS = _WITH_PLACES.where(messages.c.id.in_(select(KEYS.c.value)))
_HERE = (
    select(
        messages.c.pk,
        messages.c.id,
        messages.c.sha256,
        messages.c.received_at,
        messages.c.edited_at,
        unsent.c.message.label("waits"),
        content_places.c.seq,
    )
    .outerjoin_from(messages, unsent, unsent.c.message == messages.c.pk)
    .outerjoin(content_places, content_places.c.message == messages.c.pk)
    .where(messages.c.id.in_(select(KEYS.c.value)))
)
_EARLIER = (
    select(snapshots.c.message, snapshots.c.sha256)
    .join_from(messages, snapshots, snapshots.c.message == messages.c.pk)
    .where(messages.c.id.in_(select(KEYS.c.value)))
)
_UNPLACED = (~shared_events.c.own) & shared_events.c.seq.is_(None)
_CARRIED_DESKS = select(shared_events.c.desk).where(_UNPLACED).distinct().order_by(shared_events.c.desk)
_CARRIED = (
    select(shared_events)
    .where(
        _UNPLACED,
        shared_events.c.desk == bindparam("desk_"),
        shared_events.c.sequence > bindparam("after_"),
    )
    .order_by(shared_events.c.sequence)
)
_LINKS = select(shared_events.c.sequence, shared_events.c.previous, shared_events.c.sha256).where(
    ~shared_events.c.own,
    shared_events.c.desk == bindparam("desk_"),
    shared_events.c.sequence.in_(select(KEYS.c.value)),
)
_IN_TURN = (
    select(
        shared_events.c.sequence,
        func.lag(shared_events.c.sequence, 1, 0).over(order_by=shared_events.c.sequence).label("before"),
    )
    .where(~shared_events.c.own, shared_events.c.desk == bindparam("desk_"))
    .subquery()
)
_GAPS = select(_IN_TURN).where(_IN_TURN.c.sequence > _IN_TURN.c.before + 1).order_by(_IN_TURN.c.sequence)
