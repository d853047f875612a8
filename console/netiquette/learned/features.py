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
MOST_CHARACTERS = 1200
"""Longer texts are judged by their beginning."""
_CHARACTER_WEIGHT, _SHORT_TEXT = 1.6, 120.0
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
    """`rows[i]` is present with `values[i]`; `starts`/`ends` are its place in `Document.normal`."""

    rows: Rows
    values: Values
    starts: Rows
    ends: Rows


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
        rows, starts, ends = _character_rows(reading.document.normal)
        meanings = self._meanings(reading)
        table = np.array(
            [(hashed % MEANINGS + CHARACTERS, *place) for hashed, (_, *place) in meanings.items()],
            dtype=np.int64,
        ).reshape(-1, 3)
        values = np.empty(len(rows) + len(table), dtype=np.float32)
        values[: len(rows)] = _CHARACTER_WEIGHT / max(_SHORT_TEXT, float(len(rows))) ** 0.5
        values[len(rows) :] = [value for value, _, _ in meanings.values()]
        values[len(rows) :] /= max(1.0, len(table) / 12.0) ** 0.5
        return Features(
            np.concatenate((rows, table[:, 0])),
            values,
            np.concatenate((starts, table[:, 1])),
            np.concatenate((ends, table[:, 2])),
        )

    def _meanings(self, reading: Reading) -> dict[int, tuple[float, int, int]]:
        """Hash → (value, start, end) of words, pairs, classes and frames."""
        starts, ends = reading.starts, reading.ends
        found: dict[int, tuple[float, int, int]] = {}
        previous = 0
        for word, start, end in zip(reading.words, starts, ends, strict=True):
            hashed = crc32(word.encode())
            found[hashed] = (0.6, start, end)
            found[(previous * 31 + hashed) & _32] = (0.5, start, end)
            previous = hashed
        self._classes_and_pairs(reading, found)
        for match in reading.matches:
            hashed = self._frames[match.frame.id]
            start, end = starts[match.start], ends[max(match.start, match.end - 1)]
            found[hashed] = (1.0, start, end)
            if match.group:
                found[hashed ^ crc32(match.group.encode())] = (0.6, start, end)
        return found

    def _classes_and_pairs(self, reading: Reading, found: dict[int, tuple[float, int, int]]) -> None:
        starts, ends = reading.starts, reading.ends
        parents = self._of_mask(reading.parent_mask)
        recent: list[tuple[int, int]] = []
        for place, rows in enumerate(reading.at):
            mask = 0
            for _, each in rows:
                mask |= each
            for hashed in self._of_mask(mask):
                found[hashed] = (0.8, starts[place], ends[place])
                for before, earlier in recent[-_MOST_PAIRS:]:
                    if place - before <= _NEAR and earlier != hashed:
                        found[(earlier * 131 + hashed) & _32] = (0.4, starts[before], ends[place])
                for parent in parents[:_MOST_PARENTS]:
                    found[(hashed * 7 + parent) & _32] = (0.3, starts[place], ends[place])
                recent.append((place, hashed))
        for parent in parents:
            found[(parent * 3 + 1) & _32] = (0.3, 0, 0)

    def _of_mask(self, mask: int) -> tuple[int, ...]:
        mask &= self._told
        known = self._known.get(mask)
        if known is None:
            known = tuple(hashed for bit, hashed in self._classes if bit & mask)
            self._known[mask] = known
        return known


def _character_rows(normal: str) -> tuple[Rows, Rows, Rows]:
    """Rows of the distinct n-grams of the text with a blank at each end, and their places."""
    text = f" {normal[:MOST_CHARACTERS]} "
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    size = len(codes)
    hashes, starts, ends = [], [], []
    running = codes * _MULTIPLIERS[0]
    for length in range(2, LONGEST + 1):
        if size < length:
            break
        running = running[: size - length + 1] + codes[length - 1 :] * _MULTIPLIERS[length - 1]
        mixed = running ^ (running >> np.uint32(15))
        mixed = mixed * np.uint32(0x2C1B3C6D)
        hashes.append((mixed >> np.uint32(12)) % np.uint32(CHARACTERS))
        place = np.arange(size - length + 1)
        starts.append(place)
        ends.append(place + length)
    if not hashes:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing
    rows, first = np.unique(np.concatenate(hashes), return_index=True)
    start = np.maximum(np.concatenate(starts)[first] - 1, 0)
    end = np.minimum(np.concatenate(ends)[first] - 1, size - 2)
    return rows.astype(np.int64), start, end
