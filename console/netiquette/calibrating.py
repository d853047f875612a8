"""`python -m console.netiquette.calibrating GOLD.jsonl…`: fit the confidence to annotated messages.

GOLD is what the command line reads, with `rules` and `tolerated` beside. One curve is fitted for all rules
(Platt 1999), held near the identity, and written to resources/calibration.yaml; the expected calibration
error before and after is printed, and the error on each half of the messages under the curve fitted to the
other half. Messages that the learned model was trained on must not be among them.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from console.domain.messages import FACEBOOK, Channel
from console.netiquette.engine import Engine
from console.netiquette.model import Context
from console.netiquette.policy_loader import shipped
from console.paths import RESOURCES

_STEPS = 400
_RATE = 0.5
_HOLD = 0.1
"""How strongly the curve is held near the identity."""
_FAINTEST = -1.5
"""Log-odds below which evidence is never shown, whatever the curve: the prior alone."""
_BINS = 10

Pair = tuple[float, float]
"""Log-odds, and 1 when the rule is truly broken."""


def pairs(engine: Engine, lines: Sequence[dict[str, Any]]) -> list[Pair]:
    """What the engine thought of every rule that it had reason to name, and the truth."""
    found = []
    for line in lines:
        context = Context(Channel(line["channel"]), FACEBOOK, parent=line.get("parent", ""))
        for weighed in engine.weighed(line["text"], context):
            tolerated = weighed.rule in line.get("tolerated", ()) and weighed.rule not in line["rules"]
            if weighed.log_odds > _FAINTEST and not tolerated:
                found.append((weighed.log_odds, float(weighed.rule in line["rules"])))
    return found


def fit(data: Sequence[Pair]) -> tuple[float, float]:
    """Slope and shift by gradient descent."""
    slope, shift = 1.0, 0.0
    for _ in range(_STEPS):
        errors = [(_sigmoid(slope * x + shift) - y, x) for x, y in data]
        slope -= _RATE * (sum(error * x for error, x in errors) / len(data) / 4 + _HOLD * (slope - 1))
        shift -= _RATE * (sum(error for error, _ in errors) / len(data) + _HOLD * shift)
    return slope, shift


def expected_error(data: Sequence[Pair], slope: float, shift: float) -> float:
    """Expected calibration error in ten bins, over what would be shown (confidence from 0.5)."""
    bins: list[list[Pair]] = [[] for _ in range(_BINS)]
    for x, y in data:
        confidence = _sigmoid(slope * x + shift)
        if confidence >= 0.5:
            bins[min(_BINS - 1, int(confidence * _BINS))].append((confidence, y))
    shown = sum(map(len, bins))
    return sum(abs(sum(c - y for c, y in each)) for each in bins) / max(1, shown)


def held_out_error(data: Sequence[Pair]) -> float:
    """The mean error of each half under the curve fitted to the other."""
    halves = data[::2], data[1::2]
    return sum(expected_error(half, *fit(other)) for half, other in (halves, halves[::-1])) / 2


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x))))


def _rows(name: str) -> list[str]:
    return Path(name).read_text(encoding="utf-8").splitlines()


def main() -> int:
    """Fit, print, write. Exit status 0; 64 without files."""
    if not sys.argv[1:]:
        sys.stderr.write(f"{__doc__}\n")
        return 64
    lines = [json.loads(row) for name in sys.argv[1:] for row in _rows(name)]
    data = pairs(Engine(shipped()), lines)
    slope, shift = fit(data)
    before, after = expected_error(data, 1.0, 0.0), expected_error(data, slope, shift)
    sys.stdout.write(
        f"{len(data)} pairs; error {before:.3f} → {after:.3f} (other half: {held_out_error(data):.3f}); "
        f"{slope:.3f} x + {shift:.3f}\n"
    )
    path = RESOURCES / "calibration.yaml"
    remarks = [row for row in path.read_text(encoding="utf-8").splitlines() if row.startswith("#")]
    curve = f"default: {{slope: {slope:.3f}, shift: {shift:.3f}}}"
    path.write_text("\n".join([*remarks, curve, "rules: {}", ""]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
