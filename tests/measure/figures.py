"""The shares that the targets speak of, from texts and verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from console.domain.messages import FACEBOOK, Channel, X
from console.domain.verdicts import Verdict
from console.netiquette.combine import load_calibration
from console.netiquette.engine import Engine
from console.netiquette.model import Context
from tests.measure.sets import Row, rows

TOXIC = frozenset(
    {
        "violence", "obscenity", "defamation", "hate", "discrimination", "insult", "sexism", "racism",
        "misogyny", "ageism", "xenophobia", "homophobia", "aggression", "sexual_content",
    }
)  # fmt: skip
"""Rules whose breach a forum's annotators call toxic."""

_FEWEST_FALSE = 0.15
POST = Context(Channel.COMMENT, FACEBOOK)
TWEET = Context(Channel.COMMENT, X)


class Line(NamedTuple):
    """One figure beside its target; `most` where it must not be above it. None: for orientation."""

    name: str
    value: float
    target: float | None = None
    most: bool = False
    unit: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without one."""
        if self.target is None:
            return None
        return self.value <= self.target if self.most else self.value >= self.target


@dataclass
class Wrong:
    """What was judged wrongly, by set: id, text, what was found by which layers."""

    by_set: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    layers: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, name: str, row: Row, verdict: Verdict, rules: frozenset[str] | None = None) -> None:
        """Keep one error and count the strongest layer of each finding."""
        found = [each for each in verdict.findings if rules is None or each.rule in rules]
        told = ", ".join(f"{each.rule} {each.confidence:.2f} ({'+'.join(each.detectors)})" for each in found)
        self.by_set.setdefault(name, []).append((row.id, row.text, told))
        counts = self.layers.setdefault(name, Counter())
        counts.update(f"{each.rule} by {each.detectors[0]}" for each in found)


def alarms(
    engine: Engine, wrong: Wrong, name: str, target: float, keep: Callable[[Row], bool], tweets: bool = False
) -> list[Line]:
    """The share of acceptable texts with any finding, and with a toxic one."""
    told = toxic = number = 0
    for row in filter(keep, rows(name)):
        verdict = engine.judge(row.text, TWEET if tweets else POST)
        number += 1
        told += bool(verdict.findings)
        toxic += any(finding.rule in TOXIC for finding in verdict.findings)
        if verdict.findings:
            wrong.add(name, row, verdict)
    return [
        Line(f"{name}: any finding ({number} texts)", told / number, target, most=True),
        Line(f"{name}: a toxic finding", toxic / number),
    ]


def toxicity(
    engine: Engine, wrong: Wrong, name: str, positive: str, targets: bool, negative: str | None = None
) -> list[Line]:
    """Accuracy and false positives of «any toxic finding» as the engine shows it, and the best accuracy
    that a threshold on its confidence gives at no more than 15 % false positives (how well it ranks)."""
    judged: list[tuple[bool, bool, float]] = []
    calibration = load_calibration(engine.resources)
    for row in rows(name):
        if row.label != positive and negative is not None and row.label != negative:
            continue
        truth = row.label == positive
        verdict = engine.judge(row.text, POST)
        shown = any(finding.rule in TOXIC for finding in verdict.findings)
        sure = [
            calibration.confidence(each.rule, each.log_odds)
            for each in engine.weighed(row.text, POST)
            if each.rule in TOXIC
        ]
        judged.append((truth, shown, max(sure, default=0.0)))
        if shown and not truth:
            wrong.add(f"{name} false", row, verdict, TOXIC)
        elif truth and not shown:
            wrong.add(f"{name} missed", row, verdict)
    accuracy = sum(truth == shown for truth, shown, _ in judged) / len(judged)
    clean = [shown for truth, shown, _ in judged if not truth]
    bad = [shown for truth, shown, _ in judged if truth]
    return [
        Line(f"{name}: accuracy ({len(judged)} texts)", accuracy, 0.78 if targets else None),
        Line(f"{name}: false positives", sum(clean) / len(clean), 0.15 if targets else None, most=True),
        Line(f"{name}: toxic found", sum(bad) / len(bad)),
        Line(f"{name}: best accuracy by threshold", _best(judged)),
    ]


def _best(judged: Iterable[tuple[bool, bool, float]]) -> float:
    ranked = sorted(((sure, truth) for truth, _, sure in judged), reverse=True)
    clean = sum(not truth for _, truth in ranked)
    best = right = clean
    false = 0
    for place, (sure, truth) in enumerate(ranked):
        right += 1 if truth else -1
        false += not truth
        last = place + 1 == len(ranked) or ranked[place + 1][0] != sure
        if last and false <= _FEWEST_FALSE * clean:
            best = max(best, right)
    return best / len(ranked)


def language(engine: Engine, wrong: Wrong) -> list[Line]:
    """French kept, English and Arabic found, on tweets; and on Québec citizens' messages."""
    counts: dict[str, list[int]] = {}
    for source, label in (("langid_social", "label"), ("dialogue_covid_qc", "lang_auto")):
        for row in rows(source):
            code = row.columns[label]
            verdict = engine.judge(row.text, TWEET)
            foreign = any(finding.rule == "not_french" for finding in verdict.findings)
            cell = counts.setdefault(f"{source} {code}", [0, 0])
            cell[0] += foreign is (code != "fr")
            cell[1] += 1
            if foreign is (code == "fr"):
                wrong.add(f"{source} {code}", row, verdict, frozenset({"not_french"}))
    targets = {"langid_social fr": 0.99, "langid_social en": 0.97, "langid_social ar": 0.97}
    return [
        Line(
            f"language, {name}: {'kept' if name.endswith('fr') else 'found'} ({number} texts)",
            right / number,
            targets.get(name),
        )
        for name, (right, number) in counts.items()
        if number >= 20
    ]
