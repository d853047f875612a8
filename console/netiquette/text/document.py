"""A message's text in the forms that detectors read, each mapped back to the original offsets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from console.domain.verdicts import Language, Span
from console.netiquette.text.disguise import undo
from console.netiquette.text.language import identify
from console.netiquette.text.normalise import normalise
from console.netiquette.text.tokens import Token, sentences, tokenise

__all__ = ["Document", "Token", "build"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Document:
    """One message.

    `normal` is folded (lower case, no accents, œ → oe, typographic signs plain, blanks single, emoji
    kept, homoglyphs, zero-width signs and disguises undone) and keeps word boundaries; `offsets[i]` is
    the original index of `normal[i]` and `offsets[len(normal)]` is `len(original)`. `tricks` names the
    disguises that were undone (`leet`, `asterisk`, `spaced`, `split`, `repeated`, `homoglyph`,
    `zero_width`), with their original spans. `breaks` are indices in `normal` where a line began.

    Words, sentences and language are worked out when first asked for.
    """

    original: str
    normal: str
    offsets: Sequence[int]
    tricks: tuple[tuple[str, Span], ...]
    breaks: tuple[int, ...] = ()

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words of `normal`."""
        return tokenise(self.normal)

    @cached_property
    def words(self) -> frozenset[str]:
        """The distinct words, for quick membership tests."""
        return frozenset(token.text for token in self.tokens)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Half-open ranges in `normal`."""
        return sentences(self.normal, self.breaks)

    @cached_property
    def language(self) -> Language:
        """Main language of the message; "und" when it is too short to tell."""
        return identify(self.original, [token.text for token in self.tokens])

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
        kept: dict[str, Any] = self.__dict__.setdefault("_once", {})
        if key not in kept:
            kept[key] = compute()
        result: _T = kept[key]
        return result


def build(text: str) -> Document:
    """The document of any text. Pure; the same text gives the same document."""
    plain = undo(normalise(text), text)
    return Document(text, plain.text, plain.offsets, plain.tricks, plain.breaks)
