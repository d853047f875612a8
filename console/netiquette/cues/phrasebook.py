"""All phrases of all topics in one automaton: one pass over a message finds every cue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from console.netiquette.cues.wordings import Check, literals

Place = tuple[int, int]
"""Half-open range in `Document.normal`."""

_REACH = 90
"""Characters around an anchor in which a phrase with gaps must lie."""


class _Term(NamedTuple):
    cue: str
    open_left: bool
    open_right: bool
    check: Check | None


class Phrasebook:
    """Finds the cues of `phrases` (cue → lines of wordings) in folded text. Immutable once built."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._build(plain(phrases))

    @classmethod
    def restored(cls, data: Any) -> Phrasebook:
        """From what `plain` gave. Raises ValueError, TypeError and the like for anything else."""
        book = cls.__new__(cls)
        book._build(data)
        return book

    def _build(self, data: Any) -> None:
        checks = [Check(str(line)) for line in data["checks"]]
        terms = [
            _Term(str(cue), bool(left), bool(right), None if check is None else checks[check])
            for cue, left, right, check in data["terms"]
        ]
        texts = [str(text) for text in data["texts"]]
        self.size = len(texts)
        self._terms = [tuple(terms[number] for number in numbers) for numbers in data["of_text"]]
        if len(self._terms) != len(texts):
            raise ValueError("texts")
        self._automaton = AhoCorasick(texts or ["\0"], implementation=Implementation.ContiguousNFA)

    def scan(self, normal: str) -> list[tuple[int, int, int]]:
        """(literal, start, end) of everything that may belong to a phrase."""
        return self._automaton.find_matches_as_indexes(normal, overlapping=True)

    def find(self, normal: str) -> dict[str, list[Place]]:
        """Cue → its places in `normal`, in order of their ends."""
        found: dict[str, list[Place]] = {}
        size = len(normal)
        for index, start, end in self.scan(normal):
            left = start > 0 and normal[start - 1].isalnum() and normal[start].isalnum()
            right = end < size and normal[end].isalnum() and normal[end - 1].isalnum()
            for term in self._terms[index]:
                if (left and not term.open_left) or (right and not term.open_right):
                    continue
                if term.check is None:
                    places = [_whole_words(normal, start, end) if left or right else (start, end)]
                else:
                    places = _checked(term.check, normal, start, end)
                known = found.setdefault(term.cue, []) if places else []
                known += (place for place in places if place not in known)
        return found


def plain(phrases: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """`phrases` ready to be looked for, as plain data: the texts, and for each the numbers of its terms (cue,
    open to the left, to the right, number of the line that must hold around it)."""
    checks: dict[str, int] = {}
    terms: dict[tuple[str, bool, bool, int | None], int] = {}
    table: dict[str, list[int]] = {}
    for cue, lines in phrases.items():
        for line in lines:
            for literal in literals(line):
                check = None if literal.check is None else checks.setdefault(literal.check.line, len(checks))
                key = (cue, literal.open_left, literal.open_right, check)
                number = terms.setdefault(key, len(terms))
                known = table.setdefault(literal.text, [])
                if number not in known:
                    known.append(number)
    table.pop("", None)
    return {
        "checks": list(checks),
        "terms": list(terms),
        "texts": list(table),
        "of_text": list(table.values()),
    }


def _whole_words(normal: str, start: int, end: int) -> Place:
    while start > 0 and normal[start - 1].isalnum():
        start -= 1
    while end < len(normal) and normal[end].isalnum():
        end += 1
    return start, end


def _checked(check: Check, normal: str, start: int, end: int) -> list[Place]:
    first, last = max(0, start - _REACH), end + _REACH
    if not check.may_hold(normal[first:last]):
        return []
    for match in check.pattern.finditer(normal, first, last):
        if match.start() <= start and end <= match.end():
            return [match.span()]
    return []
