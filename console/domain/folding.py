"""One form for what reads the same: the words under which a text is indexed and searched.

Case, accents, ligatures, apostrophes, typographic variants and the two spellings of French (before
and since 1990) are folded. Index and query go through the same function, so it may be coarse.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from console.domain.spelling import DOUBLED, WORDS

FOLD_VERSION = "1"
"""Grows with every change of what `fold` returns; the store then rebuilds its index on opening."""

_LONGEST = max(len(stem) for stem in DOUBLED)
_SHORTEST = min(len(stem) for stem in DOUBLED)
_WORD = re.compile(r"[^\W_]+")
# Accents and invisible signs (soft hyphen, zero-width, direction, variation) that stand inside words.
_MARKS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+"
)
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def fold(text: str) -> str:
    """The folded words of `text`, separated by single spaces.

    >>> fold("L’Évènement «Cœur de ville»: ognons & week-ends")
    'l evenement coeur de ville oignons week ends'
    """
    plain = text.casefold()
    if not plain.isascii():
        # NFKD takes letters and marks apart; casefold again, since compatibility forms may be capitals.
        plain = _MARKS.sub("", unicodedata.normalize("NFKD", plain).casefold()).translate(_LETTERS)
    return " ".join(map(_standing, _WORD.findall(plain)))


@lru_cache(maxsize=1 << 16)
def _standing(word: str) -> str:
    """The word or words that stand for all spellings of `word`."""
    if word in WORDS:
        return WORDS[word]
    for length in range(_SHORTEST, min(_LONGEST, len(word)) + 1):
        if word[:length] in DOUBLED:
            return word[: length - 1] + word[length:]
    return word
