"""How to turn one list of ids into another with few precise steps, so that a view never starts over."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Removal:
    """Rows `first` to `last`, both included, go; places as they are when this step is due."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Insertion:
    """Rows `first` to `last` of the new list come in at the same places."""

    first: int
    last: int


def steps(old: Sequence[Id], new: Sequence[Id]) -> tuple[tuple[Removal, ...], tuple[Insertion, ...]]:
    """Removals (from the bottom up), then insertions (from the top down), each a run of rows.

    Both lists hold distinct ids. What keeps its order stays: the longest rising subsequence,
    O(n log n). A moved id is removed and inserted.
    """
    kept = _kept(old, new)
    removals = _runs([place for place, each in enumerate(old) if each not in kept])
    insertions = _runs([place for place, each in enumerate(new) if each not in kept])
    return (
        tuple(Removal(first, last) for first, last in reversed(removals)),
        tuple(Insertion(first, last) for first, last in insertions),
    )


def _kept(old: Sequence[Id], new: Sequence[Id]) -> frozenset[Id]:
    target = {each: place for place, each in enumerate(new)}
    tails: list[int] = []
    before: dict[int, int] = {}
    for each in old:
        place = target.get(each)
        if place is None:
            continue
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
        if at:
            before[place] = tails[at - 1]
    chosen = []
    last = tails[-1] if tails else None
    while last is not None:
        chosen.append(new[last])
        last = before.get(last)
    return frozenset(chosen)


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
