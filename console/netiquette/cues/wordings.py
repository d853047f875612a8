"""The small language of wordings: alternatives, open ends, gaps and numbers.

A line with few forms is looked for as it is. A line with many is looked for by its most telling word, and
a pattern (compiled when first needed) says whether the rest is around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from console.netiquette.datafiles import read_lexicon
from console.netiquette.resources import Resources
from console.netiquette.text.normalise import normalise

_FEW = 48
_MOST = 400
"""Forms of the part that is looked for; more is a mistake in the data."""

_GAP = " .. "
_BETWEEN = r"(?:[^\w.!?]+[\w']+){0,3}?[^\w.!?]+"
_BLANK = r"(?: |(?<=[ '])|(?<!\w)|(?!\w))"
"""A blank, or none where an empty alternative left none."""

_OPEN = re.compile(r"[*#]")
_PIECES = re.compile(r"[a-z0-9]+")


class Check:
    """A line as a pattern that must hold around a literal.

    Compiling a pattern takes milliseconds and most are never met, and most that are met do not hold: first
    `possible` asks for the words that the line cannot do without, then `may_hold` for pieces of words.
    """

    def __init__(self, line: str) -> None:
        self.line = line

    def possible(self, words: frozenset[str], figures: bool) -> bool:
        """Whether a text of these words (`Document.pieces`), with or without figures, may hold the line."""
        whole, figure, _ = self._needed
        if figure and not figures:
            return False
        for forms in whole:  # noqa: SIM110 - a generator costs three times as much
            if forms.isdisjoint(words):
                return False
        return True

    def may_hold(self, text: str) -> bool:
        """Whether `text` has one of each of the pieces that the line needs; true is no promise."""
        return all(any(piece in text for piece in pieces) for pieces in self._needed[2])

    @cached_property
    def _needed(self) -> tuple[tuple[frozenset[str], ...], bool, tuple[tuple[str, ...], ...]]:
        """For every obligatory part of the line the forms of which a text must hold one, the fewest first:
        whole words; whether it needs a figure; pieces of words, where an end is open."""
        whole, parts, figure = [], [], False
        for word in (word for part in self.line.split(_GAP) for word in _words(part)):
            figure = figure or ("#" in _outside(word))
            for unit, free in _obligatory(word):
                forms = [_PIECES.findall(form.strip()) for form in _forms(unit)]
                if not all(forms):
                    continue
                pieces = {max(pieces, key=len) for pieces in forms}
                if free and not _OPEN.search(unit):
                    whole.append(frozenset(pieces))
                else:
                    parts.append(tuple(sorted(pieces)))
        return tuple(sorted(whole, key=len)), figure, tuple(sorted(parts, key=len))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Whole words only, except where the line leaves an end open."""
        parts = (self._translate(part) for part in self.line.split(_GAP))
        return re.compile(rf"(?<!\w)(?:{_BETWEEN.join(parts)})(?!\w)")

    @staticmethod
    def _translate(part: str) -> str:
        table = {"{": "(?:", "}": ")", "|": "|", "*": r"\w*", "#": r"\d[\d ]*?", " ": _BLANK}
        return "".join(table.get(sign) or re.escape(sign) for sign in part.strip())


class Literal(NamedTuple):
    """What the automaton looks for. The ends may be inside a word where they are open."""

    text: str
    open_left: bool
    open_right: bool
    check: Check | None


def wordings(block: str) -> Iterator[str]:
    """The lines of a block; one goes on over several until its braces are closed."""
    line = ""
    for piece in block.splitlines():
        line += piece.strip() if line else piece.lstrip()
        if line and line.count("{") <= line.count("}"):
            yield line
            line = ""
    if line:
        yield line


def literals(line: str) -> Iterator[Literal]:
    """Every literal that finds the wordings of one line. Raises ValueError for a line without a word that
    could be looked for, or with unbalanced braces."""
    folded = normalise(line.strip()).text
    if folded.count("{") != folded.count("}"):
        raise ValueError(line)
    few = _MOST if len(_words(folded)) == 1 else _FEW
    if _GAP not in folded and _count(folded) <= few:
        if not any(form.strip("*#") for form in _forms(folded)):
            raise ValueError(line)
        for form in _forms(folded):
            inner = form.strip("*")
            if _OPEN.search(inner):
                yield Literal(_longest(form), True, True, Check(form))
            elif inner:
                yield Literal(inner, form.startswith("*"), form.endswith("*"), None)
        return
    check = Check(folded)
    for anchor, open_left, open_right in _anchors(folded):
        yield Literal(anchor, open_left, open_right, check)


