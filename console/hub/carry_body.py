"""What is inside a file between desks: texts and events, as MessagePack, checked as they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby, pairwise

import msgspec

from console.domain.ids import DeskId, message_id
from console.domain.journal import Link, canonical, event_of
from console.errors import ConflictError, ValidationError
from console.hub import wire
from console.services import exchange
from console.services.carry_ports import CarriedText
from console.services.sharing_ports import SharedEvent, Standing


class _Text(msgspec.Struct, frozen=True, array_like=True):
    judged: bytes
    at: datetime
    seq: int | None


class _Event(msgspec.Struct, frozen=True, array_like=True):
    body: str
    sequence: int
    previous: str
    sha256: str
    seal: str
    matter: str
    contested: str | None
    """Why the hub contested it, where it did: that stays so, whoever brings it."""


class _Body(msgspec.Struct, frozen=True):
    name: str
    texts: list[_Text]
    events: list[_Event]


class Contents(msgspec.Struct, frozen=True):
    """`name`: of the desk that wrote the file. Events by desk, in the order of its journal."""

    name: str
    texts: list[CarriedText]
    events: list[SharedEvent]

    def desks(self) -> dict[DeskId, list[SharedEvent]]:
        """The events by desk."""
        grouped = groupby(self.events, key=lambda each: each.event.desk)
        return {desk: list(events) for desk, events in grouped}


def packed(contents: Contents) -> bytes:
    """The body of a file."""
    texts = [_Text(wire.body_of(each.judged), each.at, each.seq) for each in contents.texts]
    events = [
        _Event(
            canonical(each.event).decode(),
            each.link.sequence,
            each.link.previous,
            each.link.sha256,
            each.seal,
            each.matter,
            each.code if each.standing is Standing.CONTESTED else None,
        )
        for each in contents.events
    ]
    return msgspec.msgpack.encode(_Body(contents.name, texts, events))


def unpacked(body: bytes, own: DeskId) -> Contents:
    """Read a body and check every hash in it. Codes `carry.damaged`, `hub.unreadable`, `hub.altered`."""
    try:
        read = msgspec.msgpack.decode(body, type=_Body)
    except msgspec.MsgspecError as error:
        raise ValidationError("carry.damaged") from error
    texts = [_text(each) for each in read.texts]
    events = sorted(
        (_event(each, own) for each in read.events), key=lambda each: (each.event.desk, each.link.sequence)
    )
    for one, other in pairwise(events):
        if one.event.desk == other.event.desk and not _follows(one.link, other.link):
            raise ConflictError("hub.altered", desk=other.event.desk, sequence=other.link.sequence)
    return Contents(read.name, texts, events)


def _text(text: _Text) -> CarriedText:
    judged = wire.judged_of(text.judged)
    incoming = judged.incoming
    if hashlib.sha256(incoming.text.encode()).hexdigest() != judged.sha256:
        raise ValidationError("carry.damaged")
    message = message_id(incoming.platform, incoming.account, incoming.external_id)
    return CarriedText(message, judged, text.at, text.seq)


def _event(event: _Event, own: DeskId) -> SharedEvent:
    try:
        read = event_of(event.body.encode())
    except ValueError as error:
        raise ValidationError("carry.damaged") from error
    shared = SharedEvent(
        Link(event.sequence, read, event.previous, event.sha256),
        Standing.PENDING if event.contested is None else Standing.CONTESTED,
        event.contested or "",
        matter=event.matter,
        own=read.desk == own,
        seal=event.seal,
    )
    exchange.check(shared)
    return shared


def _follows(one: Link, other: Link) -> bool:
    """Whether both may be of one chain: apart, or neighbours that fit."""
    apart = other.sequence > one.sequence + 1
    return apart or (other.sequence == one.sequence + 1 and other.previous == one.sha256)


def contradiction(events: Sequence[SharedEvent], known: Mapping[int, tuple[str, str]]) -> int | None:
    """The first sequence of one desk's events that contradicts what is known of it, or None."""
    for each in events:
        link = each.link
        here = known.get(link.sequence)
        before, after = known.get(link.sequence - 1), known.get(link.sequence + 1)
        same = here is None or here[1] == link.sha256
        follows = before is None or before[1] == link.previous
        precedes = after is None or after[0] == link.sha256
        if not (same and follows and precedes):
            return link.sequence
    return None
