"""Words and sentences of a folded text, aware of elision («l'», «qu'», «t'es», «aujourd'hui»)."""

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
_SENTENCE_END = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|[;\u2022](?=\s)")
_ABBREVIATIONS = frozenset(
    {"m", "mme", "mlle", "dr", "dre", "me", "st", "ste", "boul", "av", "app", "no", "tel"}
)


def tokenise(normal: str) -> tuple[Token, ...]:
    """The words of `normal`, in order."""
    return tuple(Token(word.group(), word.start(), word.end()) for word in _WORD.finditer(normal))


def sentences(normal: str, breaks: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Half-open ranges of sentences without their outer blanks; line breaks end a sentence."""
    cuts = set(breaks)
    for mark in _SENTENCE_END.finditer(normal):
        if mark.group() == "." and _abbreviated(normal, mark.start()):
            continue
        cuts.add(mark.end())
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
