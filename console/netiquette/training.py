"""Training the learned model: read, cross-validate, fit, write the weights and the card.

The result is the same for the same corpus, lexicon, public sets and NumPy. `vigie train` calls `train`;
`python -m console.netiquette.training` does the same with what is shipped, for developers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from console.errors import ConfigurationError
from console.netiquette.datafiles import invalid
from console.netiquette.learned.card import Trained, card, table
from console.netiquette.learned.corpus import examples_of, read_corpus
from console.netiquette.learned.measuring import Figures, forum, measure, routed_right
from console.netiquette.learned.preparing import Preparation, read_routes
from console.netiquette.learned.public import read_public
from console.netiquette.learned.training import bearings, fit, held_out_scores, prepare
from console.netiquette.resources import Resources
from console.paths import RESOURCES

FOLDER = RESOURCES / "model"
WEIGHTS, CARD = "weights.npz", "CARD.md"

Step = Callable[[str], None]


class Outcome(NamedTuple):
    """What was trained: the figures by rule, of routes, of the forum (None without public sets), the size of
    the weights in bytes, the public sets that were there."""

    rules: Mapping[str, Figures]
    routes: float
    forum: Figures | None
    size: int
    public: Sequence[str]


def train(folder: Path, public: Path | None, output: Path, step: Step = lambda name: None) -> Outcome:
    """Train on `folder`/corpus and `folder`/routes, and on the public sets in `public` that are there; write
    the weights and the card into `output`. `step` is told what begins: reading, measuring, fitting.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`, with file and line.
    """
    step("reading")
    preparation = Preparation(Resources())
    if not (folder / "corpus").is_dir():
        raise ConfigurationError("lexicon.missing", file=str(folder / "corpus"), detail="no folder")
    compiled = preparation.scanner.compiled
    examples = read_corpus(folder / "corpus") + examples_of(compiled.frames, compiled.entries)
    routed = read_routes(folder / "routes", folder / "corpus")
    texts = read_public(public)
    prepared = prepare(examples, routed, texts, preparation)
    if not prepared.rules:
        raise invalid("corpus", "no message that breaks a rule")
    step("measuring")
    held_out = held_out_scores(prepared)
    rules, routes = measure(prepared, held_out), routed_right(prepared, held_out)
    toxic = forum(prepared, held_out) if texts else None
    step("fitting")
    model = fit(prepared, np.arange(len(prepared.features)))
    model.slope, model.shift, model.usual = bearings(prepared, held_out)
    model.save(output / WEIGHTS)
    sources = list(dict.fromkeys(text.source for text in texts))
    composed = sum(example.composed for example in examples)
    told = Trained(len(prepared.rules), len(examples) - composed, composed, len(routed), len(texts), sources)
    (output / CARD).write_text(card(told, rules, routes, toxic), encoding="utf-8", newline="\n")
    return Outcome(rules, routes, toxic, (output / WEIGHTS).stat().st_size, sources)


def main() -> int:
    """Train what is shipped; the public sets are those that lie beside the project. Exit status 0."""
    outcome = train(FOLDER, RESOURCES.parent.parent / "shared" / "data", FOLDER)
    sys.stdout.write(f"{table(outcome.rules)}\n{outcome.size / 1000:.0f} kB {outcome.public}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
