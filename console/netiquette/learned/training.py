"""Training and measuring: cross-validated on what was written by hand, then once on everything.

One table learns three things side by side: which rules a message of the project's corpus breaks, where the
messages of resources/model/routes go, and which texts of the public sets (where they are there) are toxic.
An example counts only for the columns that it says something of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.netiquette.learned.corpus import SEED, Example
from console.netiquette.learned.features import ROWS, Features
from console.netiquette.learned.model import ANY, ROUTE, ROUTES, TOXIC, Learner, Model, Table, columns_of
from console.netiquette.learned.preparing import Preparation, Routed
from console.netiquette.learned.public import Text

EPOCHS = 8
RATE = 0.2
HOLD, TOXIC_HOLD = 1.0, 0.3
"""How strongly each weight is held at 0 (L2) over all examples; a rare feature feels it at its few."""
FOLDS = 3
COMPOSED_WEIGHT = 0.5
"""A composed sentence counts half: there are many and they are alike."""
_MOST_BALANCE = 3.0
_ASKED_WEIGHT = 0.3
"""A message that asks the city something counts this much as one that breaks nothing."""
_OFFENCE_WEIGHT = 0.5
"""A message that breaks a rule and asks nothing counts half as one that goes nowhere: there are many."""
_TOXIC_OWN = 0.5
"""A message of the corpus counts half as one that a forum would call toxic or not."""
_PUBLIC_ANY, _PUBLIC_CLEAN = 0.3, 0.5
"""What a public text counts as one that breaks any rule or none, and one that is not toxic as one that breaks
none of the rules on persons, groups, violence and obscenity."""
_MOST_ROUTE_BALANCE = 4.0
_ASKING = ("routes.request", "routes.complaint", "routes.peril")

TOXIC_RULES = frozenset(
    {
        "violence", "obscenity", "defamation", "hate", "discrimination", "insult", "sexism", "racism",
        "misogyny", "ageism", "xenophobia", "homophobia", "aggression", "sexual_content",
    }
)  # fmt: skip
"""Rules whose breach a forum's annotators call toxic."""

WRITTEN, COMPOSED, ROUTED, PUBLIC = range(4)

_NEWTON_STEPS, _HOLD = 200, 0.02

