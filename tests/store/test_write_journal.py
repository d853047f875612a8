"""The journal keeps every word, and says where somebody has been at it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.journal import Break, canonical, first_break
from console.errors import EnvironmentProblemError
from tests.builders import DeskFile, desk_file
from tests.store.file_state import plain

_TRIGGERS = ("journal_keeps_rows", "journal_keeps_words", "journal_keeps_order", "journal_head_stays",
             "journal_head_moves_on")  # fmt: skip


def fill(desk: DeskFile, number: int = 6) -> None:
    """Some links, each in a unit of work of its own."""
    for each in range(number):
        with desk.db.write() as work:
            work.append(desk.event("test", f"sujet-{each}", {"numéro": each, "mot": "«œuvre»"}))


def verify(desk: DeskFile) -> Break | None:
    """What `vigie journal verify` rests on."""
    return first_break(desk.db.reads.journal(), desk.db.reads.journal_head())


def tamper(path: Path, *statements: str) -> None:
    """Write past the program, as somebody with the file and a tool would: triggers out of the way first."""
    with plain(path) as connection:
        for trigger in _TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)


def test_links_come_back_as_they_were_sealed(desk: DeskFile) -> None:
    fill(desk)
    links = list(desk.db.reads.journal())
    assert [link.sequence for link in links] == [1, 2, 3, 4, 5, 6]
    assert links[2].event.payload == {"numéro": 2, "mot": "«œuvre»"}
    assert verify(desk) is None
    assert list(desk.db.reads.journal(after=4)) == links[4:]
    assert desk.db.reads.journal_head() == (6, links[-1].sha256)


def test_the_payload_on_disk_is_the_text_that_was_hashed(desk: DeskFile) -> None:
    fill(desk, 1)
    (link,) = desk.db.reads.journal()
    with plain(desk.db.path) as connection:
        (payload,) = connection.execute("SELECT payload FROM journal").fetchone()
    assert payload.encode() in canonical(link.event)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET subject = 'autre' WHERE sequence = 2",
        "DELETE FROM journal WHERE sequence = 2",
        "DELETE FROM journal_head",
        "UPDATE journal_head SET sequence = 3",
        "INSERT OR REPLACE INTO journal SELECT 2, event_id, kind, subject, actor, desk, at, payload, "
        "previous, sha256 FROM journal WHERE sequence = 2",
    ],
)
def test_the_file_itself_refuses_to_change_the_journal(desk: DeskFile, statement: str) -> None:
    fill(desk)
    with plain(desk.db.path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert verify(desk) is None


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["UPDATE journal SET payload = replace(payload, '3', '4') WHERE sequence = 4"], (4, "content")),
        (["UPDATE journal SET payload = payload || ' ' WHERE sequence = 4"], (4, "content")),
        (["UPDATE journal SET payload = '{' WHERE sequence = 4"], (4, "content")),
        (["UPDATE journal SET payload = '[]' WHERE sequence = 4"], (4, "content")),
        (["UPDATE journal SET actor = 'autre' WHERE sequence = 1"], (1, "content")),
        (["UPDATE journal SET at = at + 1 WHERE sequence = 6"], (6, "content")),
        (["UPDATE journal SET previous = '00' WHERE sequence = 3"], (3, "previous")),
        (["DELETE FROM journal WHERE sequence = 3"], (3, "gap")),
        (["DELETE FROM journal WHERE sequence = 1"], (1, "gap")),
        (["DELETE FROM journal WHERE sequence = 6"], (6, "tail")),
        (["DELETE FROM journal WHERE sequence > 2"], (3, "tail")),
        (["DELETE FROM journal"], (1, "tail")),
        (["DELETE FROM journal_head", "DELETE FROM journal WHERE sequence = 2"], (2, "gap")),
        (
            [
                "DELETE FROM journal WHERE sequence = 3",
                "UPDATE journal SET sequence = sequence - 1 WHERE sequence > 3",
            ],
            (3, "previous"),
        ),
    ],
)
def test_the_first_broken_link_is_named(
    tmp_path: Path, statements: list[str], expected: tuple[int, str]
) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        fill(desk)
    tamper(path, *statements)
    with desk_file(path) as desk:
        assert verify(desk) == Break(*expected)


def test_a_changed_byte_in_the_file_is_damage_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        fill(desk, 400)
    with plain(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 64)
    with desk_file(path) as desk, pytest.raises(EnvironmentProblemError) as error:
        verify(desk)
    assert error.value.code == "store.corrupt"


def test_changed_words_in_the_file_are_found_by_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        fill(desk)
    data = path.read_bytes()
    assert data.count(b"sujet-3") >= 1
    path.write_bytes(data.replace(b'"num\xc3\xa9ro":3', b'"num\xc3\xa9ro":8'))
    with desk_file(path) as desk:
        assert verify(desk) == Break(4, "content")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_any_payload_verifies_after_reading_back(tmp_path: Path) -> None:
    with desk_file(tmp_path / "vigie.db") as desk:

        @given(st.dictionaries(st.text(), json_values, max_size=4))
        def append(payload: dict[str, object]) -> None:
            with desk.db.write() as work:
                link = work.append(desk.event("test", "x", payload))
            (back,) = desk.db.reads.journal(after=link.sequence - 1)
            assert back == link

        run: Callable[[], None] = append
        run()
        with desk.db.write() as work:
            work.append(desk.event("test", "x", {"a": (1, 2), "b": {3: "c", 10: "d"}, "half": "\ud83d"}))
        last = list(desk.db.reads.journal())[-1]
        assert json.loads(json.dumps(last.event.payload)) == last.event.payload
        assert verify(desk) is None
