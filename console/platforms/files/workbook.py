"""Excel workbooks (.xlsx, .xlsm), read row by row with openpyxl; XML through defusedxml.

Only values are read. A formula counts by the value that Excel kept with it; one that was never
calculated makes its row a reported one. Hidden sheets are left alone unless named.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any

from console.errors import ValidationError
from console.platforms.files.blob import Blob
from console.platforms.files.table import (
    HEADER_WITHIN,
    MAX_COLUMNS,
    Row,
    header_place,
    looks_like_header,
    unique,
)
from console.services.ports import Skipped

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MAX_UNPACKED = 1 << 30
"""Bytes of XML; a full sheet of a million rows of comments stays below."""
_SHOWN_ROWS = 5
_EXACT = 1e15
_FORMULA = "\udcfd"
"""Stands for the value of a formula that was never calculated."""


@dataclass(frozen=True, slots=True)
class WorkbookTable:
    """The first visible sheet that holds rows, or the one that was named. Fulfils `table.Table`."""

    blob: Blob
    sheet: str
    sheets: tuple[str, ...]
    formulas: bool
    header_row: int
    headers: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    container: str = field(default="xlsx")

    @contextmanager
    def rows(self) -> Iterator[Iterator[Row]]:
        """The rows under the header."""
        with _sheet_rows(self.blob, self.sheet, self.formulas) as rows:
            yield (
                self._checked(number, cells)
                for number, cells in rows
                if number > self.header_row and any(cells)
            )

    def _checked(self, number: int, cells: Sequence[str]) -> Row:
        if _FORMULA in cells:
            place = list(cells).index(_FORMULA)
            name = self.headers[place] if place < len(self.headers) else str(place + 1)
            return Skipped(number, "import.row.formula", {"column": name})
        return number, cells


def look(blob: Blob, wanted: str = "") -> WorkbookTable:
    """The table in a workbook.

    Raises `ValidationError`: `import.workbook_broken`, `import.workbook_too_big`,
    `import.sheet_missing`, `import.empty`, `import.header_missing`.
    """
    with _parsing(blob):
        names, visible, formulas = _structure(blob)
    if wanted and wanted not in names:
        raise ValidationError("import.sheet_missing", name=blob.name, sheet=wanted)
    for name in [wanted] if wanted else visible:
        with _sheet_rows(blob, name, formulas) as rows:
            first = list(islice(rows, HEADER_WITHIN + _SHOWN_ROWS))
        place = header_place([cells for _, cells in first])
        if place is None:
            continue
        number, cells = first[place]
        header = _trimmed(cells)
        if not looks_like_header(header):
            raise ValidationError("import.header_missing", name=blob.name)
        shown = tuple(
            tuple(each[: len(header)]) for _, each in first[place + 1 :] if any(each) and _FORMULA not in each
        )
        return WorkbookTable(
            blob, name, tuple(visible), formulas, number, unique(header), shown[:_SHOWN_ROWS]
        )
    raise ValidationError("import.empty", name=blob.name)


def is_workbook(names: Sequence[str]) -> bool:
    """Whether the members of a ZIP archive are those of a workbook."""
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)


@contextmanager
def _parsing(blob: Blob) -> Iterator[None]:
    """Whatever a broken workbook makes openpyxl raise (it has no base class of its own)."""
    try:
        yield
    except ValidationError:
        raise
    except Exception as error:
        raise ValidationError("import.workbook_broken", name=blob.name) from error


def _structure(blob: Blob) -> tuple[list[str], list[str], bool]:
    """All sheets, the visible ones, and whether any cell holds a formula."""
    with zipfile.ZipFile(blob.path) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
            raise ValidationError("import.workbook_too_big", name=blob.name)
        formulas = any(
            _holds_formula(archive, name) for name in archive.namelist() if name.startswith("xl/worksheets/")
        )
    with _opened(blob, values=True) as book:
        sheets = list(book.worksheets)
        visible = [sheet.title for sheet in sheets if sheet.sheet_state == "visible"]
        return [sheet.title for sheet in sheets], visible, formulas


def _holds_formula(archive: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as member:
        while chunk := member.read(1 << 20):
            if b"<f>" in (window := tail + chunk) or b"<f " in window:
                return True
            tail = chunk[-3:]
    return False


@contextmanager
def _opened(blob: Blob, *, values: bool) -> Iterator[Workbook]:
    """The workbook; our own file handle, since openpyxl leaves its own open when a workbook is broken."""
    import openpyxl  # slow to load, needed for workbooks only

    with blob.path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=values, keep_links=False)
        with closing(book):
            yield book


@contextmanager
def _sheet_rows(blob: Blob, sheet: str, formulas: bool) -> Iterator[Iterator[tuple[int, tuple[str, ...]]]]:
    """Numbered rows as text. With formulas in the book, a second look tells which cells hold one."""
    with ExitStack() as stack:
        with _parsing(blob):
            values = _values(stack.enter_context(_opened(blob, values=True)), sheet)
            if formulas:
                second = stack.enter_context(_opened(blob, values=False))
                pairs = zip_longest(values, _values(second, sheet))
                rows = (_merged(left, right) for left, right in pairs)
            else:
                rows = ((number, _texts(row)) for number, row in values)
        yield _guarded(blob, rows)


def _guarded(
    blob: Blob, rows: Iterator[tuple[int, tuple[str, ...]]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    with _parsing(blob):
        yield from rows


def _values(book: Workbook, sheet: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    worksheet = book[sheet]
    reset = getattr(worksheet, "reset_dimensions", None)
    if reset is not None:
        reset()  # the stated size of a sheet is often wrong
    return enumerate(worksheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1)


def _merged(
    left: tuple[int, tuple[Any, ...]] | None, right: tuple[int, tuple[Any, ...]] | None
) -> tuple[int, tuple[str, ...]]:
    number, cells = left or right or (0, ())
    written = right[1] if right else ()
    return number, tuple(
        _FORMULA if value is None and isinstance(source, str) and source.startswith("=") else text
        for value, source, text in zip_longest(cells, written, _texts(cells))
    )


def _texts(cells: Sequence[Any]) -> tuple[str, ...]:
    return tuple(_text(value) for value in cells)


def _text(value: Any) -> str:
    """A cell as text: whole numbers without «.0», dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if abs(value) >= _EXACT:
            return f"{value:.14e}"  # Excel keeps 15 digits: what follows them is lost (`values.intact`)
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Without empty cells at the end."""
    last = max((place for place, each in enumerate(cells) if each.strip()), default=-1)
    return tuple(cells[: last + 1])