def _anchors(line: str) -> Iterator[tuple[str, bool, bool]]:
    """The literals of the most telling word (or two words side by side) of the line, and which of their
    ends may be inside a word."""
    best: tuple[tuple[int, int], str, bool, bool] = ((0, 0), "", True, True)
    for part in line.split(_GAP):
        words = _words(part)
        whole = ((piece, False, False) for piece in (*words, *map(" ".join, pairwise(words))))
        for piece, left, right in (*whole, *_groups(part)):
            if _count(piece) <= _MOST:
                found = {_longest(form) for form in _forms(piece) or ("",)}
                rank = (min(map(_telling, found)), -len(found))
                best = max(best, (rank, piece, left, right), key=lambda each: each[0])
    rank, piece, left, right = best
    if rank[0] < 2:
        raise ValueError(line)
    for form in _forms(piece):
        anchor = _longest(form)
        before, _, after = form.partition(anchor)
        yield anchor, left or bool(before), right or bool(after)


def _telling(word: str) -> int:
    """How rarely a word is met, roughly: its length, and little for the commonest."""
    return min(9, len(word)) if word not in _common() else min(2, len(word))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(str(read_lexicon(Resources().lexicon("common"))["words"]).split())


def _words(part: str) -> list[str]:
    """The words of a part, split at blanks outside braces."""
    words, depth, word = [], 0, ""
    for sign in part.strip():
        depth += (sign == "{") - (sign == "}")
        if sign == " " and depth == 0:
            words.append(word)
            word = ""
        else:
            word += sign
    return [each for each in (*words, word) if each]


def _groups(part: str) -> list[tuple[str, bool, bool]]:
    """The outermost groups of a part, and whether a word may go on before and after each."""
    groups, depth, start = [], 0, 0
    for place, sign in enumerate(part):
        if sign == "{":
            start = place if depth == 0 else start
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                before, after = part[start - 1 : start], part[place + 1 : place + 2]
                groups.append((part[start : place + 1], before not in ("", " "), after not in ("", " ")))
    return groups


def _outside(word: str) -> str:
    """What stands outside all braces."""
    depth, kept = 0, ""
    for sign in word:
        depth += sign == "{"
        kept += sign if depth == 0 else ""
        depth -= sign == "}"
    return kept


def _obligatory(word: str) -> Iterator[tuple[str, bool]]:
    """The parts of a word that cannot be left out and have few forms, and whether they are whole words: the
    word itself, else its groups."""
    if _count(word) <= _MOST:
        yield word, True
        return
    units = [word[start:end] for start, end in _units(word)]
    forms = [_forms_as_written(unit) if _count(unit) <= _MOST else None for unit in units]
    for place, mine in enumerate(forms):
        if mine is not None and "" not in mine:
            free = _parted(reversed(forms[:place]), -1) and _parted(forms[place + 1 :], 0)
            yield units[place], free


def _units(word: str) -> Iterator[tuple[int, int]]:
    """The ranges of the outermost groups of a word and of what stands between them."""
    start = depth = 0
    for place, sign in enumerate(word):
        if sign == "{":
            if depth == 0 and place > start:
                yield start, place
            start = place if depth == 0 else start
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield start, place + 1
                start = place + 1
    if start < len(word):
        yield start, len(word)


def _parted(neighbours: Iterable[list[str] | None], end: int) -> bool:
    """Whether a blank, or the end of the word, stands between a unit and what may be next to it: `neighbours`
    from the nearest on, whose first (0) or last (-1) sign is asked about."""
    for forms in neighbours:
        if forms is None or any(form and form[end] != " " for form in forms):
            return False
        if "" not in forms:
            return True
    return True


def _count(text: str) -> int:
    """How many forms `text` has."""
    totals, products = [0], [1]
    for sign in text:
        if sign == "{":
            totals.append(0)
            products.append(1)
        elif sign in "|}" and len(totals) > 1:
            totals[-1] += products.pop()
            if sign == "|":
                products.append(1)
            else:
                products[-1] *= totals.pop()
    return products[0]


def _forms(text: str) -> tuple[str, ...]:
    """Every form of `text`; an empty one means that the text may be left out."""
    return tuple(sorted({" ".join(form.split()).replace("' ", "'") for form in _forms_as_written(text)}))


def _forms_as_written(text: str) -> list[str]:
    """Every form of `text` with its blanks."""
    return _sequence(text, 0)[0]


def _sequence(text: str, place: int) -> tuple[list[str], int]:
    """The forms from `place` to the end of the alternative, and the index of the sign that ends it."""
    forms = [""]
    while place < len(text) and text[place] not in "|}":
        if text[place] != "{":
            stop = place
            while stop < len(text) and text[stop] not in "{|}":
                stop += 1
            forms = [form + text[place:stop] for form in forms]
            place = stop
            continue
        choices: list[str] = []
        while text[place] in "{|":
            found, place = _sequence(text, place + 1)
            choices += found
        forms = [form + choice for form in forms for choice in choices]
        place += 1
    return forms, place


def _longest(form: str) -> str:
    return max((piece.strip() for piece in _OPEN.split(form)), key=len)
