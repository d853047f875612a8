"""Scoring by remembered units: a message's scores are the sum of a few dozen vectors that are known.

The vector of a unit is worked out when it is first met and kept in one table; when that is full, a new one
is begun. Alone or in a batch, a message has the same scores, to the last bit: each is summed by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache, partial
from itertools import accumulate, chain, pairwise
from threading import Lock

import numpy as np

from console.netiquette.cues.detector import reader_of, topics
from console.netiquette.cues.scoring import Reader, ScoreIndex, evidence
from console.netiquette.learned.features import (
    HINT_ROWS,
    WORD_PAIR,
    Extractor,
    Part,
    Units,
    pair_row,
    route_sums,
    word_pairs,
)
from console.netiquette.learned.model import Model, Table
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context, RouteHint
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

ROUTE_TOPIC = "routes"
_BORDER = 0
"""The place of the unit that says nothing and begins every message."""
_KEPT = 1 << 14
"""Units remembered; about 3 MB."""


class _Memory:
    """Vectors by unit. Words and other units have places of their own in one table."""

    def __init__(self, width: int, size: int) -> None:
        self.words: dict[Hashable, int] = {}
        self.others: dict[Hashable, int] = {}
        self.vectors: Table = np.empty((size, width), dtype=np.float32)
        self.vectors[_BORDER] = 0.0
        self.used = _BORDER + 1


def route_hints(reader: Reader, scores: ScoreIndex) -> list[RouteHint]:
    """What the cues say for and against each route."""
    return [each for each in evidence(reader, scores, ROUTE_TOPIC) if isinstance(each, RouteHint)]


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
        self._route_scores = ScoreIndex(self._topics.scores[ROUTE_TOPIC])
        self._hint_vectors: Table = model.table.take(HINT_ROWS, axis=0) * model.scale
        self._pair_scale = model.scale * WORD_PAIR
        self._memory = _Memory(len(model.columns), _KEPT)
        self._lock = Lock()

    def units(self, document: Document, context: Context) -> Units:
        """The units of a message."""
        reading = self._scanner.read(document, context.parent)
        return self.extractor.units(reading, self._reader(document, context))

    def scores(self, document: Document, context: Context) -> Table:
        """Scores by column, worked out once a document."""
        return document.once("scores", lambda: self._work_out(document, context))

    def hints(self, document: Document, context: Context) -> list[RouteHint]:
        """What the cues of resources/lexicon/routes.yaml say, worked out once a document."""
        return document.once(
            "route_hints", lambda: route_hints(self._reader(document, context), self._route_scores)
        )

    def _reader(self, document: Document, context: Context) -> Reader:
        return reader_of(self._topics, document, context)

    def prepare(self, documents: Sequence[Document], contexts: Sequence[Context]) -> None:
        """Work out the scores of many messages at once: the same, in less time."""
        pairs = list(zip(documents, contexts, strict=True))
        all_units = [self.units(document, context) for document, context in pairs]
        if not all_units:
            return
        sums = self._sums(all_units)
        for (document, context), units, total in zip(pairs, all_units, sums, strict=True):
            found = self._finished(document, context, units, total)
            document.once("scores", partial(_itself, found))

    def _work_out(self, document: Document, context: Context) -> Table:
        units = self.units(document, context)
        return self._finished(document, context, units, self._sums([units])[0])

    def _finished(self, document: Document, context: Context, units: Units, total: Table) -> Table:
        found: Table = total * np.float32(units.loudness) + self.model.bias
        hints = self.hints(document, context)
        if hints:
            found += np.array(route_sums(hints), dtype=np.float32) @ self._hint_vectors
        return found

    def of_words(self, document: Document, context: Context, column: int) -> dict[str, float]:
        """What each word says for a column, its classes and the pairs that it is in included; for
        explanations."""
        units = self.units(document, context)
        vectors, places, _ = self._remembered([units])
        words = dict.fromkeys(units.words)
        said_by = dict(zip((*words, *units.keys), vectors[places[1:], column].tolist(), strict=True))
        told = {word: said_by[word] for word in words}
        for word, classes in self.extractor.classes_at(self._scanner.read(document, context.parent)):
            told[word] += said_by.get(classes, 0.0)
        scale = float(self._pair_scale[column]) / 2
        for before, after in pairwise(units.words):
            said = float(self.model.table[pair_row(before, after), column]) * scale
            told[before] += said
            told[after] += said
        return told

    def _sums(self, all_units: Sequence[Units]) -> Table:
        """What the units of each message say together, a row a message."""
        vectors, places, counts = self._remembered(all_units)
        pairs = [word_pairs(units.words) for units in all_units]
        told = np.add.reduceat(vectors.take(places, axis=0), _starts(counts), axis=0)
        rows = list(chain.from_iterable(pairs))
        said = np.add.reduceat(
            self.model.table.take(rows, axis=0), _starts([*map(len, pairs)]), axis=0, dtype=np.int32
        )
        found: Table = told + said * self._pair_scale
        return found

    def _remembered(self, all_units: Sequence[Units]) -> tuple[Table, list[int], list[int]]:
        """The table of vectors, the places in it of the units of all messages (the first is the border of
        every message, so that none has no unit), how many of each."""
        memory = self._memory
        places: list[int | None] = []
        counts = []
        for units in all_units:
            before = len(places)
            places.append(_BORDER)
            places += map(memory.words.get, dict.fromkeys(units.words))
            places += map(memory.others.get, units.keys)
            counts.append(len(places) - before)
        if None not in places:
            return memory.vectors, [place for place in places if place is not None], counts
        with self._lock:
            if memory.used + len(places) > len(memory.vectors):
                size = max(_KEPT, len(places) + 1)
                memory = self._memory = _Memory(len(self.model.columns), size)
            found: list[int] = []
            for units in all_units:
                words = dict.fromkeys(units.words)
                found.append(_BORDER)
                found += [self._place(memory, memory.words, word, self._word_parts) for word in words]
                found += [self._place(memory, memory.others, key, self._key_parts) for key in units.keys]
        return memory.vectors, found, counts

    def _key_parts(self, key: Hashable) -> list[Part]:
        return self.extractor.of_key(key)

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


def _starts(counts: Sequence[int]) -> list[int]:
    """Where each run begins."""
    return [0, *accumulate(counts[:-1])]


def _itself(found: Table) -> Table:
    return found
