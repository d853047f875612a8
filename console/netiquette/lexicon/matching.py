"""Fitting patterns to words: parts in order, gaps within a sentence, places optional or forbidden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from console.netiquette.lexicon.compiling import Pattern
from console.netiquette.lexicon.entries import Choices


class Readable(Protocol):
    """What a pattern is fitted to: see `reading.Reading`."""

    words: list[str]
    sentence: list[int]
    at: list[list[tuple[int, int]]]


def covers(words: Sequence[str], start: int, end: int, phrase: list[Choices]) -> bool:
    """Whether `phrase` stands in `words` around [start, end)."""
    longest = sum(max(len(choice) for choice in choices) for choices in phrase)
    return any(_reads(words, place, phrase, 0, end) for place in range(max(0, end - longest), start + 1))


def _reads(words: Sequence[str], place: int, phrase: list[Choices], number: int, end: int) -> bool:
    if number == len(phrase):
        return place >= end
    return any(
        tuple(words[place : place + len(choice)]) == choice
        and _reads(words, place + len(choice), phrase, number + 1, end)
        for choice in phrase[number]
    )


def find(pattern: Pattern, reading: Readable) -> list[tuple[int, int]]:
    """The word ranges of the first place where the pattern fits; empty when it does not."""
    parts: list[tuple[int, int]] = []
    for start in range(len(reading.words)):
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
