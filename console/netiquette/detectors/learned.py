"""What the learned model thinks: support or doubt, rarely enough alone (see resources/model/CARD.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import overload

import numpy as np

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.learned.features import Extractor, Features, by_character
from console.netiquette.learned.model import ANY, Model
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

LEAST, MOST = -1.5, 6.0
SILENT = 0.25
_MOST_SPANS = 3
_TELLING = 4
"""Letters of the shortest word that is shown as found."""

_NOTHING = np.zeros(1)


class _Later(Sequence[Span]):
    """Spans worked out when first looked at: most evidence is weighed and never shown."""

    def __init__(self, work: Callable[[], tuple[Span, ...]]) -> None:
        self._work = work

    @cached_property
    def _spans(self) -> tuple[Span, ...]:
        return self._work()

    @overload
    def __getitem__(self, place: int) -> Span: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Span]: ...
    def __getitem__(self, place: int | slice) -> Span | Sequence[Span]:
        return self._spans[place]

    def __len__(self) -> int:
        return len(self._spans)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._spans == tuple(other)

    def __lt__(self, other: Sequence[Span]) -> bool:
        return self._spans < tuple(other)

    def __hash__(self) -> int:
        return hash(self._spans)


class LearnedDetector:
    """Moderate evidence for every rule that the model knows, with its strongest words as spans."""

    name = "learned"

    def __init__(self, resources: Resources) -> None:
        self._scanner = scanner(resources.folder)
        self._extractor = Extractor(self._scanner.compiled)
        self._doubts: dict[tuple[int, float], Evidence] = {}
        self.model = Model.load(resources.folder / "model" / "weights.npz")
        self._rules = tuple(map(RuleId, self.model.rules))

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for or against each rule."""
        reading = self._scanner.read(document, context.parent)
        features = document.once("features", lambda: self._extractor.extract(reading))
        weights = self.model.told(features)
        found: list[Evidence] = []
        for column, weight in enumerate(weights.tolist()):
            if weight < -SILENT:
                found.append(self._doubt(column, round(max(LEAST, weight), 1)))
            elif weight > SILENT and self._rules[column] != ANY:
                spans = _Later(partial(self._strongest, document, features, column))
                found.append(Evidence(self._rules[column], min(MOST, weight), spans, self.name, "learned"))
        return found

    def _doubt(self, column: int, weight: float) -> Evidence:
        """Evidence against a rule; made once for each tenth."""
        known = self._doubts.get((column, weight))
        if known is None:
            known = Evidence(self._rules[column], weight, (), self.name, "learned")
            self._doubts[column, weight] = known
        return known

    def _strongest(self, document: Document, features: Features, column: int) -> tuple[Span, ...]:
        """The words that speak loudest for a rule. Short words carry the n-grams of their neighbours and
        tell a reader nothing; a word that says less than half of the loudest does not explain either."""
        count = features.characters
        told = features.values[:count] * self.model.weights[features.rows[:count], column]
        words = [token for token in document.tokens if token.end - token.start >= _TELLING]
        if not words:
            return ()
        strength = by_character(features, told, len(document.normal))
        summed = np.concatenate((_NOTHING, np.cumsum(strength, dtype=np.float64)))
        starts, ends = [token.start for token in words], [token.end for token in words]
        means = (summed[ends] - summed[starts]) / np.subtract(ends, starts)
        ranked = sorted(zip((-means).tolist(), starts, ends, strict=True))[:_MOST_SPANS]
        enough = ranked[0][0] / 2 if ranked else 0.0
        return tuple(
            sorted(document.span(start, end) for value, start, end in ranked if value < 0 and value <= enough)
        )
