"""Lists that are paged by offset, where whatever is removed or added before the offset moves the rest.

Each page begins a little before the end of the one before; when the two do not meet, things were
removed meanwhile, and reading steps back until they do. What is read twice is known by its id.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from console.platforms.walking import Page

Item = TypeVar("Item")
OVERLAP = 5
"""Items that two neighbouring pages share."""
_REMEMBERED = 30
"""Ids of the end of a page that are looked for in the next."""
_LONGEST = 20_000
"""Pages of one list: an answer that always promises more ends here."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """What a platform gave from an offset on. `end`: the offset after it; fewer items than that may have
    come, as hidden or removed ones count as well. `more`: whether something follows."""

    items: Sequence[Item]
    end: int
    more: bool


class OffsetPages(Generic[Item]):
    """Reads such a list as pages with tokens; a token holds the offset and the ids to meet again."""

    def __init__(self, read: Callable[[int], Slice[Item]], key: Callable[[Item], str]) -> None:
        """`read` gives a slice from an offset; `key` the id of an item."""
        self._read, self._key = read, key

    def page(self, token: str) -> Page[Item]:
        """The page of a token ("": the first). A token that cannot be read begins anew."""
        offset, tail = _unpacked(token)
        part = self._read(offset)
        keys = self._keys(part)
        # Without a visible item a page does not say where it stands; the next one that has some does, and
        # at the end of the list there is none.
        judged = bool(tail) and offset > 0 and (bool(keys) or not part.more)
        if not judged or not tail.isdisjoint(keys):
            return Page(part.items, self._next(offset, part, tail))
        return self._missed(offset, part, tail)

    def _missed(self, offset: int, found: Slice[Item], tail: frozenset[str]) -> Page[Item]:
        """What moved above the offset: all from there upwards to where the last page ended.

        If that brings anything new, reading goes on from up there. Else nothing moved, and only what the
        two pages share is not shown: reading goes on below.
        """
        items, known = list(found.items), tail.union(self._keys(found))
        step, above, part = max(found.end - offset - OVERLAP, 1), offset, found
        while above and tail.isdisjoint(self._keys(part)):
            above = max(above - step, 0)
            part = self._read(above)
            items = [*part.items, *items]
        if known.issuperset(self._keys(part)):
            return Page(items, self._next(offset, found, tail))
        return Page(items, self._next(above, part, tail))

    def _keys(self, part: Slice[Item]) -> list[str]:
        return [self._key(each) for each in part.items]

    def _next(self, offset: int, part: Slice[Item], tail: frozenset[str]) -> str:
        if not part.more or part.end <= offset:
            return ""
        keys = self._keys(part)
        met = keys[-_REMEMBERED:] if keys else sorted(tail)
        start = max(part.end - OVERLAP, offset + 1)
        return json.dumps([start, met], separators=(",", ":"))

    def all(self) -> Iterator[Sequence[Item]]:
        """The pages of the whole list."""
        token = ""
        for _ in range(_LONGEST):
            page = self.page(token)
            yield page.items
            if not page.next or page.next == token:
                return
            token = page.next


def _unpacked(token: str) -> tuple[int, frozenset[str]]:
    try:
        offset, tail = json.loads(token) if token else (0, [])
        return max(int(offset), 0), frozenset(str(each) for each in tail)
    except (ValueError, TypeError, RecursionError):
        return 0, frozenset()