Numbers = npt.NDArray[np.int64]
Wide = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Examples as features, targets and weights (a row an example, a column a column of the model);
    `kinds[i]` says where example i is from."""

    rules: tuple[str, ...]
    features: list[Features]
    targets: Table
    weights: Table
    kinds: Numbers

    def of_kind(self, *kinds: int) -> Numbers:
        """The numbers of the examples of some kinds."""
        return np.flatnonzero(np.isin(self.kinds, kinds))


def prepare(
    examples: Sequence[Example], routed: Sequence[Routed], public: Sequence[Text], preparation: Preparation
) -> Prepared:
    """Read every example and weigh it."""
    rules = tuple(sorted({rule for example in examples for rule in example.rules}))
    columns = columns_of(rules)
    count = len(examples) + len(routed) + len(public)
    targets: Table = np.zeros((count, len(columns)), dtype=np.float32)
    weights: Table = np.zeros((count, len(columns)), dtype=np.float32)
    features: list[Features] = []
    for number, example in enumerate(examples):
        found, cues = preparation.features(example.text, example.parent, example.private)
        features.append(found)
        _weigh_example(example, columns, cues, targets[number], weights[number])
    _balance(targets, weights, len(examples), len(rules) + 1)
    for number, message in enumerate(routed, len(examples)):
        features.append(preparation.features(message.text, message.parent, not message.parent)[0])
        targets[number, columns.index(ROUTE + message.route)] = 1.0
        weights[number, : len(rules) + 2] = _ASKED_WEIGHT
        weights[number, len(rules) + 2 :] = 1.0
    _balance_routes(targets, weights, len(columns) - len(ROUTES))
    toxic = columns.index(TOXIC)
    harsh = [place for place, name in enumerate(columns) if name in TOXIC_RULES]
    for number, text in enumerate(public, len(examples) + len(routed)):
        features.append(preparation.features(text.text, "", private=False)[0])
        targets[number, toxic], weights[number, toxic] = float(text.toxic), text.weight
        targets[number, toxic - 1], weights[number, toxic - 1] = float(text.toxic), _PUBLIC_ANY * text.weight
        if not text.toxic:
            weights[number, harsh] = _PUBLIC_CLEAN * text.weight
    kinds = np.array(
        [
            *(COMPOSED if each.composed else WRITTEN for each in examples),
            *([ROUTED] * len(routed)),
            *([PUBLIC] * len(public)),
        ],
        dtype=np.int64,
    )
    return Prepared(rules, features, targets, weights, kinds)


def _weigh_example(
    example: Example, columns: Sequence[str], cues: Sequence[str], target: Table, weight: Table
) -> None:
    """What an example of the corpus says of rules, `any`, `toxic` and routes."""
    for place, name in enumerate(columns):
        if name == ANY:
            target[place] = float(bool(example.rules))
            weight[place] = 1.0 if example.rules or not example.tolerated else 0.5
        elif name == TOXIC:
            target[place] = float(not TOXIC_RULES.isdisjoint(example.rules))
            unclear = not target[place] and not TOXIC_RULES.isdisjoint(example.tolerated)
            weight[place] = 0.0 if unclear else _TOXIC_OWN
        elif not name.startswith(ROUTE):
            target[place] = float(name in example.rules)
            weight[place] = 0.0 if name in example.tolerated and name not in example.rules else 1.0
        elif example.route:
            target[place], weight[place] = float(name == ROUTE + example.route), 1.0
        elif example.rules and not example.composed and "?" not in example.text:
            target[place] = float(name == f"{ROUTE}none")
            weight[place] = _OFFENCE_WEIGHT if not any(cue in cues for cue in _ASKING) else 0.0
    if example.composed:
        weight *= COMPOSED_WEIGHT


def _balance(targets: Table, weights: Table, count: int, width: int) -> None:
    """Rare rules count more."""
    positives = targets[:count, :width].sum(axis=0)
    balance = np.clip(np.sqrt((count - positives) / np.maximum(positives, 1.0)), 1.0, _MOST_BALANCE)
    weights[:count, :width] *= np.where(targets[:count, :width] > 0, balance, 1.0)


def _balance_routes(targets: Table, weights: Table, first: int) -> None:
    """Rare routes count more, in all columns of the choice."""
    counts = (targets[:, first:] * weights[:, first:]).sum(axis=0)
    balance = np.sqrt(counts.sum() / len(ROUTES) / np.maximum(counts, 1.0))
    balance = np.minimum(_MOST_ROUTE_BALANCE, balance)
    weights[:, first:] *= (targets[:, first:] * balance).sum(axis=1, keepdims=True)


def fit(prepared: Prepared, chosen: Numbers) -> Model:
    """A model trained on the `chosen` examples, the same for the same input."""
    learner = Learner(prepared.rules)
    order = np.random.default_rng(SEED)
    learner.share, learner.hold = _decay(prepared, chosen)
    for epoch in range(EPOCHS):
        rate = RATE / (1.0 + 0.3 * epoch)
        for number in order.permutation(chosen).tolist():
            learner.learn(prepared.features[number], prepared.targets[number], prepared.weights[number], rate)
    return learner.packed()


def _decay(prepared: Prepared, chosen: Numbers) -> tuple[Table, Table]:
    """Each row's share of the hold at one of its examples, and the hold by column."""
    counts: Table = np.zeros(ROWS, dtype=np.float32)
    for number in chosen.tolist():
        counts[prepared.features[number].rows] += 1.0
    hold: Table = np.full(len(columns_of(prepared.rules)), HOLD, dtype=np.float32)
    hold[columns_of(prepared.rules).index(TOXIC)] = TOXIC_HOLD
    return (1.0 / np.maximum(counts, 1.0)).astype(np.float32), hold


def held_out_scores(prepared: Prepared) -> dict[int, Table]:
    """Scores of every example but the composed ones, by a model that has not seen it."""
    shuffled = np.random.default_rng(SEED + 1).permutation(prepared.of_kind(WRITTEN, ROUTED, PUBLIC))
    composed = prepared.of_kind(COMPOSED)
    found: dict[int, Table] = {}
    for fold in range(FOLDS):
        held = shuffled[fold::FOLDS]
        model = fit(prepared, np.concatenate((np.setdiff1d(shuffled, held), composed)))
        for number in held.tolist():
            found[number] = model.scores(prepared.features[number])
    return found


def bearings(prepared: Prepared, scores: Mapping[int, Table]) -> tuple[Table, Table, Table]:
    """Slope, shift and usual log-odds by column (see `Model`), from held-out scores by Platt's method (1999).

    The slope is held near 1; the column's share of the corpus is taken out, so that what is left speaks for
    or against it whatever its share of the messages at hand. Routes are compared with one another: theirs
    stay as they are.
    """
    columns = len(columns_of(prepared.rules))
    slope, shift, usual = np.ones(columns), np.zeros(columns), np.zeros(columns)
    for column in range(columns - len(ROUTES)):
        kind = PUBLIC if column == columns - len(ROUTES) - 1 else WRITTEN
        numbers = [number for number in sorted(scores) if prepared.kinds[number] == kind]
        if not numbers:
            numbers = [number for number in sorted(scores) if prepared.kinds[number] == WRITTEN]
        table = np.array([scores[number][column] for number in numbers], dtype=np.float64)
        counted = prepared.weights[numbers, column] > 0
        truth = (prepared.targets[numbers, column][counted] > 0).astype(np.float64)
        share = min(max(float(truth.mean()), 1e-4), 1 - 1e-4)
        slope[column], constant = _logistic(table[counted], truth)
        usual[column] = np.log(share / (1 - share))
        shift[column] = (constant - usual[column]) / slope[column]
    return slope.astype(np.float32), shift.astype(np.float32), usual.astype(np.float32)


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
