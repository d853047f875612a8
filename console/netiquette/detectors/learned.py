"""What the learned model thinks: support or doubt, rarely enough alone (see resources/model/CARD.md)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.learned.features import Extractor, Features, by_character
from console.netiquette.learned.model import ANY, Model
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

LEAST, MOST = -1.5, 4.5
SILENT = 0.25
_MOST_SPANS = 3
_TELLING = 4
"""Letters of the shortest word that is shown as found."""


class LearnedDetector:
    """Moderate evidence for every rule that the model knows, with its strongest words as spans."""

    name = "learned"

    def __init__(self, resources: Resources) -> None:
        self._scanner = scanner(resources.folder)
        self._extractor = Extractor(self._scanner.compiled)
        self._doubts: dict[tuple[int, float], Evidence] = {}
        self.model = Model.load(resources.folder / "model" / "weights.npz")

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for or against each rule."""
        reading = self._scanner.read(document, context.parent)
        features = document.once("features", lambda: self._extractor.extract(reading))
        weights = np.clip(self.model.told(features), LEAST, MOST)
        found: list[Evidence] = []
        for column, weight in enumerate(weights.tolist()):
            if weight < -SILENT:
                found.append(self._doubt(column, round(weight, 1)))
            elif weight > SILENT and self.model.rules[column] != ANY:
                spans = self._strongest(document, features, column)
                found.append(Evidence(RuleId(self.model.rules[column]), weight, spans, self.name, "learned"))
        return found

    def _doubt(self, column: int, weight: float) -> Evidence:
        """Evidence against a rule; made once for each tenth."""
        known = self._doubts.get((column, weight))
        if known is None:
            known = Evidence(RuleId(self.model.rules[column]), weight, (), self.name, "learned")
            self._doubts[column, weight] = known
        return known

    def _strongest(self, document: Document, features: Features, column: int) -> tuple[Span, ...]:
        """The words that speak loudest for a rule. Short words carry the n-grams of their neighbours and
        tell a reader nothing; a word that says less than half of the loudest does not explain either."""
        count = features.characters
        told = features.values[:count] * self.model.weights[features.rows[:count], column]
        strength = by_character(features, told, len(document.normal))
        ranked = sorted(
            (-float(strength[token.start : token.end].mean()), token.start, token.end)
            for token in document.tokens
            if token.end - token.start >= _TELLING
        )[:_MOST_SPANS]
        enough = ranked[0][0] / 2 if ranked else 0.0
        return tuple(
            sorted(document.span(start, end) for value, start, end in ranked if value < 0 and value <= enough)
        )
