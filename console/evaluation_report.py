"""What `vigie evaluate` prints: the figures, the tables by rule and route, errors with their layers."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from console.catalogue import Catalogue
from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
from console.services.evaluating import Cause, Evaluation, evaluate
from console.services.scoring import Figures, Share

_SOME_MISSING = 1
_LAYERS = 12
"""Lines of the table of errors by layer."""


def run(gold: Path, errors: int) -> int:
    """Print the evaluation of `gold`, with `errors` messages judged wrongly. 1 when a line had no verdict."""
    evaluation = evaluate(gold, Engine(shipped()))
    report = _Report(evaluation, Catalogue.load())
    for line in report.lines(errors):
        sys.stdout.write(line + "\n")
    return _SOME_MISSING if report.figures.missing else 0


class _Report:
    def __init__(self, evaluation: Evaluation, labels: Catalogue) -> None:
        self._evaluation, self._labels = evaluation, labels
        self.figures = evaluation.figures

    def lines(self, errors: int) -> Iterator[str]:
        for name, value in _summary(self.figures):
            yield f"{self._say(name):52}{_number(value):>8}"
        yield from self._table("rules", self.figures.rules)
        yield from self._table("routes", self.figures.routes)
        wrong = list(dict.fromkeys((*self.figures.wrong, *self.figures.misrouted)))
        found = {key: self._evaluation.causes(key) for key in wrong}
        yield from self._by_layer([cause for each in found.values() for cause in each])
        for key in wrong[:errors]:
            yield from self._error(key, found[key])

    def _say(self, name: str) -> str:
        return self._labels.label("evaluate", name)

    def _table(self, name: str, shares: Mapping[str, Share]) -> Iterator[str]:
        heads = "".join(f"{self._say(head):>12}" for head in ("precision", "recall", "f1", "support"))
        yield ""
        yield f"{self._say(name):28}{heads}"
        for key, share in shares.items():
            yield f"{key:28}" + "".join(f"{_number(value):>12}" for value in share)

    def _by_layer(self, found: list[Cause]) -> Iterator[str]:
        counts = Counter((cause.kind, cause.layers[:1]) for cause in found)
        if counts:
            yield ""
            yield self._say("by_layer")
        for (kind, layers), count in counts.most_common(_LAYERS):
            yield f"{count:6}  {self._say(f'kind_{kind}')} {self._layers(layers)}".rstrip()

    def _error(self, key: str, found: list[Cause]) -> Iterator[str]:
        truth = self._evaluation.gold[key]
        none = self._say("nothing")
        yield ""
        yield f"{key}\u00a0: {truth.text}"
        yield "  " + self._say("should_be").format(
            rules=", ".join(sorted(truth.rules)) or none,
            tolerated=", ".join(sorted(truth.tolerated)) or none,
            route=truth.route,
        )
        if key not in self._evaluation.judged:
            yield "  " + self._say("no_verdict")
        for cause in found:
            yield "  " + self._say(f"cause_{cause.kind}").format(
                name=cause.name,
                layers=self._layers(cause.layers) or none,
                confidence=_number(cause.confidence),
                said=cause.said,
            )

    def _layers(self, names: tuple[str, ...]) -> str:
        return ", ".join(f"{self._labels.label('detector', name)} ({name})" for name in names)


def _number(value: float | int) -> str:
    """Three decimals after a comma, as French writes them; counts as they are."""
    return f"{value:.3f}".replace(".", ",") if isinstance(value, float) else str(value)


def _summary(figures: Figures) -> Iterator[tuple[str, float | int]]:
    yield "messages", figures.messages
    yield "missing", figures.missing
    yield "offence_f1", figures.offence.f1
    yield "offence_recall", figures.offence.recall
    yield "false_alarms", figures.false_alarms
    yield "rule_micro_f1", figures.rule_micro_f1
    yield "rule_macro_f1", figures.rule_macro_f1
    yield "exact", figures.exact
    yield "route_accuracy", figures.route_accuracy
    yield "route_macro_f1", figures.route_macro_f1
    yield "emergency_recall", figures.emergency.recall
    yield "emergency_precision", figures.emergency.precision
    yield "ece", figures.ece
