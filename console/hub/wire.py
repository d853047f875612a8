"""How messages and events travel: rows of the feed to values of the services and back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from console.domain.ids import MessageId
from console.domain.journal import Link, canonical, event_of
from console.errors import ConflictError
from console.services.judged import Judged
from console.services.sharing_ports import Content, SharedEvent, Standing, Unsent

_FORMAT = b"\x01"
"""First byte of a message's body: MessagePack of `Judged`. A newer Vigie may send another."""
_JUDGED: msgspec.msgpack.Decoder[Judged] = msgspec.msgpack.Decoder(Judged)

PULL = """
SELECT seq, kind, id, revision, subject, desk, sequence, previous, sha256, accepted_at, status, code, matter,
    CASE WHEN kind = 'content' AND desk = %(desk)s THEN NULL ELSE body END AS body
FROM vigie.feed() WHERE seq > %(cursor)s ORDER BY seq LIMIT %(limit)s
"""
"""A page of the feed. What this desk sent itself comes without its body: it has the text."""
PUT_CONTENTS = (
    "SELECT vigie.put_contents(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[],"
    " %s::text[], %s::bytea[], %s)"
)
PUT_EVENTS = (
    "SELECT vigie.put_events(%s, %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],"
    " %s::text[])"
)


def contents_of(messages: Sequence[Unsent], desk: str) -> tuple[Any, ...]:
    """The parameters of `PUT_CONTENTS`."""
    incoming = [each.judged.incoming for each in messages]
    verdicts = [each.judged.verdict for each in messages]
    return (
        [each.message for each in messages],
        [each.platform for each in incoming],
        [each.account for each in incoming],
        [each.person for each in messages],
        [verdict.route.value if verdict else "none" for verdict in verdicts],
        [each.by_city for each in incoming],
        [each.judged.sha256 for each in messages],
        [body_of(each.judged) for each in messages],
        desk,
    )


def body_of(judged: Judged) -> bytes:
    """A message as it travels; near-duplicate keys are made anew where it arrives."""
    return _FORMAT + msgspec.msgpack.encode(judged)


def judged_of(body: bytes) -> Judged:
    """The message of `body_of`. Code `hub.unreadable`: a newer Vigie sent it, or it is damaged."""
    if body[:1] != _FORMAT:
        raise ConflictError("hub.unreadable", format=body[:1].hex())
    try:
        return _JUDGED.decode(body[1:])
    except msgspec.MsgspecError as error:
        raise ConflictError("hub.unreadable", format=body[:1].hex()) from error


def events_of(events: Sequence[SharedEvent], desk: str, secret: bytes) -> tuple[Any, ...]:
    """The parameters of `PUT_EVENTS`; own events are sealed with the secret of this desk and person."""
    return (
        desk,
        [canonical(each.event).decode() for each in events],
        [each.link.sequence for each in events],
        [each.link.previous for each in events],
        [each.link.sha256 for each in events],
        [each.matter or None for each in events],
        [each.seal or (seal_of(each.link, secret) if each.own else None) for each in events],
        ["contested" if each.standing is Standing.CONTESTED else None for each in events],
    )


def seal_of(link: Link, secret: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) of the link's hash: by it the hub knows the author, whoever brings it."""
    return hmac.new(secret, link.sha256.encode(), hashlib.sha256).hexdigest()


def content_of(row: Mapping[str, Any]) -> Content:
    """A row of the feed of kind «content»."""
    body = row["body"]
    judged = judged_of(bytes(body)) if body is not None else None
    return Content(MessageId(row["id"]), row["sha256"], judged, row["seq"], row["revision"])


def event_row(row: Mapping[str, Any], desk: str) -> SharedEvent:
    """A row of the feed of kind «event». Code `hub.altered`: it is not what its hash says."""
    try:
        event = event_of(bytes(row["body"]))
    except ValueError as error:
        raise ConflictError("hub.altered", desk=row["desk"], sequence=row["sequence"]) from error
    return SharedEvent(
        link=Link(row["sequence"], event, row["previous"], row["sha256"]),
        standing=Standing(row["status"]),
        code=row["code"] or "",
        seq=row["seq"],
        accepted_at=row["accepted_at"],
        matter=row["matter"] or "",
        own=event.desk == desk,
    )
