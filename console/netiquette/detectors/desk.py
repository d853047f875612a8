"""What this desk has learned from its moderators' decisions, where a supervisor adopted it.

Not in the register: it is there only with a layer (`Engine.with_desk`).
"""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.learned.desk import DeskLayer, RuleLayer, Term, keys_of, leaning, terms_of
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.text.document import Document

_MOST_SPANS = 3
_REASON = "desk"


class DeskDetector:
    """Evidence for or against the rules of a layer, within the layer's bounds."""

    name = "desk"

    def __init__(self, layer: DeskLayer) -> None:
        self._layer = layer
        told: dict[str, list[RuleId]] = {}
        for rule in sorted(layer.rules):
            for weight in layer.rules[rule].weights:
                told.setdefault(weight.key, []).append(rule)
        self._rules_of = told

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """One piece of evidence a rule whose words are there."""
        terms = document.once("desk.terms", lambda: terms_of(document))
        rules = sorted({rule for term in terms for rule in self._rules_of.get(term.key, ())})
        if not rules:
            return ()
        keys = keys_of(terms)
        found = []
        for rule in rules:
            layer = self._layer.rules[rule]
            weight = leaning(layer, keys)
            if weight:
                found.append(Evidence(rule, weight, _places(document, terms, layer, weight), "desk", _REASON))
        return found


def _places(document: Document, terms: tuple[Term, ...], layer: RuleLayer, weight: float) -> tuple[Span, ...]:
    """Where the words stand that lean the same way, the heaviest."""
    heavy = {each.key: abs(each.weight) for each in layer.weights if each.weight * weight > 0}
    there = [term for term in terms if term.key in heavy]
    there.sort(key=lambda term: (-heavy[term.key], term.start, term.end))
    return tuple(sorted(document.span(term.start, term.end) for term in there[:_MOST_SPANS]))
