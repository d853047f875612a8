"""From evidence and protections to one calibrated confidence a rule."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from console.domain.ids import RuleId
from console.domain.verdicts import Route, Span
from console.netiquette.datafiles import invalid, read_lexicon
from console.netiquette.model import Evidence, Likeness, RouteHint, Shield
from console.netiquette.opinion import FACTS, WHOLE, Opinion
from console.netiquette.resources import Resources

PRIOR = -1.5
"""Log-odds of a breach before any evidence."""

_ECHO = 0.35
"""What further evidence of the same detector for the same rule counts: it mostly says the same again."""

LIKENESS, DESK = "learned", "desk"
"""The names of the detectors that judge by likeness to other messages."""

_ASKS_NOTHING = frozenset(
    map(
        RuleId,
        (
            "advertising",
            "fraud",
            "religious_solicitation",
            "propaganda",
            "partisan_politics",
            "election_campaign",
            "private_discussion",
            "violence",
        ),
    )
)
_DISCOUNT = 1.4
_ROUTE_FLOOR = 1.0
"""Weight that a route needs to win over `none`."""


_ORDER = {route: place for place, route in enumerate(Route)}


@dataclass(frozen=True, slots=True)
class Weighed:
    """One rule: the log-odds, the evidence that counted (strongest first)."""

    rule: RuleId
    log_odds: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Calibration:
    """Log-odds → confidence, `1 / (1 + exp(-(slope * x + shift)))`, by rule (Platt 1999).

    Read from resources/calibration.yaml: `default: {slope, shift}` and `rules: {rule: {slope, shift}}`;
    `console.netiquette.calibrating` fits it.
    """

    default: tuple[float, float]
    rules: Mapping[RuleId, tuple[float, float]]

    def confidence(self, rule: RuleId, log_odds: float) -> float:
        """A share between 0.001 and 0.999."""
        slope, shift = self.rules.get(rule, self.default)
        value = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, slope * log_odds + shift))))
        return round(min(0.999, max(0.001, value)), 3)


def load_calibration(resources: Resources) -> Calibration:
    """The fitted curve. Raises `ConfigurationError` `lexicon.missing` or `lexicon.invalid`."""
    path = resources.folder / "calibration.yaml"
    content = read_lexicon(path)
    try:
        default = _curve(content["default"])
        rules = {RuleId(name): _curve(curve) for name, curve in (content.get("rules") or {}).items()}
    except (KeyError, TypeError, ValueError) as error:
        raise invalid(path.name, f"slope and shift expected: {error}") from error
    return Calibration(default, rules)


def _curve(entry: Mapping[str, object]) -> tuple[float, float]:
    slope, shift = float(str(entry["slope"])), float(str(entry["shift"]))
    if slope <= 0:
        raise ValueError(slope)
    return slope, shift


def weigh(
    evidence: Sequence[Evidence], shields: Sequence[Shield], likeness: Likeness | None = None
) -> list[Weighed]:
    """The log-odds of every rule that any evidence or likeness names, after the protections."""
    by_rule: dict[RuleId, list[Evidence]] = {each.rule: [] for each in evidence if each.weight > 0}
    said: dict[RuleId, list[tuple[float, float]]] = defaultdict(list)
    over = {rule: [shield for shield in shields if _concerns(shield, rule)] for rule in by_rule}
    spoken = {rule: [shield for shield in found if shield.rules is None] for rule, found in over.items()}
    lowered: dict[RuleId, float] = {}
    for each in evidence:
        if each.rule not in by_rule:
            if each.detector == DESK and each.rule not in FACTS:
                # The desk may also take back what likeness alone would find.
                lowered[each.rule] = each.weight
            continue
        if each.weight > 0 or each.rule not in FACTS:
            left = _shielded(each, over[each.rule])
            by_rule[each.rule].append(left)
            if each.weight > 0 and each.detector != DESK:
                kept = _shielded(each, spoken[each.rule]).weight if left.weight < each.weight else each.weight
                said[each.rule].append((each.weight, kept))
    shares = {rule: _share(pairs) for rule, pairs in said.items()}
    likely = {} if likeness is None else _likely(by_rule, shares, Opinion(likeness, shields))
    weighed = []
    for rule in dict.fromkeys((*by_rule, *likely)):
        found = by_rule.get(rule, [])
        weight = likely.get(rule, 0.0)
        total = PRIOR + weight + _sum(found) + lowered.get(rule, 0.0)
        kept_evidence = [each for each in found if each.weight > 0]
        if likeness is not None and weight > 0:
            kept_evidence.append(Evidence(rule, weight, likeness.spans(rule), LIKENESS, LIKENESS))
        kept_evidence.sort(key=lambda each: (-each.weight, each.detector, each.reason, each.spans))
        weighed.append(Weighed(rule, total, tuple(kept_evidence)))
    return weighed


def _share(said: list[tuple[float, float]]) -> float:
    """What a way of speaking left of what detectors said (`said`: before, after)."""
    before = sum(first for first, _ in said)
    return sum(last for _, last in said) / before if before else 1.0


def _likely(
    by_rule: Mapping[RuleId, list[Evidence]], shares: Mapping[RuleId, float], opinion: Opinion
) -> dict[RuleId, float]:
    """What likeness counts by rule: for each by itself, and «any» for the most likely of all."""
    found = {
        rule: opinion.beside(rule, shares[rule]) if rule in shares else opinion.alone.get(rule, 0.0)
        for rule in (*by_rule, *opinion.alone)
    }
    open_rules = [rule for rule in found if rule not in FACTS]
    if open_rules:
        # Without the desk: what it takes from a rule must not go to the next one.
        best = max(open_rules, key=lambda rule: (_sum(by_rule.get(rule, ()), DESK) + found[rule], rule))
        found[best] += opinion.of_all(best, shares.get(best))
    return found


def _sum(found: Sequence[Evidence], without: str = "") -> float:
    if not found:
        return 0.0
    return sum(_of_one_detector(sorted(group, reverse=True)) for group in _by_detector(found, without))


def _by_detector(evidence: Iterable[Evidence], without: str) -> Iterable[list[float]]:
    groups: dict[str, list[float]] = defaultdict(list)
    for each in evidence:
        if each.detector != without:
            groups[each.detector].append(each.weight)
    return groups.values()


def _of_one_detector(weights: list[float]) -> float:
    """The strongest whole, the rest as an echo; evidence against counts whole."""
    positive = [weight for weight in weights if weight > 0]
    against = sum(weight for weight in weights if weight < 0)
    return against + (positive[0] + _ECHO * sum(positive[1:]) if positive else 0.0)


def _shielded(evidence: Evidence, shields: Sequence[Shield]) -> Evidence:
    """The evidence with what the protections of its rule leave of it: covered words no longer count, and
    evidence whose every word is covered loses weight."""
    if evidence.weight <= 0 or not shields:
        return evidence
    lost: dict[tuple[str, str], float] = {}
    covered: set[Span] = set()
    partial: dict[Span, dict[tuple[str, str], float]] = defaultdict(dict)
    for shield in shields:
        key = (shield.detector, shield.reason)
        if shield.span is None or not evidence.spans:
            if shield.span is None:
                lost[key] = max(shield.weight, lost.get(key, 0.0))
            continue
        for span in evidence.spans:
            if shield.span.start <= span.start and span.end <= shield.span.end:
                covered.add(span)
                partial[span][key] = max(shield.weight, partial[span].get(key, 0.0))
    open_spans: Sequence[Span] = tuple(span for span in evidence.spans if span not in covered)
    weight = evidence.weight - sum(lost.values())
    if covered and not open_spans:
        taken = min(sum(kinds.values()) for kinds in partial.values())
        weight = min(weight - taken, weight * (1.0 - taken / WHOLE))
        open_spans = evidence.spans
    return replace(evidence, weight=max(0.0, weight), spans=open_spans)


def _concerns(shield: Shield, rule: RuleId) -> bool:
    return rule not in FACTS if shield.rules is None else rule in shield.rules


def choose_route(hints: Iterable[RouteHint], found: Iterable[RuleId]) -> tuple[Route, float]:
    """The route with the greatest sum of weights, `none` unless it reaches the floor; and its sum.

    Who sells, solicits, menaces or chats asks the city nothing: what was `found` makes that less likely.
    """
    sums = {Route.NONE: _ROUTE_FLOOR}
    for hint in hints:
        sums[hint.route] = sums.get(hint.route, 0.0) + hint.weight
    if not _ASKS_NOTHING.isdisjoint(found):
        for asking in (Route.QUESTION, Route.SERVICE_311):
            sums[asking] = sums.get(asking, 0.0) - _DISCOUNT
    best = max(sums, key=lambda route: (sums[route], _ORDER[route]))
    return best, sums[best]


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Overlapping and touching spans as one, in order."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        elif span.end > span.start:
            merged.append(span)
    return tuple(merged)
