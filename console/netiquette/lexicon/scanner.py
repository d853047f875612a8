"""Reading documents: every form of the lexicon in one pass, then who is meant, then the frames."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

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
    compile_folders,
)
from console.netiquette.lexicon.folding import fold, split
from console.netiquette.lexicon.matching import Grouped, Pattern, find
from console.netiquette.lexicon.reading import Hit, Match, Reading
from console.netiquette.text.document import Document

_OFTEN_MEANT = frozenset(
    (
        "g.immigrant",
        "g.nation",
        "g.muslim",
        "g.race",
        "g.jew",
        "g.indigenous",
        "g.lgbt",
        "g.homeless",
        "g.poor",
    )
)
"""Groups that a bare «ils», «ça», «leur» is taken to mean once they are named."""


class _Told(NamedTuple):
    """All that is known of a form: its classes, entries, group; the frames and phrases it calls up."""

    mask: int
    owners: tuple[int, ...]
    group: str
    idiom: bool
    called: int
    phrases: int


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
        self._told: list[_Told | None] = [None] * len(compiled.masks)
        """What a form says, filled as forms are met (a race writes the same value twice)."""

    def read(self, document: Document, parent: str = "") -> Reading:
        """The reading of a document under the city's post `parent`, worked out once a document."""
        return document.once("reading", lambda: self._read(document, parent))

    def _read(self, document: Document, parent: str) -> Reading:
        reading = Reading(document, *(self._parent(parent) if parent else (0, "")))
        called = self._look_up(reading)
        if called or reading.parent_group or reading.group_at:
            called |= self._names(reading) | self._refer(reading)
            reading.matches = [
                self._match(pattern, parts, reading)
                for pattern, parts in self._fitting(self.compiled.patterns, called, reading)
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

    def _tell(self, form: int) -> _Told:
        done, mask = self.compiled, self.compiled.masks[form]
        told = _Told(
            mask,
            done.owners[form],
            done.groups[form],
            form in done.idioms,
            done.patterns.called(mask),
            done.phrases.called(mask),
        )
        self._told[form] = told
        return told

    def _look_up(self, reading: Reading) -> int:
        """Everything that the words are, into `reading`. The groups of frames that they call up."""
        done, at, told, tell = self.compiled, reading.at, self._told, self._tell
        owned: list[tuple[int, int, _Told]] = []
        idioms: list[tuple[int, int]] = []
        total = called = phrases = 0
        for start, end, form in self._forms(reading.words):
            known = told[form] or tell(form)
            if known.owners:
                owned.append((start, end, known))
                if known.idiom:
                    idioms.append((start, end))
                continue
            at[start].append((end, known.mask))
            total |= known.mask
            called |= known.called
            phrases |= known.phrases
        for start, end, known in owned:
            kept = [owner for owner in known.owners if self._stands(reading, start, end, owner, idioms)]
            mask = known.mask if len(kept) == len(known.owners) else self._remaining(known, kept)
            reading.hits.extend(Hit(start, end, done.entries[owner]) for owner in kept)
            if kept and known.group:
                reading.group_at[start] = known.group
            if mask:
                at[start].append((end, mask))
                total |= mask
                called |= known.called
                phrases |= known.phrases
        reading.mask = total
        for pattern, parts in self._fitting(done.phrases, phrases, reading) if phrases else ():
            start, end = parts[0][0], parts[-1][1]
            if self._stands(reading, start, end, pattern.number, idioms):
                reading.hits.append(Hit(start, end, done.entries[pattern.number]))
                called |= self._add(reading, start, end, done.entry_masks[pattern.number])
        return called

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

    def _remaining(self, known: _Told, kept: list[int]) -> int:
        """The form's classes without those that only the entries ruled out gave it."""
        masks = self.compiled.entry_masks
        lost = 0
        for owner in known.owners:
            lost |= masks[owner]
        for owner in kept:
            lost &= ~masks[owner]
        return known.mask & ~lost

    def _names(self, reading: Reading) -> int:
        """Two capitalised words, a first name with a capital, or a mention name a person."""
        original, offsets = reading.document.original, reading.document.offsets
        if original.isupper():
            return 0
        called = self._mentions(reading) if "@" in reading.document.normal else 0
        if original.islower():
            return called
        capital = [
            len(word) > 1 and original[offsets[start]].isupper()
            for word, start in zip(reading.words, reading.starts, strict=True)
        ]
        sentence, title, first_name = reading.sentence, self._title, self._first_name
        previous, number = False, -1
        for i, upper in enumerate(capital):
            rows = reading.at[i]
            if not upper:
                number = sentence[i]
                previous = bool(rows) and any(mask & title for _, mask in rows)
                continue
            initial, number = sentence[i] != number, sentence[i]
            known = any(mask & first_name for _, mask in rows)
            if known or (previous and not initial):
                called |= self._add(reading, i, i + 1, self._name)
            previous = not initial or known or any(mask & title for _, mask in rows)
        return called

    def _mentions(self, reading: Reading) -> int:
        """«@quelqu'un» names a person."""
        called = 0
        for i, word in enumerate(reading.words[:-1]):
            if word == "@":
                called |= self._add(reading, i, i + 2, self._mention | self._name)
        return called

    def _refer(self, reading: Reading) -> int:
        """«Ces gens-là», «eux autres», «ils» stand for the group named before, here or in the city's post."""
        group = reading.parent_group
        called = 0
        if not group and not reading.group_at:
            return called
        for i, rows in enumerate(reading.at):
            if i in reading.group_at:
                group = reading.group_at[i]
            elif group and rows:
                for end, mask in tuple(rows):
                    if mask & self._strong:
                        mask = self._group | self._soft | self.compiled.bits[group]
                        called |= self._add(reading, i, end, mask)
                        reading.group_at[i] = group
                    elif mask & self._weak and group in _OFTEN_MEANT:
                        called |= self._add(reading, i, end, self._soft)
        return called

    def _add(self, reading: Reading, start: int, end: int, mask: int) -> int:
        reading.at[start].append((end, mask))
        reading.mask |= mask
        return self.compiled.patterns.called(mask)

    def _fitting(
        self, grouped: Grouped, called: int, reading: Reading
    ) -> Iterator[tuple[Pattern, list[tuple[int, int]]]]:
        """The called patterns that fit, each number once, with the places of their parts."""
        seen: set[int] = set()
        total, parent = reading.mask, reading.parent_mask
        for pattern in grouped.patterns(called):
            for needed in pattern.required:
                if not total & needed:
                    break
            else:
                if pattern.number in seen or (pattern.parent and not pattern.parent & parent):
                    continue
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
