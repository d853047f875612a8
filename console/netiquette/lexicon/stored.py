"""The compiled lexicon as plain data and back: what `kept` keeps between two starts.

Masks are hexadecimal text, each written once; forms refer to them by number.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, TypeVar

from console.netiquette.lexicon.entries import Entry, parse_phrase
from console.netiquette.lexicon.frames import Frame
from console.netiquette.lexicon.matching import Grouped, Pattern, Phrase, Piece

_T = TypeVar("_T", bound=Hashable)


def exceptions_of(entries: Sequence[Entry]) -> dict[int, list[Phrase]]:
    """Entry → the phrases in which it has another sense. Raises ValueError for wrong notation."""
    return {
        number: [Phrase(parse_phrase(each)) for each in entry.exceptions]
        for number, entry in enumerate(entries)
        if entry.exceptions
    }


def once_each(values: Sequence[_T]) -> tuple[list[_T], list[int]]:
    """The distinct values in the order met, and the place of each value among them."""
    places: dict[_T, int] = {}
    numbers = [places.setdefault(value, len(places)) for value in values]
    return list(places), numbers


def plain_patterns(grouped: Grouped) -> list[Any]:
    """Patterns by the mask that calls them."""
    return [
        [
            f"{anchor:x}",
            [
                [
                    pattern.number,
                    [
                        [f"{p.mask:x}", p.gap, p.crossing, p.optional, p.forbidden, p.edge]
                        for p in pattern.pieces
                    ],
                    [f"{mask:x}" for mask in pattern.required],
                    f"{pattern.parent:x}",
                ]
                for pattern in patterns
            ],
        ]
        for anchor, patterns in grouped.groups
    ]


def restored_patterns(data: list[Any], frames: Sequence[Frame | Entry]) -> Grouped:
    """The reverse of `plain_patterns`; their numbers must be of `frames`."""
    masks: dict[str, int] = {}

    def mask(text: str) -> int:
        known = masks.get(text)
        if known is None:
            known = masks[text] = int(text, 16)
        return known

    def pattern(row: list[Any]) -> Pattern:
        number, pieces, required, parent = row
        if not 0 <= number < len(frames):
            raise ValueError(number)
        parts = tuple(
            Piece(mask(m), int(gap), bool(c), bool(o), bool(f), str(e)) for m, gap, c, o, f, e in pieces
        )
        return Pattern(number, parts, tuple(map(mask, required)), mask(parent))

    return Grouped([(mask(anchor), [pattern(row) for row in rows]) for anchor, rows in data])
