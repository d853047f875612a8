"""Words and sentences of a folded text, aware of elision («l'», «qu'», «t'es», «aujourd'hui»).

Most texts are cut by `str.replace` and `str.split`, which cost a tenth of a pattern; the patterns here say
what a word is, and read the texts that the short way cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class Token(NamedTuple):
    """A word of the normalised text: `start`/`end` index `Document.normal`.

    An elided word keeps its apostrophe («l'», «j'», «qu'»); hyphens separate words.
    """

    text: str
    start: int
    end: int


_WORD = re.compile(
    r"aujourd'hui|prud'homme|quelqu'une?|presqu'ile"
    r"|(?:[cdjlmnstyz]|qu|jusqu|lorsqu|puisqu|quoiqu|entr|ch|dj)'(?=\w)"
    r"|[^\W_]+"
)
_ELISIONS = "c d j l m n s t y z qu jusqu lorsqu puisqu quoiqu entr ch dj"
_ELIDED = frozenset(f"{word}'" for word in _ELISIONS.split())
PIECES = re.compile(r"[^\W_]+|[^\w\s'\-_\u200d\ufe0f]")
"""Words and single signs. Apostrophes and hyphens only part words («t'es» → t, es)."""
_PARTING = frozenset("'-_\u200d\ufe0f")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz ")
_MANY = 24
"""Different signs from which one pattern costs less than a replacement for each."""
_SENTENCE_END = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|[;\u2022](?=\s)")
_ABBREVIATIONS = frozenset(
    {"m", "mme", "mlle", "dr", "dre", "me", "st", "ste", "boul", "av", "app", "no", "tel"}
)


class _Apart(dict[str, tuple[str, str]]):
    """Sign → what it becomes where words and signs are cut apart, and where words alone are; empty for what
    is part of a word. Filled as signs are met (a race writes the same value twice)."""

    def __missing__(self, sign: str) -> tuple[str, str]:
        if sign.isalnum() or sign.isspace():
            found = ("", "")
        elif sign in _PARTING:
            found = (" ", "" if sign == "'" else " ")
        else:
            found = (f" {sign} ", " ")
        self[sign] = found
        return found


_APART = _Apart()


def signs_of(normal: str) -> frozenset[str]:
    """Everything in `normal` but the letters a–z and the blank: figures, marks, emoji, other scripts."""
    return frozenset(normal) - _LETTERS


def pieces(normal: str, signs: frozenset[str]) -> list[str]:
    """The words and single signs of `normal` (see `PIECES`), whose signs are `signs`."""
    if len(signs) > _MANY:
        return PIECES.findall(normal)
    for sign in signs:
        apart = _APART[sign][0]
        if apart:
            normal = normal.replace(sign, apart)
    return normal.split()


def texts(normal: str, signs: frozenset[str]) -> list[str]:
    """The words of `normal` as `tokenise` cuts them, without their places."""
    if len(signs) > _MANY:
        return _WORD.findall(normal)
    parted = normal
    for sign in signs:
        apart = _APART[sign][1]
        if apart:
            parted = parted.replace(sign, apart)
    if "'" not in signs:
        return parted.split()
    if "' " not in parted and parted[-1] != "'":
        found = parted.replace("'", "' ").split()
        if sum(map(_ELIDED.__contains__, found)) == parted.count("'"):
            return found
    return _WORD.findall(normal)


def tokenise(normal: str) -> tuple[Token, ...]:
    """The words of `normal`, in order."""
    return tuple([Token(word.group(), *word.span()) for word in _WORD.finditer(normal)])


def sentences(normal: str, breaks: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Half-open ranges of sentences without their outer blanks; line breaks end a sentence."""
    cuts = set(breaks)
    for mark in _SENTENCE_END.finditer(normal):
        start, end = mark.span()
        if end - start > 1 or normal[start] != "." or not _abbreviated(normal, start):
            cuts.add(end)
    if not cuts:
        inner = normal.strip()
        first = len(normal) - len(normal.lstrip())
        return ((first, first + len(inner)),) if inner else ()
    ranges = []
    start = 0
    for cut in (*sorted(cuts), len(normal)):
        piece = normal[start:cut]
        inner = piece.strip()
        if inner:
            first = start + len(piece) - len(piece.lstrip())
            ranges.append((first, first + len(inner)))
        start = cut
    return tuple(ranges)


def _abbreviated(normal: str, dot: int) -> bool:
    start = dot
    while start > 0 and normal[start - 1].isalpha():
        start -= 1
    return normal[start:dot] in _ABBREVIATIONS
