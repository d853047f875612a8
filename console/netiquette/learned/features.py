"""From a reading to hashed features: character n-grams, words and their pairs, meanings and frames.

Every feature is a row of the weight table: the first `CHARACTERS` rows are hashed n-grams of two to five
characters, the next `MEANINGS` rows hashed words, word pairs, classes of the lexicon, frames and
protections. Hashes are fixed (no seed), so the same text gives the same rows on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from console.netiquette.lexicon.compiling import Compiled
from console.netiquette.lexicon.reading import Reading

CHARACTERS = 1 << 14
MEANINGS = 1 << 15
ROWS = CHARACTERS + MEANINGS
SHORTEST, LONGEST = 2, 5
_LENGTHS = range(SHORTEST, LONGEST + 1)
MOST_CHARACTERS = 600
"""Longer texts are judged by their beginning."""
_CHARACTER_WEIGHT, _SHORT_TEXT = 0.4, 160.0
"""A text of fewer n-grams speaks less loudly: three words are weak evidence of anything."""
_NEAR = 6
"""Words between two meanings that are told as a pair."""
_MOST_PAIRS, _MOST_PARENTS = 4, 5
_32 = 0xFFFFFFFF
_GRAMMAR = frozenset(
    [
        "be_you",
        "you",
        "self",
        "strong",
        "bunch",
        "office",
        "body",
        "name",
        "neg",
        "must",
        "wish",
        "ask",
        "thing",
        "function",
        "money",
        "condemn",
        "thanks",
        "friends",
        "place",
        "women_word",
        "false_claim",
        "for_real",
        "report",
    ]
)
"""Closed classes that say something together with others."""

_MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1], dtype=np.uint32)

Rows = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """`rows[i]` is present with `values[i]`. The first `characters` are n-grams in the order of the text,
    the shortest first."""

    rows: Rows
    values: Values
    characters: int


class Extractor:
    """Features of readings of one lexicon."""

    def __init__(self, compiled: Compiled) -> None:
        told = {sense for entry in compiled.entries for sense in entry.senses} | _GRAMMAR
        self._classes = [
            (compiled.bits[name], crc32(f"class {name}".encode()))
            for name in sorted(told)
            if name in compiled.bits
        ]
        self._told = 0
        for bit, _ in self._classes:
            self._told |= bit
        self._known: dict[int, tuple[int, ...]] = {0: ()}
        self._frames = {frame.id: crc32(f"frame {frame.id}".encode()) for frame in compiled.frames}

    def extract(self, reading: Reading) -> Features:
        """All features of a document as read."""
        rows = character_rows(reading.document.normal)
        meanings = self._meanings(reading)
        count = len(rows)
        told = np.fromiter(meanings.keys(), np.int64, len(meanings))
        values = np.empty(count + len(told), dtype=np.float32)
        values[:count] = _CHARACTER_WEIGHT / max(_SHORT_TEXT, float(count)) ** 0.5
        values[count:] = np.fromiter(meanings.values(), np.float32, len(told))
        values[count:] /= max(1.0, len(told) / 12.0) ** 0.5
        return Features(np.concatenate((rows, told % MEANINGS + CHARACTERS)), values, count)

    def _meanings(self, reading: Reading) -> dict[int, float]:
        """Hash → value of words, pairs, classes and frames."""
        found: dict[int, float] = {}
        previous = 0
        for word in reading.words:
            hashed = crc32(word.encode())
            found[hashed] = 0.6
            found[(previous * 31 + hashed) & _32] = 0.5
            previous = hashed
        self._classes_and_pairs(reading, found)
        for match in reading.matches:
            hashed = self._frames[match.frame.id]
            found[hashed] = 1.0
            if match.group:
                found[hashed ^ crc32(match.group.encode())] = 0.6
        return found

    def _classes_and_pairs(self, reading: Reading, found: dict[int, float]) -> None:
        parents = self._of_mask(reading.parent_mask)
        crossed = parents[:_MOST_PARENTS]
        recent: list[tuple[int, int]] = []
        for place, rows in enumerate(reading.at):
            mask = 0
            for _, each in rows:
                mask |= each
            for hashed in self._of_mask(mask):
                found[hashed] = 0.8
                for before, earlier in recent[-_MOST_PAIRS:]:
                    if place - before <= _NEAR and earlier != hashed:
                        found[(earlier * 131 + hashed) & _32] = 0.4
                for parent in crossed:
                    found[(hashed * 7 + parent) & _32] = 0.3
                recent.append((place, hashed))
        for parent in parents:
            found[(parent * 3 + 1) & _32] = 0.3

    def _of_mask(self, mask: int) -> tuple[int, ...]:
        mask &= self._told
        known = self._known.get(mask)
        if known is None:
            known = tuple(hashed for bit, hashed in self._classes if bit & mask)
            self._known[mask] = known
        return known


def character_rows(normal: str) -> Rows:
    """Rows of all n-grams of the text with a blank at each end, the shortest first."""
    text = f" {normal[:MOST_CHARACTERS]} "
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    size = len(codes)
    table = np.empty(sum(max(0, size - length + 1) for length in _LENGTHS), dtype=np.uint32)
    place = 0
    running = codes * _MULTIPLIERS[0]
    for length in _LENGTHS:
        count = size - length + 1
        if count <= 0:
            break
        running = running[:count] + codes[length - 1 :] * _MULTIPLIERS[length - 1]
        table[place : place + count] = running
        place += count
    table ^= table >> np.uint32(15)
    table *= np.uint32(0x2C1B3C6D)
    table >>= np.uint32(12)
    table &= np.uint32(CHARACTERS - 1)
    return table.astype(np.int64)


def by_character(features: Features, told: Values, size: int) -> Values:
    """What the n-grams say (`told`, one number an n-gram), spread over the characters of the text."""
    spread = np.zeros(size + LONGEST + 2, dtype=np.float32)
    padded = min(size, MOST_CHARACTERS) + 2
    place = 0
    for length in _LENGTHS:
        count = padded - length + 1
        if count <= 0 or place + count > features.characters:
            break
        for shift in range(length):
            spread[shift : shift + count] += told[place : place + count] / length
        place += count
    return spread[1 : size + 1]


def summed(features: Features) -> Features:
    """The same features with each row once, as learning needs them."""
    rows, places = np.unique(features.rows, return_inverse=True)
    values = np.bincount(places, weights=features.values, minlength=len(rows)).astype(np.float32)
    return Features(rows, values, 0)
