"""How right verdicts are: the figures of the annotation guide over annotated messages.

A tolerated rule is neither rewarded nor punished. Shares are of 1; `Figures` says what each one is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_BINS = 10


class Gold(NamedTuple):
    """What annotators say of one message."""

    id: str
    text: str
    rules: frozenset[str]
    tolerated: frozenset[str]
    route: str


class Found(NamedTuple):
    """What the engine says: confidence (0-1) by rule, and the route."""

    confidence: Mapping[str, float]
    route: str


NOTHING = Found({}, "none")
"""What counts for a message that could not be judged."""


class Share(NamedTuple):
    """Precision, recall and their harmonic mean over `support` true cases (0 where nothing is there)."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Figures:
    """The figures of one evaluation, all shares of 1 unless said otherwise."""

    messages: int
    missing: int
    """Messages without a verdict."""
    offence: Share
    """Breaks any rule or none, per message; right when both say so, whichever the rule."""
    false_alarms: float
    """Of the messages that break nothing, those with a finding that is not tolerated."""
    rule_micro_f1: float
    rule_macro_f1: float
    """Over the rules that the gold holds."""
    exact: float
    """Messages whose set of findings is right, tolerated rules aside."""
    route_accuracy: float
    route_macro_f1: float
    emergency: Share
    ece: float
    """Expected calibration error of the findings' confidence, ten bins (Naeini et al. 2015)."""
    rules: Mapping[str, Share]
    routes: Mapping[str, Share]
    wrong: tuple[str, ...]
    """Ids of the messages that are not exact."""
    misrouted: tuple[str, ...]


class _Counts(Counter[str]):
    def share(self) -> Share:
        hit, false, missed = self["tp"], self["fp"], self["fn"]
        precision = hit / (hit + false) if hit + false else 0.0
        recall = hit / (hit + missed) if hit + missed else 0.0
        both = precision + recall
        return Share(precision, recall, 2 * precision * recall / both if both else 0.0, hit + missed)


class _Table(dict[str, _Counts]):
    def __missing__(self, name: str) -> _Counts:
        return self.setdefault(name, _Counts())

    def shares(self) -> dict[str, Share]:
        return {name: self[name].share() for name in sorted(self)}


def score(gold: Iterable[Gold], found: Mapping[str, Found]) -> Figures:
    """The figures of what was `found` (by message id) against the `gold`."""
    truths = list({each.id: each for each in gold}.values())
    rules, routes, offence = _Table(), _Table(), _Counts()
    bins = [[0, 0.0, 0] for _ in range(_BINS)]
    wrong, misrouted = [], []
    for truth in truths:
        said = found.get(truth.id, NOTHING)
        names = frozenset(said.confidence)
        _count_rules(rules, truth, names)
        _count_bins(bins, truth, said.confidence)
        if truth.rules:
            offence["tp" if names else "fn"] += 1
        else:
            offence["fp" if names - truth.tolerated else "tn"] += 1
        if names - (truth.tolerated - truth.rules) != truth.rules:
            wrong.append(truth.id)
        if said.route == truth.route:
            routes[truth.route]["tp"] += 1
        else:
            routes[said.route]["fp"] += 1
            routes[truth.route]["fn"] += 1
            misrouted.append(truth.id)
    by_rule, by_route = rules.shares(), routes.shares()
    total = _Counts()
    for counts in rules.values():
        total.update(counts)
    clean, judged = offence["fp"] + offence["tn"], sum(int(number) for number, _, _ in bins)
    return Figures(
        messages=len(truths),
        missing=sum(truth.id not in found for truth in truths),
        offence=offence.share(),
        false_alarms=offence["fp"] / clean if clean else 0.0,
        rule_micro_f1=total.share().f1,
        rule_macro_f1=_macro(by_rule),
        exact=1 - len(wrong) / len(truths) if truths else 0.0,
        route_accuracy=1 - len(misrouted) / len(truths) if truths else 0.0,
        route_macro_f1=_macro(by_route),
        emergency=by_route.get("emergency", Share(0.0, 0.0, 0.0, 0)),
        ece=sum(abs(sure - right) for _, sure, right in bins) / judged if judged else 0.0,
        rules=by_rule,
        routes=by_route,
        wrong=tuple(wrong),
        misrouted=tuple(misrouted),
    )


def _count_rules(rules: _Table, truth: Gold, names: frozenset[str]) -> None:
    for name in truth.rules | names:
        if name in truth.rules:
            rules[name]["tp" if name in names else "fn"] += 1
        elif name not in truth.tolerated:
            rules[name]["fp"] += 1


def _count_bins(bins: Sequence[list[float]], truth: Gold, confidence: Mapping[str, float]) -> None:
    for name, value in confidence.items():
        if name in truth.rules or name not in truth.tolerated:
            cell = bins[min(_BINS - 1, int(value * _BINS))]
            cell[0] += 1
            cell[1] += value
            cell[2] += name in truth.rules


def _macro(shares: Mapping[str, Share]) -> float:
    held = [share.f1 for share in shares.values() if share.support]
    return sum(held) / len(held) if held else 0.0
