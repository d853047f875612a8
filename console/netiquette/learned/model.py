"""One logistic scorer a rule and one for «any offence», over hashed features; learns online."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from console.errors import ConfigurationError
from console.netiquette.learned.features import ROWS, Features

ANY = "any"
"""The scorer of «breaks any rule»."""
_FORMAT = 2

Table = npt.NDArray[np.float32]


@dataclass(slots=True)
class Model:
    """`weights[row, rule]` and `bias[rule]`; `squares` are AdaGrad's sums, kept only while learning.

    `adjustments` are what this desk has learned, apart from what was shipped. `slope * (score + shift)` is
    what a score says for or against a rule, in log-odds beyond the rule's share of the corpus; fitted by
    `training.bearings` on messages that the model had not seen.
    """

    rules: tuple[str, ...]
    weights: Table
    bias: Table
    squares: Table | None = None
    bias_squares: Table = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    adjustments: dict[int, Table] = field(default_factory=dict)
    slope: Table = field(default_factory=lambda: np.ones(1, dtype=np.float32))
    shift: Table = field(default_factory=lambda: np.zeros(1, dtype=np.float32))

    @classmethod
    def blank(cls, rules: Sequence[str]) -> Model:
        """A model that knows nothing."""
        names = (*rules, ANY)
        return cls(
            names,
            np.zeros((ROWS, len(names)), dtype=np.float32),
            np.full(len(names), -2.0, dtype=np.float32),
            np.full((ROWS, len(names)), 1e-3, dtype=np.float32),
            np.full(len(names), 1e-3, dtype=np.float32),
        )

    def scores(self, features: Features) -> Table:
        """Log-odds by rule, in the order of `rules`."""
        found: Table = features.values @ self.weights.take(features.rows, axis=0) + self.bias
        if self.adjustments:
            for row, value in zip(features.rows.tolist(), features.values.tolist(), strict=True):
                extra = self.adjustments.get(row)
                if extra is not None:
                    found += value * extra
        return found

    def told(self, features: Features) -> Table:
        """What the scores say by rule, in log-odds."""
        found: Table = self.slope * (self.scores(features) + self.shift)
        return found

    def learn(self, features: Features, target: Table, weight: Table, rate: float, decay: float) -> None:
        """One AdaGrad step towards `target` (0/1 by rule), each rule's error times `weight`.

        The rows must differ from one another (`features.summed`).
        """
        if self.squares is None:
            raise ValueError("a shipped model learns by `update` only")
        rows, values = features.rows, features.values
        error = (1.0 / (1.0 + np.exp(-np.clip(self.scores(features), -30, 30))) - target) * weight
        gradient = np.outer(values, error).astype(np.float32)
        current = self.weights[rows]
        gradient += decay * current
        squares = self.squares[rows] + gradient * gradient
        self.squares[rows] = squares
        self.weights[rows] = current - rate * gradient / np.sqrt(squares)
        self.bias_squares += error * error
        self.bias -= (rate * error / np.sqrt(self.bias_squares)).astype(np.float32)

    def update(self, features: Features, labels: Mapping[str, bool], rate: float = 0.15) -> None:
        """One step from a moderator's decision: `labels` says of some rules whether they are broken.

        The shipped weights stay as they are; the desk's own are in `adjustments`, to keep or to discard.
        """
        error = np.zeros(len(self.rules), dtype=np.float32)
        scores = self.scores(features)
        for rule, broken in labels.items():
            if rule in self.rules:
                place = self.rules.index(rule)
                error[place] = 1.0 / (1.0 + np.exp(-scores[place])) - float(broken)
        norm = float(np.sum(features.values**2)) or 1.0
        for row, value in zip(features.rows.tolist(), features.values.tolist(), strict=True):
            known = self.adjustments.get(row)
            step = (-rate * 4.0 * value / norm * error).astype(np.float32)
            self.adjustments[row] = step if known is None else known + step

    def save(self, path: Path) -> None:
        """Write the shipped part in eight bits a weight; small weights are dropped."""
        scale = np.maximum(np.abs(self.weights).max(axis=0), 1e-6) / 127.0
        table = np.rint(self.weights / scale).astype(np.int8)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            path,
            format=np.array(_FORMAT),
            rules=np.array(self.rules),
            table=table,
            scale=scale.astype(np.float32),
            bias=self.bias,
            slope=self.slope,
            shift=self.shift,
        )

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a saved model.

        Raises:
            ConfigurationError: `lexicon.missing` or `lexicon.invalid`.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                table, scale = held["table"], held["scale"]
                if int(held["format"]) != _FORMAT or table.shape != (ROWS, len(held["rules"])):
                    raise ConfigurationError(
                        "lexicon.invalid", file=path.name, line=0, column=0, detail="another format"
                    )
                rules = tuple(str(rule) for rule in held["rules"])
                weights = table.astype(np.float32) * scale
                return cls(rules, weights, held["bias"], slope=held["slope"], shift=held["shift"])
        except OSError as problem:
            raise ConfigurationError(
                "lexicon.missing", file=path.name, detail=type(problem).__name__
            ) from problem
        except (ValueError, KeyError, EOFError, BadZipFile) as problem:
            raise ConfigurationError(
                "lexicon.invalid", file=path.name, line=0, column=0, detail=str(problem)
            ) from problem

    def save_adjustments(self, path: Path) -> None:
        """Write what this desk has learned, apart from the shipped weights."""
        rows = np.array(sorted(self.adjustments), dtype=np.int64)
        table = np.array([self.adjustments[row] for row in rows.tolist()], dtype=np.float32)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, rules=np.array(self.rules), rows=rows, table=table)

    def load_adjustments(self, path: Path) -> None:
        """Take up what this desk has learned; what was learned for other rules is left out.

        Raises:
            ConfigurationError: `lexicon.invalid`.
        """
        if not path.exists():
            return
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                if tuple(str(rule) for rule in held["rules"]) == self.rules:
                    self.adjustments = dict(zip(held["rows"].tolist(), held["table"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as problem:
            raise ConfigurationError(
                "lexicon.invalid", file=path.name, line=0, column=0, detail=str(problem)
            ) from problem
