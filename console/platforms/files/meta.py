"""What the downloads of Facebook and Instagram share: repaired text, attachments, times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from console.domain.messages import Attachment
from console.platforms.files.dates import UNREADABLE, DateError, read_date
from console.platforms.files.mojibake import repair
from console.platforms.files.values import RowError, message_text, short

_MEDIA = ("photos", "videos", "audio_files", "files", "gifs", "sticker")


def string(record: Mapping[str, Any], key: str) -> str:
    """A text as it was written; empty when absent. Raises `RowError("import.row.field")`."""
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowError("import.row.field", field=key)
    return repair(value)


def name(record: Mapping[str, Any], key: str) -> str:
    """A person's name."""
    return short(string(record, key), key)


def text(record: Mapping[str, Any], key: str, has_attachments: bool) -> str:
    """The text of a message."""
    return message_text(string(record, key), has_attachments)


def instant(value: Any) -> datetime:
    """Seconds or milliseconds since 1970. Raises `RowError("import.row.date")`: there is always a time."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise RowError(UNREADABLE, value=str(value)[:60])
    try:
        found = read_date(str(value))
    except DateError as error:
        raise RowError(UNREADABLE, value=str(value)[:60]) from error
    if found is None:
        raise RowError(UNREADABLE, value="")
    return found.astimezone(UTC)


def media(record: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Photos, videos, sounds, files and shared links of a private message."""
    found: list[Attachment] = []
    for key in _MEDIA:
        value = record.get(key)
        found += [
            _named(each["uri"])
            for each in (value if isinstance(value, list) else [value])
            if isinstance(each, dict) and isinstance(each.get("uri"), str)
        ]
    share = record.get("share")
    if isinstance(share, dict) and isinstance(share.get("link"), str):
        found.append(_named(share["link"]))
    return tuple(found)


def comment_media(entry: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Attachments of a comment."""
    return tuple(_named(uri) for uri in _uris(entry.get("attachments")))


def _uris(attachments: Any) -> Iterator[str]:
    for attachment in attachments if isinstance(attachments, list) else []:
        data = attachment.get("data") if isinstance(attachment, dict) else None
        for each in data if isinstance(data, list) else []:
            for key, inner in (("media", "uri"), ("external_context", "url")):
                value = each.get(key) if isinstance(each, dict) else None
                if isinstance(value, dict) and isinstance(value.get(inner), str):
                    yield value[inner]


def _named(uri: str) -> Attachment:
    plain = short(repair(uri), "attachments")
    return Attachment(
        name=PurePosixPath(plain.split("?")[0]).name or plain,
        url=plain if plain.startswith(("http://", "https://")) else "",
    )
