"""Any table, read through a column mapping that a person confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from console.domain.messages import OTHER, Channel, IncomingMessage, Platform
from console.errors import ValidationError
from console.platforms.files.dates import Order, row_date
from console.platforms.files.headers import FIELDS, direction_of
from console.platforms.files.table import Table, cell, fitted
from console.platforms.files.values import (
    Options,
    RowError,
    channel_of,
    derived_id,
    derived_post_id,
    intact,
    is_city,
    kind_of,
    message_text,
    platform_of,
    platform_of_url,
    short,
    words,
)
from console.services.intake import ColumnMapping

CODE = "table"


def places(table: Table, mapping: ColumnMapping, name: str) -> dict[str, int]:
    """Field → column index.

    Raises `ValidationError`: `import.mapping_missing` (nothing holds the text, or an unknown field),
    `import.column_missing` (the file has no such column).
    """
    if "text" not in mapping.columns or not set(mapping.columns) <= set(FIELDS):
        raise ValidationError("import.mapping_missing", name=name)
    exact = {header: place for place, header in reversed(list(enumerate(table.headers)))}
    folded = {words(header): place for place, header in reversed(list(enumerate(table.headers)))}
    found: dict[str, int] = {}
    for field, header in mapping.columns.items():
        place = exact.get(header, folded.get(words(header)))
        if place is None:
            raise ValidationError("import.column_missing", name=name, column=header)
        found[field] = place
    return found


def reader(
    table: Table, at: Mapping[str, int], options: Options, order: Order
) -> Callable[[Sequence[str]], IncomingMessage]:
    """Makes a message of a row; raises `RowError`. `at` comes from `places`."""
    width = len(table.headers)
    repeated: Counter[str] = Counter()

    def read(cells: Sequence[str]) -> IncomingMessage:
        row = fitted(cells, width, at["text"])

        def value(field: str) -> str:
            return short(cell(row, at.get(field)), field)

        text = message_text(row[at["text"]])
        posted_at = _date(value("posted_at"), value("time"), order)
        channel = _channel(value("channel"), options)
        account = value("account") or options.account
        parent = value("parent_external_id")
        author_id = intact(value("author_external_id")) or value("author_name")
        post_text = message_text(cell(row, at.get("post_text")), has_attachments=True)
        external_id = intact(value("external_id"))
        if not external_id:
            external_id = derived_id(account, author_id, posted_at, text)
            if posted_at is None:  # nothing tells repetitions apart but their order
                repeated[external_id] += 1
                external_id = derived_id(account, author_id, None, text, repeated[external_id] - 1)
        return IncomingMessage(
            external_id=external_id,
            text=text,
            platform=_platform(value("platform"), value("permalink"), options),
            channel=channel,
            kind=kind_of(value("kind"), channel, parent),
            account=account,
            author_external_id=author_id,
            author_name=value("author_name") or author_id,
            author_warnings=_number(value("author_warnings")),
            posted_at=posted_at,
            post_external_id=value("post_external_id") or derived_post_id(post_text),
            post_text=post_text,
            parent_external_id=parent,
            permalink=value("permalink"),
            by_city=direction_of(value("direction")) is True or is_city(author_id, options),
        )

    return read


def dates(table: Table, place: int | None) -> Iterable[str]:
    """All values of the date column."""
    if place is None:
        return
    with table.rows() as rows:
        for row in rows:
            if isinstance(row, tuple):
                yield cell(row[1], place)


def _date(date: str, time: str, order: Order) -> datetime | None:
    """A date with the time of its own column; a spreadsheet's midnight in the first gives way to it."""
    if time and date:
        return row_date(f"{date.removesuffix(' 00:00:00')} {time}", order)
    return row_date(date, order)


def _channel(value: str, options: Options) -> Channel:
    if not value:
        return options.channel or Channel.COMMENT
    named = channel_of(value)
    if named is None:
        raise RowError("import.row.value", column="channel", value=value[:60])
    return named


def _platform(named: str, permalink: str, options: Options) -> Platform:
    return platform_of(named) or options.platform or platform_of_url(permalink) or OTHER


def _number(value: str) -> int:
    return min(int(value), 99) if value.isascii() and value.isdigit() else 0
