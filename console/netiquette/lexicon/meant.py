"""Who is meant: persons named by capitals, titles and mentions; groups by «ces gens-là», «eux», «ils»."""

from __future__ import annotations

import re
from bisect import bisect_left

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
)
from console.netiquette.lexicon.matching import holds
from console.netiquette.lexicon.reading import Reading

OFFICE = "office"
FUNCTIONS = "functions"
"""Key of `Document.once` under which `detectors.functions` leaves the places of such people."""
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


_CAPITALS = re.compile(r"(?<![^\W_])[^\W\d_a-zß-öø-ÿ]\w+\W+[^\W\d_a-zß-öø-ÿ]")
_CAPITAL = re.compile(r"(?<![^\W_])[^\W\d_a-zß-öø-ÿ]")
"""A letter at the beginning of a word that may be a capital: none of the small ones of Latin-1."""


class Meant:
    """Adds to a reading whom its words stand for."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        mask = compiled.mask
        self._group, self._soft = mask(GROUP), mask(SOFT_GROUP)
        self._strong, self._weak = mask(STRONG_ANAPHOR), mask(WEAK_ANAPHOR)
        self._name, self._mention = mask(NAME), mask(MENTION)
        self._office = mask(OFFICE)
        self._first_name, self._title = mask(FIRST_NAME), mask(TITLE)

    def find(self, reading: Reading) -> int:
        """Persons and groups, into `reading`. The groups of frames that they call up."""
        return self._functions(reading) | self._names(reading) | self._refer(reading)

    def _functions(self, reading: Reading) -> int:
        """People whom the city's lists name count like their functions («la mairesse»)."""
        called = 0
        places: tuple[tuple[int, int], ...] = reading.document.once(FUNCTIONS, tuple)
        for start, end in places:
            first, last = bisect_left(reading.starts, start), bisect_left(reading.starts, end)
            if first < last:
                called |= add(self._compiled, reading, first, last, self._office | self._name)
        return called

    def _names(self, reading: Reading) -> int:
        """Two capitalised words, a first name with a capital, or a mention name a person."""
        original = reading.document.original
        if original.isupper():
            return 0
        called = self._mentions(reading) if "@" in reading.document.signs else 0
        if original.islower():
            return called
        title, at = self._title, reading.at
        if (
            not reading.mask & (title | self._first_name)
            and isinstance(reading.document.offsets, range)
            and not _CAPITALS.search(original)
        ):
            return called  # nobody's first name, no title, no two capitals side by side
        sentence = reading.sentence
        last, previous = -1, False
        for i in self._capitals(reading):
            if i != last + 1 or i == 0:
                previous = i > 0 and holds(at[i - 1], title)
            initial = i == 0 or sentence[i] != sentence[i - 1]
            known = holds(at[i], self._first_name)
            if known or (previous and not initial):
                called |= add(self._compiled, reading, i, i + 1, self._name)
            previous = not initial or known or holds(at[i], title)
            last = i
        return called

    @staticmethod
    def _capitals(reading: Reading) -> list[int]:
        """The words of two letters and more that begin with a capital in the original."""
        document, words = reading.document, reading.words
        original, offsets, starts = document.original, document.offsets, reading.starts
        if not isinstance(offsets, range):
            return [
                i for i, word in enumerate(words) if len(word) > 1 and original[offsets[starts[i]]].isupper()
            ]
        found = []
        for capital in _CAPITAL.finditer(original):
            place = capital.start()
            i = bisect_left(starts, place)
            if i < len(starts) and starts[i] == place and len(words[i]) > 1 and original[place].isupper():
                found.append(i)
        return found

    def _mentions(self, reading: Reading) -> int:
        """«@quelqu'un» names a person."""
        called = 0
        for i, word in enumerate(reading.words[:-1]):
            if word == "@":
                called |= add(self._compiled, reading, i, i + 2, self._mention | self._name)
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
                        mask = self._group | self._soft | self._compiled.bits[group]
                        called |= add(self._compiled, reading, i, end, mask)
                        reading.group_at[i] = group
                    elif mask & self._weak and group in _OFTEN_MEANT:
                        called |= add(self._compiled, reading, i, end, self._soft)
        return called


def add(compiled: Compiled, reading: Reading, start: int, end: int, mask: int) -> int:
    """Words [start, end) are of the classes `mask`, too. The groups of frames that these call up."""
    called, met = compiled.patterns.told(mask)
    reading.at[start].append((end, mask))
    reading.mask |= mask
    reading.met |= met
    return called
