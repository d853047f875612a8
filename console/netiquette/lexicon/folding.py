"""The folded spelling that the lexicon is written in: that of `Document.normal`, cut into words."""

from __future__ import annotations

from console.netiquette.text.normalise import normalise
from console.netiquette.text.tokens import pieces, signs_of


def fold(text: str) -> str:
    """Folded as a document's text is; may change the length."""
    return normalise(text).text


def split(folded: str) -> list[str]:
    """The words and signs of a folded text."""
    return pieces(folded, signs_of(folded))
