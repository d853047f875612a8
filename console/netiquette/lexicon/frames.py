"""Frames: who is spoken of × what is said × how, as sequences of classes and words with gaps.

Notation of one pattern, parts parted by blanks:

    word            a folded word; `mot~` any gender and number, `verbe+` any form, `deux_mots` a phrase
    <a|b>           a word of class a or b of the lexicon
    (x|<a>|z+)      alternatives
    part?           optional
    !part           what must not stand here (no width)
    ..  ..6  ..6/   up to three (or six) words in between; `/` lets the gap cross one sentence's end
    ^  $            start, end of a sentence
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from console.domain.ids import RuleId

GROUP_RULE = RuleId("group")
"""Stands for the rule that protects the group which the pattern met (racism, homophobia…)."""
_BROKEN = re.compile(r"\|\s+")
"""Alternatives may be broken over lines after a bar."""
_GAP = re.compile(r"\.\.(\d*)(/?)")
DEFAULT_GAP = 3
PARENT_SIGN = "⟹"
"""In an example: the city's post before it, the message after it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a pattern. `classes` and `words` are the alternatives; gaps count words."""

    classes: tuple[str, ...]
    words: tuple[str, ...]
    gap: int = 0
    crossing: bool = False
    optional: bool = False
    forbidden: bool = False
    edge: str = ""
    """"^" or "$": no words, but the place."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing that may be said. `family` is the detector that reports it, `rules` log-odds by rule."""

    id: str
    family: str
    rules: tuple[tuple[RuleId, float], ...]
    patterns: tuple[tuple[Part, ...], ...]
    reason: str
    steady: bool
    """A negation belongs to what it says and does not weaken it."""
    hit: tuple[str, ...]
    miss: tuple[str, ...]
    source: str
    parent: str = ""
    """A class that the city's post above must hold."""


def parse(pattern: str) -> tuple[Part, ...]:
    """The parts of one pattern.

    Raises:
        ValueError: the notation is wrong.
    """
    parts: list[Part] = []
    gap, crossing = 0, False
    for piece in _BROKEN.sub("|", pattern).split():
        found = _GAP.fullmatch(piece)
        if found:
            gap, crossing = int(found[1] or DEFAULT_GAP), bool(found[2])
            continue
        parts.append(_part(piece, gap, crossing))
        gap, crossing = 0, False
    if gap or not any(not part.optional and not part.forbidden and not part.edge for part in parts):
        raise ValueError(f"pattern without an end or without a word: {pattern}")
    return tuple(parts)


def _part(piece: str, gap: int, crossing: bool) -> Part:
    if piece in "^$":
        return Part((), (), gap, crossing, edge=piece)
    forbidden = piece.startswith("!")
    optional = piece.endswith("?")
    body = piece[forbidden : len(piece) - optional]
    if body.startswith("("):
        if not body.endswith(")"):
            raise ValueError(f"unclosed alternatives: {piece}")
        choices = _choices(body[1:-1])
    else:
        choices = [body]
    classes: list[str] = []
    words: list[str] = []
    for choice in choices:
        if choice.startswith("<"):
            if not choice.endswith(">") or len(choice) < 3:
                raise ValueError(f"unclosed class: {piece}")
            classes += choice[1:-1].split("|")
        elif choice:
            words.append(choice)
        else:
            raise ValueError(f"empty alternative: {piece}")
    return Part(tuple(classes), tuple(words), gap, crossing, optional, forbidden)


def _choices(body: str) -> list[str]:
    """Split at bars that stand outside of a class."""
    found, depth, current = [], 0, ""
    for sign in body:
        depth += (sign == "<") - (sign == ">")
        if sign == "|" and depth == 0:
            found.append(current)
            current = ""
        else:
            current += sign
    return [*found, current]
