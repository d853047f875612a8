"""Excel workbooks. Their dates have no zone: that is the point of the naive ones here."""

# ruff: noqa: DTZ001  (a workbook's dates know no zone)

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from console.domain.messages import IncomingMessage
from console.errors import ValidationError
from console.services.intake import ColumnMapping
from console.services.ports import Skipped
from tests.platforms.files.conftest import Desk

HEADER = ["Id", "Date", "Auteur", "Texte"]


def _book(path: Path, *rows: list[Any], more: Callable[[Workbook], None] = lambda book: None) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Commentaires"
    for row in rows:
        book.active.append(row)
    more(book)
    book.save(path)
    return path


def _patched(path: Path, member: str, change: Callable[[str], str]) -> Path:
    """The workbook with one of its parts rewritten."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[member] = change(parts[member].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def test_dates_numbers_and_texts(desk: Desk) -> None:
    path = _book(
        desk.folder / "a.xlsx",
        HEADER,
        [7345678901234567, datetime(2025, 6, 24, 14, 30), "Léa", "Allô"],
        [8.0, date(2025, 6, 24), 12, "deux\nlignes"],
    )
    first, second = desk.messages(path)
    assert (first.external_id, first.posted_at) == (
        "7345678901234567",
        datetime(2025, 6, 24, 18, 30, tzinfo=UTC),
    )
    assert (second.external_id, second.author_name, second.text) == ("8", "12", "deux\nlignes")
    assert second.posted_at == datetime(2025, 6, 24, 4, tzinfo=UTC)


def test_date_and_time_in_two_columns(desk: Desk) -> None:
    path = _book(
        desk.folder / "a.xlsx",
        ["Date", "Heure", "Texte"],
        [datetime(2025, 6, 24), datetime(2025, 1, 1, 14, 30).time(), "Allô"],
    )
    assert desk.one(path).posted_at == datetime(2025, 6, 24, 18, 30, tzinfo=UTC)


def test_a_banner_blank_rows_and_columns_around_the_table(desk: Desk) -> None:
    path = _book(
        desk.folder / "a.xlsx",
        ["Export du 24 juin"],
        [],
        [None, *HEADER, None],
        [],
        [None, "1", "2025-06-24", "Léa", "Allô"],
        [None, "2", "hier", "Léa", "Bon"],
    )
    first, second = desk.items(path)
    assert isinstance(first, IncomingMessage)
    assert second == Skipped(6, "import.row.date", {"value": "hier"})


def test_a_formula_counts_by_its_kept_value_or_is_reported(desk: Desk) -> None:
    path = _book(
        desk.folder / "a.xlsx",
        HEADER,
        ["1", "2025-06-24", "Léa", "=CONCATENATE(A2, B2)"],
        ["2", "2025-06-24", "Léa", "Bonjour"],
    )
    skipped, read = desk.items(path)
    assert skipped == Skipped(2, "import.row.formula", {"column": "Texte"})
    assert isinstance(read, IncomingMessage)
    _patched(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(
            r'<c r="D2"[^>]*><f>([^<]*)</f><v\s*/?>(</v>)?</c>',
            r'<c r="D2" t="str"><f>\1</f><v>Allô</v></c>',
            xml,
        ),
    )
    assert [each.text for each in desk.messages(path)] == ["Allô", "Bonjour"]


def test_sheets_are_named_and_hidden_ones_left_alone(desk: Desk) -> None:
    def more(book: Workbook) -> None:
        book.active.title = "Vide"
        for title, state in (("Secret", "hidden"), ("Messages", "visible"), ("Autres", "visible")):
            sheet = book.create_sheet(title)
            sheet.sheet_state = state
            sheet.append(["Id", "Texte"])
            sheet.append(["1", f"de {title}"])

    path = _book(desk.folder / "a.xlsx", more=more)
    found = desk.recognise(path)
    assert (found.sheet, found.sheets) == ("Messages", ("Vide", "Messages", "Autres"))
    assert desk.one(path).text == "de Messages"
    assert desk.library.recognise(path, "Secret").sheet == "Secret"
    mapping = ColumnMapping("", {"text": "Texte"}, {"sheet": "Autres"})
    assert [each.text for each in desk.items(path, mapping)] == ["de Autres"]
    with pytest.raises(ValidationError) as caught:
        desk.library.recognise(path, "Absente")
    assert caught.value.code == "import.sheet_missing"


def test_a_size_that_the_sheet_states_wrongly(desk: Desk) -> None:
    path = _book(desk.folder / "a.xlsx", HEADER, ["1", "2025-06-24", "Léa", "Allô"])
    _patched(path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(r'ref="A1:D2"', 'ref="A1"', xml))
    assert desk.one(path).text == "Allô"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "import.empty"),
        ([HEADER], "import.header_only"),
        ([[1, 2, 3], [4, 5, 6]], "import.header_missing"),
    ],
)
def test_workbooks_with_nothing_to_read(desk: Desk, rows: list[list[Any]], code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        desk.recognise(_book(desk.folder / "a.xlsx", *rows))
    assert caught.value.code == code


def test_entities_that_explode_are_refused(desk: Desk) -> None:
    path = _book(desk.folder / "a.xlsx", HEADER, ["1", "2025-06-24", "Léa", "Allô"])
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    _patched(
        path, "xl/worksheets/sheet1.xml", lambda xml: bomb + xml.split("?>", 1)[-1].replace(">1<", ">&b;<")
    )
    with pytest.raises(ValidationError) as caught:
        desk.items(path)
    assert caught.value.code == "import.workbook_broken"


def test_a_broken_part_is_said(desk: Desk) -> None:
    path = _book(desk.folder / "a.xlsx", HEADER, *[[str(n), "2025-06-24", "Léa", "Allô"] for n in range(500)])
    _patched(path, "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    with pytest.raises(ValidationError) as caught:
        desk.items(path)
    assert caught.value.code == "import.workbook_broken"


def test_ids_that_excel_rounded_are_not_trusted(desk: Desk) -> None:
    header = ["Comment ID", "Profile ID", "Date", "Auteur", "Texte"]
    rows = [[1.81221311544838e16, 2.5e17, "2025-06-24", "Léa", f"Allô {n}"] for n in range(2)]
    first, second = desk.messages(_book(desk.folder / "a.xlsx", header, *rows))
    assert first.external_id != second.external_id
    assert first.author_external_id == "Léa"
    saved = "id;texte\n1,81221E+16;Allô 0\n1,81221E+16;Allô 1\n7E;Allô 2\n"
    assert len({each.external_id for each in desk.messages(saved)}) == 3
    assert desk.messages(saved)[2].external_id == "7E"


def test_the_parser_refuses_entities() -> None:
    assert openpyxl.DEFUSEDXML
