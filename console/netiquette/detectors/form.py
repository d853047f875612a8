"""Form (art. 5): a message written in capitals; letters replaced by signs; signs and emoji that may be
read in several ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.datafiles import read_lexicon
from console.netiquette.model import Context, Evidence
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

CAPITALS = RuleId("capitals")
SPECIAL = RuleId("special_characters")
SENSELESS = RuleId("incomprehensible")

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MAYBE_CAPITAL = re.compile("[A-ZÀ-Þ\u0100-\u1fff\u2100-\U0010ffff]")
"""Whatever may be a capital of any script: quickly counted, and seldom enough of it."""
_FEWEST_CAPITALS = 9
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+")
_GRAWLIX = re.compile(r"(?<![\w/@#$%&*!?])[@#$%&*!?]{4,}(?!\w)")
_CURSED, _MIXED = frozenset("@#%&*$"), frozenset("!?#$%&@")
"""Signs of which a run that stands for a word («@#%!») holds one each."""
_GLUED = re.compile(
    r"^[#@]\w+|\w{3}#\w{3}|\w{5}@\w{5}|[^\W\d_]\d[A-Z][a-z]|&#x?\w+;|#x1f\w+"
    r"|^\W*[A-Z]{1,4}\d{1,4}[A-Z]{1,3}\d{0,2}\W*$"
)
"""A hashtag, two words glued by one, a name with a figure («TF1News»), a sign's number, a plate or a model in
capitals («H45TKM»): no disguise."""
_SHORT_WORD = 3
"""Letters up to which a word in capitals is more likely an acronym."""

_SYMBOL = re.compile(
    "[\u2190-\u21ff\u2200-\u22ff\u2300-\u2319\u2460-\u25ff\u2600-\u2604\u2607-\u260d\u2610-\u2617\u2620-\u2638"
    "\u2640-\u2644\u2648-\u265f\u2668-\u26a9\u26b0-\u26bc\u27a1\u2b00-\u2bff\u203c\u2049\U0001f170-\U0001f1e5"
    "\U0001f300\U0001f503-\U0001f53d\U0001f549-\U0001f54e\U0001f5ff\U0001f6d1-\U0001f6d4\U0001f700-\U0001f7ff\U0001f9ff"
    "\U0001f3db\u269b\u269c\u26d3-\u26d4]"
)
"""Arrows, shapes, signs of the zodiac and of traffic: nothing that a face, a heart or a flower says."""
_FEWEST_SYMBOLS, _LONGEST_RIDDLE, _FIRST_SYMBOL = 3, 200, 0x2000
_JOINERS = frozenset("\ufe0f\ufe0e\u200d\u20e3")
_WEIGHTS = {"leet": 3.4, "asterisk": 3.2}
_WEAK = {"spaced": 0.4, "homoglyph": 0.4, "zero_width": 0.4}
"""Undone, and worth a look, but no breach by themselves (annotation guide, «Conventions»)."""


class Form:
    """Capitals and special characters."""

    name = "form"

    def __init__(self, resources: Resources) -> None:
        content = read_lexicon(resources.lexicon("form"))
        self._acronyms = frozenset(str(content["acronyms"]).split())
        self._ambiguous = frozenset("".join(str(content["ambiguous_signs"]).split()))
        self._codes = tuple(str(content["coded"]).split())
        codes = "|".join(map(re.escape, self._codes))
        self._coded = re.compile(rf"(?<!\w)(?<!\d[ -])(?:{codes})(?!\w)(?![ -]\d)")

    def detect(self, document: Document, context: Context) -> Iterable[Evidence]:
        """Evidence for `capitals` and `special_characters`."""
        yield from self._capitals(document.original)
        yield from self._disguises(document)
        yield from self._signs(document)

    def _capitals(self, text: str) -> Iterator[Evidence]:
        if len(_MAYBE_CAPITAL.findall(text)) < _FEWEST_CAPITALS:
            return
        upper = sum(map(str.isupper, text))
        if upper < _FEWEST_CAPITALS or upper * 3 < sum(map(str.isalpha, text)):
            return
        words = [word for word in _WORD.finditer(_NOISE.sub(_blank, text)) if self._counts(word.group())]
        loud = [word for word in words if word.group().isupper()]
        letters = sum(len(word.group()) for word in words)
        share = sum(len(word.group()) for word in loud) / letters if letters else 0.0
        weight = _capital_weight(share, len(loud), letters)
        if weight > 0:
            spans = tuple(_runs(text, [word.span() for word in loud]))
            yield Evidence(CAPITALS, weight, spans, self.name, "capitals.text")

    def _counts(self, word: str) -> bool:
        """Words that can be said to be in capitals: not acronyms, not single letters."""
        return len(word) > 1 and word not in self._acronyms

    def _disguises(self, document: Document) -> Iterator[Evidence]:
        for trick, span in document.tricks:
            if trick in _WEIGHTS and _GLUED.search(_around(document.original, span)):
                continue
            if trick in _WEIGHTS:
                yield Evidence(SPECIAL, _WEIGHTS[trick], (span,), self.name, f"special_characters.{trick}")
            elif trick in _WEAK:
                yield Evidence(SPECIAL, _WEAK[trick], (span,), self.name, f"special_characters.{trick}")

    def _signs(self, document: Document) -> Iterator[Evidence]:
        text = document.original
        for match in _GRAWLIX.finditer(text) if any(map(text.__contains__, "@#$%&*")) else ():
            if _CURSED.isdisjoint(match.group()) or _MIXED.isdisjoint(match.group()):
                continue
            yield Evidence(SPECIAL, 2.6, (Span(*match.span()),), self.name, "special_characters.grawlix")
        if text.isascii() and not any(sign.isdigit() for sign in text):
            return
        coded = any(map(document.normal.__contains__, self._codes))
        for match in self._coded.finditer(document.normal) if coded else ():
            span = document.span(*match.span())
            yield Evidence(SPECIAL, 2.4, (span,), self.name, "special_characters.code")
        if self._riddle(document):
            whole = Span(len(text) - len(text.lstrip()), len(text.rstrip()))
            yield Evidence(SPECIAL, 2.6, (whole,), self.name, "special_characters.emoji")
            yield Evidence(SENSELESS, 2.6, (whole,), self.name, "incomprehensible.signs")
            return
        if self._ambiguous.isdisjoint(text):
            return
        spans = tuple(Span(place, place + 1) for place, sign in enumerate(text) if sign in self._ambiguous)
        words = len(document.tokens)
        weight = 2.4 if words <= 3 else 1.2 if words <= 8 else 0.5
        weight += 0.4 if len(spans) >= 2 else 0.0
        yield Evidence(SPECIAL, weight, spans, self.name, "special_characters.emoji")

    def _riddle(self, document: Document) -> bool:
        """Nothing but signs, several of them arrows, shapes and symbols that tell no feeling."""
        if document.words or len(document.original) > _LONGEST_RIDDLE:
            return False
        symbols = {sign for sign in document.original if _SYMBOL.match(sign)}
        signs = {sign for sign in document.original if ord(sign) >= _FIRST_SYMBOL} - _JOINERS
        return len(symbols) >= _FEWEST_SYMBOLS and len(symbols) * 2 >= len(signs)


def _around(text: str, span: Span) -> str:
    """The word written together around a span."""
    start, end = span.start, span.end
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _capital_weight(share: float, words: int, letters: int) -> float:
    """A text in capitals is loud throughout; one or two words for stress are not a text in capitals."""
    if words < 2 or letters < 10:
        return 0.0
    if share >= 0.8:
        return 5.0 if words >= 4 else 3.2 if words == 3 else 1.8
    if share >= 0.6:
        return 3.2 if words >= 6 else 1.6
    return 1.8 if words >= 10 and share >= 0.4 else 0.6 if words >= 6 else 0.0


def _runs(text: str, places: list[tuple[int, int]]) -> Iterator[Span]:
    """Neighbouring words as one span."""
    start = end = -1
    for first, last in places:
        if end >= 0 and not any(sign.islower() for sign in text[end:first]):
            end = last
            continue
        if end >= 0:
            yield Span(start, end)
        start, end = first, last
    if end >= 0:
        yield Span(start, end)
