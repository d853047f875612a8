"""A document read with the lexicon: which words mean what, whom they mean, and which frames they fill."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from console.domain.verdicts import Span
from console.netiquette.lexicon.entries import Entry
from console.netiquette.lexicon.frames import Frame
from console.netiquette.text.document import Document


class Hit(NamedTuple):
    """An entry found at words [start, end)."""

    start: int
    end: int
    entry: Entry


class Match(NamedTuple):
    """A frame filled by words [start, end); `parts` are the word ranges of its elements."""

    frame: Frame
    start: int
    end: int
    parts: tuple[tuple[int, int], ...]
    group: str
    """The class of the group spoken of («g.immigrant»), or empty."""


@dataclass(slots=True)
class Reading:
    """`words[i]` lies at `Document.normal[starts[i]:ends[i]]`, in sentence `sentence[i]`."""

    document: Document
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentence: list[int]
    at: list[list[tuple[int, int]]]
    """Word → (end, mask) of what begins there."""
    mask: int
    hits: list[Hit]
    parent_mask: int
    parent_group: str
    group_at: dict[int, str] = field(default_factory=dict)
    matches: list[Match] = field(default_factory=list)

    def span(self, start: int, end: int) -> Span:
        """The original span of words [start, end)."""
        return self.document.span(self.starts[start], self.ends[end - 1])

    def text(self, start: int, end: int) -> str:
        """The original words [start, end)."""
        span = self.span(start, end)
        return self.document.original[span.start : span.end]

    def has(self, start: int, end: int, mask: int) -> bool:
        """Whether something of `mask` begins within words [start, end)."""
        return any(
            found & mask for i in range(max(0, start), min(end, len(self.words))) for _, found in self.at[i]
        )

    def sentence_range(self, word: int) -> tuple[int, int]:
        """The words of the sentence that `word` stands in."""
        mine = self.sentence[word]
        first = last = word
        while first > 0 and self.sentence[first - 1] == mine:
            first -= 1
        while last + 1 < len(self.words) and self.sentence[last + 1] == mine:
            last += 1
        return first, last + 1
