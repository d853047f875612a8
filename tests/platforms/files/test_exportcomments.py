"""Exports of exportcomments.com."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from console.domain.messages import Kind
from tests.platforms.files.conftest import Desk

HEADER = ["", "", "Name", "Username", "Profile ID", "Date", "Likes", "Comment", "User Verified", "Thumbnail"]
HEADER += ["Comment ID", "Profile URL", "Comment URL"]
POST = "https://www.instagram.com/p/AbC"
ROWS = [
    ["1", "", "Léa", "lea.c", "1", "2025-06-24 14:30:00", "0", "Allô, la Ville", "no", "", "181"],
    ["", "1-1", "Jo", "jo", "2", "2025-06-24 14:31:00", "0", "Bien dit", "no", "", "182"],
    ["2", "", "Ana", "ana", "3", "2025-06-24 14:32:00", "1", "Merci", "no", "", "183"],
]
for row in ROWS:
    row += [f"https://www.instagram.com/{row[3]}", f"{POST}/c/{row[10]}"]


def _csv(*rows: list[str]) -> str:
    return "\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows) + "\n"


def _workbook(path: Path, *rows: list[str]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_comments_and_the_replies_under_them(desk: Desk) -> None:
    first, reply, last = desk.messages(_csv(HEADER, *ROWS))
    assert (first.platform, first.external_id, first.text) == ("instagram", "181", "Allô, la Ville")
    assert (first.author_external_id, first.author_name) == ("lea.c", "Léa")
    assert first.posted_at == datetime(2025, 6, 24, 18, 30, tzinfo=UTC)
    assert (reply.kind, reply.parent_external_id) == (Kind.REPLY, "181")
    assert (last.kind, last.parent_external_id) == (Kind.COMMENT, "")
    assert {each.post_external_id for each in (first, reply, last)} == {POST}
    assert first.permalink == f"{POST}/c/181"


@pytest.mark.parametrize("banner", [[], [["Exported by", "ExportComments.com"], ["Source URL", POST], [""]]])
def test_a_workbook_and_a_banner_above_the_header(desk: Desk, banner: list[list[str]]) -> None:
    for found in (
        _workbook(desk.folder / "export.xlsx", *banner, HEADER, *ROWS),
        _csv(*banner, HEADER, *ROWS),
    ):
        assert desk.recognise(found).format == "exportcomments"
        assert [each.text for each in desk.messages(found)] == ["Allô, la Ville", "Bien dit", "Merci"]


def test_an_id_hidden_in_a_formula(desk: Desk) -> None:
    row = [*ROWS[0]]
    row[10] = '="18122131154483849"'
    quoted = _csv(HEADER) + ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n"
    assert desk.one(quoted).external_id == "18122131154483849"
