"""However long a file is, only the row at hand is in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from tests.platforms.files.conftest import Desk

ROWS = 30_000
WORDS = "Bonjour à toutes et à tous, quand la rue sera-t-elle déneigée? " * 4


def _lines() -> Iterator[str]:
    for number in range(ROWS):
        yield f'{{"id":"{number}","channel":"comment","platform":"x","text":"{WORDS}{number}"}}\n'


def _list() -> Iterator[str]:
    yield "["
    for number in range(ROWS):
        yield ("," if number else "") + f'{{"id":"{number}","text":"{WORDS}{number}"}}'
    yield "]"


def _table() -> Iterator[str]:
    yield "id;date;auteur;texte\n"
    for number in range(ROWS):
        yield f'{number};2025-06-24;Léa;"{WORDS}{number}"\n'


@pytest.mark.parametrize("content", [_lines, _list, _table])
def test_memory_stays_while_ten_megabytes_pass(desk: Desk, content: Callable[[], Iterator[str]]) -> None:
    path = desk.folder / "grand"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(content())
    assert path.stat().st_size > 7_000_000
    tracemalloc.start()
    try:
        recognised = desk.library.recognise(path)
        read = sum(1 for _ in desk.library.open(recognised, recognised.proposed).read())
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read == ROWS
    assert most < 5_000_000
