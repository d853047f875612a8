"""Reading lists that run from the newest to the oldest, with no gap whatever happens in between.

A walk begins at the newest and reads down to its `floor`. While it is under way its `page` is kept, so
that an interruption goes on from there; `top` is the newest that was seen when it began. When it ends,
the next floor is that top less an overlap: what was edited, arrived late, or slid over a page boundary
meanwhile is read again, and known by its id. A page that is no longer taken begins the walk again from
the top, with the same floor: read twice, never missed.

Platforms have several lists (the comments of each post, conversations…): a `Walks` holds one `Walk` each,
and is the connector's cursor.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from console.platforms.http.shape import Record

Item = TypeVar("Item")
FIRST_TIME = timedelta(days=30)
"""How far back the first walk reads."""
OVERLAP = timedelta(hours=1)
MOST_PAGES = 1_000
"""Of one walk in one round: a platform that always names a next page does not hold the desk for ever."""


class StalePageError(Exception):
    """The platform no longer takes this page: the walk begins again."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How far one list was read. `page` empty: no walk is under way."""

    floor: datetime
    top: datetime | None = None
    page: str = ""

    def ended(self, overlap: timedelta) -> Walk:
        """The state after the last page: the floor never goes down."""
        if self.top is None:
            return Walk(self.floor)
        return Walk(max(self.floor, self.top - overlap))


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page as the platform gave it, newest first. `next`: token of the page after, empty at the end."""

    items: Sequence[Item]
    next: str = ""


def walk(
    state: Walk,
    read: Callable[[str, datetime], Page[Item]],
    at: Callable[[Item], datetime | None],
    now: datetime,
    overlap: timedelta = OVERLAP,
) -> Iterator[tuple[tuple[Item, ...], Walk]]:
    """Pages of what is at or above the floor, each with the state to keep once it is stored.

    `read(page, floor)` gives a page ("" the newest) and may raise `StalePageError`; `at` says when an item
    was made (None: unknown, it is read and does not end the walk). The list must run newest first; one
    item out of order (a pinned one) does not end the walk, a whole page below the floor does. `now` bounds
    the top: a platform whose clock is ahead must not lift the floor over what is still to come.
    """
    began_again = False
    for _ in range(MOST_PAGES):
        try:
            page = read(state.page, state.floor)
        except StalePageError:
            if began_again or not state.page:
                # The newest page cannot be stale, and twice in one walk is no accident: end here, and
                # let the next round begin from the top with the same floor.
                yield (), Walk(state.floor)
                return
            began_again, state = True, replace(state, page="")
            continue
        times = [at(item) for item in page.items]
        if not state.page:
            known = [time for time in times if time is not None]
            state = replace(state, top=min(max(known), now) if known else None)
        kept = tuple(
            item for item, time in zip(page.items, times, strict=True) if time is None or time >= state.floor
        )
        over = not page.next or page.next == state.page or (bool(page.items) and not kept)
        state = state.ended(overlap) if over else replace(state, page=page.next)
        yield kept, state
        if over:
            return


@dataclass(slots=True)
class Walks:
    """The walks of one account by name, and notes that a platform needs (`since_id`, counts…)."""

    walks: dict[str, Walk] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    """Values that JSON takes."""

    @classmethod
    def load(cls, cursor: str) -> Walks:
        """From a cursor; one that is empty or cannot be read begins anew (read twice, never missed)."""
        try:
            body = Record(json.loads(cursor)) if cursor else Record(None)
        except (ValueError, RecursionError):
            body = Record(None)
        walks = {
            name: found for name, value in body.record("walks").items() if (found := _walk(value)) is not None
        }
        return cls(walks, dict(body.record("notes").items()))

    def dump(self) -> str:
        """As a cursor: short, the same for the same state."""
        walks = {name: _written(each) for name, each in sorted(self.walks.items())}
        notes = dict(sorted(self.notes.items()))
        return json.dumps({"walks": walks, "notes": notes}, separators=(",", ":"), ensure_ascii=False)

    def get(self, name: str, now: datetime, first: timedelta = FIRST_TIME) -> Walk:
        """A walk; one that never began reads back `first`."""
        return self.walks.get(name, Walk(now - first))

    def forget(self, names: Mapping[str, object] | set[str], prefix: str) -> None:
        """Drop the walks with this prefix whose rest of the name is not in `names`."""
        for name in [each for each in self.walks if each.startswith(prefix)]:
            if name.removeprefix(prefix) not in names:
                del self.walks[name]


def _written(state: Walk) -> dict[str, str]:
    found = {"floor": state.floor.isoformat()}
    if state.page:
        found["page"] = state.page
        if state.top:
            found["top"] = state.top.isoformat()
    return found


def _walk(value: Any) -> Walk | None:
    given = Record(value)
    floor = given.time("floor")
    if floor is None:
        return None
    page = given.text("page")
    return Walk(floor, given.time("top") if page else None, page)
