"""Training and measuring: cross-validated on the sentences written by hand, then once on everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.netiquette.learned.corpus import SEED, Example
from console.netiquette.learned.features import Extractor, Features, summed
from console.netiquette.learned.model import ANY, Model, Table
from console.netiquette.lexicon.scanner import Scanner
from console.netiquette.text.document import build

EPOCHS = 8
RATE = 0.25
DECAY = 2e-5
FOLDS = 5
COMPOSED_WEIGHT = 0.5
"""A composed sentence counts half: there are many and they are alike."""
_MOST_BALANCE = 2.0

_NEWTON_STEPS, _HOLD = 200, 0.02

Numbers = npt.NDArray[np.int64]
Wide = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The examples as features, targets and weights; rows of `targets` and `weights` follow `rules`."""

    rules: tuple[str, ...]
    features: list[Features]
    targets: Table
    weights: Table
    written: Numbers
    composed: Numbers


def prepare(examples: Sequence[Example], scanner: Scanner) -> Prepared:
    """Read every example and weigh it. A tolerated rule counts neither way."""
    extractor = Extractor(scanner.compiled)
    rules = tuple(sorted({rule for example in examples for rule in example.rules}))
    targets = np.array(
        [[*(float(rule in each.rules) for rule in rules), float(bool(each.rules))] for each in examples],
        dtype=np.float32,
    )
    positives = targets.sum(axis=0)
    balance = np.clip(np.sqrt((len(examples) - positives) / np.maximum(positives, 1.0)), 1.0, _MOST_BALANCE)
    weights = np.where(targets > 0, balance, 1.0).astype(np.float32)
    for number, example in enumerate(examples):
        for column, rule in enumerate(rules):
            if rule in example.tolerated and rule not in example.rules:
                weights[number, column] = 0.0
        if example.tolerated and not example.rules:
            weights[number, -1] = 0.5
        if example.composed:
            weights[number] *= COMPOSED_WEIGHT
    features = [summed(extractor.extract(scanner.read(build(each.text), each.parent))) for each in examples]
    composed = np.array([each.composed for each in examples])
    return Prepared(rules, features, targets, weights, np.flatnonzero(~composed), np.flatnonzero(composed))


def fit(prepared: Prepared, chosen: Numbers) -> Model:
    """A model trained on the `chosen` examples, the same for the same input."""
    model = Model.blank(prepared.rules)
    order = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        rate = RATE / (1.0 + 0.3 * epoch)
        for number in order.permutation(chosen).tolist():
            model.learn(
                prepared.features[number], prepared.targets[number], prepared.weights[number], rate, DECAY
            )
    return model


def held_out_scores(prepared: Prepared) -> dict[int, Table]:
    """Scores of every written example by a model that has not seen it."""
    written = np.random.default_rng(SEED + 1).permutation(prepared.written)
    found: dict[int, Table] = {}
    for fold in range(FOLDS):
        held = written[fold::FOLDS]
        rest = np.setdiff1d(written, held)
        model = fit(prepared, np.concatenate((rest, prepared.composed)))
        for number in held.tolist():
            found[number] = model.scores(prepared.features[number])
    return found


def bearings(prepared: Prepared, scores: Mapping[int, Table]) -> tuple[Table, Table]:
    """Slope and shift by rule (see `Model`), from held-out scores by Platt's method (1999).

    The slope is held near 1; the rule's share of the corpus is taken out, so that what is left speaks for
    or against a rule whatever its share of the messages at hand.
    """
    numbers = sorted(scores)
    table = np.array([scores[number] for number in numbers], dtype=np.float64)
    columns = len(prepared.rules) + 1
    slope, shift = np.ones(columns), np.zeros(columns)
    for column in range(columns):
        counted = prepared.weights[numbers, column] > 0
        truth = (prepared.targets[numbers, column][counted] > 0).astype(np.float64)
        share = min(max(float(truth.mean()), 1e-4), 1 - 1e-4)
        slope[column], constant = _logistic(table[counted, column], truth)
        shift[column] = (constant - np.log(share / (1 - share))) / slope[column]
    return slope.astype(np.float32), shift.astype(np.float32)


def _logistic(scores: Wide, truth: Wide) -> tuple[float, float]:
    """Newton's method for P(truth) = 1 / (1 + exp(-(a * score + b))), `a` held near 1."""
    a, b = 1.0, 0.0
    for _ in range(_NEWTON_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(a * scores + b, -30, 30)))
        spread = chance * (1 - chance) + 1e-4
        gradient = np.array([((chance - truth) * scores).mean() + _HOLD * (a - 1), (chance - truth).mean()])
        curve = np.array(
            [
                [(spread * scores * scores).mean() + _HOLD, (spread * scores).mean()],
                [(spread * scores).mean(), spread.mean()],
            ]
        )
        step = np.linalg.solve(curve, gradient)
        a, b = a - float(step[0]), b - float(step[1])
    return a, b


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall, F1 and support of one rule on held-out examples."""

    precision: float
    recall: float
    f1: float
    support: int


def measure(prepared: Prepared, scores: Mapping[int, Table], threshold: float = 0.0) -> dict[str, Figures]:
    """Figures by rule, `any` last; a tolerated rule counts neither way."""
    found = {}
    numbers = sorted(scores)
    table = np.array([scores[number] for number in numbers]) > threshold
    for column, rule in enumerate((*prepared.rules, ANY)):
        counted = prepared.weights[numbers, column] > 0
        said, true = table[counted, column], prepared.targets[numbers, column][counted] > 0
        hits = int((said & true).sum())
        precision = hits / max(1, int(said.sum()))
        recall = hits / max(1, int(true.sum()))
        both = precision + recall
        harmonic = 2 * precision * recall / both if both else 0.0
        found[rule] = Figures(precision, recall, harmonic, int(true.sum()))
    return found
