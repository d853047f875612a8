"""The folded spelling that the lexicon is written in: that of `Document.normal`, cut into words."""

from __future__ import annotations

import re

from console.netiquette.text.normalise import normalise

WORDS = re.compile(r"[^\W_]+|[^\w\s'\-_\u200d\ufe0f]")
"""Words and single signs. Apostrophes and hyphens only part words («t'es» → t, es)."""


def fold(text: str) -> str:
    """Folded as a document's text is; may change the length."""
    return normalise(text).text


def split(folded: str) -> list[str]:
    """The words and signs of a folded text."""
    return WORDS.findall(folded)
