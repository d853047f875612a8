"""The append-only, hash-chained record («piste de vérification»). Pure: storing it is the store's part."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from console.domain.ids import DeskId, EventId, StaffId

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, before it is chained. `payload` holds JSON values only."""

    id: EventId
    kind: str
    subject: str
    actor: StaffId
    desk: DeskId
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A chained event: its place (from 1), the hash before, its own hash (SHA-256, hex)."""

    sequence: int
    event: Event
    previous: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold, and how (`gap`, `previous`, `content`, `tail`)."""

    sequence: int
    reason: str


def canonical(event: Event) -> bytes:
    """The bytes that are hashed: JSON with sorted keys, no spaces, UTF-8, time in UTC to the microsecond."""
    body = {
        "id": event.id,
        "kind": event.kind,
        "subject": event.subject,
        "actor": event.actor,
        "desk": event.desk,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "payload": event.payload,
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def event_of(body: bytes) -> Event:
    """The event whose canonical form is `body`. Raises ValueError when it is not of that form.

    What reads otherwise than it was written (other spacing, doubled keys) is refused: the hash would be
    of something else than what is shown.
    """
    try:
        found = json.loads(body)
        event = Event(
            EventId(found["id"]),
            found["kind"],
            found["subject"],
            StaffId(found["actor"]),
            DeskId(found["desk"]),
            datetime.fromisoformat(found["at"]),
            found["payload"],
        )
        exact = canonical(event) == body
    except (KeyError, TypeError, AttributeError, UnicodeError) as error:
        raise ValueError("not an event") from error
    if not exact:
        raise ValueError("not the canonical form of an event")
    return event


def seal(event: Event, sequence: int, previous: str) -> Link:
    """Chain `event` after the link whose hash is `previous` (`GENESIS` for the first)."""
    digest = hashlib.sha256(f"{sequence}:{previous}:".encode() + canonical(event)).hexdigest()
    return Link(sequence, event, previous, digest)


def first_break(links: Iterable[Link], expected_head: tuple[int, str] | None = None) -> Break | None:
    """The first broken link in order, or None.

    `expected_head` (sequence, hash) is what the store remembers of the newest link, so that
    rows removed from the end are noticed too.
    """
    previous, sequence = GENESIS, 0
    for link in links:
        sequence += 1
        if link.sequence != sequence:
            return Break(sequence, "gap")
        if link.previous != previous:
            return Break(sequence, "previous")
        if seal(link.event, sequence, previous).sha256 != link.sha256:
            return Break(sequence, "content")
        previous = link.sha256
    if expected_head is not None and expected_head != (sequence, previous):
        return Break(sequence + 1, "tail")
    return None
