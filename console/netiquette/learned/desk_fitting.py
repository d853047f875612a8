"""Fitting a desk's layer: for each rule a logistic regression on top of what the engine says already.

The engine's log-odds stand as an offset, so only what it gets wrong teaches anything. Weights are shrunk
towards zero (ridge), at most `MOST_TERMS` a rule, without a constant: no rule goes up or down as a whole.
Fitted anew from all lessons each time; the same lessons give the same layer.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.domain.ids import RuleId
from console.netiquette.learned.desk import (
    HIGHEST,
    LEFT_ALONE,
    LOWEST,
    MOST_TERMS,
    MOST_WEIGHT,
    OF_ONE,
    ONLY_RAISED,
    DeskLayer,
    RuleLayer,
    Weight,
)
from console.netiquette.learned.desk_lessons import Prepared

FEWEST_OF_RULE = 5
"""Different messages with an act about a rule, without which nothing is learned of it."""
_FEWEST_OF_TERM, _FEWEST_AUTHORS = 3, 2
"""Different messages, and people who wrote them: one person's name or habit is no lesson about a rule."""
_COMMONEST = 0.3
"""A word in more than this share of the lessons says nothing of its own."""
_SHRINK = 1.5
_STEPS = 25
_FAINT = 0.05
_UNSAID = 0.2
"""What it counts that a sanction did not name a rule: people name the gravest. «Rien à signaler» is whole."""
_SILENCE = -3.0
"""Log-odds of a rule that no layer of the engine speaks for."""
_AROUND = 2.0
_TEACHER_FLOOR, _AUTHOR_FLOOR = 20.0, 3.0
_AUTHOR_SHARE = 0.25

Numbers = npt.NDArray[np.float64]
Offsets = Mapping[RuleId, float]
"""What the engine alone says of one message: rule → log-odds, before calibration."""
Confidence = Callable[[RuleId, float], float]
"""What log-odds mean for a rule: a share between 0 and 1."""


@dataclass(frozen=True, slots=True)
class _Pupil:
    """What one lesson says of one rule."""

    keys: Collection[str]
    group: int
    author: str
    teacher: str
    broken: bool
    explicit: bool
    offset: float
    counts: float


def fit(
    lessons: Sequence[Prepared], offsets: Sequence[Offsets], confidence: Confidence, engine: str
) -> DeskLayer:
    """The layer of these lessons; `offsets` are what the engine of version `engine` says without one."""
    shown = _spellings(lessons)
    said = {rule for each in lessons for rule in each.lesson.labels} - LEFT_ALONE
    rules = {}
    for rule in sorted(said):
        layer = _fit_rule(rule, _pupils(rule, lessons, offsets), confidence, shown)
        if layer is not None:
            rules[rule] = layer
    return DeskLayer(engine, rules)


def _pupils(rule: RuleId, lessons: Sequence[Prepared], offsets: Sequence[Offsets]) -> list[_Pupil]:
    found = []
    for each, engine in zip(lessons, offsets, strict=True):
        label = each.lesson.labels.get(rule)
        if label is None and not each.lesson.whole:
            continue
        found.append(
            _Pupil(
                each.keys,
                each.group,
                each.lesson.author,
                each.lesson.teacher,
                bool(label),
                label is not None,
                engine.get(rule, _SILENCE),
                1.0 if label is not None or not any(each.lesson.labels.values()) else _UNSAID,
            )
        )
    return found


def _fit_rule(
    rule: RuleId, pupils: list[_Pupil], confidence: Confidence, shown: Mapping[str, str]
) -> RuleLayer | None:
    explicit = [each for each in pupils if each.explicit]
    if len({each.group for each in explicit}) < FEWEST_OF_RULE:
        return None
    lowest = 0.0 if rule in ONLY_RAISED else LOWEST
    highest = HIGHEST
    if len({each.teacher for each in explicit}) < 2:
        lowest, highest = lowest * OF_ONE, highest * OF_ONE
    weights = _shares(pupils)
    truth = np.array([float(each.broken) for each in pupils])
    offset = np.array([_logit(confidence(rule, each.offset)) for each in pupils])
    keys = _telling(pupils, weights * (truth - _chance(offset)))
    if not keys:
        return None
    table = _slope(rule, confidence) * _table(pupils, keys)
    solved = _solve(table, truth, offset, weights, lowest < 0)
    kept = tuple(
        Weight(key, shown.get(key, key), round(float(value), 2))
        for key, value in sorted(zip(keys, solved, strict=True))
        if abs(value) >= _FAINT
    )
    return RuleLayer(lowest, highest, kept) if kept else None


