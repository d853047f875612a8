"""Figures of held-out scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.netiquette.learned.model import ANY, ROUTES, TOXIC, Table, columns_of
from console.netiquette.learned.training import PUBLIC, ROUTED, WRITTEN, Prepared

_WHOLE = 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall, F1 and support of one column on held-out examples."""

    precision: float
    recall: float
    f1: float
    support: int


def measure(prepared: Prepared, scores: Mapping[int, Table], threshold: float = 0.0) -> dict[str, Figures]:
    """Figures by rule on the written messages, `any` last; a tolerated rule counts neither way."""
    numbers = [number for number in sorted(scores) if prepared.kinds[number] == WRITTEN]
    return {
        rule: _figures(prepared, scores, numbers, column, threshold)
        for column, rule in enumerate((*prepared.rules, ANY))
    }


def forum(prepared: Prepared, scores: Mapping[int, Table]) -> Figures | None:
    """Figures of «toxic» on the public texts that count whole; None where there are none."""
    column = columns_of(prepared.rules).index(TOXIC)
    numbers = [
        number
        for number in sorted(scores)
        if prepared.kinds[number] == PUBLIC and prepared.weights[number, column] >= _WHOLE
    ]
    return _figures(prepared, scores, numbers, column, 0.0) if numbers else None


def routed_right(prepared: Prepared, scores: Mapping[int, Table]) -> float:
    """The share of the messages with a route that are sent there."""
    numbers = [number for number in sorted(scores) if prepared.kinds[number] == ROUTED]
    if not numbers:
        return 0.0
    said = np.array([scores[number][-len(ROUTES) :].argmax() for number in numbers])
    return float((said == prepared.targets[numbers, -len(ROUTES) :].argmax(axis=1)).mean())


def _figures(
    prepared: Prepared, scores: Mapping[int, Table], numbers: Sequence[int], column: int, threshold: float
) -> Figures:
    counted = prepared.weights[numbers, column] > 0
    table: npt.NDArray[np.float32] = np.array([scores[number][column] for number in numbers])
    said = table[counted] > threshold
    true = prepared.targets[numbers, column][counted] > 0
    hits = int((said & true).sum())
    precision = hits / max(1, int(said.sum()))
    recall = hits / max(1, int(true.sum()))
    both = precision + recall
    return Figures(precision, recall, 2 * precision * recall / both if both else 0.0, int(true.sum()))
