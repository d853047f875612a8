"""A document read with the lexicon: which words mean what, whom they mean, and which frames they fill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from console.domain.verdicts import Span
from console.netiquette.lexicon.entries import Entry
from console.netiquette.lexicon.frames import Frame
from console.netiquette.text.document import Document
from console.netiquette.text.lazily import worked_out


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
    """What the lexicon says of a document.

    `words[i]` lies at `Document.normal[starts[i]:ends[i]]`, in sentence `sentence[i]`.

    `at[i]` lists (end, mask) of what begins at word i; `mask` is all of it, `met` the needs of frames that it
    meets (see `matching.Grouped`). `parent_mask` and `parent_group` tell the same of the city's post.
    Places and sentences are worked out when first asked for.
    """

    starts: list[int]
    ends: list[int]
    sentence: list[int]
    sentence_words: dict[int, tuple[int, int]]
    sentence_masks: dict[int, int]

    def __init__(self, document: Document, parent_mask: int, parent_group: str) -> None:
        self.document = document
        self.words = document.pieces
        self.at: list[list[tuple[int, int]]] = [[] for _ in self.words]
        self.mask = 0
        self.met = 0
        self.hits: list[Hit] = []
        self.parent_mask, self.parent_group = parent_mask, parent_group
        self.group_at: dict[int, str] = {}
        self.matches: list[Match] = []

    def __getattr__(self, name: str) -> Any:
        return worked_out(self, name, _WORKED_OUT)

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
        return self.sentence_words[self.sentence[word]]

    def of_sentence(self, word: int) -> int:
        """The classes of everything in the sentence that `word` stands in."""
        return self.sentence_masks[self.sentence[word]]


def _starts(reading: Reading) -> list[int]:
    normal, found, place = reading.document.normal, [], 0
    for word in reading.words:
        place = normal.index(word, place)
        found.append(place)
        place += len(word)
    return found


def _sentence(reading: Reading) -> list[int]:
    ranges = reading.document.sentences
    if len(ranges) < 2:
        return [0] * len(reading.words)
    found, number, following = [], 0, ranges[1][0]
    for start in reading.starts:
        while start >= following and number + 1 < len(ranges):
            number += 1
            following = ranges[number + 1][0] if number + 1 < len(ranges) else len(reading.document.normal)
        found.append(number)
    return found


def _sentence_words(reading: Reading) -> dict[int, tuple[int, int]]:
    """The number of each sentence that has words → its first word, and the one after its last."""
    found: dict[int, tuple[int, int]] = {}
    for word, number in enumerate(reading.sentence):
        found[number] = (found[number][0] if number in found else word, word + 1)
    return found


def _sentence_masks(reading: Reading) -> dict[int, int]:
    found: dict[int, int] = {}
    for number, rows in zip(reading.sentence, reading.at, strict=True):
        mask = found.get(number, 0)
        for _, each in rows:
            mask |= each
        found[number] = mask
    return found


_WORKED_OUT: dict[str, Callable[[Reading], Any]] = {
    "starts": _starts,
    "ends": lambda reading: [
        start + len(word) for start, word in zip(reading.starts, reading.words, strict=True)
    ],
    "sentence": _sentence,
    "sentence_words": _sentence_words,
    "sentence_masks": _sentence_masks,
}
