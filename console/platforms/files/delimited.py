"""CSV and its cousins: the delimiter is proved on the first rows, quoting is taken strictly.

A row whose quotes do not close, or whose cells do not fit, is reported; nothing is bent into shape.
Library: the standard `csv` (RFC 4180), in strict mode.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from console.platforms.files.blob import HEAD, Blob
from console.platforms.files.encoding import OVERLONG, lines, open_text
from console.platforms.files.headers import known_headers
from console.platforms.files.table import MAX_COLUMNS, Row, header_place, looks_like_header, unique
from console.services.ports import Skipped

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 60
_SHOWN_ROWS = 5
MAX_FIELD = 1_000_000
csv.field_size_limit(MAX_FIELD)


@dataclass(frozen=True, slots=True)
class DelimitedTable:
    """A CSV, TSV, semicolon or pipe table. Fulfils `table.Table`."""

    blob: Blob
    encoding: str
    delimiter: str
    header_row: int
    """1-based record number of the header."""
    headers: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    container: str = field(default="csv")

    @contextmanager
    def rows(self) -> Iterator[Iterator[Row]]:
        """The records under the header; blank lines are no rows, but count in the numbering."""
        with open_text(self.blob, self.encoding) as text:
            yield (each for each in _records(lines(text), self.delimiter) if _number(each) > self.header_row)


def sniff(blob: Blob, encoding: str) -> DelimitedTable | None:
    """The table that the content is, or None when it is none."""
    with open_text(blob, encoding) as text:
        start = text.read(HEAD)
        whole = not text.read(1)
    start = start.removeprefix("\ufeff")
    candidates = (_candidate(start, whole, delimiter) for delimiter in DELIMITERS)
    scored = sorted((each for each in candidates if each is not None), key=lambda each: each[0], reverse=True)
    if not scored:
        return None
    _, delimiter, header_row, headers, rows = scored[0]
    shown = tuple(tuple(row) for row in rows[:_SHOWN_ROWS])
    return DelimitedTable(blob, encoding, delimiter, header_row, headers, shown)


_Score = tuple[int, float, int]


def _candidate(
    start: str, whole: bool, delimiter: str
) -> tuple[_Score, str, int, tuple[str, ...], list[list[str]]] | None:
    records = list(_head_records(start, whole, delimiter))
    plain = [(number, cells) for number, cells in records if cells is not None]
    place = header_place([cells for _, cells in plain])
    if place is None:
        return None
    header_row, header = plain[place]
    below = [cells for number, cells in records if number > header_row]
    if not looks_like_header(header) or len(header) > MAX_COLUMNS:
        return None
    known, width = known_headers(header), len(header)
    fitting = [cells for cells in below if cells is not None and len(cells) == width]
    share = len(fitting) / len(below) if below else 1.0
    one_column = width == 1 and known == 1
    several = width >= 2 and (known >= 2 or (share >= 0.9 and (bool(below) or known >= 1)))
    if not (one_column or several):
        return None
    return (known, share, width), delimiter, header_row, unique(header), fitting


def _head_records(start: str, whole: bool, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """The first records with their numbers (None: malformed), without one that the sample cuts in two."""
    texts = io.StringIO(start, newline="").readlines()
    if not whole and texts:
        texts.pop()
    found: list[tuple[int, list[str] | None]] = []
    for record in _records(iter(texts), delimiter):
        cut = isinstance(record, Skipped) and record.code == "import.row.quote_open"
        if cut and not whole:
            break
        found.append((record.row, None) if isinstance(record, Skipped) else (record[0], list(record[1])))
        if len(found) >= _SAMPLE_ROWS:
            break
    yield from found


def _records(source: Iterator[str], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        began = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _malformed(number, str(error), reader.line_num - began)
            continue
        if OVERLONG in cells:
            yield Skipped(number, "import.row.too_long", {"limit": MAX_FIELD, "length": ""})
        elif any(cells) and not (number == 1 and _is_hint(cells)):
            yield number, cells


def _is_hint(cells: Sequence[str]) -> bool:
    """The line «sep=;» that a spreadsheet program reads as an instruction."""
    return cells[0].lower().startswith("sep=") and len("".join(cells)) <= 5


def _malformed(number: int, said: str, line_count: int) -> Skipped:
    if "field larger" in said:
        return Skipped(number, "import.row.too_long", {"limit": MAX_FIELD, "length": ""})
    if "unexpected end" in said:
        return Skipped(number, "import.row.quote_open", {"lines": line_count})
    return Skipped(number, "import.row.quotes", {})


def _number(row: Row) -> int:
    return row.row if isinstance(row, Skipped) else row[0]
