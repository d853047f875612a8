"""Reading documents: every form of the lexicon in one pass, then who is meant, then the frames."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

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
    Grouped,
    compile_folders,
)
from console.netiquette.lexicon.folding import WORDS, fold, split
from console.netiquette.lexicon.matching import Pattern, find
from console.netiquette.lexicon.reading import Hit, Match, Reading
from console.netiquette.text.document import Document


_OFTEN_MEANT = frozenset(
    f"g.{name}" for name in "immigrant nation muslim race jew indigenous lgbt homeless poor".split()
)
"""Groups that a bare «ils», «ça», «leur» is taken to mean once they are named."""


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
        reading = _blank(document, *(self._parent(parent) if parent else (0, "")))
        self._look_up(reading)
        self._names(reading)
        self._refer(reading)
        reading.matches = [
            self._match(pattern, parts, reading)
            for pattern, parts in self._fitting(self.compiled.patterns, reading)
        ]
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
        done, at = self.compiled, reading.at
        found = self._forms(reading.words)
        masks, all_owners = done.masks, done.owners
        idioms = [(start, end) for start, end, form in found if form in done.idioms]
        total = 0
        for start, end, form in found:
            owners, mask = all_owners[form], masks[form]
            if owners:
                kept = [owner for owner in owners if self._stands(reading, start, end, owner, idioms)]
                if len(kept) < len(owners):
                    mask = self._remaining(mask, owners, kept)
                for owner in kept:
                    reading.hits.append(Hit(start, end, done.entries[owner]))
                if kept and done.groups[form]:
                    reading.group_at[start] = done.groups[form]
            if mask:
                at[start].append((end, mask))
                total |= mask
        reading.mask = total
        for pattern, parts in self._fitting(done.phrases, reading):
            start, end = parts[0][0], parts[-1][1]
            if self._stands(reading, start, end, pattern.number, idioms):
                reading.hits.append(Hit(start, end, done.entries[pattern.number]))
                at[start].append((end, done.entry_masks[pattern.number]))
                reading.mask |= done.entry_masks[pattern.number]

    def _stands(
        self, reading: Reading, start: int, end: int, owner: int, idioms: list[tuple[int, int]]
    ) -> bool:
        """Whether the entry at [start, end) has its own sense there."""
        if idioms and any(
            first <= start and end <= last and (first, last) != (start, end) for first, last in idioms
        ):
            return False
        exceptions = self.compiled.exceptions.get(owner)
        return not exceptions or not any(each.covers(reading.words, start, end) for each in exceptions)

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
        previous, sentence = False, -1
        for i, word in enumerate(reading.words):
            initial, sentence = reading.sentence[i] != sentence, reading.sentence[i]
            if word == "@" and i + 1 < len(reading.words):
                self._add(reading, i, i + 2, self._mention | self._name)
            if len(word) < 2 or not original[offsets[reading.starts[i]]].isupper():
                previous = bool(reading.at[i]) and any(mask & self._title for _, mask in reading.at[i])
                continue
            known = any(mask & self._first_name for _, mask in reading.at[i])
            if known or (previous and not initial):
                self._add(reading, i, i + 1, self._name)
            previous = not initial or known or any(mask & self._title for _, mask in reading.at[i])

    def _refer(self, reading: Reading) -> None:
        """«Ces gens-là», «eux autres», «ils» stand for the group named before, here or in the city's post."""
        group = reading.parent_group
        if not group and not reading.group_at:
            return
        for i, rows in enumerate(reading.at):
            if i in reading.group_at:
                group = reading.group_at[i]
            elif group and rows:
                for end, mask in tuple(rows):
                    if mask & self._strong:
                        self._add(reading, i, end, self._group | self._soft | self.compiled.bits[group])
                        reading.group_at[i] = group
                    elif mask & self._weak and group in _OFTEN_MEANT:
                        self._add(reading, i, end, self._soft)

    def _add(self, reading: Reading, start: int, end: int, mask: int) -> None:
        reading.at[start].append((end, mask))
        reading.mask |= mask

    def _fitting(self, grouped: Grouped, reading: Reading) -> Iterator[tuple[Pattern, list[tuple[int, int]]]]:
        """The patterns that fit, each number once, with the places of their parts."""
        called = 0
        for rows in reading.at:
            for _, mask in rows:
                called |= grouped.called(mask)
        seen: set[int] = set()
        total, parent = reading.mask, reading.parent_mask
        for pattern in grouped.patterns(called):
            if pattern.number in seen or (pattern.parent and not pattern.parent & parent):
                continue
            if all(total & needed for needed in pattern.required):
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


def _blank(document: Document, parent_mask: int, parent_group: str) -> Reading:
    """The words of a document and their places, nothing looked up yet."""
    words, starts, ends, sentence = [], [], [], []
    number, ranges = 0, document.sentences
    following = ranges[1][0] if len(ranges) > 1 else len(document.normal)
    for found in WORDS.finditer(document.normal):
        start, end = found.span()
        while start >= following and number + 1 < len(ranges):
            number += 1
            following = ranges[number + 1][0] if number + 1 < len(ranges) else len(document.normal)
        words.append(found.group())
        starts.append(start)
        ends.append(end)
        sentence.append(number)
    at: list[list[tuple[int, int]]] = [[] for _ in words]
    return Reading(document, words, starts, ends, sentence, at, 0, [], parent_mask, parent_group)
