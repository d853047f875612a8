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

    What a mask calls up and meets is put together from its bits once and kept; a race writes the same value
    twice.
    """

    def __init__(self, groups: list[tuple[int, list[Pattern]]]) -> None:
        self.groups = groups
        called: dict[int, int] = {}
        for number, (anchor, _) in enumerate(groups):
            for bit in _bits(anchor):
                called[bit] = called.get(bit, 0) | 1 << number
        needs: dict[int, int] = {}
        self._tried: list[list[tuple[int, Pattern]]] = []
        for _, patterns in groups:
            rows = []
            for pattern in patterns:
                need = 0
                for mask in pattern.required:
                    need |= needs.setdefault(mask, 1 << len(needs))
                rows.append((need, pattern))
            self._tried.append(rows)
        met: dict[int, int] = {}
        for mask, need in needs.items():
            for bit in _bits(mask):
                met[bit] = met.get(bit, 0) | need
        self._of_bit = {bit: (called.get(bit, 0), met.get(bit, 0)) for bit in called.keys() | met.keys()}
        self._of_mask: dict[int, tuple[int, int]] = {0: (0, 0)}

    def told(self, mask: int) -> tuple[int, int]:
        """The groups that `mask` calls up, one bit each; and the needs of patterns that it meets."""
        known = self._of_mask.get(mask)
        if known is None:
            called = met = 0
            for bit in _bits(mask):
                more, also = self._of_bit.get(bit, (0, 0))
                called |= more
                met |= also
            known = self._of_mask[mask] = (called, met)
        return known

    def possible(self, called: int, met: int) -> Iterator[Pattern]:
        """The patterns of the called groups whose every need is met, in their order."""
        unmet = ~met
        while called:
            lowest = called & -called
            for need, pattern in self._tried[lowest.bit_length() - 1]:
                if not need & unmet:
                    yield pattern
            called ^= lowest


def _bits(mask: int) -> Iterator[int]:
    """The bits of a mask, each as a mask of its own."""
    while mask:
        lowest = mask & -mask
        yield lowest
        mask ^= lowest


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

    __slots__ = ("_last", "_longest", "_optional", "_tails", "needed")

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
        obligatory = [
            frozenset(tails) for tails, left in zip(self._tails, self._optional, strict=True) if not left
        ]
        self.needed = tuple(sorted(obligatory, key=lambda words: -min(map(len, words))))
        """Of each of these a text must hold a word; the longest words, which are the rarest, first."""

    def may_stand(self, words: frozenset[str]) -> bool:
        """Whether a text of these words can hold the phrase."""
        for needed in self.needed:  # noqa: SIM110 - a generator costs three times as much
            if needed.isdisjoint(words):
                return False
        return True

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


def holds(rows: Sequence[tuple[int, int]], wanted: int) -> bool:
    """Whether something of the classes `wanted` begins where `rows` do."""
    for _, mask in rows:  # noqa: SIM110 - a generator costs three times as much
        if mask & wanted:
            return True
    return False


def find(pattern: Pattern, reading: Readable) -> list[tuple[int, int]]:
    """The word ranges of the first place where the pattern fits; empty when it does not."""
    parts: list[tuple[int, int]] = []
    first = pattern.pieces[0]
    anchored = first.mask if not (first.optional or first.forbidden or first.edge) else 0
    for start, rows in enumerate(reading.at):
        if anchored and not holds(rows, anchored):
            continue
        if _fits(pattern.pieces, 0, start, reading, parts):
            parts.reverse()
            return parts
    return parts


def _fits(
    pieces: tuple[Piece, ...], number: int, place: int, reading: Readable, parts: list[tuple[int, int]]
) -> bool:
    if number == len(pieces):
        return True
    piece = pieces[number]
    wanted = piece.mask
    total = len(reading.words)
    for where in range(place, min(place + piece.gap, total) + 1):
        if (where > place or number) and place and where < total:
            sentence = reading.sentence
            if sentence[where] - sentence[place - 1] > piece.crossing:
                break
        if piece.edge:
            if _at_edge(reading, where, piece.edge) and _fits(pieces, number + 1, where, reading, parts):
                return True
            continue
        rows = reading.at[where] if where < total else ()
        if piece.forbidden:
            if not holds(rows, wanted) and _fits(pieces, number + 1, where, reading, parts):
                return True
            continue
        for end, mask in rows:
            if mask & wanted and _fits(pieces, number + 1, end, reading, parts):
                parts.append((where, end))
                return True
    return piece.optional and _fits(pieces, number + 1, place, reading, parts)


def _at_edge(reading: Readable, where: int, edge: str) -> bool:
    if edge == "^":
        return where == 0 or (
            where < len(reading.words) and reading.sentence[where] != reading.sentence[where - 1]
        )
    return where == len(reading.words) or (
        where > 0 and reading.sentence[where] != reading.sentence[where - 1]
    )
