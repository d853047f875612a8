"""The table of weights: one logistic scorer a column, over hashed features."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from console.domain.verdicts import Route
from console.errors import ConfigurationError
from console.netiquette.learned.features import ROWS, Features

ANY, TOXIC = "any", "toxic"
"""The scorers of «breaks any rule» and of «toxic, as the annotators of a forum call it»."""
ROUTES = tuple(route.value for route in Route)
ROUTE = "route "
"""Before the name of a route, the scorer that a message goes there."""
_FORMAT = 3

Table = npt.NDArray[np.float32]
Packed = npt.NDArray[np.int8]


class Model:
    """`table[row, column] * scale[column]` is a weight; `bias[column]` is where a message starts from.

    The columns are the rules, `any`, `toxic` and the routes. `slope * (score + shift)` is what a score says
    for or against a column, in log-odds beyond its share of the corpus (`usual`, as log-odds); fitted by
    `training.bearings` on messages that the model had not seen.
    """

    def __init__(self, rules: Sequence[str], table: Packed, scale: Table, bias: Table) -> None:
        self.rules = tuple(rules)
        self.columns = columns_of(rules)
        self.table, self.scale, self.bias = table, scale, bias
        self.slope: Table = np.ones(len(self.columns), dtype=np.float32)
        self.shift: Table = np.zeros(len(self.columns), dtype=np.float32)
        self.usual: Table = np.zeros(len(self.columns), dtype=np.float32)

    def scores(self, features: Features) -> Table:
        """Log-odds by column, the slow way: by rows."""
        found: Table = features.values @ self.table.take(features.rows, axis=0) * self.scale + self.bias
        return found.astype(np.float32)

    def save(self, path: Path) -> None:
        """Write the model. The same model gives the same bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            path,
            format=np.array(_FORMAT),
            rules=np.array(self.rules),
            table=self.table,
            scale=self.scale,
            bias=self.bias,
            slope=self.slope,
            shift=self.shift,
            usual=self.usual,
        )

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a saved model.

        Raises:
            ConfigurationError: `lexicon.missing` or `lexicon.invalid`.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                rules = tuple(str(rule) for rule in held["rules"])
                table = held["table"]
                if int(held["format"]) != _FORMAT or table.shape != (ROWS, len(columns_of(rules))):
                    raise ConfigurationError(
                        "lexicon.invalid", file=path.name, line=0, column=0, detail="another format"
                    )
                model = cls(rules, table, held["scale"], held["bias"])
                model.slope, model.shift, model.usual = held["slope"], held["shift"], held["usual"]
                return model
        except OSError as problem:
            raise ConfigurationError(
                "lexicon.missing", file=path.name, detail=type(problem).__name__
            ) from problem
        except (ValueError, KeyError, EOFError, BadZipFile) as problem:
            raise ConfigurationError(
                "lexicon.invalid", file=path.name, line=0, column=0, detail=str(problem)
            ) from problem


def columns_of(rules: Sequence[str]) -> tuple[str, ...]:
    """The names of all columns, in order."""
    return (*rules, ANY, TOXIC, *(ROUTE + route for route in ROUTES))


class Learner:
    """A model while it is learned: AdaGrad's sums beside weights in full precision.

    Weights are held at 0 (L2) by `hold` a column, of which an example of a row bears the row's `share`.
    """

    def __init__(self, rules: Sequence[str], start: float = -2.0) -> None:
        self.rules = tuple(rules)
        width = len(columns_of(rules))
        self.weights: Table = np.zeros((ROWS, width), dtype=np.float32)
        self.bias: Table = np.full(width, start, dtype=np.float32)
        self._squares: Table = np.full((ROWS, width), 1e-3, dtype=np.float32)
        self.share: Table = np.zeros(ROWS, dtype=np.float32)
        self.hold: Table = np.zeros(width, dtype=np.float32)
        self._bias_squares: Table = np.full(width, 1e-3, dtype=np.float32)

    def scores(self, features: Features) -> Table:
        """Log-odds by column."""
        found: Table = features.values @ self.weights.take(features.rows, axis=0) + self.bias
        return found

    def learn(self, features: Features, target: Table, weight: Table, rate: float) -> None:
        """One AdaGrad step towards `target` (0/1 by column), each column's error times `weight`. The
        routes are one choice among all (softmax)."""
        rows, values = features.rows, features.values
        current = self.weights.take(rows, axis=0)
        scores = values @ current + self.bias
        error = (_chances(scores) - target) * weight
        gradient: Table = self.share.take(rows)[:, None] * self.hold * current
        gradient += values[:, None] * error
        squares = self._squares.take(rows, axis=0)
        squares += gradient * gradient
        self._squares[rows] = squares
        np.sqrt(squares, out=squares)
        gradient /= squares
        gradient *= rate
        self.weights[rows] = current - gradient
        self._bias_squares = self._bias_squares + (error * error).astype(np.float32)
        self.bias = self.bias - (rate * error / np.sqrt(self._bias_squares)).astype(np.float32)

    def packed(self) -> Model:
        """The model in eight bits a weight; small weights are dropped."""
        scale = (np.maximum(np.abs(self.weights).max(axis=0), 1e-6) / 127.0).astype(np.float32)
        table = np.rint(self.weights / scale).astype(np.int8)
        return Model(self.rules, table, scale, self.bias.copy())


def _chances(scores: Table) -> Table:
    """Each column by itself, but the routes among themselves."""
    found: Table = (1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30)))).astype(np.float32)
    routes = np.exp(scores[-len(ROUTES) :] - scores[-len(ROUTES) :].max())
    found[-len(ROUTES) :] = routes / routes.sum()
    return found
