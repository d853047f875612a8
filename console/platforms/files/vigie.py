"""Vigie's own exchange format: one JSON object a message, one a line (JSONL) or in a list.

Keys: `id`, `channel` (`comment`|`private`), `platform`, `text`; optional `account`, `parent` (text of
the city's post), `thread` [{`author`, `text`, `at`}], `author` {`id`, `name`, `warnings`},
`posted_at`, `kind`, `parent_id`, `post_id`, `attachments` [{`name`, `media_type`, `url`} or a name],
`permalink`, `by_city`. Unknown keys are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from console.domain.messages import (
    OTHER,
    Attachment,
    Channel,
    IncomingMessage,
    ThreadEntry,
)
from console.platforms.files.dates import row_date
from console.platforms.files.values import (
    Options,
    RowError,
    derived_id,
    derived_post_id,
    is_city,
    kind_of,
    message_text,
    platform_of,
    short,
)

CODE_LINES, CODE_LIST = "vigie-jsonl", "vigie-json"

_KEYS = frozenset(
    {
        "id", "channel", "platform", "text", "account", "parent", "thread", "author", "posted_at", "kind",
        "parent_id", "post_id", "attachments", "permalink", "by_city",
    }
)  # fmt: skip
MAX_THREAD, MAX_ATTACHMENTS = 50, 50


def matches(record: Mapping[str, Any]) -> bool:
    """Whether an object follows the contract rather than some other shape with a `text`."""
    if not isinstance(record.get("text"), str) or "id" not in record:
        return False
    author = record.get("author")
    if author is not None and not isinstance(author, dict):
        return False
    return record.keys() <= _KEYS or ("channel" in record and "platform" in record)


def message(record: Mapping[str, Any], options: Options) -> IncomingMessage:
    """One object as a message. Raises `RowError` (`import.row.field` names the key that is wrong)."""
    channel = _channel(record.get("channel"), options)
    author = _object(record, "author")
    author_id, author_name = short(author.get("id"), "author.id"), short(author.get("name"), "author.name")
    attachments = tuple(_attachment(each) for each in _list(record, "attachments")[:MAX_ATTACHMENTS])
    text = message_text(_string(record, "text"), bool(attachments))
    account = _short(record, "account") or options.account
    posted_at = _instant(record.get("posted_at"), "posted_at")
    parent = _short(record, "parent_id")
    post_text = message_text(_string(record, "parent"), has_attachments=True)
    return IncomingMessage(
        external_id=_short(record, "id") or derived_id(account, author_id or author_name, posted_at, text),
        text=text,
        platform=platform_of(_short(record, "platform")) or options.platform or OTHER,
        channel=channel,
        kind=kind_of(_short(record, "kind"), channel, parent),
        account=account,
        author_external_id=author_id or author_name,
        author_name=author_name or author_id,
        author_warnings=_warnings(author.get("warnings")),
        posted_at=posted_at,
        post_external_id=_short(record, "post_id") or derived_post_id(post_text),
        post_text=post_text,
        parent_external_id=parent,
        thread=tuple(_entry(each) for each in _list(record, "thread")[-MAX_THREAD:]),
        attachments=attachments,
        permalink=_short(record, "permalink"),
        by_city=record.get("by_city") is True or is_city(author_id, options),
    )


def _channel(value: Any, options: Options) -> Channel:
    if value in (None, ""):
        return options.channel or Channel.COMMENT
    if value not in ("comment", "private"):
        raise RowError("import.row.field", field="channel")
    return Channel(value)


def _object(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = record.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RowError("import.row.field", field=key)
    return value


def _list(record: Mapping[str, Any], key: str) -> list[Any]:
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RowError("import.row.field", field=key)
    return value


def _string(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowError("import.row.field", field=key)
    return value


def _short(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if isinstance(value, dict | list | bool):
        raise RowError("import.row.field", field=key)
    return short(value, key)


def _instant(value: Any, key: str) -> datetime | None:
    if isinstance(value, bool | dict | list):
        raise RowError("import.row.field", field=key)
    return row_date("" if value is None else str(value))


def _warnings(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 99:
        raise RowError("import.row.field", field="author.warnings")
    return value


def _entry(value: Any) -> ThreadEntry:
    if not isinstance(value, dict):
        raise RowError("import.row.field", field="thread")
    return ThreadEntry(
        author=_short(value, "author"),
        text=message_text(_string(value, "text"), has_attachments=True),
        at=_instant(value.get("at"), "thread.at"),
    )


def _attachment(value: Any) -> Attachment:
    if isinstance(value, str):
        return Attachment(name=short(value, "attachments"))
    if not isinstance(value, dict):
        raise RowError("import.row.field", field="attachments")
    return Attachment(
        name=_short(value, "name") or _short(value, "url"),
        media_type=_short(value, "media_type"),
        url=_short(value, "url"),
    )