def _shares(pupils: Sequence[_Pupil]) -> Numbers:
    """How much each lesson counts: near-duplicates as one message, no teacher more than all the others
    together, no author more than a quarter (small numbers of lessons aside)."""
    alike = Counter((each.group, each.explicit) for each in pupils)
    weights = np.array([each.counts / alike[each.group, each.explicit] for each in pupils])
    for name, floor, share in (("teacher", _TEACHER_FLOOR, 0.5), ("author", _AUTHOR_FLOOR, _AUTHOR_SHARE)):
        total: dict[str, float] = defaultdict(float)
        for each, weight in zip(pupils, weights.tolist(), strict=True):
            if each.explicit:
                total[getattr(each, name)] += weight
        whole = sum(total.values())
        # A share s of the whole, after scaling, is s / (1 - s) of what the others say.
        allowed = {who: max(floor, (whole - own) * share / (1.0 - share)) for who, own in total.items()}
        scale = {who: min(1.0, allowed[who] / own) for who, own in total.items() if own > 0}
        weights *= np.array(
            [scale.get(getattr(each, name), 1.0) if each.explicit else 1.0 for each in pupils]
        )
    return weights


def _telling(pupils: Sequence[_Pupil], wrong: Numbers) -> list[str]:
    """The words that stand where the engine errs, the most first; rare and common ones left out."""
    groups: dict[str, set[int]] = defaultdict(set)
    authors: dict[str, set[str]] = defaultdict(set)
    pull: dict[str, float] = defaultdict(float)
    everywhere: dict[str, set[int]] = defaultdict(set)
    for each, error in zip(pupils, wrong.tolist(), strict=True):
        for key in each.keys:
            everywhere[key].add(each.group)
            pull[key] += error
            if each.explicit:
                groups[key].add(each.group)
                authors[key].add(each.author)
    many = _COMMONEST * len({each.group for each in pupils}) + _FEWEST_OF_TERM
    kept = [
        key
        for key, found in groups.items()
        if len(found) >= _FEWEST_OF_TERM
        and len(authors[key]) >= _FEWEST_AUTHORS
        and len(everywhere[key]) <= many
    ]
    return sorted(kept, key=lambda key: (-round(abs(pull[key]), 9), key))[:MOST_TERMS]


def _table(pupils: Sequence[_Pupil], keys: Sequence[str]) -> Numbers:
    """One row a lesson: `1 / sqrt(n)` for each of its n words, as `desk.leaning` counts them."""
    places = {key: place for place, key in enumerate(keys)}
    table = np.zeros((len(pupils), len(keys)))
    for row, each in enumerate(pupils):
        there = sorted(places[key] for key in each.keys if key in places)
        if there:
            table[row, there] = 1.0 / math.sqrt(len(there))
    return table


def _solve(table: Numbers, truth: Numbers, offset: Numbers, weights: Numbers, may_lower: bool) -> Numbers:
    """Newton's method on the weighted logistic loss with a ridge; clipped at the end."""
    found = np.zeros(table.shape[1])
    ridge = _SHRINK * np.eye(table.shape[1])
    for _ in range(_STEPS):
        chance = _chance(offset + table @ found)
        gradient = table.T @ (weights * (chance - truth)) + _SHRINK * found
        curve = (table * (weights * (chance * (1 - chance) + 1e-3))[:, None]).T @ table + ridge
        step = np.linalg.solve(curve, gradient)
        found = found - step
        if float(np.abs(step).max()) < 1e-6:
            break
    return np.clip(found, -MOST_WEIGHT if may_lower else 0.0, MOST_WEIGHT)


def _logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def _slope(rule: RuleId, confidence: Confidence) -> float:
    """How much of a change of log-odds arrives in the confidence, around the border."""
    return max(0.2, (_logit(confidence(rule, _AROUND)) - _logit(confidence(rule, -_AROUND))) / (2 * _AROUND))


def _chance(log_odds: Numbers) -> Numbers:
    chance: Numbers = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30.0, 30.0)))
    return chance


def _spellings(lessons: Sequence[Prepared]) -> Mapping[str, str]:
    """How people wrote a term most often (of equally many, the first in the alphabet)."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in lessons:
        for key, word in each.written.items():
            counts[key][word] += 1
    return {key: min(found, key=lambda word: (-found[word], word)) for key, found in counts.items()}
