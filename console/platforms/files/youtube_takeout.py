"""YouTube comments as Google Takeout writes them (`comments.csv`), all generations of its columns.

Header names changed in case and order, columns came and went, and the file follows the language of
the account: where the headers are in another language, the columns are found by what they hold.
The text is plain in some files, JSON segments in most.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.domain.messages import YOUTUBE, Channel, IncomingMessage, Kind
from console.platforms.files.dates import DateError, read_date, row_date
from console.platforms.files.table import Columns, Table, cell, fitted
from console.platforms.files.values import Options, derived_id, is_city, message_text, short

CODE = "youtube-takeout-comments"

_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("comment id", "id du commentaire", "id de commentaire", "identifiant du commentaire"),
    "channel": ("channel id", "id de la chaine", "id de chaine", "identifiant de la chaine"),
    "text": ("comment text", "texte du commentaire"),
    "at": (
        "comment create timestamp",
        "comment creation timestamp",
        "code temporel de creation du commentaire",
        "horodatage de creation du commentaire",
        "date de creation du commentaire",
    ),
    "parent": (
        "parent comment id",
        "top level comment id",
        "id du commentaire parent",
        "id du commentaire de premier niveau",
    ),
    "video": ("video id", "id de la video", "id video"),
    "post": ("post id", "id du post", "id de la publication"),
}
_CHANNEL = re.compile(r"UC[\w-]{22}$")
_COMMENT = re.compile(r"Ug[\w-]{10,}(?:\.[\w-]+)?$")
_VIDEO = re.compile(r"[\w-]{11}$")
_SEGMENTS = re.compile(r'\{\s*"(?:text|takeoutSegments)"\s*:')


@dataclass(frozen=True, slots=True)
class Places:
    """Column indexes; None where the file has no such column."""

    id: int
    text: int
    channel: int | None
    at: int | None
    parent: int | None
    video: int | None
    post: int | None


def find(table: Table) -> Places | None:
    """Where the columns are, or None when the table is no Takeout of comments."""
    columns = Columns.of(table.headers)
    named = {name: columns.place(*names) for name, names in _NAMES.items()}
    if named["id"] is not None and named["text"] is not None and named["channel"] is not None:
        return Places(**named)  # type: ignore[arg-type]  # id and text are not None here
    return _by_content(table)


def reader(table: Table, places: Places, options: Options) -> Callable[[Sequence[str]], IncomingMessage]:
    """Makes a message of a row; raises `RowError`."""
    width = len(table.headers)

    def read(cells: Sequence[str]) -> IncomingMessage:
        row = fitted(cells, width, places.text)
        channel = short(cell(row, places.channel), "author")
        text = message_text(segments(row[places.text]))
        parent = short(cell(row, places.parent), "parent")
        video = short(cell(row, places.video) or cell(row, places.post), "post")
        posted_at = row_date(cell(row, places.at))
        comment = short(row[places.id], "id")
        parent = "" if parent == comment else parent
        return IncomingMessage(
            external_id=comment or derived_id(options.account, channel, posted_at, text),
            text=text,
            platform=YOUTUBE,
            channel=Channel.COMMENT,
            kind=Kind.REPLY if parent else Kind.COMMENT,
            account=options.account,
            author_external_id=channel,
            author_name=channel,
            posted_at=posted_at,
            post_external_id=video,
            parent_external_id=parent,
            permalink=_permalink(video, comment),
            by_city=is_city(channel, options),
        )

    return read


def segments(value: str) -> str:
    """The text of a cell: plain, one JSON object, a `takeoutSegments` list, or objects in a row."""
    stripped = value.strip()
    if not _SEGMENTS.match(stripped):
        return value
    try:
        parts = json.loads(f"[{stripped}]")
    except (ValueError, RecursionError):
        return value
    return "".join(_segment(part) for part in parts)


def _segment(part: Any) -> str:
    if not isinstance(part, dict):
        return ""
    inner = part.get("takeoutSegments")
    if isinstance(inner, list):
        return "".join(_segment(each) for each in inner)
    text = part.get("text")
    return text if isinstance(text, str) else ""


def _permalink(video: str, comment: str) -> str:
    if not _VIDEO.match(video):
        return ""
    return f"https://www.youtube.com/watch?v={video}" + (f"&lc={comment}" if comment else "")


def _by_content(table: Table) -> Places | None:
    """Columns by what the sample holds: segments, `UC…` channels, `Ug…` comments, eleven-letter videos."""

    def column(test: Callable[[str], Any], besides: Sequence[int | None] = ()) -> int | None:
        for place in range(len(table.headers)):
            values = [row[place].strip() for row in table.sample if place < len(row) and row[place].strip()]
            if values and place not in besides and all(test(value) for value in values):
                return place
        return None

    text, channel, comment = column(_SEGMENTS.match), column(_CHANNEL.match), column(_COMMENT.match)
    if text is None or channel is None or comment is None:
        return None
    parent = column(_COMMENT.match, (comment,))
    video = column(_VIDEO.match, (text, channel, comment))
    return Places(comment, text, channel, column(_is_instant), parent, video, None)


def _is_instant(value: str) -> bool:
    try:
        return "T" in value and read_date(value) is not None
    except DateError:
        return False
