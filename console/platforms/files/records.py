"""JSON objects as a table: a list of them, a list inside an object, or one object a line (JSONL)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec

from console.errors import ValidationError
from console.platforms.files.blob import Blob
from console.platforms.files.encoding import OVERLONG, lines, open_text
from console.platforms.files.json_stream import JsonError, JsonStream
from console.platforms.files.table import MAX_COLUMNS, Row
from console.platforms.files.values import BROKEN
from console.services.ports import Skipped

Record = tuple[int, Mapping[str, Any]] | Skipped
"""An object with its place (line, or number in the list; from 1), or why it is none."""

_LOOKED_AT = 50
_SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True)
class Records:
    """A stream of objects: `lines` for JSONL, else the members under `key` (empty: the top list)."""

    blob: Blob
    encoding: str
    lines: bool
    key: str = ""

    @contextmanager
    def read(self) -> Iterator[Iterator[Record]]:
        """Every object in order. A broken line is one skipped record; a broken document raises
        `ValidationError` (`import.json_broken`, `import.truncated`), for nothing after it is sure."""
        with open_text(self.blob, self.encoding) as text:
            yield self._by_line(lines(text)) if self.lines else self._members(JsonStream(text))

    def _by_line(self, source: Iterator[str]) -> Iterator[Record]:
        for number, line in enumerate(source, start=1):
            if line == OVERLONG:
                yield Skipped(number, "import.row.too_long", {"length": "", "limit": ""})
            elif BROKEN in line:
                yield Skipped(number, "import.row.bytes", {})
            elif stripped := line.strip("\ufeff \t\r\n\0"):
                yield _record(number, stripped)

    def _members(self, stream: JsonStream) -> Iterator[Record]:
        number = 0
        try:
            for key, member, listed in stream:
                if listed and key == self.key:
                    number += 1
                    yield (
                        (number, member)
                        if isinstance(member, dict)
                        else Skipped(number, "import.row.not_object", {})
                    )
        except JsonError as error:
            raise ValidationError(error.code, name=self.blob.name, row=error.member) from error


@dataclass(frozen=True, slots=True)
class RecordTable:
    """Objects of any shape as a table; nested names are joined by a dot. Fulfils `table.Table`."""

    records: Records
    headers: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    container: str

    @property
    def blob(self) -> Blob:
        """Where the objects are."""
        return self.records.blob

    @contextmanager
    def rows(self) -> Iterator[Iterator[Row]]:
        """One row an object."""
        with self.records.read() as records:
            yield (each if isinstance(each, Skipped) else (each[0], self._cells(each[1])) for each in records)

    def _cells(self, record: Mapping[str, Any]) -> tuple[str, ...]:
        flat = flatten(record)
        return tuple(flat.get(header, "") for header in self.headers)


def tabular(records: Records) -> RecordTable | None:
    """The objects as a table, None when the first ones hold nothing."""
    with records.read() as source:
        first = [flatten(each[1]) for each in islice(source, _LOOKED_AT) if not isinstance(each, Skipped)]
    headers = tuple(dict.fromkeys(name for record in first for name in record))[:MAX_COLUMNS]
    if not headers:
        return None
    sample = tuple(tuple(record.get(name, "") for name in headers) for record in first[:_SHOWN_ROWS])
    return RecordTable(records, headers, sample, "jsonl" if records.lines else "json")


def flatten(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Values as text by dotted name; lists and deeper objects as JSON."""
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict) and depth < 3:
            flat.update(flatten(value, f"{prefix}{name}.", depth + 1))
        elif value is not None:
            flat[prefix + name] = _text(value)
    return flat


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def parse_line(line: str) -> dict[str, Any] | None:
    """The object that a line of JSON holds, None when it holds none."""
    try:
        value = _parsed(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _record(number: int, line: str) -> Record:
    try:
        value = _parsed(line)
    except (ValueError, RecursionError):
        return Skipped(number, "import.row.json", {})
    return (number, value) if isinstance(value, dict) else Skipped(number, "import.row.not_object", {})


def _parsed(line: str) -> Any:
    try:
        return msgspec.json.decode(line)
    except ValueError:
        return json.loads(line)  # slower, but takes the halves of surrogate pairs that some tools write
