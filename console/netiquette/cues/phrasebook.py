"""All phrases of all topics in one automaton: one pass over a message finds every cue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from console.netiquette.cues.wordings import Check, literals
from console.netiquette.text.document import Document

Place = tuple[int, int]
"""Half-open range in `Document.normal`."""

_REACH = 90
"""Characters around an anchor in which a phrase with gaps must lie."""


class _Term(NamedTuple):
    cue: str
    open_left: bool
    open_right: bool
    check: Check | None


class _Text(NamedTuple):
    """What a text that is looked for may be: all of `terms`, or simply `cues` where they are whole words and
    nothing more is asked. `left` and `right` say whether it begins and ends with a word."""

    whole: bool
    left: bool
    right: bool
    cues: tuple[str, ...]
    terms: tuple[_Term, ...]


def _text(text: str, terms: tuple[_Term, ...]) -> _Text:
    whole = not any(term.open_left or term.open_right for term in terms)
    plain = whole and all(term.check is None for term in terms)
    cues = tuple(term.cue for term in terms) if plain else ()
    return _Text(whole, text[:1].isalnum(), text[-1:].isalnum(), cues, () if plain else terms)


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
        self._checks = [Check(str(line)) for line in data["checks"]]
        self._terms, self._of_text = data["terms"], data["of_text"]
        texts = [str(text) for text in data["texts"]]
        if len(self._of_text) != len(texts) or any(len(term) != 4 for term in self._terms):
            raise ValueError("texts")
        self.size = len(texts)
        self._known: list[_Text | None] = [None] * len(texts)
        """What each text may be, filled as texts are met (a race writes the same value twice)."""
        self._automaton = AhoCorasick(texts or ["\0"], implementation=Implementation.ContiguousNFA)

    def _tell(self, index: int, text: str) -> _Text:
        terms = []
        for number in self._of_text[index]:
            cue, left, right, check = self._terms[number]
            terms.append(
                _Term(str(cue), bool(left), bool(right), None if check is None else self._checks[check])
            )
        known = self._known[index] = _text(text, tuple(terms))
        return known

    def scan(self, normal: str) -> list[tuple[int, int, int]]:
        """(literal, start, end) of everything that may belong to a phrase."""
        return self._automaton.find_matches_as_indexes(normal, overlapping=True)

    def find(self, document: Document) -> dict[str, list[Place]]:
        """Cue → its places in `Document.normal`, in order of their ends."""
        found: dict[str, dict[Place, None]] = {}
        held: dict[Check, bool] = {}
        normal, known_texts = document.normal, self._known
        size = len(normal)
        for index, start, end in self.scan(normal):
            text = known_texts[index] or self._tell(index, normal[start:end])
            whole, left, right, cues, terms = text
            left = left and start > 0 and normal[start - 1].isalnum()
            right = right and end < size and normal[end].isalnum()
            if whole and (left or right):
                continue
            for cue in cues:
                known = found.get(cue)
                if known is None:
                    found[cue] = {(start, end): None}
                else:
                    known[start, end] = None
            for term in terms:
                if (left and not term.open_left) or (right and not term.open_right):
                    continue
                if term.check is None:
                    place: Place | None = _whole_words(normal, start, end) if left or right else (start, end)
                else:
                    place = _checked(term.check, document, start, end, held)
                if place is not None:
                    found.setdefault(term.cue, {})[place] = None
        return {cue: list(places) for cue, places in found.items()}


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


def _checked(check: Check, document: Document, start: int, end: int, held: dict[Check, bool]) -> Place | None:
    """Where the line of `check` stands around [start, end); `held` remembers what the message rules out."""
    possible = held.get(check)
    if possible is None:
        figures = any(map(str.isdecimal, document.signs))
        possible = held[check] = check.possible(document.distinct, figures)
    if not possible:
        return None
    normal = document.normal
    first, last = max(0, start - _REACH), end + _REACH
    if not check.may_hold(normal[first:last]):
        return None
    for match in check.pattern.finditer(normal, first, last):
        if match.start() <= start and end <= match.end():
            return match.span()
    return None
