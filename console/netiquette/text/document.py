"""A message's text in the forms that detectors read, each mapped back to the original offsets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from console.domain.verdicts import Language, Span
from console.netiquette.text.disguise import undo
from console.netiquette.text.language import identify
from console.netiquette.text.lazily import worked_out
from console.netiquette.text.normalise import normalise
from console.netiquette.text.tokens import Token, pieces, sentences, signs_of, texts, tokenise

__all__ = ["Document", "Token", "build"]

_T = TypeVar("_T")


class Document:
    """One message; not to be changed once built.

    `normal` is folded (lower case, no accents, œ → oe, typographic signs plain, blanks single, emoji
    kept, homoglyphs, zero-width signs and disguises undone) and keeps word boundaries; `offsets[i]` is
    the original index of `normal[i]` and `offsets[len(normal)]` is `len(original)`. `tricks` names the
    disguises that were undone (`leet`, `asterisk`, `spaced`, `split`, `repeated`, `homoglyph`,
    `zero_width`), with their original spans. `breaks` are indices in `normal` where a line began.

    Worked out when first asked for: `tokens`, the words of `normal`; `texts`, their texts alone, and `words`,
    the distinct ones; `pieces`, words and single signs as the lexicon is written in, and `distinct`, the
    distinct ones; `signs`, the distinct
    signs of `normal` other than letters a–z and the blank; `sentences`, half-open ranges in `normal`;
    `language`, the main language of the message ("und" when it is too short to tell).
    """

    original: str
    normal: str
    offsets: Sequence[int]
    tricks: tuple[tuple[str, Span], ...]
    breaks: tuple[int, ...]
    as_written: bool
    """Whether no disguise was undone: `signs` and `texts` are those of the folded original."""
    tokens: tuple[Token, ...]
    texts: list[str]
    words: frozenset[str]
    pieces: list[str]
    distinct: frozenset[str]
    signs: frozenset[str]
    sentences: tuple[tuple[int, int], ...]
    language: Language

    def __init__(
        self,
        original: str,
        normal: str,
        offsets: Sequence[int],
        tricks: tuple[tuple[str, Span], ...],
        breaks: tuple[int, ...] = (),
    ) -> None:
        self.original = original
        self.normal = normal
        self.offsets = offsets
        self.tricks = tricks
        self.breaks = breaks
        self.as_written = False
        self._kept: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return worked_out(self, name, _WORKED_OUT)

    def span(self, start: int, end: int) -> Span:
        """The original span of `normal[start:end]`, with the invisible or undone signs inside and right
        after it; never empty for a non-empty range."""
        if end <= start:
            return Span(self.offsets[start], self.offsets[start])
        return Span(self.offsets[start], max(self.offsets[end - 1] + 1, self.offsets[end]))

    def sentence_at(self, index: int) -> tuple[int, int]:
        """The sentence that holds `normal[index]`, else the whole text."""
        for start, end in self.sentences:
            if start <= index < end:
                return start, end
        return 0, len(self.normal)

    def once(self, key: str, compute: Callable[[], _T]) -> _T:
        """`compute()` at the first call with `key`, its result afterwards: what several detectors share."""
        kept = self._kept
        if key not in kept:
            kept[key] = compute()
        result: _T = kept[key]
        return result


_WORKED_OUT: dict[str, Callable[[Document], Any]] = {
    "tokens": lambda document: tokenise(document.normal),
    "texts": lambda document: texts(document.normal, document.signs),
    "words": lambda document: frozenset(document.texts),
    "pieces": lambda document: pieces(document.normal, document.signs),
    "distinct": lambda document: frozenset(document.pieces),
    "signs": lambda document: signs_of(document.normal),
    "sentences": lambda document: sentences(document.normal, document.breaks),
    "language": lambda document: identify(document.original, document.texts, document.as_written),
}


def build(text: str) -> Document:
    """The document of any text. Pure; the same text gives the same document."""
    plain = normalise(text)
    signs = signs_of(plain.text)
    words = texts(plain.text, signs)
    undone = undo(plain, text, signs, words)
    document = Document(text, undone.text, undone.offsets, undone.tricks, undone.breaks)
    if undone.text is plain.text:
        document.signs, document.texts, document.as_written = signs, words, True
    return document
