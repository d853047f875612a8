"""Comments under one publication as exportcomments.com writes them (CSV or Excel).

The first two columns have no name: the number of the comment, and the number of the reply under it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from console.domain.messages import OTHER, Channel, IncomingMessage, Kind, Platform
from console.platforms.files.dates import Order, row_date
from console.platforms.files.table import Columns, Table, cell, fitted
from console.platforms.files.values import (
    Options,
    derived_id,
    intact,
    is_city,
    message_text,
    platform_of_url,
    short,
)

CODE = "exportcomments"
DATE = "date"
_NEEDED = ("name", "profile id", "comment", "comment id")
_COMMENT_PART = re.compile(r"(?:/c/\d+/?|[?&](?:lc|comment_id|reply_comment_id)=[^&]*)")


def matches(table: Table) -> bool:
    """Whether the headers are those of exportcomments.com."""
    columns = Columns.of(table.headers)
    return all(columns.place(name) is not None for name in _NEEDED)


def reader(table: Table, options: Options, order: Order) -> Callable[[Sequence[str]], IncomingMessage]:
    """Makes a message of a row; raises `RowError`. Remembers the last comment, for the replies below it."""
    columns = Columns.of(table.headers)
    place = columns.place
    text_place = place("comment") or 0
    numbered = {place("name"), place("username")} & {2, 3} != set()
    above = ""

    def read(cells: Sequence[str]) -> IncomingMessage:
        nonlocal above
        row = fitted(cells, columns.width, text_place)

        def value(name: str) -> str:
            return short(cell(row, place(name)), name)

        comment, profile = _unwrapped(value("comment id")), _unwrapped(value("profile id"))
        is_reply = numbered and bool(cell(row, 1).strip())
        parent = above if is_reply else ""
        if not is_reply:
            above = comment
        text = message_text(row[text_place])
        # Some exports put the number of the row where the profile's id belongs: the user name, unique
        # on its platform, comes first.
        author = value("username") or profile or value("name")
        posted_at = row_date(value(DATE), order)
        url = value("comment url")
        return IncomingMessage(
            external_id=comment or derived_id(options.account, author, posted_at, text),
            text=text,
            platform=_platform(url, value("profile url"), options),
            channel=Channel.COMMENT,
            kind=Kind.REPLY if is_reply else Kind.COMMENT,
            account=options.account,
            author_external_id=author,
            author_name=value("name") or value("username"),
            posted_at=posted_at,
            post_external_id=_COMMENT_PART.sub("", url),
            parent_external_id=parent,
            permalink=url,
            by_city=is_city(author, options),
        )

    return read


def _platform(url: str, profile: str, options: Options) -> Platform:
    return platform_of_url(url) or platform_of_url(profile) or options.platform or OTHER


def _unwrapped(value: str) -> str:
    """An id without the formula that keeps a spreadsheet from rounding it (="123" → 123); nothing when
    it was rounded all the same."""
    return intact(value[2:-1] if value.startswith('="') and value.endswith('"') else value.lstrip("'"))
