"""From evidence and protections to one calibrated confidence a rule."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from console.domain.ids import RuleId
from console.domain.verdicts import Route, Span
from console.netiquette.datafiles import invalid, read_lexicon
from console.netiquette.model import Evidence, RouteHint, Shield
from console.netiquette.resources import Resources

PRIOR = -1.5
"""Log-odds of a breach before any evidence."""

_ECHO = 0.35
"""What further evidence of the same detector for the same rule counts: it mostly says the same again."""

_WHOLE = 4.4
"""A protection of this weight takes all of what it covers, however strong it is; a weaker one its share."""

_MOSTLY = 0.25
"""Where less than this share is left of what detectors said, likeness loses as much."""

_MATTERS_OF_FACT = frozenset(
    map(
        RuleId,
        (
            "personal_information",
            "capitals",
            "not_french",
            "special_characters",
            "incomprehensible",
            "abusive_links",
            "repetition",
            "off_topic",
            "private_discussion",
        ),
    )
)
"""Rules about form and facts: no way of speaking protects them, unless a shield names them, and nothing
speaks against what is plainly there."""

_CHECKED = frozenset(
    map(
        RuleId,
        (
            "abusive_links",
            "capitals",
            "not_french",
            "personal_information",
            "repetition",
            "special_characters",
        ),
    )
)
"""Rules that a check decides: likeness to other messages says nothing there."""

LIKENESS = "learned"
"""The name of the learned model's detector."""

_OPINIONS = frozenset({LIKENESS, "desk"})
"""Detectors that judge by likeness to earlier messages: what the desk learned bears out no other likeness."""

ALONE, BESIDE = 3.5, 2.0
"""Likeness that nothing else bears out counts only beyond `ALONE`: the model must be very sure. Beside
evidence of weight `BESIDE` it counts whole, but never more than that; in between, in proportion. Measured on
held-out messages: as many offences are found as without the cap, for half the false alarms."""

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


def weigh(evidence: Sequence[Evidence], shields: Sequence[Shield]) -> list[Weighed]:
    """The log-odds of every rule that any evidence names, after the protections."""
    by_rule: dict[RuleId, list[Evidence]] = {each.rule: [] for each in evidence if each.weight > 0}
    said: dict[RuleId, list[tuple[float, float]]] = defaultdict(list)
    spoken = [shield for shield in shields if shield.rules is None]
    for each in evidence:
        if each.rule not in by_rule or (each.detector == LIKENESS and each.rule in _CHECKED):
            continue
        if each.weight > 0 or each.rule not in _MATTERS_OF_FACT:
            left = _shielded(each, shields)
            by_rule[each.rule].append(left)
            if each.weight > 0 and each.detector not in _OPINIONS:
                kept = _shielded(each, spoken).weight if left.weight < each.weight else each.weight
                said[each.rule].append((each.weight, kept))
    weighed = []
    for rule, found in by_rule.items():
        found = _moderated(_echoed(found, said[rule]))
        found.sort(key=lambda each: (-each.weight, each.detector, each.reason, each.spans))
        total = PRIOR + sum(_of_one_detector(group) for group in _by_detector(found))
        weighed.append(Weighed(rule, total, tuple(each for each in found if each.weight > 0)))
    return weighed


def _moderated(found: list[Evidence]) -> list[Evidence]:
    """Likeness bounded by what other layers say of the same rule."""
    others = max((each.weight for each in found if each.detector not in _OPINIONS), default=0.0)
    share = max(0.0, 1.0 - max(0.0, others) / BESIDE)
    return [
        replace(each, weight=share * max(0.0, each.weight - ALONE) + (1.0 - share) * min(each.weight, BESIDE))
        if each.detector == LIKENESS and each.weight > 0
        else each
        for each in found
    ]


def _echoed(found: list[Evidence], said: list[tuple[float, float]]) -> list[Evidence]:
    """Likeness sees the same words as the other detectors: where a way of speaking takes most of what
    they say (`said`: before, after), it keeps no more than they do."""
    before, after = sum(first for first, _ in said), sum(last for _, last in said)
    if after >= before * _MOSTLY:
        return found
    share = after / before
    return [
        replace(each, weight=each.weight * share) if each.detector == LIKENESS and each.weight > 0 else each
        for each in found
    ]


def _by_detector(evidence: Iterable[Evidence]) -> Iterable[list[float]]:
    groups: dict[str, list[float]] = defaultdict(list)
    for each in evidence:
        groups[each.detector].append(each.weight)
    return groups.values()


def _of_one_detector(weights: list[float]) -> float:
    """The strongest whole, the rest as an echo; evidence against counts whole."""
    positive = [weight for weight in weights if weight > 0]
    against = sum(weight for weight in weights if weight < 0)
    return against + (positive[0] + _ECHO * sum(positive[1:]) if positive else 0.0)


def _shielded(evidence: Evidence, shields: Sequence[Shield]) -> Evidence:
    """The evidence with what the protections leave of it: covered words no longer count, and evidence
    whose every word is covered loses weight."""
    if evidence.weight <= 0 or not shields:
        return evidence
    lost: dict[tuple[str, str], float] = {}
    covered: set[Span] = set()
    partial: dict[Span, dict[tuple[str, str], float]] = defaultdict(dict)
    for shield in shields:
        if not _concerns(shield, evidence.rule):
            continue
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
        weight = min(weight - taken, weight * (1.0 - taken / _WHOLE))
        open_spans = evidence.spans
    return replace(evidence, weight=max(0.0, weight), spans=open_spans)


def _concerns(shield: Shield, rule: RuleId) -> bool:
    return rule not in _MATTERS_OF_FACT if shield.rules is None else rule in shield.rules


def choose_route(hints: Iterable[RouteHint], found: Iterable[RuleId]) -> tuple[Route, float]:
    """The route with the greatest sum of weights, `none` unless it reaches the floor; and its sum.

    Who sells, solicits, menaces or chats asks the city nothing: what was `found` makes that less likely.
    """
    sums: dict[Route, float] = defaultdict(float)
    sums[Route.NONE] = _ROUTE_FLOOR
    for hint in hints:
        sums[hint.route] += hint.weight
    if not _ASKS_NOTHING.isdisjoint(found):
        sums[Route.QUESTION] -= _DISCOUNT
        sums[Route.SERVICE_311] -= _DISCOUNT
    order = list(Route)
    best = max(sums, key=lambda route: (sums[route], order.index(route)))
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
