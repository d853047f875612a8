"""What the learned model thinks: support or doubt, rarely enough alone (see resources/model/CARD.md)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.learned.features import Extractor, Features
from console.netiquette.learned.model import ANY, Model
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

SLOPE, SHIFT = 0.9, 2.0
"""Evidence is `SLOPE * (score + SHIFT)`: fitted on held-out sentences beside the other detectors."""
LEAST, MOST = -1.6, 3.2
SILENT = 0.25
CHECKED = frozenset({ANY, "capitals", "not_french", "personal_information", "repetition"})
CHECKED |= {"special_characters"}
"""Not said: what other layers check. Likeness to a message with a telephone number is none."""
_MOST_SPANS = 3
_JOIN = 3
"""Characters between two strong places that are shown as one."""


class LearnedDetector:
    """Moderate evidence for every rule that the model knows, with its strongest words as spans."""

    name = "learned"

    def __init__(self, resources: Resources) -> None:
        self._scanner = scanner(resources.folder)
        self._extractor = Extractor(self._scanner.compiled)
        self.model = Model.load(resources.folder / "model" / "weights.npz")

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for or against each rule."""
        reading = self._scanner.read(document, context.parent)
        features = self._extractor.extract(reading)
        weights = np.clip(SLOPE * (self.model.scores(features) + SHIFT), LEAST, MOST)
        for column, rule in enumerate(self.model.rules):
            weight = float(weights[column])
            if rule in CHECKED or abs(weight) < SILENT:
                continue
            spans = self._strongest(document, features, column) if weight > 0 else ()
            yield Evidence(RuleId(rule), weight, spans, self.name, "learned")

    def _strongest(self, document: Document, features: Features, column: int) -> tuple[Span, ...]:
        """The words that speak loudest for a rule."""
        told = features.values * self.model.weights[features.rows, column]
        strength = np.zeros(len(document.normal) + 1, dtype=np.float32)
        for place in np.argsort(told)[-24:]:
            if told[place] > 0 and features.ends[place] > features.starts[place]:
                length = float(features.ends[place] - features.starts[place])
                strength[features.starts[place] : features.ends[place]] += told[place] / length
        ranked = sorted(
            (
                (-float(strength[token.start : token.end].mean()), token.start, token.end)
                for token in document.tokens
            ),
        )[:_MOST_SPANS]
        return tuple(sorted(document.span(start, end) for value, start, end in ranked if value < 0))
