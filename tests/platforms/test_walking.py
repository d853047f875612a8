"""Walks from the newest to the oldest, while the list changes under them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from console.platforms.walking import MOST_PAGES, OVERLAP, Page, StalePageError, Walk, Walks, walk

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass
class Feed:
    """A list whose pages are named by the last thing that was seen on them."""

    items: dict[int, datetime] = field(default_factory=dict)
    at: datetime = NOW
    next: int = 0
    void: bool = False
    read: int = 0

    def publish(self) -> None:
        self.at += SECOND
        self.items[self.next] = self.at
        self.next += 1

    def page(self, token: str, floor: datetime) -> Page[int]:
        self.read += 1
        if token and self.void:
            self.void = False
            raise StalePageError
        newest = sorted(self.items, reverse=True)
        left = [each for each in newest if not token or each < int(token)]
        return Page(left[:3], str(left[2]) if len(left) > 3 else "")


STEPS = st.lists(st.sampled_from(["publish", "remove", "void", "page", "kill"]), max_size=60)


@given(steps=STEPS)
def test_whatever_happens_between_pages_everything_is_known(steps: list[str]) -> None:
    feed, known, cursor = Feed(), set[int](), ""
    for _ in range(10):
        feed.publish()

    def rounds(pages: int | None = None):
        nonlocal cursor
        walks = Walks.load(cursor)
        found = walk(walks.get("a", feed.at), feed.page, lambda each: feed.items.get(each, NOW), feed.at)
        for items, state in found:
            known.update(items)
            walks.walks["a"] = state
            cursor = walks.dump()
            yield

    under_way = rounds()
    for step in steps:
        match step:
            case "publish":
                feed.publish()
            case "remove" if feed.items:
                del feed.items[max(feed.items)]
            case "void":
                feed.void = True
            case "page":
                next(under_way, None)
            case "kill":
                under_way.close()
                under_way = rounds()
    under_way.close()
    # What was under way is read to its end, then once more from the newest.
    for _ in range(2):
        for _ in rounds():
            pass
    assert set(feed.items) <= known


def test_the_floor_rises_to_the_top_less_the_overlap() -> None:
    feed = Feed()
    for _ in range(8):
        feed.publish()
    *_, (_, state) = walk(Walk(NOW - OVERLAP), feed.page, feed.items.get, feed.at)
    assert state == Walk(feed.at - OVERLAP)
    assert feed.read == 3


def test_it_ends_at_the_floor_but_not_at_one_pinned_above() -> None:
    feed = Feed({each: NOW + each * SECOND for each in range(30)})
    order = dict(feed.items)
    order[29] = NOW - timedelta(days=400)
    found = list(walk(Walk(NOW + 20 * SECOND), feed.page, order.get, NOW + timedelta(days=1)))
    assert [items for items, _ in found] == [(28, 27), (26, 25, 24), (23, 22, 21), (20,), ()]


def test_a_clock_that_is_ahead_does_not_lift_the_floor_over_what_is_to_come() -> None:
    feed = Feed({0: NOW + timedelta(days=3)})
    *_, (_, state) = walk(Walk(NOW - OVERLAP * 2), feed.page, feed.items.get, NOW)
    assert state.floor == NOW - OVERLAP


def test_a_page_that_is_always_stale_ends_the_round_with_the_same_floor() -> None:
    def read(token: str, floor: datetime) -> Page[int]:
        if token:
            raise StalePageError
        return Page((1,), "x")

    states = [state for _, state in walk(Walk(NOW), read, lambda _: NOW, NOW)]
    assert states[-1] == Walk(NOW)
    assert len(states) == 3


def test_a_list_without_end_does_not_hold_the_desk() -> None:
    count = iter(range(10**9))
    states = list(walk(Walk(NOW), lambda *_: Page((1,), str(next(count))), lambda _: NOW, NOW))
    assert len(states) == MOST_PAGES
    assert states[-1][1].page


def test_a_page_that_names_itself_as_the_next_is_the_last() -> None:
    states = list(walk(Walk(NOW), lambda *_: Page((1,), "x"), lambda _: NOW, NOW))
    assert len(states) == 2


@given(
    cursor=st.text(max_size=50)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inside: (
            st.lists(inside, max_size=3)
            | st.dictionaries(
                st.sampled_from(["walks", "notes", "a", "floor", "top", "page"]), inside, max_size=4
            )
        ),
        max_leaves=12,
    ).map(json.dumps)
)
def test_any_cursor_is_read(cursor: str) -> None:
    walks = Walks.load(cursor)
    assert Walks.load(walks.dump()) == walks
    assert walks.get("other", NOW).floor == NOW - timedelta(days=30)


def test_walks_of_what_is_gone_are_forgotten() -> None:
    walks = Walks({"c:1": Walk(NOW), "c:2": Walk(NOW), "m:2": Walk(NOW)})
    walks.forget({"1"}, "c:")
    assert set(walks.walks) == {"c:1", "m:2"}
