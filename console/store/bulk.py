"""Inserting many rows at once, past the per-row work of SQLAlchemy's statements.

Intake stores some 25 rows a message; building a dictionary of parameters for each took more time
than SQLite itself. Values go through the same column types.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, TableClause
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator

_DIALECT = sqlite.dialect()


class BulkInsert:
    """`INSERT` into some columns of a table; rows are tuples in the order of the columns."""

    def __init__(self, table: TableClause, *names: str, ignore: bool = False) -> None:
        marks = ", ".join("?" * len(names))
        verb = "INSERT OR IGNORE INTO" if ignore else "INSERT INTO"
        # Names come from the schema, values are bound.
        self._statement = f"{verb} {table.name} ({', '.join(names)}) VALUES ({marks})"
        self._converters = tuple(_converter(table, name) for name in names)
        self._plain = not any(self._converters)

    def __call__(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert all rows; none is no error."""
        if not rows:
            return
        if not self._plain:
            columns = zip(*rows, strict=True)
            converted = [
                values if convert is None else [convert(value) for value in values]
                for convert, values in zip(self._converters, columns, strict=True)
            ]
            rows = list(zip(*converted, strict=True))
        connection.exec_driver_sql(self._statement, list(rows))


def _converter(table: TableClause, name: str) -> Callable[[Any], Any] | None:
    kind = table.c[name].type
    if not isinstance(kind, TypeDecorator):
        return None
    return lambda value: kind.process_bind_param(value, _DIALECT)
