"""What every table is to its readers, whatever container it came in: headers and rows of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from console.platforms.files.blob import Blob
from console.platforms.files.headers import known_headers
from console.platforms.files.values import RowError, words
from console.services.ports import Skipped

MAX_COLUMNS = 256
HEADER_WITHIN = 12
"""Rows among which the header is looked for; some exports put a banner above it."""

Row = tuple[int, Sequence[str]] | Skipped
"""A row with its number (1-based, everything above it counted), or the reason why it cannot be read."""


class Table(Protocol):
    """An opened look at a table: `headers` are as written, `rows()` reads again from the top."""

    @property
    def blob(self) -> Blob: ...
    @property
    def container(self) -> str:
        """`csv`, `xlsx`, `json` or `jsonl`."""
        ...

    @property
    def headers(self) -> tuple[str, ...]: ...
    @property
    def sample(self) -> tuple[tuple[str, ...], ...]: ...
    def rows(self) -> AbstractContextManager[Iterator[Row]]: ...


@dataclass(frozen=True, slots=True)
class Columns:
    """Finds cells by folded header name; a name that occurs twice means its first column."""

    places: Mapping[str, int]
    width: int

    @classmethod
    def of(cls, headers: Sequence[str]) -> Columns:
        places: dict[str, int] = {}
        for place, header in enumerate(headers):
            places.setdefault(words(header), place)
        return cls(places, len(headers))

    def place(self, *names: str) -> int | None:
        """The column of the first of `names` that exists."""
        return next((self.places[words(name)] for name in names if words(name) in self.places), None)


def cell(cells: Sequence[str], place: int | None) -> str:
    """The text of a cell; empty when there is no such column or the row is shorter."""
    return cells[place] if place is not None and place < len(cells) else ""


def fitted(cells: Sequence[str], width: int, text_place: int) -> Sequence[str]:
    """The cells of a row that fits under its header.

    A row may lack empty cells at its end; one that stops before the text, or holds more than the
    header names, was torn apart by a stray delimiter or line end: `RowError("import.row.columns")`.
    """
    if len(cells) == width:
        return cells
    if len(cells) > width and any(each.strip() for each in cells[width:]):
        raise RowError("import.row.columns", expected=width, found=len(cells))
    if len(cells) <= text_place:
        raise RowError("import.row.columns", expected=width, found=len(cells))
    return cells[:width]


def header_place(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the header among the first rows: the first that names at least two columns that
    Vigie knows, else the first with at least two cells; None when no row has anything."""
    filled = [
        (place, [each for each in row if each.strip()]) for place, row in enumerate(rows[:HEADER_WITHIN])
    ]
    for place, cells in filled:
        if known_headers(cells) >= 2:
            return place
    wide = [place for place, cells in filled if len(cells) >= 2]
    narrow = [place for place, cells in filled if cells]
    return wide[0] if wide else narrow[0] if narrow else None


def looks_like_header(headers: Sequence[str]) -> bool:
    """Whether cells can be names of columns: short, not numbers, not whole sentences."""
    filled = [each.strip() for each in headers if each.strip()]
    return bool(filled) and all(
        len(each) <= 80 and "\n" not in each and any(letter.isalpha() for letter in each) for each in filled
    )


def unique(headers: Iterable[str]) -> tuple[str, ...]:
    """Headers as a person may choose them: trimmed, unnamed and repeated ones numbered."""
    seen: dict[str, int] = {}
    result = []
    for place, header in enumerate(headers, start=1):
        name = " ".join(header.split()) or f"#{place}"
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(result)
