"""Encodings found by content; broken bytes reported where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.messages import IncomingMessage
from console.services.ports import Skipped
from tests.platforms.files.conftest import Desk

TEXT = (
    "L’été à Drummondville: où êtes-vous? Ça va très bien, merci pour le déneigement; «\u00a0encore\u00a0» — "
    "l’œuvre du maitre, la forêt brule, déjà là-bas, à l’hôtel de ville où siège le conseil."
)
LATIN = TEXT.replace("’", "'").replace("—", "-").replace("œ", "oe")


def _table(text: str) -> str:
    return f"id;texte\n1;{text}\n".replace(text, '"' + text + '"')


@pytest.mark.parametrize(
    ("encoding", "text", "found"),
    [
        ("utf-8", TEXT, "utf-8"),
        ("utf-8-sig", TEXT, "utf-8-sig"),
        ("utf-16", TEXT, "utf-16"),
        ("utf-16-le", TEXT, "utf-16-le"),
        ("utf-16-be", TEXT, "utf-16-be"),
        ("utf-32", TEXT, "utf-32"),
        ("cp1252", TEXT, "cp1252"),
        ("mac_roman", TEXT, "mac_roman"),
        ("latin_1", LATIN, "cp1252"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tables_in_every_encoding_and_line_end(
    desk: Desk, encoding: str, text: str, found: str, end: str
) -> None:
    path = desk.write(_table(text).replace("\n", end).encode(encoding))
    assert desk.recognise(path).encoding == found
    assert desk.one(path).text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    "shape", ['{{"id":"1","text":"{}"}}\n{{"id":"2","text":"b"}}\n', '[{{"id":"1","text":"{}"}}]']
)
def test_json_in_other_encodings(desk: Desk, encoding: str, shape: str) -> None:
    items = desk.messages(desk.write(shape.format(TEXT).encode(encoding)))
    assert items[0].text == TEXT


def test_a_foreign_byte_far_into_the_file_decides(desk: Desk) -> None:
    rows = "".join(f"{n};texte sans accent\n" for n in range(120_000))
    path = desk.write(("id;texte\n" + rows).encode() + "x;déjà l'été\n".encode("cp1252"))
    assert desk.recognise(path).encoding == "cp1252"
    assert desk.messages(path)[-1].text == "déjà l'été"


def test_broken_bytes_in_utf8_spoil_their_rows_only(desk: Desk) -> None:
    good = [f"{n};l’été déjà {n}".encode() for n in range(2, 12)]
    good[4] = b"6;bris\xe9 ici"
    items = desk.items(desk.write(b"\n".join([b"id;texte", *good])))
    assert items[4] == Skipped(6, "import.row.bytes", {})
    assert sum(isinstance(item, IncomingMessage) for item in items) == 9


def test_broken_bytes_in_json(desk: Desk) -> None:
    lines = [f'{{"id":"{n}","text":"déjà l’été"}}'.encode() for n in range(5)]
    lines[2] = b'{"id":"2","text":"bris\xe9"}'
    assert desk.items(desk.write(b"\n".join(lines)))[2] == Skipped(3, "import.row.bytes", {})
    assert desk.items(desk.write(b"[" + b",".join(lines) + b"]"))[2] == Skipped(3, "import.row.bytes", {})


def test_a_file_cut_in_the_middle_of_a_letter(desk: Desk) -> None:
    path = desk.write("id;texte\n1;déjà vu\n2;l’été\n3;fini é".encode()[:-1])
    assert [getattr(item, "code", "") for item in desk.items(path)] == ["", "", "import.row.bytes"]


def test_nul_bytes_inside_a_text(desk: Desk) -> None:
    rows = "".join(f"{n};texte assez long pour un fichier\n" for n in range(20))
    assert desk.messages(desk.write(("id;texte\n1;a\0b\n" + rows).encode()))[0].text == "a\ufffdb"


@given(
    text=st.text(st.sampled_from("abcdeéèêàçùîôÉÀ,;: '\n"), min_size=1).filter(lambda text: text.strip()),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_unicode_encodings_round_trip(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str
) -> None:
    desk = Desk(tmp_path_factory.mktemp("encodings"))
    content = 'id,texte\n1,"' + text + '"\n'
    assert desk.one(desk.write(content.encode(encoding))).text == text
