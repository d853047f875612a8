"""From a reading to hashed features, in units that are worth remembering from message to message.

A unit is a word (with its n-grams of characters), the classes of the lexicon at one place, two such places
near one another, a frame, a cue, a signal. Each has a key; its rows of the weight table are hashed once
and its weights summed once (see `scoring`), so that scoring a message adds up a few dozen remembered
vectors. Pairs of words are the only features that are hashed anew: they are too many to remember.

Hashes are fixed (no seed): the same text gives the same rows on every machine. Rows below `CHARACTERS`
are n-grams, the others everything else.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from zlib import crc32

import numpy as np
import numpy.typing as npt

from console.domain.verdicts import Route
from console.netiquette.cues.scoring import Reader
from console.netiquette.lexicon.compiling import Compiled
from console.netiquette.lexicon.reading import Reading
from console.netiquette.model import RouteHint

CHARACTERS = 1 << 15
MEANINGS = 1 << 15
ROWS = CHARACTERS + MEANINGS
_LENGTHS = (2, 3, 4, 5)
_LONGEST_WORD = 24
"""Characters of a word that are looked at."""
MOST_WORDS = 160
"""Longer texts are judged by their beginning."""
_WORDS_OF_FULL_VOICE = 10.0
"""From this many words on, each word speaks less loudly."""
_NEAR, _MOST_PAIRS = 6, 4
"""Words between two places that are told as a pair; pairs a place."""

_NGRAMS, _WORD, WORD_PAIR = 0.55, 0.6, 0.5
_CLASS, _CLASS_PAIR, _UNDER_POST = 0.8, 0.4, 0.3
_FRAME, _FRAME_GROUP, _SAYS = 1.0, 0.6, 0.8
_CUE, _CUE_PAIR, _SIGNAL = 0.8, 0.56, 0.8
"""How loudly each kind of feature speaks; a word's n-grams together as loudly as `_NGRAMS`."""

_SIGNALS = ("@question_mark", "@final_question", "@private", "@short", "@long", "@first", "@tu", "@phone")
_ROUTES = "routes."
_PAIR_FACTOR = 31
_BITS = 24
"""Of a key that names two places by their numbers."""
_32 = 0xFFFFFFFF

Rows = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]
Part = tuple[int, float]
"""A row and its value."""


@dataclass(frozen=True, slots=True)
class Features:
    """`rows[i]` is present with `values[i]`; each row once."""

    rows: Rows
    values: Values


@dataclass(frozen=True, slots=True)
class Units:
    """What a message consists of: its words in order, the keys of its other units, its loudness."""

    words: list[str]
    keys: list[Hashable]
    loudness: float


