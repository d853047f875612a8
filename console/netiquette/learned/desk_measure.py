"""Whether a layer helps, on decisions that it was not fitted to: before and after, rule by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from console.domain.ids import RuleId
from console.domain.learning import FEWEST, Comparison, RuleFigures
from console.domain.messages import OTHER
from console.netiquette.engine import Engine
from console.netiquette.learned.desk import LEFT_ALONE, DeskLayer
from console.netiquette.learned.desk_fitting import FEWEST_OF_RULE, Offsets, fit
from console.netiquette.learned.desk_lessons import Prepared
from console.netiquette.model import Context

FOLDS = 5
LEAST_GAIN = 2
"""Errors fewer, in all, for a layer to be offered: one may be luck."""

_TRADE = 3
"""Errors of one kind mended for each new one of the other."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The layer of all lessons (None when nothing is to be offered) and what was measured."""

    layer: DeskLayer | None
    comparison: Comparison


Found = frozenset[RuleId]


def learn(lessons: Sequence[Prepared], engine: Engine, progress: Progress) -> Outcome:
    """Fit and compare; a rule that does not get clearly better on unseen messages is left out.

    Figures are cross-validated in five parts; messages that say nearly the same are in one part. `progress`
    may raise to stop.
    """
    different = len({each.group for each in lessons})
    if different < FEWEST:
        return Outcome(None, Comparison(different, ()))
    steps = 2 * len(lessons)
    before: list[Found] = []
    offsets: list[Offsets] = []
    for done, each in enumerate(lessons):
        progress(done, steps)
        found, said = _engine_alone(engine, each)
        before.append(found)
        offsets.append(said)
    after = _unseen(lessons, offsets, before, engine, progress)
    measured = _compare(lessons, before, after)
    better = {each.rule for each in measured if each.enough and _is_better(each)}
    layer = _only(fit(lessons, offsets, engine.confidence, engine.version), better)
    comparison = Comparison(different, tuple(_as_left(each, each.rule in layer.rules) for each in measured))
    offered = bool(layer.rules) and comparison.gain >= LEAST_GAIN
    return Outcome(layer if offered else None, comparison)


def _is_better(each: RuleFigures) -> bool:
    """Fewer errors, and not by trading one kind for the other: more alarms, or more misses, only where they
    are few beside what is mended."""
    alarms, missed = each.alarms_before - each.alarms_after, each.missed_before - each.missed_after
    return alarms + missed > 0 and -alarms * _TRADE <= missed and -missed * _TRADE <= alarms


def _unseen(
    lessons: Sequence[Prepared],
    offsets: Sequence[Offsets],
    before: Sequence[Found],
    engine: Engine,
    progress: Progress,
) -> list[Found]:
    """What the engine finds in each lesson with the layer of the other parts."""
    after = list(before)
    parts = [_part(lessons[each.group]) for each in lessons]
    done = len(lessons)
    for part in range(FOLDS):
        seen = [place for place, own in enumerate(parts) if own != part]
        others = [lessons[place] for place in seen], [offsets[place] for place in seen]
        layer = fit(*others, engine.confidence, engine.version)
        judging = engine.with_desk(layer) if layer.rules else engine
        told = {weight.key for each in layer.rules.values() for weight in each.weights}
        for place, own in enumerate(parts):
            if own == part:
                progress(done, 2 * len(lessons))
                done += 1
                if not told.isdisjoint(lessons[place].keys):
                    after[place] = _found(judging, lessons[place])
    return after


def _part(first: Prepared) -> int:
    """Of a whole group, by its first message: what comes later moves no other message."""
    return crc32(first.lesson.message.encode()) % FOLDS


def _context(each: Prepared) -> Context:
    return Context(each.lesson.channel, OTHER, parent=each.lesson.parent)


def _found(engine: Engine, each: Prepared) -> Found:
    verdict = engine.judge(each.lesson.text, _context(each))
    return frozenset(finding.rule for finding in verdict.findings)


def _engine_alone(engine: Engine, each: Prepared) -> tuple[Found, Offsets]:
    """What is found, and the log-odds of every rule that anything speaks for."""
    rules = engine.policy.rules
    said = {
        weighed.rule: weighed.log_odds
        for weighed in engine.weighed(each.lesson.text, _context(each))
        if weighed.rule in rules and weighed.rule not in LEFT_ALONE
    }
    sure = engine.confidence
    return frozenset(rule for rule, odds in said.items() if sure(rule, odds) >= rules[rule].threshold), said


def _compare(
    lessons: Sequence[Prepared], before: Sequence[Found], after: Sequence[Found]
) -> tuple[RuleFigures, ...]:
    """Near-duplicates count as one message: the first of each group speaks for it."""
    tally: dict[RuleId, Counter[str]] = defaultdict(Counter)
    explicit: dict[RuleId, set[int]] = defaultdict(set)
    counted: set[tuple[int, RuleId]] = set()
    for each, first, last in zip(lessons, before, after, strict=True):
        for rule, broken in _known(each, first | last).items():
            if rule in each.lesson.labels:
                explicit[rule].add(each.group)
            if (each.group, rule) not in counted:
                counted.add((each.group, rule))
                tally[rule].update(_row(broken, rule in first, rule in last))
    return tuple(
        RuleFigures(rule=str(rule), enough=len(explicit[rule]) >= FEWEST_OF_RULE, **_filled(tally[rule]))
        for rule in sorted(tally)
        if explicit[rule]
    )


def _row(broken: bool, before: bool, after: bool) -> list[str]:
    said = ["messages", "broken"] if broken else ["messages"]
    for found, when in ((before, "before"), (after, "after")):
        if found != broken:
            said.append(f"{'missed' if broken else 'alarms'}_{when}")
    return said


def _filled(tally: Counter[str]) -> dict[str, int]:
    names = ("messages", "broken", "alarms_before", "alarms_after", "missed_before", "missed_after")
    return {name: tally[name] for name in names}


def _known(each: Prepared, found: Collection[RuleId]) -> Mapping[RuleId, bool]:
    """What the moderators said, by their acts, and of a whole decision by their silence as well."""
    labels = dict(each.lesson.labels)
    if each.lesson.whole:
        for rule in found:
            if rule not in LEFT_ALONE:
                labels.setdefault(rule, False)
    return labels


def _only(layer: DeskLayer, rules: Collection[str]) -> DeskLayer:
    return DeskLayer(layer.engine, {rule: each for rule, each in layer.rules.items() if rule in rules})


def _as_left(each: RuleFigures, kept: bool) -> RuleFigures:
    """Of a rule that is left out, after is as before."""
    if kept:
        return each
    return replace(each, alarms_after=each.alarms_before, missed_after=each.missed_before)
