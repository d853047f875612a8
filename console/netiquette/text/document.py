"""A message's text in the forms that detectors read, each mapped back to the original offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.domain.verdicts import Language, Span


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the normalised text: `start`/`end` index `Document.normal`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One message.

    `normal` is folded (lower case, no accents, œ → oe, typographic signs plain, homoglyphs and
    zero-width undone) and keeps word boundaries; `offsets[i]` is the original index of `normal[i]`
    and `offsets[len(normal)]` is `len(original)`. `tricks` names the disguises that were undone
    (`leet`, `spaced`, `repeated`, `homoglyph`, `zero_width`, `joined`…), with their original spans.
    """

    original: str
    normal: str
    offsets: Sequence[int]
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]
    """Half-open ranges in `normal`."""
    tricks: tuple[tuple[str, Span], ...]
    language: Language

    def span(self, start: int, end: int) -> Span:
        """The original span of `normal[start:end]`; never empty for a non-empty range."""
        if end <= start:
            return Span(self.offsets[start], self.offsets[start])
        last = self.offsets[end - 1] + 1
        following = self.offsets[end] if end < len(self.offsets) else len(self.original)
        return Span(self.offsets[start], max(last, min(following, last)))
