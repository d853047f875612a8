"""The inbox export of Hootsuite (CSV): comments and private messages of several networks, both ways.

Outbound rows are the city's own answers: kept as context, never judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.domain.messages import OTHER, Channel, IncomingMessage
from console.platforms.files.dates import Order, row_date
from console.platforms.files.headers import direction_of
from console.platforms.files.table import Columns, Table, cell, fitted
from console.platforms.files.values import (
    Options,
    RowError,
    channel_of,
    derived_id,
    intact,
    is_city,
    kind_of,
    message_text,
    platform_of,
    platform_of_url,
    short,
    words,
)

CODE = "hootsuite-inbox"
DATE = "created at"
_NEEDED = ("message id", "direction", "content", "contact primary identifier")


def matches(table: Table) -> bool:
    """Whether the headers are Hootsuite's."""
    columns = Columns.of(table.headers)
    return all(columns.place(name) is not None for name in _NEEDED)


def reader(table: Table, options: Options, order: Order) -> Callable[[Sequence[str]], IncomingMessage]:
    """Makes a message of a row; raises `RowError`."""
    columns = Columns.of(table.headers)
    place = columns.place
    content = place("content") or 0

    def read(cells: Sequence[str]) -> IncomingMessage:
        row = fitted(cells, columns.width, content)

        def value(name: str) -> str:
            return short(cell(row, place(name)), name)

        text = message_text(row[content])
        account = options.account or value("channel")
        contact = intact(value("contact secondary identifier")) or value("contact primary identifier")
        outbound = direction_of(value("direction"))
        if outbound is None:
            raise RowError("import.row.value", column="Direction", value=value("direction")[:60])
        posted_at = row_date(value(DATE), order)
        url = value("post url")
        channel = _channel(value("message type"), options)
        author = account if outbound else contact
        return IncomingMessage(
            external_id=intact(value("message id")) or derived_id(account, author, posted_at, text),
            text=text,
            platform=platform_of_url(url) or platform_of(value("medium")) or options.platform or OTHER,
            channel=channel,
            kind=kind_of(value("message type"), channel, ""),
            account=account,
            author_external_id=author,
            author_name=account if outbound else value("contact primary identifier") or contact,
            posted_at=posted_at,
            # A private conversation is known by the person on the other end.
            post_external_id=contact if channel is Channel.PRIVATE else url,
            permalink=url,
            by_city=outbound or is_city(author, options),
        )

    return read


def _channel(message_type: str, options: Options) -> Channel:
    """Private when the type says so in any words; a type nobody foresaw counts as public."""
    named = channel_of(message_type)
    if named is None and {"private", "direct", "dm", "inbox", "messenger"} & set(words(message_type).split()):
        return Channel.PRIVATE
    return named or options.channel or Channel.COMMENT
