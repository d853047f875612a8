"""The compiled lexicon as plain data and back: what `kept` keeps between two starts.

Masks are hexadecimal text, each written once; forms refer to them by number.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, TypeVar

from console.domain.ids import RuleId
from console.netiquette.lexicon.entries import Entry, parse_phrase
from console.netiquette.lexicon.frames import Frame, Part
from console.netiquette.lexicon.matching import Grouped, Pattern, Phrase, Piece

_T = TypeVar("_T", bound=Hashable)


def restored_entries(rows: list[Any]) -> tuple[Entry, ...]:
    """Entries from lists of their fields, in the order of `Entry`."""
    return tuple(
        Entry(
            lemma=str(lemma),
            senses=tuple(senses),
            about=str(about),
            pos=str(pos),
            gender=str(gender),
            severity=int(severity),
            rules=_rules(rules),
            spelling=bool(spelling),
            extra=tuple(extra),
            exceptions=tuple(exceptions),
            hit=tuple(hit),
            miss=tuple(miss),
            source=str(source),
        )
        for lemma, senses, about, pos, gender, severity, rules, spelling, *texts, source in rows
        for extra, exceptions, hit, miss in (texts,)
    )


def restored_frames(rows: list[Any]) -> tuple[Frame, ...]:
    """Frames from lists of their fields, in the order of `Frame`."""
    return tuple(
        Frame(
            id=str(name),
            family=str(family),
            rules=_rules(rules),
            patterns=tuple(tuple(Part(*_part(part)) for part in pattern) for pattern in patterns),
            reason=str(reason),
            steady=bool(steady),
            hit=tuple(hit),
            miss=tuple(miss),
            source=str(source),
            parent=str(parent),
        )
        for name, family, rules, patterns, reason, steady, hit, miss, source, parent in rows
    )


def _part(row: list[Any]) -> tuple[tuple[str, ...], tuple[str, ...], int, bool, bool, bool, str]:
    classes, words, gap, crossing, optional, forbidden, edge = row
    return tuple(classes), tuple(words), int(gap), bool(crossing), bool(optional), bool(forbidden), str(edge)


def _rules(rows: list[Any]) -> tuple[tuple[RuleId, float], ...]:
    return tuple((RuleId(str(rule)), float(weight)) for rule, weight in rows)


class Exceptions(dict[int, tuple[Phrase, ...]]):
    """Entry → the phrases in which it has another sense, made when it is met (a race makes them twice).

    Asking raises ValueError for wrong notation.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._entries = entries

    def __missing__(self, number: int) -> tuple[Phrase, ...]:
        made = tuple(Phrase(parse_phrase(each)) for each in self._entries[number].exceptions)
        self[number] = made
        return made


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
