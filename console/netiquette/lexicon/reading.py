"""A document read with the lexicon: which words mean what, whom they mean, and which frames they fill."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from console.domain.verdicts import Span
from console.netiquette.lexicon.entries import Entry
from console.netiquette.lexicon.folding import WORDS
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


class Reading:
    """`words[i]` lies at `Document.normal[starts[i]:ends[i]]`, in sentence `sentence[i]`.

    `at[i]` lists (end, mask) of what begins at word i; `mask` is all of it. `parent_mask` and
    `parent_group` tell the same of the city's post. Places and sentences are worked out when asked for.
    """

    def __init__(self, document: Document, parent_mask: int, parent_group: str) -> None:
        self.document = document
        self.words = WORDS.findall(document.normal)
        self.at: list[list[tuple[int, int]]] = [[] for _ in self.words]
        self.mask = 0
        self.hits: list[Hit] = []
        self.parent_mask, self.parent_group = parent_mask, parent_group
        self.group_at: dict[int, str] = {}
        self.matches: list[Match] = []

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins in `Document.normal`."""
        normal, found, place = self.document.normal, [], 0
        for word in self.words:
            place = normal.index(word, place)
            found.append(place)
            place += len(word)
        return found

    @cached_property
    def ends(self) -> list[int]:
        """Where each word ends in `Document.normal`."""
        return [start + len(word) for start, word in zip(self.starts, self.words, strict=True)]

    @cached_property
    def sentence(self) -> list[int]:
        """The number of each word's sentence."""
        ranges = self.document.sentences
        if len(ranges) < 2:
            return [0] * len(self.words)
        found, number, following = [], 0, ranges[1][0]
        for start in self.starts:
            while start >= following and number + 1 < len(ranges):
                number += 1
                following = ranges[number + 1][0] if number + 1 < len(ranges) else len(self.document.normal)
            found.append(number)
        return found

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
