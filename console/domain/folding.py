"""One form for what reads the same: the words under which a text is indexed and searched.

Case, accents, ligatures, apostrophes, typographic variants and the two spellings of French (before
and since 1990) are folded. Index and query go through the same function, so it may be coarse.
"""

from __future__ import annotations

import re
import unicodedata

from console.domain.spelling import DOUBLED, WORDS

FOLD_VERSION = "1"
"""Grows with every change of what `fold` returns; the store then rebuilds its index on opening."""

_LONGEST = max(len(stem) for stem in DOUBLED)
_SHORTEST = min(len(stem) for stem in DOUBLED)
_BEGINNINGS = frozenset(stem[:_SHORTEST] for stem in DOUBLED)
_WORD = re.compile(r"\w+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "_": " "})


def fold(text: str) -> str:
    """The folded words of `text`, separated by single spaces.

    >>> fold("L’Évènement «Cœur de ville»: ognons & week-ends")
    'l evenement coeur de ville oignons week ends'
    """
    plain = text.casefold()
    if not plain.isascii():
        # NFKD takes letters and marks apart; casefold again, since compatibility forms may be capitals.
        plain = unicodedata.normalize("NFKD", plain).casefold()
        plain = "".join([sign for sign in plain if sign.isascii() or _kept(sign)])
    plain = plain.translate(_LETTERS)
    return " ".join([WORDS.get(word) or _single(word) for word in _WORD.findall(plain)])


def _kept(sign: str) -> bool:
    # Accents (Mn) and invisible format signs such as zero-width spaces (Cf) stand inside words.
    return unicodedata.category(sign) not in ("Mn", "Cf")


def _single(word: str) -> str:
    if word[:_SHORTEST] in _BEGINNINGS:
        for length in range(_SHORTEST, min(_LONGEST, len(word)) + 1):
            if word[:length] in DOUBLED:
                return word[: length - 1] + word[length:]
    return word
