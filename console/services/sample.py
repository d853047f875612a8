"""The sample queue: a desk to try Vigie on, always fresh, in which nothing is real."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from console.clock import Clock
from console.domain.messages import Attachment, Channel, IncomingMessage, Kind, Platform, ThreadEntry
from console.errors import ConfigurationError
from console.paths import RESOURCES
from console.services.ports import MessageSource, Skipped
from console.services.sample_history import load_history, replay
from console.services.services import Services

MESSAGES = RESOURCES / "sample" / "messages.jsonl"
HISTORY = RESOURCES / "sample" / "history.yaml"
FILLED = "sample.filled"
"""Desk preference: when the sample was filled, ISO 8601."""


class _Author(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    warnings: int = 0


class _Earlier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    author: str
    text: str
    minutes_ago: int


class _Attachment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    media_type: str


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The import contract with times in minutes before now, and the post's id and age."""

    id: str
    channel: Channel
    kind: Kind
    platform: str
    account: str
    text: str
    parent: str
    author: _Author
    minutes_ago: int
    permalink: str
    post_id: str = ""
    post_minutes_ago: int | None = None
    parent_id: str = ""
    thread: tuple[_Earlier, ...] = ()
    attachments: tuple[_Attachment, ...] = ()


class SampleMessages:
    """The messages of a sample file as a `MessageSource`, oldest first."""

    format = "sample"

    def __init__(self, messages: Iterable[IncomingMessage]) -> None:
        self._messages = tuple(messages)

    @property
    def total(self) -> int | None:
        """How many."""
        return len(self._messages)

    def read(self) -> Iterator[IncomingMessage | Skipped]:
        """Each message."""
        yield from self._messages

    def posted(self, after: datetime | None, until: datetime) -> MessageSource:
        """Those posted in (after, until], for a history in which messages come in as time goes by."""
        return SampleMessages(
            each
            for each in self._messages
            if each.posted_at is not None
            and each.posted_at <= until
            and (after is None or each.posted_at > after)
        )


def load_messages(path: Path, now: datetime) -> SampleMessages:
    """The sample file with its ages counted back from `now` (aware).

    Raises `ConfigurationError("sample.invalid", file, detail)`.
    """
    try:
        lines = [line for line in path.read_bytes().splitlines() if line.strip()]
        found = [_incoming(msgspec.json.decode(line, type=_Line), now) for line in lines]
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigurationError("sample.invalid", file=path.name, detail=str(error)) from error
    return SampleMessages(sorted(found, key=lambda each: (each.posted_at or now, each.external_id)))


def fill(services: Services, services_at: Callable[[Clock], Services]) -> None:
    """Fill the sample desk at its first opening; afterwards this does nothing.

    `services_at` gives the same desk under another clock. When an earlier filling was cut short, the
    messages are completed and what is missing of the history stays missing: nothing in it is real.
    """
    if services.preferences.get(FILLED):
        return
    now = services.clock.now()
    messages = load_messages(MESSAGES, now)
    if services.queue.watermark() == 0:
        replay(load_history(HISTORY), messages, services_at, now)
    actor = services.access.current()
    if actor is not None:
        services.intake.take_in(actor, messages, lambda done, total: None)
    services.preferences.put({FILLED: now.isoformat()})


def _incoming(line: _Line, now: datetime) -> IncomingMessage:
    def ago(minutes: int) -> datetime:
        return now - timedelta(minutes=minutes)

    return IncomingMessage(
        external_id=line.id,
        text=line.text,
        platform=Platform(line.platform),
        channel=line.channel,
        kind=line.kind,
        account=line.account,
        author_external_id=line.author.id,
        author_name=line.author.name,
        author_warnings=line.author.warnings,
        posted_at=ago(line.minutes_ago),
        post_external_id=line.post_id,
        post_text=line.parent,
        post_posted_at=None if line.post_minutes_ago is None else ago(line.post_minutes_ago),
        parent_external_id=line.parent_id,
        thread=tuple(ThreadEntry(each.author, each.text, ago(each.minutes_ago)) for each in line.thread),
        attachments=tuple(Attachment(each.name, each.media_type) for each in line.attachments),
        permalink=line.permalink,
    )
