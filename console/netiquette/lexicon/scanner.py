"""Reading documents: every form of the lexicon in one pass, then who is meant, then the frames."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from console.netiquette.lexicon.compiling import Compiled, compile_folders
from console.netiquette.lexicon.folding import fold, split
from console.netiquette.lexicon.matching import Grouped, Pattern, find
from console.netiquette.lexicon.meant import Meant, add
from console.netiquette.lexicon.reading import Hit, Match, Reading
from console.netiquette.text.document import Document


class _Told(NamedTuple):
    """All that is known of a form: its classes, its entries, its group.

    `gives` holds, in one number, the classes and above them the frames and phrases that the form calls up and
    the needs of frames that it meets (see `Scanner._split`): joining them costs one step a form.
    """

    mask: int
    owners: tuple[int, ...]
    gives: int
    group: str
    idiom: bool


_MOST_HITS = 100
"""Entries found in one message beyond which no more are told: a text of nothing but insults is judged by its
first hundred."""
_MOST_WORDS = 64
"""Words of a form beyond which none is looked for; the longest have a dozen."""


class Scanner:
    """Reads documents. Keeps only what the last posts of the city name; thread-safe."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._parent = lru_cache(maxsize=512)(self._read_parent)
        self._meant = Meant(compiled)
        self._told: list[_Told | None] = [None] * len(compiled.masks)
        """What a form says, filled as forms are met (a race writes the same value twice)."""
        self._called_at = len(compiled.bits)
        self._phrases_at = self._called_at + len(compiled.patterns.groups)
        self._met_at = self._phrases_at + len(compiled.phrases.groups)

    def read(self, document: Document, parent: str = "") -> Reading:
        """The reading of a document under the city's post `parent`, worked out once a document."""
        return document.once("reading", lambda: self._read(document, parent))

    def _read(self, document: Document, parent: str) -> Reading:
        reading = Reading(document, *(self._parent(parent) if parent else (0, "")))
        called = self._look_up(reading)
        if called or reading.parent_group or reading.group_at:
            called |= self._meant.find(reading)
            reading.matches = [
                self._match(pattern, parts, reading)
                for pattern, parts in self._fitting(self.compiled.patterns, called, reading.met, reading)
            ]
        return reading

    def _read_parent(self, parent: str) -> tuple[int, str]:
        mask, group = 0, ""
        for _, _, form in sorted(self._forms(split(fold(parent))), key=_by_end):
            mask |= self.compiled.masks[form]
            group = group or self.compiled.groups[form]
        return mask, group

    def _forms(self, words: list[str]) -> list[tuple[int, int, int]]:
        """(start, end, form) of every form in `words`, in order of start and end."""
        forms = self.compiled.forms
        single, longer, cut = forms.single, forms.longer, forms.cut
        found = []
        for start, word in enumerate(words):
            form = single.get(word)
            if form is not None:
                found.append((start, start + 1, form))
            if word in longer:
                steps = longer[word] or cut(word)
                for end, following in enumerate(words[start + 1 : start + _MOST_WORDS], start + 2):
                    step = steps.get(following)
                    if step is None:
                        break
                    form, steps = step
                    if form >= 0:
                        found.append((start, end, form))
                    if steps is None:
                        break
        return found

    def _tell(self, form: int) -> _Told:
        done, mask = self.compiled, self.compiled.masks[form]
        told = _Told(mask, done.owners[form], self._gives(mask), done.groups[form], form in done.idioms)
        self._told[form] = told
        return told

    def _gives(self, mask: int) -> int:
        called, met = self.compiled.patterns.told(mask)
        phrases, _ = self.compiled.phrases.told(mask)
        return mask | called << self._called_at | phrases << self._phrases_at | met << self._met_at

    def _split(self, given: int, reading: Reading) -> tuple[int, int]:
        """Classes and needs go into `reading`; the groups of frames and those of phrases that are called."""
        reading.mask |= given & (1 << self._called_at) - 1
        reading.met |= given >> self._met_at
        return (
            given >> self._called_at & (1 << self._phrases_at - self._called_at) - 1,
            given >> self._phrases_at & (1 << self._met_at - self._phrases_at) - 1,
        )

    def _look_up(self, reading: Reading) -> int:
        """Everything that the words are, into `reading`. The groups of frames that they call up."""
        at, told, tell = reading.at, self._told, self._tell
        owned: list[tuple[int, int, _Told]] = []
        given = 0
        for start, end, form in self._forms(reading.words):
            known = told[form] or tell(form)
            mask, owners, gives, _, _ = known
            if owners:
                owned.append((start, end, known))
            else:
                at[start].append((end, mask))
                given |= gives
        idioms: list[tuple[int, int]] = []
        if owned:
            owned.sort(key=_by_end)
            idioms = [(start, end) for start, end, known in owned if known.idiom]
            given |= self._own(reading, owned, idioms)
        called, phrases = self._split(given, reading)
        return called | self._phrases(reading, phrases, idioms) if phrases else called

    def _own(
        self, reading: Reading, owned: list[tuple[int, int, _Told]], idioms: list[tuple[int, int]]
    ) -> int:
        """Forms of entries, where these have their own sense, into `reading`; what they give."""
        entries, given = self.compiled.entries, 0
        for start, end, known in owned:
            kept = [owner for owner in known.owners if self._stands(reading, start, end, owner, idioms)]
            if len(reading.hits) < _MOST_HITS:
                reading.hits += [Hit(start, end, entries[owner]) for owner in kept]
            if kept and known.group:
                reading.group_at[start] = known.group
            if len(kept) == len(known.owners):
                reading.at[start].append((end, known.mask))
                given |= known.gives
            elif mask := self._remaining(known, kept):
                reading.at[start].append((end, mask))
                given |= mask | known.gives >> self._called_at << self._called_at
        return given

    def _phrases(self, reading: Reading, phrases: int, idioms: list[tuple[int, int]]) -> int:
        """The called phrases of many forms that stand. The groups of frames that they call up."""
        done, called = self.compiled, 0
        met = done.phrases.told(reading.mask)[1]
        for pattern, parts in self._fitting(done.phrases, phrases, met, reading):
            start, end = parts[0][0], parts[-1][1]
            if self._stands(reading, start, end, pattern.number, idioms):
                reading.hits.append(Hit(start, end, done.entries[pattern.number]))
                called |= add(done, reading, start, end, done.entry_masks[pattern.number])
        return called

    def _stands(
        self, reading: Reading, start: int, end: int, owner: int, idioms: list[tuple[int, int]]
    ) -> bool:
        """Whether the entry at [start, end) has its own sense there."""
        for first, last in idioms:
            if first <= start and end <= last and (first, last) != (start, end):
                return False
        exceptions = self.compiled.exceptions[owner]
        if exceptions:
            words = reading.document.distinct
            for each in exceptions:
                if each.may_stand(words) and each.covers(reading.words, start, end):
                    return False
        return True

    def _remaining(self, known: _Told, kept: list[int]) -> int:
        """The form's classes without those that only the entries ruled out gave it."""
        masks = self.compiled.entry_masks
        lost = 0
        for owner in known.owners:
            lost |= masks[owner]
        for owner in kept:
            lost &= ~masks[owner]
        return known.mask & ~lost

    def _fitting(
        self, grouped: Grouped, called: int, met: int, reading: Reading
    ) -> Iterator[tuple[Pattern, list[tuple[int, int]]]]:
        """The called patterns that fit, each number once, with the places of their parts."""
        seen: set[int] = set()
        parent = reading.parent_mask
        for pattern in grouped.possible(called, met):
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


def _by_end(found: tuple[int, int, object]) -> tuple[int, int]:
    return found[1], found[0]


@lru_cache(maxsize=4)
def scanner(folder: Path) -> Scanner:
    """The scanner of a resources folder, compiled once and shared by all detectors.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`, with file and line.
    """
    return Scanner(compile_folders(folder / "lexicon" / "terms", folder / "frames"))