class Extractor:
    """Units of readings of one lexicon, and the features of units."""

    def __init__(self, compiled: Compiled) -> None:
        self._classes = [
            (bit, hash_of(f"class {name}"))
            for name, bit in sorted(compiled.bits.items())
            if not name.startswith("=")
        ]
        self._told = 0
        for bit, _ in self._classes:
            self._told |= bit
        self._ids: dict[int, int] = {}
        self._masks = [0]
        self._lock = Lock()

    def units(self, reading: Reading, reader: Reader) -> Units:
        """The units of a document as read, under its post and in its channel."""
        words = reading.words[:MOST_WORDS]
        keys: list[Hashable] = []
        add, told, ids = keys.append, self._told, self._ids
        parent = reading.parent_mask & told
        post = self._id(parent) if parent else 0
        recent: list[tuple[int, int]] = []
        for place, found in enumerate(reading.at[:MOST_WORDS]):
            if not found:
                continue
            mask = 0
            for _, each in found:
                mask |= each
            mask &= told
            if not mask:
                continue
            number = ids.get(mask) or self._id(mask)
            add(number)
            for before, earlier in recent:
                if place - before <= _NEAR:
                    add(earlier << _BITS | number)
            if parent:
                add(-(number << _BITS | post))
            recent.append((place, number))
            if len(recent) > _MOST_PAIRS:
                del recent[0]
        for match in reading.matches:
            add((match.frame.id, match.group))
            add(match.frame.rules)
        for hit in reading.hits:
            add(hit.entry.rules)
        _add_cues(keys, reader)
        if parent:
            add(-post)
        voice = len(words) / _WORDS_OF_FULL_VOICE
        return Units(words, list(dict.fromkeys(keys)), 1.0 if voice <= 1.0 else voice**-0.5)

    def _id(self, mask: int) -> int:
        """A small number, from 1, for the classes at a place."""
        number = self._ids.get(mask)
        if number is None:
            with self._lock:
                number = self._ids.setdefault(mask, len(self._masks))
                if number == len(self._masks):
                    self._masks.append(mask)
        return number

    def classes_at(self, reading: Reading) -> Iterator[tuple[str, int]]:
        """The word at each place with the key of the classes that begin there."""
        for word, found in zip(reading.words[:MOST_WORDS], reading.at, strict=False):
            mask = 0
            for _, each in found:
                mask |= each
            if mask & self._told:
                yield word, self._id(mask & self._told)

    def of_word(self, word: str) -> list[Part]:
        """The features of a word: itself and its n-grams, from one border to the other."""
        framed = f" {word[:_LONGEST_WORD]} "
        grams = {framed[at : at + size] for size in _LENGTHS for at in range(len(framed) - size + 1)}
        value = _NGRAMS / max(1, len(grams)) ** 0.5
        parts = [(hash_of(gram) % CHARACTERS, value) for gram in sorted(grams)]
        return [*parts, (meaning(hash_of(word)), _WORD)]

    def of_key(self, key: Hashable) -> list[Part]:
        """The features of any other unit."""
        if isinstance(key, int):
            return self._of_number(key)
        if isinstance(key, str):
            return [(meaning(hash_of(f"cue {key}")), _SIGNAL if key.startswith("@") else _CUE)]
        match key:
            case (str(cue), str(other), _):
                return [(meaning(hash_of(f"cue {cue} {other}")), _CUE_PAIR)]
            case (str(frame), str(group)):
                own = hash_of(f"frame {frame}")
                parts = [(meaning(own), _FRAME)]
                return [*parts, (meaning(own ^ hash_of(group)), _FRAME_GROUP)] if group else parts
            case tuple():
                return [
                    (meaning(hash_of(f"says {rule} {weight >= 2}")), _SAYS)
                    for rule, weight in key
                    if weight > 0
                ]
        raise TypeError(key)

    def extract(self, reading: Reading, reader: Reader, hints: Sequence[float] = ()) -> Features:
        """All features of a document, as learning needs them; `hints` as `route_sums` gives them."""
        units = self.units(reading, reader)
        summed = {row: value for row, value in zip(HINT_ROWS, hints, strict=False) if value}
        for row, value in self._parts(units):
            summed[row] = summed.get(row, 0.0) + value * units.loudness
        return Features(np.array([*summed], dtype=np.int64), np.array([*summed.values()], dtype=np.float32))

    def _parts(self, units: Units) -> Iterator[Part]:
        for word in dict.fromkeys(units.words):
            yield from self.of_word(word)
        for key in units.keys:
            yield from self.of_key(key)
        for row in word_pairs(units.words):
            yield row, WORD_PAIR

    def _of_number(self, number: int) -> list[Part]:
        """The features of classes: at a place, near others, under a post (negative), of the post itself."""
        first, second = (self._masks[each] for each in divmod(abs(number), 1 << _BITS))
        if not first:
            if number < 0:
                return [(meaning(hashed * 3 + 1), _UNDER_POST) for hashed in self._of_mask(second)]
            return [(meaning(hashed), _CLASS) for hashed in self._of_mask(second)]
        factor, value = (7, _UNDER_POST) if number < 0 else (131, _CLASS_PAIR)
        return self._crossed(first, second, factor, value)

    def _of_mask(self, mask: int) -> list[int]:
        return [hashed for bit, hashed in self._classes if bit & mask]

    def _crossed(self, one: int, other: int, factor: int, value: float) -> list[Part]:
        return [
            (meaning(first * factor + second), value)
            for first in self._of_mask(one)
            for second in self._of_mask(other)
            if first != second
        ]


def hash_of(name: str) -> int:
    """Thirty-two bits, the same everywhere."""
    return crc32(name.encode("utf-8", "surrogatepass"))


_hash_of_word = lru_cache(maxsize=1 << 14)(hash_of)


def meaning(hashed: int) -> int:
    """The row of what is not an n-gram."""
    return (hashed & _32) % MEANINGS + CHARACTERS


HINT_ROWS = [meaning(hash_of(f"hints {route.value}")) for route in Route]
"""The rows of what cues say for each route."""
_ROUTE_PLACES = {route.value: place for place, route in enumerate(Route)}
_LEAST_HINT, _MOST_HINT, _HINT = -3.0, 6.0, 3.0


def route_sums(hints: Iterable[RouteHint]) -> list[float]:
    """What cues say for each route, within bounds; a feature each."""
    sums = [0.0] * len(_ROUTE_PLACES)
    for hint in hints:
        sums[_ROUTE_PLACES[hint.route._value_]] += hint.weight
    return [min(_MOST_HINT, max(_LEAST_HINT, weight)) / _HINT for weight in sums]


def word_pairs(words: list[str]) -> list[int]:
    """The rows of neighbours, with nothing before the first and after the last; each once."""
    found: dict[int, None] = {}
    previous = 0
    for hashed in map(_hash_of_word, words):
        found[meaning(previous * _PAIR_FACTOR + hashed)] = None
        previous = hashed
    found[meaning(previous * _PAIR_FACTOR)] = None
    return list(found)


def pair_row(before: str, after: str) -> int:
    """The row of two neighbours."""
    return meaning(hash_of(before) * _PAIR_FACTOR + hash_of(after))


def _add_cues(keys: list[Hashable], reader: Reader) -> None:
    """The cues, those of routes also in pairs within a sentence, and the signals."""
    keys += reader.cues
    routes = [cue for cue in reader.cues if cue.startswith(_ROUTES)]
    signals = [signal for signal in _SIGNALS if reader.places(signal)]
    keys += signals
    for place, cue in enumerate(routes):
        for other in routes[place + 1 :]:
            if not reader.sentences(cue).isdisjoint(reader.sentences(other)):
                keys.append((cue, other, 1))
        for signal in signals[:2]:
            keys.append((cue, signal, 1))
