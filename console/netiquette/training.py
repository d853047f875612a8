"""`python -m console.netiquette.training`: train the learned model from the project's own corpus.

Prints the cross-validated figures, writes resources/model/weights.npz and resources/model/CARD.md.
The result is the same for the same corpus, lexicon and NumPy.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from console.netiquette.learned.corpus import Example, examples_of, read_corpus
from console.netiquette.learned.model import ANY
from console.netiquette.learned.training import (
    FOLDS,
    Figures,
    bearings,
    fit,
    held_out_scores,
    measure,
    prepare,
)
from console.netiquette.lexicon.scanner import scanner
from console.paths import RESOURCES

FOLDER = RESOURCES / "model"
WEIGHTS = FOLDER / "weights.npz"
CARD = FOLDER / "CARD.md"

_CARD = """# The learned model

What it is: one logistic scorer for each of {rules} rules and one for «breaks any rule», over hashed
character n-grams (2 to 5), words, word pairs, classes of the lexicon and frames. It only supports or
dampens what the other detectors of the verdict engine see; a person decides every case.

Trained on: the project's own corpus alone, resources/model/corpus: {written} messages written for it and
{composed} composed from slots or taken from the lexicon's examples. No message of a citizen and no public
data set is in it.

How: AdaGrad on the logistic loss, examples of rare rules weighed up, tolerated rules left out, composed
sentences counted half, fixed seed. `python -m console.netiquette.training` rebuilds it and prints these
figures.

Measured: {folds}-fold cross-validation on the written messages, threshold 0.5, learned model alone.

| rule | precision | recall | F1 | messages |
| --- | --- | --- | --- | --- |
{table}

Limits: short municipal messages in the French of Québec; rules with few examples are known badly; irony
and what only a picture shows are not seen. It learns at the desk from decisions (`Model.update`), apart
from these weights, and what it learned never leaves the city.
"""


def main() -> int:
    """Train, measure, write. Exit status 0."""
    reader = scanner(RESOURCES)
    examples = read_corpus(FOLDER / "corpus") + examples_of(reader.compiled.frames, reader.compiled.entries)
    prepared = prepare(examples, reader)
    held_out = held_out_scores(prepared)
    figures = measure(prepared, held_out)
    table = _table(figures)
    sys.stdout.write(table + "\n")
    model = fit(prepared, np.arange(len(examples)))
    model.slope, model.shift = bearings(prepared, held_out)
    model.save(WEIGHTS)
    _write_card(CARD, examples, table, len(prepared.rules))
    sys.stdout.write(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1000:.0f} kB\n")
    return 0


def _table(figures: dict[str, Figures]) -> str:
    rows = sorted(figures.items(), key=lambda row: (row[0] == ANY, row[0]))
    return "\n".join(
        f"| {rule} | {each.precision:.2f} | {each.recall:.2f} | {each.f1:.2f} | {each.support} |"
        for rule, each in rows
    )


def _write_card(path: Path, examples: list[Example], table: str, rules: int) -> None:
    composed = sum(example.composed for example in examples)
    path.write_text(
        _CARD.format(
            rules=rules, written=len(examples) - composed, composed=composed, folds=FOLDS, table=table
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    raise SystemExit(main())
