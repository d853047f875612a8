"""Messages without any sense (art. 5, «incompréhensible»): keys hit at random, letters that make no words,
words thrown together, signs alone. Bad grammar, SMS spelling and joual are understood and never meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.datafiles import read_lexicon
from console.netiquette.model import Context, Evidence
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document
from console.netiquette.text.tokens import Token

_RULE = RuleId("incomprehensible")
_ROWS = ("qwertyuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "wxcvbn")
_KEYS = frozenset(row[i : i + 4] for line in _ROWS for row in (line, line[::-1]) for i in range(len(row) - 3))
_NO_VOWEL = re.compile(r"[^aeiouyœæ\W\d_]{5,}")
_CONSONANTS = re.compile(r"[b-df-hj-np-tv-xz]+")
_FEWEST_MUTE = 3
_MANY_VOWELS = re.compile(r"[aeiou]{6,}")
_SOUND = re.compile(
    r"(?:h?[aeiou]{1,3}){2,}h?|(?:[hj][aeiou])+h?|x+d+|[mz]+|h+m+|p+f+|b+r+|g+r+|s+h+|t+s+|a+r+g+h*|u+g+h+|k+"
)
"""Laughter and noises: written as they sound."""
_PLAIN_SIGNS = frozenset("?!. 0123456789+%$/:;hHxXdDpPoO'()<>^_=*-")
"""Figures, marks and emoticons: they have a sense."""


class Gibberish:
    """Evidence where most letters of a message belong to no word, or its words to no sentence."""

    name = "gibberish"

    def __init__(self, resources: Resources) -> None:
        content = read_lexicon(resources.lexicon("letters"))
        self._known = frozenset(str(content["abbreviations"]).split())
        self._triples = frozenset(str(content["triples"]).split())
        lines = str(content["impossible"]).replace("\n", "|").split("|")
        pairs = (tuple(line.split()) for line in lines)
        self._impossible = frozenset(pair for pair in pairs if len(pair) == 2)

    def detect(self, document: Document, context: Context) -> Iterable[Evidence]:
        """Evidence for `incomprehensible`."""
        language = document.language
        if language.code == "fr" and language.confidence >= 0.65:
            yield from self._salad(document)
            return
        if language.code not in ("und", "fr"):
            return
        words = [token for token in document.tokens if token.text[0].isascii() and token.text[0].isalpha()]
        if words:
            yield from self._letters(document, words)
        else:
            yield from self._signs(document)

    def _letters(self, document: Document, words: list[Token]) -> Iterator[Evidence]:
        odd = [token for token in words if self._odd(token.text)]
        mute = [token for token in words if self._mute(document, token)]
        if len(odd) + len(mute) >= _FEWEST_MUTE:  # one or two may be somebody's abbreviations
            odd = sorted({*odd, *mute}, key=lambda token: token.start)
        letters = sum(len(token.text) for token in words)
        share = sum(len(token.text) for token in odd) / letters
        if share < 0.5 or not (len(odd) >= _FEWEST_MUTE or any(len(token.text) >= 5 for token in odd)):
            return
        weight = 0.6 + 3.2 * share + (0.6 if len(odd) >= 2 else 0.0)
        spans = tuple(document.span(token.start, token.end) for token in odd)
        yield Evidence(_RULE, weight, spans, self.name, "incomprehensible.letters")

    def _salad(self, document: Document) -> Iterator[Evidence]:
        if self._impossible.isdisjoint(pairwise(document.texts)):
            return
        found = [
            (first, second)
            for first, second in pairwise(document.tokens)
            if (first.text, second.text) in self._impossible and second.start - first.end <= 1
        ]
        share = len(found) / max(1, len(document.tokens))
        if len(found) >= 2 and share >= 0.15:
            spans = tuple(document.span(first.start, second.end) for first, second in found)
            yield Evidence(_RULE, 1.0 + 6 * share, spans, self.name, "incomprehensible.words")

    def _signs(self, document: Document) -> Iterator[Evidence]:
        text = document.original.strip()
        digits = sum(sign.isdigit() for sign in text)
        signs = sum(not sign.isalnum() and not sign.isspace() for sign in text)
        feeling = any(ord(sign) >= 0x2190 for sign in text) or _PLAIN_SIGNS.issuperset(text)
        if feeling or digits + signs < 5 or digits > 2 * signs + 6:
            return
        start = document.original.index(text)
        span = Span(start, start + len(text))
        yield Evidence(_RULE, 1.9, (span,), self.name, "incomprehensible.signs")

    def _mute(self, document: Document, token: Token) -> bool:
        """Three or four consonants that are no abbreviation, nor written like an acronym."""
        word = token.text
        if len(word) not in (3, 4) or word in self._known or not _CONSONANTS.fullmatch(word):
            return False
        return document.original[document.offsets[token.start]].islower() and not _SOUND.fullmatch(word)

    def _odd(self, word: str) -> bool:
        if len(word) < 4 or word in self._known or not word.isascii() or _SOUND.fullmatch(word):
            return False
        if len(word) <= 12 and any(word[i : i + 4] in _KEYS for i in range(len(word) - 3)):
            return True
        if _NO_VOWEL.search(word) or _MANY_VOWELS.search(word):
            return True
        padded = f"_{word}_"
        triples = [padded[i : i + 3] for i in range(len(padded) - 2)]
        return sum(triple not in self._triples for triple in triples) * 2 >= len(triples)
