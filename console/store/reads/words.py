"""What a person types into a search box, as an expression for FTS5 that cannot fail.

Every word must occur; «guillemets» or "quotes" hold a phrase; the last word may be only begun.
Anything else (operators, stars, dashes, emoji) has no meaning and no effect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from console.domain.folding import fold

_PHRASE = re.compile(r'«([^»]*)»?|"([^"]*)"?|“([^”]*)”?')
_SHORTEST_PREFIX = 3
"""The index knows beginnings of three letters; shorter ones match nearly everything and are words."""


@dataclass(frozen=True, slots=True)
class Words:
    """Folded groups of words, each a phrase; `begun` says that the last word of the last may go on."""

    groups: tuple[tuple[str, ...], ...]
    begun: bool

    @property
    def expression(self) -> str:
        """For `MATCH`; only quoted strings, so that nothing is taken for an operator."""
        quoted = ['"' + " ".join(group) + '"' for group in self.groups]
        if self.begun:
            quoted[-1] += "*"
        return " AND ".join(quoted)


def words(text: str) -> Words:
    """The words of `text`, folded as the index is. No groups when it holds nothing to search for."""
    groups: list[tuple[str, ...]] = []
    position, begun = 0, False
    for phrase in _PHRASE.finditer(text):
        groups += _singles(text[position : phrase.start()])
        position = phrase.end()
        inside = _tokens(phrase.group(phrase.lastindex or 0))
        groups += [inside] if inside else []
    rest = _singles(text[position:])
    if rest and text[-1:].isalnum():
        begun = len(rest[-1][-1]) >= _SHORTEST_PREFIX
    return Words(tuple(groups + rest), begun)


def _singles(text: str) -> list[tuple[str, ...]]:
    """One group for each run without spaces: «l’eau» and links are phrases of their parts."""
    return [group for group in map(_tokens, text.split()) if group]


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(fold(text).split())
