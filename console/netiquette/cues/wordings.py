"""The small language of wordings: alternatives, open ends, gaps and numbers.

A line with few forms is looked for as it is. A line with many is looked for by its most telling word, and
a pattern (compiled when first needed) says whether the rest is around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from console.netiquette.text.normalise import normalise

_FEW = 48
_MOST = 400
"""Forms of the part that is looked for; more is a mistake in the data."""

_GAP = " .. "
_BETWEEN = r"(?:[^\w.!?]+[\w']+){0,3}?[^\w.!?]+"
_BLANK = r"(?: |(?<=[ '])|(?<!\w)|(?!\w))"
"""A blank, or none where an empty alternative left none."""

_OPEN = re.compile(r"[*#]")


class Check:
    """A line as a pattern that must hold around a literal."""

    def __init__(self, line: str) -> None:
        self.line = line

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


def literals(line: str) -> Iterator[Literal]:
    """Every literal that finds the wordings of one line. Raises ValueError for a line without a word that
    could be looked for, or with unbalanced braces."""
    folded = normalise(line.strip()).text
    if folded.count("{") != folded.count("}"):
        raise ValueError(line)
    plain = _GAP not in folded and _count(folded) <= _FEW
    if plain and not any(_OPEN.search(form.strip("*")) for form in _forms(folded)):
        for form in _forms(folded):
            if form.strip("*"):
                yield Literal(form.strip("*"), form.startswith("*"), form.endswith("*"), None)
        return
    check = Check(folded)
    for anchor in _anchors(folded):
        yield Literal(anchor, True, True, check)


def _anchors(line: str) -> frozenset[str]:
    """The literals of the most telling word (or two words side by side) of the line."""
    best: tuple[tuple[int, int], frozenset[str]] = ((0, 0), frozenset())
    for part in line.split(_GAP):
        words = _words(part)
        for piece in (*words, *map(" ".join, pairwise(words)), *_groups(part)):
            if _count(piece) > _MOST:
                continue
            found = frozenset(_longest(form) for form in _forms(piece) or ("",))
            rank = (min(9, *map(len, found)), -len(found))
            best = max(best, (rank, found), key=lambda each: each[0])
    if best[0][0] < 2:
        raise ValueError(line)
    return best[1]


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


def _groups(part: str) -> list[str]:
    """The outermost groups of a part."""
    groups, depth, start = [], 0, 0
    for place, sign in enumerate(part):
        if sign == "{":
            start = place if depth == 0 else start
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                groups.append(part[start : place + 1])
    return groups


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
    forms, _ = _sequence(text, 0)
    return tuple(sorted({" ".join(form.split()).replace("' ", "'") for form in forms}))


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
