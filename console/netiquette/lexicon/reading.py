"""A document read with the lexicon: which words mean what, whom they mean, and which frames they fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from console.domain.verdicts import Span
from console.netiquette.lexicon.compiling import (
    FIRST_NAME,
    GROUP,
    MENTION,
    NAME,
    SOFT_GROUP,
    STRONG_ANAPHOR,
    TITLE,
    WEAK_ANAPHOR,
    Compiled,
    Pattern,
    compile_folders,
)
from console.netiquette.lexicon.entries import Entry
from console.netiquette.lexicon.folding import WORDS, fold, split
from console.netiquette.lexicon.frames import Frame
from console.netiquette.lexicon.matching import covers, find
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


class Scanner:
    """Reads documents. Keeps only what the last posts of the city name; thread-safe."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._parent = lru_cache(maxsize=512)(self._read_parent)
        mask = compiled.mask
        self._group, self._soft = mask(GROUP), mask(SOFT_GROUP)
        self._strong, self._weak = mask(STRONG_ANAPHOR), mask(WEAK_ANAPHOR)
        self._name, self._mention = mask(NAME), mask(MENTION)
        self._first_name, self._title = mask(FIRST_NAME), mask(TITLE)

    def read(self, document: Document, parent: str = "") -> Reading:
        """The reading of a document under the city's post `parent`, worked out once a document."""
        return document.once("reading", lambda: self._read(document, parent))

    def _read(self, document: Document, parent: str) -> Reading:
        words, starts, ends = [], [], []
        for found in WORDS.finditer(document.normal):
            words.append(found.group())
            starts.append(found.start())
            ends.append(found.end())
        parent_mask, parent_group = self._parent(parent) if parent else (0, "")
        reading = Reading(
            document,
            words,
            starts,
            ends,
            _sentences(document, starts),
            [[] for _ in words],
            0,
            [],
            parent_mask,
            parent_group,
        )
        self._look_up(reading)
        self._names(reading)
        self._refer(reading)
        for rows in reading.at:
            for _, mask in rows:
                reading.mask |= mask
        reading.matches = list(self._frames(reading))
        return reading

    def _read_parent(self, parent: str) -> tuple[int, str]:
        mask, group = 0, ""
        for _, _, form in self._forms(split(fold(parent))):
            mask |= self.compiled.masks[form]
            group = group or self.compiled.groups[form]
        return mask, group

    def _forms(self, words: list[str]) -> list[tuple[int, int, int]]:
        """(start, end, form) of every form in `words`."""
        index, place = {}, 0
        for number, word in enumerate(words):
            index[place] = number
            place += len(word) + 1
        index[place] = len(words)
        found = self.compiled.automaton.find_matches_as_indexes(f" {' '.join(words)} ", overlapping=True)
        return [(index[start], index[end - 1], form) for form, start, end in found]

    def _look_up(self, reading: Reading) -> None:
        done = self.compiled
        found = self._forms(reading.words)
        idioms = [(start, end) for start, end, form in found if form in done.idioms]
        for start, end, form in found:
            owners, mask = done.owners[form], done.masks[form]
            if owners:
                kept = [owner for owner in owners if self._stands(reading, start, end, owner, idioms)]
                if len(kept) < len(owners):
                    mask = self._remaining(mask, owners, kept)
                for owner in kept:
                    reading.hits.append(Hit(start, end, done.entries[owner]))
                if kept and done.groups[form]:
                    reading.group_at[start] = done.groups[form]
            if mask:
                reading.at[start].append((end, mask))
                reading.mask |= mask
        for pattern, parts in self._fitting(done.phrases, reading):
            start, end = parts[0][0], parts[-1][1]
            if self._stands(reading, start, end, pattern.number, idioms):
                reading.hits.append(Hit(start, end, done.entries[pattern.number]))
                reading.at[start].append((end, done.entry_masks[pattern.number]))
                reading.mask |= done.entry_masks[pattern.number]

    def _stands(
        self, reading: Reading, start: int, end: int, owner: int, idioms: list[tuple[int, int]]
    ) -> bool:
        """Whether the entry at [start, end) has its own sense there."""
        if any(first <= start and end <= last and (first, last) != (start, end) for first, last in idioms):
            return False
        exceptions = self.compiled.exceptions.get(owner)
        return not exceptions or not any(covers(reading.words, start, end, each) for each in exceptions)

    def _remaining(self, mask: int, owners: tuple[int, ...], kept: list[int]) -> int:
        """The form's classes without those that only the entries ruled out gave it."""
        masks = self.compiled.entry_masks
        lost = 0
        for owner in owners:
            lost |= masks[owner]
        for owner in kept:
            lost &= ~masks[owner]
        return mask & ~lost

    def _names(self, reading: Reading) -> None:
        """Two capitalised words, a first name with a capital, or a mention name a person."""
        original, offsets = reading.document.original, reading.document.offsets
        if original.isupper():
            return
        previous = False
        for i, word in enumerate(reading.words):
            if word == "@" and i + 1 < len(reading.words):
                reading.at[i].append((i + 2, self._mention | self._name))
            capital = len(word) > 1 and original[offsets[reading.starts[i]]].isupper()
            known = capital and any(mask & self._first_name for _, mask in reading.at[i])
            initial = i == 0 or reading.sentence[i - 1] != reading.sentence[i]
            if known or (capital and previous and not initial):
                reading.at[i].append((i + 1, self._name))
            previous = (
                (capital and not initial) or known or any(mask & self._title for _, mask in reading.at[i])
            )

    def _refer(self, reading: Reading) -> None:
        """«Ces gens-là», «eux autres», «ils» stand for the group named before, here or in the city's post."""
        group = reading.parent_group
        bits = self.compiled.bits
        for i, rows in enumerate(reading.at):
            if i in reading.group_at:
                group = reading.group_at[i]
            elif group and rows:
                for end, mask in tuple(rows):
                    if mask & self._strong:
                        rows.append((end, self._group | self._soft | bits[group]))
                        reading.group_at[i] = group
                    elif mask & self._weak:
                        rows.append((end, self._soft))

    def _frames(self, reading: Reading) -> Iterator[Match]:
        for pattern, parts in self._fitting(self.compiled.patterns, reading):
            yield self._match(pattern, parts, reading)

    def _fitting(
        self, grouped: list[tuple[int, list[Pattern]]], reading: Reading
    ) -> Iterator[tuple[Pattern, list[tuple[int, int]]]]:
        """The patterns that fit, each number once, with the places of their parts."""
        seen = set()
        mask = reading.mask
        for anchor, patterns in grouped:
            if not mask & anchor:
                continue
            for pattern in patterns:
                if pattern.number in seen or (pattern.parent and not pattern.parent & reading.parent_mask):
                    continue
                if all(mask & needed for needed in pattern.required):
                    parts = find(pattern, reading)
                    if parts:
                        seen.add(pattern.number)
                        yield pattern, parts

    def _match(self, pattern: Pattern, parts: list[tuple[int, int]], reading: Reading) -> Match:
        start, end = min(part[0] for part in parts), max(part[1] for part in parts)
        group = next((reading.group_at[part[0]] for part in parts if part[0] in reading.group_at), "")
        if not group:
            before = [reading.group_at[i] for i in sorted(reading.group_at) if i < end]
            group = before[-1] if before else reading.parent_group
        return Match(self.compiled.frames[pattern.number], start, end, tuple(parts), group)


@lru_cache(maxsize=4)
def scanner(folder: Path) -> Scanner:
    """The scanner of a resources folder, compiled once and shared by all detectors.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`, with file and line.
    """
    return Scanner(compile_folders(folder / "lexicon" / "terms", folder / "frames"))


def _sentences(document: Document, starts: list[int]) -> list[int]:
    found, number, ranges = [], 0, document.sentences
    for start in starts:
        while number + 1 < len(ranges) and start >= ranges[number + 1][0]:
            number += 1
        found.append(number)
    return found
