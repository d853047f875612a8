"""Whatever the bytes: messages, reported rows or a code, never an exception of another kind."""

from __future__ import annotations

import io
import random
import zipfile

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.errors import VigieError
from console.platforms.files.json_stream import JsonError, JsonStream
from console.services.intake import ColumnMapping
from tests.platforms.files.conftest import Desk
from tests.platforms.files.test_recognise import EXPORTCOMMENTS, FACEBOOK, HOOTSUITE, MESSAGES, TAKEOUT, VIGIE


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Date", "Auteur", "Texte"])
    book.active.append(["2025-06-24", "Léa", "=1+1"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/message_1.json", MESSAGES)
        archive.writestr("comments.csv", TAKEOUT)
    return buffer.getvalue()


SEEDS = [each.encode() for each in (VIGIE * 3, TAKEOUT, HOOTSUITE, EXPORTCOMMENTS, FACEBOOK, MESSAGES)]
SEEDS += [
    "id;date;texte\n1;24/06/2025;déjà\n".encode("cp1252"),
    _workbook(),
    _zip(),
    f"[{VIGIE}]".encode("utf-16"),
]


def _survives(desk: Desk, content: bytes) -> None:
    try:
        recognised = desk.recognise(desk.write(content))
        mapping = recognised.proposed or ColumnMapping("", {"text": (*recognised.headers, "")[0]}, {})
        for item in desk.library.open(recognised, mapping).read():
            assert item is not None
    except VigieError as error:
        if not error.code.startswith("import."):
            raise


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("hostile"))


@given(content=st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00")
@example(b"{")
@example(b'{"a":[{"b":1}],"a":[{"b":2}]}')
@example(b'[{"id":1,"text":"a"}]]')
@example(b'"texte"\n"a')
@example(b"texte\n\x00\n")
@example(b'{"id":"1","text":"a","posted_at":1e400}\n')
@example(b'{"id":"1","text":"a","posted_at":' + b"9" * 5000 + b"}\n")
@example(b'{"id":"1","text":"a","thread":' + b"[" * 5000 + b"\n")
@example(b'{"messages":[{"sender_name":"a","timestamp_ms":true}],"participants":"x"}')
@example(b'{"comments_v2":[{"timestamp":null,"data":[{"comment":{"comment":7}}]}]}')
def test_any_bytes(shared_desk: Desk, content: bytes) -> None:
    _survives(shared_desk, content)


@given(seed=st.sampled_from(SEEDS), number=st.integers(0, 2**32))
@settings(max_examples=400)
def test_real_files_cut_and_damaged(shared_desk: Desk, seed: bytes, number: int) -> None:
    source = random.Random(number)
    content = bytearray(seed)
    for _ in range(source.randrange(1, 8)):
        place = source.randrange(len(content))
        kind = source.randrange(4)
        if kind == 0:
            content[place] = source.randrange(256)
        elif kind == 1:
            del content[place : place + source.randrange(1, 20)]
        elif kind == 2:
            content[place:place] = bytes(source.choices(b'\0\xff\xfe"{}[],;\n\r\\', k=source.randrange(1, 6)))
        else:
            del content[max(place, 1) :]
        if not content:
            break
    _survives(shared_desk, bytes(content))


@given(
    text=st.text(alphabet='[]{}",:\\ \n0123456789.eE-truefalsn\ud800é', max_size=200),
)
def test_any_json_is_walked_or_refused(text: str) -> None:
    try:
        list(JsonStream(io.StringIO(text)))
    except JsonError as error:
        if error.code not in {"import.json_broken", "import.truncated"}:
            raise
