"""Folding a text while keeping, for every folded character, its place in the original.

Most French texts fold one to one; then the map is a `range`, and lower case and a replacement for each of
the few accented letters do all. Only texts with ligatures, emoji sequences, marks, doubled blanks or
look-alikes take the slower way.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from console.domain.verdicts import Span
from console.netiquette.text.confusables import HOMOGLYPHS, fold_character, is_zero_width


class Normalised(NamedTuple):
    """`text` folded; `offsets[i]` is the original index of `text[i]`, `offsets[len(text)]` the original
    length; `breaks` are the indices in `text` where a line broke; `tricks` the disguises undone."""

    text: str
    offsets: Sequence[int]
    breaks: tuple[int, ...]
    tricks: tuple[tuple[str, Span], ...]


class _Folding(dict[int, str]):
    """Code point → folded text, filled as characters are met (a race writes the same value twice)."""

    def __missing__(self, code: int) -> str:
        folded = fold_character(chr(code))
        self[code] = folded
        return folded


_FOLD = _Folding()
_SIMPLE = frozenset(
    chr(code)
    for code in (*range(0x250), 0x2019, 0x2013, 0x2014, 0x201C, 0x201D, 0x2011, 0x202F, 0x20AC)
    if len(_FOLD[code]) == 1 and chr(code) not in HOMOGLYPHS
)
"""Signs of French texts that fold to exactly one and disguise nothing."""
_HOMOGLYPHS = frozenset(HOMOGLYPHS)


class _Steady(dict[str, bool]):
    """Whether a sign folds to itself and disguises nothing, as most emoji do. Filled as signs are met (a race
    writes the same value twice)."""

    def __missing__(self, sign: str) -> bool:
        self[sign] = found = sign not in HOMOGLYPHS and sign.lower() == sign == _FOLD[ord(sign)]
        return found


_STEADY = _Steady()


_REPLACED = {
    lower: _FOLD[ord(lower)]
    for lower in map(str.lower, _SIMPLE)
    if len(lower) == 1 and lower != _FOLD[ord(lower)]
}
"""Lower-case simple sign → what it folds to, where that is another."""
_FEW = 24
"""Different signs to replace up to which replacing them one by one is the shortest way."""


def _runs() -> re.Pattern[str]:
    """Maximal runs of simple signs with single blanks between them, or of anything else."""
    solid = "".join(re.escape(sign) for sign in sorted(_SIMPLE) if _FOLD[ord(sign)] != " ")
    return re.compile(f"(?P<simple>[{solid}]+(?: [{solid}]+)*)|[^{solid}]+")


_RUNS = _runs()


def normalise(text: str) -> Normalised:
    """Fold `text`. Any Unicode is accepted, lone surrogates and NUL included."""
    signs = frozenset(text)
    if "  " not in text and (_SIMPLE.issuperset(signs) or all(map(_STEADY.__getitem__, signs - _SIMPLE))):
        folded = _folded(text, signs)
        if "  " not in folded:
            breaks = tuple(_breaks(text)) if "\n" in signs or "\r" in signs else ()
            return Normalised(folded, range(len(text) + 1), breaks, ())
    return _carefully(text, signs)


def _folded(text: str, signs: frozenset[str]) -> str:
    """A text of simple and steady signs folded, one sign for each."""
    lower = text.lower()
    if len(lower) != len(text):
        return text.translate(_FOLD)
    rare = _REPLACED.keys() & (signs if lower == text else frozenset(lower))
    if len(rare) > _FEW:
        return text.translate(_FOLD)
    for sign in rare:
        lower = lower.replace(sign, _REPLACED[sign])
    return lower


def _breaks(text: str) -> list[int]:
    return [index for index, character in enumerate(text) if character in "\n\r"]


def _carefully(text: str, signs: frozenset[str]) -> Normalised:
    """Fold run by run: simple runs at once, the rest (and doubled blanks) one by one."""
    latin = not _HOMOGLYPHS.isdisjoint(signs) and _mostly_latin(text)
    output: list[str] = []
    offsets: list[int] = []
    tricks: list[tuple[str, Span]] = []
    blank = False
    for run in _RUNS.finditer(text):
        start, end = run.span()
        if run.lastgroup == "simple":
            output.append(run.group().translate(_FOLD))
            offsets.extend(range(start, end))
            blank = False
            continue
        for index in range(start, end):
            character = text[index]
            if latin and character in _HOMOGLYPHS:
                folded = HOMOGLYPHS[character]
                tricks.append(("homoglyph", Span(index, index + 1)))
            else:
                folded = _FOLD[ord(character)]
            if folded == " ":
                if blank:
                    continue
                blank = True
            elif folded:
                blank = False
            elif is_zero_width(character) and _between_letters(text, index):
                tricks.append(("zero_width", Span(index, index + 1)))
            output.append(folded)
            offsets.extend([index] * len(folded))
    offsets.append(len(text))
    breaks = tuple(sorted({bisect_left(offsets, index) for index in _breaks(text)}))
    return Normalised("".join(output), offsets, breaks, tuple(tricks))


def _mostly_latin(text: str) -> bool:
    """Whether letters of the Latin alphabet are at least half of all letters but the look-alikes' own
    script: a Russian or Greek text keeps its letters, one Cyrillic «а» in French is a disguise."""
    letters = [character for character in text if character.isalpha()]
    foreign = sum(1 for character in letters if ord(character) >= 0x370 and not _fancy(character))
    return foreign * 2 <= len(letters) or len(letters) == 0


def _fancy(character: str) -> bool:
    """Latin letters in another dress: full width, mathematical, enclosed, small capitals."""
    code = ord(character)
    return (
        0x1D00 <= code <= 0x1EFF or 0x1D400 <= code <= 0x1D7FF or 0xFF00 <= code <= 0xFFEF or code >= 0x1F100
    )


def _between_letters(text: str, index: int) -> bool:
    before = index > 0 and text[index - 1].isalnum()
    return before and index + 1 < len(text) and text[index + 1].isalnum()
