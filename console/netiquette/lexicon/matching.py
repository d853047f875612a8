"""Fitting patterns to words: parts in order, gaps within a sentence, places optional or forbidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from console.netiquette.lexicon.entries import Choices


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pattern as masks. `mask` 0 for an edge."""

    mask: int
    gap: int
    crossing: bool
    optional: bool
    forbidden: bool
    edge: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """`required`: the masks that a text must hold one bit of each (beside the one it is grouped by), the
    rarest first. `number` is the
    frame's, or the entry's for a phrase with many forms."""

    number: int
    pieces: tuple[Piece, ...]
    required: tuple[int, ...]
    parent: int


class Grouped:
    """Patterns by the mask that must be met before they are tried.

    What a mask calls up is worked out once and kept; a race writes the same value twice.
    """

    def __init__(self, groups: list[tuple[int, list[Pattern]]]) -> None:
        self.groups = groups
        self._called: dict[int, int] = {0: 0}

    def called(self, mask: int) -> int:
        """The groups that `mask` calls up, one bit each."""
        known = self._called.get(mask)
        if known is None:
            known = sum(1 << number for number, (anchor, _) in enumerate(self.groups) if anchor & mask)
            self._called[mask] = known
        return known

    def patterns(self, called: int) -> Iterator[Pattern]:
        """The patterns of the called groups, in their order."""
        while called:
            lowest = called & -called
            yield from self.groups[lowest.bit_length() - 1][1]
            called ^= lowest


class Readable(Protocol):
    """What a pattern is fitted to: see `reading.Reading`."""

    words: list[str]
    at: list[list[tuple[int, int]]]

    @property
    def sentence(self) -> list[int]:
        """The number of each word's sentence."""
        ...


class Phrase:
    """A phrase as alternatives place by place, ready to be read from words."""

    __slots__ = ("_last", "_longest", "_optional", "_tails")

    def __init__(self, places: Sequence[Choices]) -> None:
        self._tails: list[dict[str, list[tuple[str, ...]]]] = []
        self._optional = [() in choices for choices in places]
        self._longest = sum(max(len(choice) for choice in choices) for choices in places)
        self._last = len(places)
        for choices in places:
            tails: dict[str, list[tuple[str, ...]]] = {}
            for choice in choices:
                if choice:
                    tails.setdefault(choice[0], []).append(choice[1:])
            self._tails.append(tails)

    def covers(self, words: Sequence[str], start: int, end: int) -> bool:
        """Whether the phrase stands in `words` around [start, end)."""
        return any(
            self._reads(words, place, 0, end) for place in range(max(0, end - self._longest), start + 1)
        )

    def _reads(self, words: Sequence[str], place: int, number: int, end: int) -> bool:
        if number == self._last:
            return place >= end
        if place < len(words):
            for tail in self._tails[number].get(words[place], ()):
                after = place + 1 + len(tail)
                if (not tail or tuple(words[place + 1 : after]) == tail) and self._reads(
                    words, after, number + 1, end
                ):
                    return True
        return self._optional[number] and self._reads(words, place, number + 1, end)


def find(pattern: Pattern, reading: Readable) -> list[tuple[int, int]]:
    """The word ranges of the first place where the pattern fits; empty when it does not."""
    parts: list[tuple[int, int]] = []
    first = pattern.pieces[0]
    anchored = first.mask if not (first.optional or first.forbidden or first.edge) else 0
    for start in range(len(reading.words)):
        if anchored and not any(mask & anchored for _, mask in reading.at[start]):
            continue
        if _fits(pattern, 0, start, start, reading, parts):
            parts.reverse()
            return parts
    return parts


def _fits(
    pattern: Pattern, number: int, place: int, origin: int, reading: Readable, parts: list[tuple[int, int]]
) -> bool:
    if number == len(pattern.pieces):
        return True
    piece = pattern.pieces[number]
    total = len(reading.words)
    for where in range(place, min(place + piece.gap, total) + 1):
        if where > place or number:
            crossed = _crossed(reading, place, where)
            if crossed > piece.crossing:
                break
        if piece.edge:
            if _at_edge(reading, where, piece.edge) and _fits(
                pattern, number + 1, where, origin, reading, parts
            ):
                return True
            continue
        rows = reading.at[where] if where < total else ()
        if piece.forbidden:
            if not any(mask & piece.mask for _, mask in rows) and _fits(
                pattern, number + 1, where, origin, reading, parts
            ):
                return True
            continue
        for end, mask in rows:
            if mask & piece.mask and _fits(pattern, number + 1, end, origin, reading, parts):
                parts.append((where, end))
                return True
    return piece.optional and _fits(pattern, number + 1, place, origin, reading, parts)


def _crossed(reading: Readable, place: int, where: int) -> int:
    if place == 0 or where >= len(reading.words):
        return 0
    return reading.sentence[where] - reading.sentence[place - 1]


def _at_edge(reading: Readable, where: int, edge: str) -> bool:
    if edge == "^":
        return where == 0 or (
            where < len(reading.words) and reading.sentence[where] != reading.sentence[where - 1]
        )
    return where == len(reading.words) or (
        where > 0 and reading.sentence[where] != reading.sentence[where - 1]
    )
