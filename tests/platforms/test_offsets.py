"""Lists by offset that move under the reader."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from console.platforms.offsets import OffsetPages, Slice

SIZE = 10


class Moving:
    """A list, newest first, in which things are removed and added after each slice."""

    def __init__(self, many: int, changes: list[tuple[str, int]], unseen: set[str]) -> None:
        self.items = [f"old {number}" for number in range(many)]
        self._changes: Iterator[tuple[str, int]] = iter(changes)
        self._unseen = unseen
        self.reads = 0

    def slice(self, offset: int) -> Slice[str]:
        cut = self.items[offset : offset + SIZE]
        shown = tuple(each for each in cut if each not in self._unseen)
        found = Slice(shown, offset + SIZE, len(self.items) > offset + SIZE)
        self.reads += 1
        what, number = next(self._changes, ("", 0))
        if what == "remove":
            del self.items[:number]
        elif what == "cut":
            del self.items[offset : offset + number]
        elif what == "add":
            self.items[:0] = [f"new {self.reads} {each}" for each in range(number)]
        return found


def changes_of(*kinds: str) -> st.SearchStrategy[list[tuple[str, int]]]:
    return st.lists(st.tuples(st.sampled_from([*kinds, ""]), st.integers(0, 25)), max_size=12)


# As many removed as added between two calls cannot be told from nothing at all: the next walk's overlap is
# for that. Here either happens.
CHANGES = st.one_of(changes_of("remove", "cut"), changes_of("add"))


@given(many=st.integers(0, 120), changes=CHANGES)
def test_whatever_stands_from_beginning_to_end_is_read(many: int, changes: list[tuple[str, int]]) -> None:
    moving = Moving(many, changes, set())
    before = set(moving.items)
    seen = {each for page in OffsetPages(moving.slice, str).all() for each in page}
    assert before & set(moving.items) <= seen
    assert moving.reads < 200


@given(many=st.integers(0, 120), changes=changes_of("remove", "cut", "add"))
def test_it_ends_whatever_happens(many: int, changes: list[tuple[str, int]]) -> None:
    moving = Moving(many, changes, set())
    assert sum(1 for _ in OffsetPages(moving.slice, str).all()) < 200


@given(
    many=st.integers(0, 120),
    changes=CHANGES,
    unseen=st.lists(st.tuples(st.integers(1, 119), st.integers(1, 40)), max_size=4),
)
def test_rows_that_count_and_are_not_shown_end_nothing(
    many: int, changes: list[tuple[str, int]], unseen: list[tuple[int, int]]
) -> None:
    hidden = {f"old {each}" for first, number in unseen for each in range(first, first + number)}
    moving = Moving(many, changes, hidden)
    before = set(moving.items) - hidden
    seen = {each for page in OffsetPages(moving.slice, str).all() for each in page}
    assert before & set(moving.items) <= seen
    assert moving.reads < 200


def test_a_token_from_elsewhere_begins_anew() -> None:
    moving = Moving(30, [], set())
    for token in ("x", "[]", "{}", '["a",[1]]', "[1]", "5"):
        assert OffsetPages(moving.slice, str).page(token).items[0] == "old 0"
