"""Reads what was recognised, message by message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from console.domain.messages import IncomingMessage
from console.errors import ValidationError
from console.platforms.files import (
    exportcomments,
    facebook_comments,
    hootsuite,
    mapped,
    meta_messages,
    vigie,
    youtube_takeout,
)
from console.platforms.files.blob import guarded
from console.platforms.files.dates import Order, decide_order, is_numeric_date
from console.platforms.files.looking import Look, RecordLook, TableLook
from console.platforms.files.table import Columns, Table
from console.platforms.files.values import Options, RowError
from console.services.intake import ColumnMapping
from console.services.ports import Skipped

Item = IncomingMessage | Skipped
_FromCells = Callable[[Sequence[str]], IncomingMessage]
_FromRecord = Callable[[Mapping[str, Any]], IncomingMessage]


@dataclass(frozen=True, slots=True)
class FileSource:
    """A recognised file. Fulfils `MessageSource`: `total` is unknown until it was read."""

    format: str
    parts: tuple[tuple[Look, Callable[[], Iterator[Item]]], ...]
    unreadable: tuple[Skipped, ...] = ()
    """Members of an archive that broke while being looked at."""
    total: int | None = None

    def read(self) -> Iterator[Item]:
        """Every row as a message or the reason why not, in file order."""
        yield from self.unreadable
        for look, reader in self.parts:
            with guarded(look.blob.path):
                for item in reader():
                    if isinstance(item, Skipped) and look.blob.member:
                        item = replace(item, facts={**item.facts, "file": look.blob.member})
                    yield item


def reader(look: Look, options: Options, mapping: ColumnMapping | None) -> Callable[[], Iterator[Item]]:
    """How to read a recognised file. What a person must still say is asked for here, before reading:
    `ValidationError` with `import.mapping_missing`, `import.column_missing`, `import.dates_ambiguous`."""
    if isinstance(look, TableLook):
        table, make = look.table, _table_reader(look.code, look.table, options, mapping)
        return lambda: _rows(table, make)
    records, from_record = look.records, _record_reader(look, options)

    def read() -> Iterator[Item]:
        with records.read() as found:
            for each in found:
                yield each if isinstance(each, Skipped) else _attempt(each[0], from_record, each[1])

    return read


def _rows(table: Table, make: _FromCells) -> Iterator[Item]:
    with table.rows() as rows:
        for row in rows:
            yield row if isinstance(row, Skipped) else _attempt(row[0], make, row[1])


def _attempt(number: int, make: Callable[[Any], IncomingMessage], value: Any) -> Item:
    try:
        return make(value)
    except RowError as error:
        return error.at(number)


def _record_reader(look: RecordLook, options: Options) -> _FromRecord:
    if look.code == facebook_comments.CODE:
        return lambda record: facebook_comments.message(record, options)
    if look.code == meta_messages.CODE:
        return meta_messages.reader(look.conversation, options, f"{look.blob.path}/{look.blob.member}")
    return lambda record: vigie.message(record, options)


def _table_reader(code: str, table: Table, options: Options, mapping: ColumnMapping | None) -> _FromCells:
    places = youtube_takeout.find(table) if code == youtube_takeout.CODE else None
    if places is not None:
        return youtube_takeout.reader(table, places, options)
    if code == hootsuite.CODE:
        return hootsuite.reader(table, options, _order(table, options, _named(table, hootsuite.DATE)))
    if code == exportcomments.CODE:
        order = _order(table, options, _named(table, exportcomments.DATE))
        return exportcomments.reader(table, options, order)
    if mapping is None or not mapping.columns:
        raise ValidationError("import.mapping_missing", name=table.blob.name)
    at = mapped.places(table, mapping, table.blob.name)
    return mapped.reader(table, at, options, _order(table, options, at.get("posted_at")))


def _named(table: Table, header: str) -> int | None:
    return Columns.of(table.headers).place(header)


def _order(table: Table, options: Options, place: int | None) -> Order:
    """What stands first in the numeric dates of a column: said by a person, or proved by the rows."""
    if options.date_order in (Order.DAY, Order.MONTH):
        return Order(options.date_order)
    if place is None or not any(is_numeric_date(row[place]) for row in table.sample if place < len(row)):
        return Order.UNKNOWN
    order, example = decide_order(mapped.dates(table, place))
    if example:
        raise ValidationError(
            "import.dates_ambiguous", name=table.blob.name, column=table.headers[place], value=example
        )
    return order
