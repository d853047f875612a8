"""A made-up desk: chains, signs and sends events as a real one does, and as a changed one might."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from console.domain.ids import DeskId, EventId, StaffId, new_id
from console.domain.journal import GENESIS, Event, Link, canonical, seal

PUT_EVENTS = (
    "SELECT vigie.put_events(%s, %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],"
    " %s::text[])"
)
PUT_CONTENTS = (
    "SELECT vigie.put_contents(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[],"
    " %s::text[], %s::bytea[], %s)"
)


def sha(text: str) -> str:
    """SHA-256 of a text, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def derived(key: str) -> str:
    """An id that comes from a natural key: the same on every desk."""
    return uuid.uuid5(uuid.NAMESPACE_URL, key).hex


@dataclass(frozen=True)
class Content:
    """A message as `put_contents` takes it."""

    text: str
    key: str
    person: str = "someone"
    platform: str = "facebook"
    route: str = "none"
    by_city: bool = False

    @property
    def id(self) -> str:
        """The message's id."""
        return derived("message/" + self.key)

    @property
    def person_id(self) -> str:
        """Its author's id."""
        return derived("person/" + self.person)


class Desk:
    """One person at one desk, over one connection of theirs."""

    def __init__(self, connection: psycopg.Connection, desk: str | None = None, staff: str | None = None):
        self.connection = connection
        self.id = desk or new_id()
        self.local_staff = staff or new_id()
        self.staff = self.local_staff
        self.secret = b""
        self.sequence, self.head = 0, GENESIS
        self.links: list[Link] = []

    def join(self, public_key: bytes = b"public key") -> Desk:
        """Register at the hub."""
        answer = self.call("join_desk", self.id, "Poste d'essai", public_key, self.local_staff)
        self.staff, self.secret = answer["staff"]["id"], bytes.fromhex(answer["secret"])
        return self

    def call(self, function: str, *arguments: Any) -> Any:
        """One function of the hub."""
        places = ", ".join(["%s"] * len(arguments))
        row = self.connection.execute(f"SELECT vigie.{function}({places})", arguments).fetchone()
        return row[0] if row else None

    def rows(self, function: str, *arguments: Any) -> list[Any]:
        """All rows of one function of the hub."""
        places = ", ".join(["%s"] * len(arguments))
        return [row[0] for row in self.connection.execute(f"SELECT vigie.{function}({places})", arguments)]

    def contents(self, *contents: Content) -> int:
        """Send messages."""
        columns: list[Any] = [
            [each.id for each in contents],
            [each.platform for each in contents],
            ["compte" for _ in contents],
            [each.person_id for each in contents],
            [each.route for each in contents],
            [each.by_city for each in contents],
            [sha(each.text) for each in contents],
            [each.text.encode() for each in contents],
        ]
        row = self.connection.execute(PUT_CONTENTS, (*columns, self.id)).fetchone()
        assert row is not None
        return int(row[0])

    def link(
        self, kind: str, subject: str, payload: Mapping[str, Any], *, actor: str | None = None, at: Any = None
    ) -> Link:
        """Chain an event without sending it."""
        event = Event(
            EventId(new_id()),
            kind,
            subject,
            StaffId(actor or self.staff),
            DeskId(self.id),
            at or datetime.now(UTC),
            payload,
        )
        link = seal(event, self.sequence + 1, self.head)
        self.sequence, self.head = link.sequence, link.sha256
        self.links.append(link)
        return link

    def sealed(self, link: Link) -> str:
        """The seal of one's own event."""
        return hmac.new(self.secret, link.sha256.encode(), hashlib.sha256).hexdigest()

    def put(
        self,
        links: Sequence[Link],
        *,
        by: psycopg.Connection | None = None,
        matters: Sequence[str | None] | None = None,
        seals: Sequence[str | None] | None = None,
        was: Sequence[str | None] | None = None,
    ) -> int:
        """Send links of this desk's chain."""
        none = [None] * len(links)
        row = (by or self.connection).execute(
            PUT_EVENTS,
            (
                self.id,
                [canonical(link.event).decode() for link in links],
                [link.sequence for link in links],
                [link.previous for link in links],
                [link.sha256 for link in links],
                list(matters or none),
                list(seals or none),
                list(was or none),
            ),
        )
        return int((row.fetchone() or [0])[0])

    def send(
        self, kind: str, subject: str, payload: Mapping[str, Any], **options: Any
    ) -> tuple[str, str | None]:
        """Chain, send, and return what the hub made of it: (status, code)."""
        link = self.link(kind, subject, payload, **options)
        self.put([link])
        return self.judged(link)

    def judged(self, link: Link) -> tuple[str, str | None]:
        """(status, code) of an event that was sent."""
        row = self.connection.execute(
            "SELECT status, code FROM vigie.event WHERE id = %s", (link.event.id,)
        ).fetchone()
        assert row is not None
        return row[0], row[1]


def decision(content: Content, *actions: str, **changes: Any) -> dict[str, Any]:
    """The payload of a complete `decision.made`; `changes` replace fields of it."""
    written = {"reply", "warn", "ban", "redirect_311"}
    waits = "ban" in actions and "state" not in changes
    state = "escalated" if "escalate" in actions else "awaiting_signature" if waits else "decided"
    sends = [
        each
        for each in actions
        if each not in ("keep", "escalate", "no_reply") and not (waits and each == "ban")
    ]
    asked = {"escalated": "question", "awaiting_signature": "ban_signature"}.get(changes.get("state", state))
    payload = {
        "decision": new_id(),
        "revision": 1,
        "sha256": sha(content.text),
        "deleted": False,
        "person": content.person_id,
        "platform": content.platform,
        "actions": list(actions),
        "rules": ["insult"],
        "reason": "Une insulte.",
        "texts": {each: "Bonjour." for each in actions if each in written},
        "suggested": [],
        "note": "",
        "exception": None,
        "policy": "1",
        "engine": "1",
        "state_before": "pending",
        "state": state,
        "warning": new_id() if "warn" in actions else None,
        "outgoing": [item(each) for each in sends],
        "escalation": asked
        and {"id": new_id(), "kind": asked, "reason": "?", "question": "", "suggested": []},
    }
    return payload | changes


def item(operation: str, seconds: int = -1) -> dict[str, Any]:
    """One item to send, whose grace ends in `seconds`."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return {"id": new_id(), "operation": operation, "not_before": at.isoformat()}


def done(payload: Mapping[str, Any], operation: str, **changes: Any) -> dict[str, Any]:
    """The payload of `outbox.done` for one item of a decision."""
    found = next(each for each in payload["outgoing"] if each["operation"] == operation)
    return {
        "item": found["id"],
        "decision": payload["decision"],
        "operation": operation,
        "means": "message privé",
        "proof": "",
        "warning": payload["warning"] if operation == "warn" else None,
    } | changes
