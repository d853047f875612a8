"""Scoring by remembered units: a message's scores are the sum of a few dozen vectors that are known.

The vector of a unit is worked out when it is first met and kept in one table; when that is full, a new one
is begun. Alone or in a batch, a message has the same scores, to the last bit: each is summed by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from itertools import pairwise
from threading import Lock

import numpy as np

from console.netiquette.cues.detector import topics
from console.netiquette.cues.scoring import Reader
from console.netiquette.learned.features import WORD_PAIR, Extractor, Part, Units, pair_row, word_pairs
from console.netiquette.learned.model import Model, Table
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

_KEPT = 1 << 14
"""Units remembered; about 3 MB."""


class _Memory:
    """Vectors by unit. Words and other units have places of their own in one table."""

    def __init__(self, width: int) -> None:
        self.words: dict[Hashable, int] = {}
        self.others: dict[Hashable, int] = {}
        self.vectors: Table = np.empty((_KEPT, width), dtype=np.float32)
        self.used = 0


@lru_cache(maxsize=4)
def scorer(resources: Resources) -> Scorer:
    """The scorer of the shipped model of a folder, built once.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`.
    """
    return Scorer(resources, Model.load(resources.folder / "model" / "weights.npz"))


class Scorer:
    """Scores messages by the model of `resources`. Thread-safe."""

    def __init__(self, resources: Resources, model: Model) -> None:
        self._scanner, self._topics = scanner(resources.folder), topics(resources)
        self.extractor = Extractor(self._scanner.compiled)
        self.model = model
        self._pair_scale = model.scale * WORD_PAIR
        self._memory = _Memory(len(model.columns))
        self._lock = Lock()

    def units(self, document: Document, context: Context) -> Units:
        """The units of a message."""
        reading = self._scanner.read(document, context.parent)
        reader = document.once("reader", lambda: Reader(self._topics, document, context))
        return self.extractor.units(reading, reader)

    def scores(self, document: Document, context: Context) -> Table:
        """Scores by column, worked out once a document."""
        return document.once("scores", lambda: self._scores(self.units(document, context)))

    def of_words(self, document: Document, context: Context, column: int) -> dict[str, float]:
        """What each word says for a column, its classes and the pairs that it is in included; for
        explanations."""
        units = self.units(document, context)
        vectors, places = self._remembered(units)
        words = dict.fromkeys(units.words)
        said_by = dict(zip((*words, *units.keys), vectors[places, column].tolist(), strict=True))
        told = {word: said_by[word] for word in words}
        for word, classes in self.extractor.classes_at(self._scanner.read(document, context.parent)):
            told[word] += said_by.get(classes, 0.0)
        scale = float(self._pair_scale[column]) / 2
        for before, after in pairwise(units.words):
            said = float(self.model.table[pair_row(before, after), column]) * scale
            told[before] += said
            told[after] += said
        return told

    def _scores(self, units: Units) -> Table:
        vectors, places = self._remembered(units)
        total = vectors.take(places, axis=0).sum(axis=0)
        pairs = self.model.table.take(word_pairs(units.words), axis=0).sum(axis=0, dtype=np.int32)
        found: Table = (total + pairs * self._pair_scale) * np.float32(units.loudness) + self.model.bias
        return found

    def _remembered(self, units: Units) -> tuple[Table, list[int]]:
        memory = self._memory
        words = dict.fromkeys(units.words)
        places = [*map(memory.words.get, words), *map(memory.others.get, units.keys)]
        if None in places:
            with self._lock:
                if memory.used + len(places) > _KEPT:
                    memory = self._memory = _Memory(len(self.model.columns))
                found = [self._place(memory, memory.words, word, self._word_parts) for word in words]
                found += [
                    self._place(memory, memory.others, key, self.extractor.of_key) for key in units.keys
                ]
            return memory.vectors, found
        return memory.vectors, [place for place in places if place is not None]

    def _word_parts(self, word: Hashable) -> list[Part]:
        return self.extractor.of_word(str(word))

    def _place(
        self,
        memory: _Memory,
        places: dict[Hashable, int],
        key: Hashable,
        parts_of: Callable[[Hashable], list[Part]],
    ) -> int:
        place = places.get(key)
        if place is None:
            place = memory.used
            memory.vectors[place] = self._vector(parts_of(key))
            memory.used = place + 1
            places[key] = place
        return place

    def _vector(self, parts: Iterable[Part]) -> Table:
        rows_and_values = list(parts)
        rows = np.array([row for row, _ in rows_and_values], dtype=np.int64)
        values = np.array([value for _, value in rows_and_values], dtype=np.float32)
        found: Table = values @ self.model.table.take(rows, axis=0) * self.model.scale
        return found
