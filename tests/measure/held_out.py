"""How forum messages fare that the learned model was not taught with: a model is trained without one half
of the native forum messages, the engine judges that half by it, then the other way round."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
from console.netiquette.resources import Resources
from console.netiquette.training import FOLDER, WEIGHTS, train
from console.paths import RESOURCES
from tests.measure.figures import POST, TOXIC, Line
from tests.measure.sets import DATA, Row, rows

_NATIVE = "toxifrench_agreement"


def held_out() -> list[Line]:
    """Accuracy and false positives over both halves. Raises `FileNotFoundError` without the sets."""
    judged: list[tuple[bool, bool]] = []
    for half in (0, 1):
        with tempfile.TemporaryDirectory() as name:
            engine = _taught_without(half, Path(name))
            judged += [(row.label == "toxic", _shown(engine, row)) for row in list(rows(_NATIVE))[half::2]]
    clean = [shown for truth, shown in judged if not truth]
    right = sum(truth == shown for truth, shown in judged)
    return [
        Line(f"{_NATIVE}, not taught: accuracy ({len(judged)} texts)", right / len(judged), 0.78),
        Line(f"{_NATIVE}, not taught: false positives", sum(clean) / len(clean), 0.15, most=True),
    ]


def _shown(engine: Engine, row: Row) -> bool:
    return any(finding.rule in TOXIC for finding in engine.judge(row.text, POST).findings)


def _taught_without(half: int, folder: Path) -> Engine:
    """An engine whose model was trained with every other text of the native set left out."""
    data, resources = folder / "data", folder / "resources"
    shutil.copytree(DATA, data)
    data.chmod(0o755)
    native = data / f"{_NATIVE}.tsv"
    native.chmod(0o644)
    header, *lines = native.read_text(encoding="utf-8").splitlines(keepends=True)
    native.write_text("".join([header, *lines[1 - half :: 2]]), encoding="utf-8", newline="\n")
    shutil.copytree(RESOURCES, resources)
    train(FOLDER, data, resources / "model")
    if (resources / "model" / WEIGHTS).read_bytes() == (FOLDER / WEIGHTS).read_bytes():
        raise AssertionError("the half that was left out changed nothing")
    return Engine(shipped(), Resources(folder=resources))
