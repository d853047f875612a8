"""`python -m console.netiquette.training_routes`: train the learned model of routes.

Prints the cross-validated figures and writes resources/model/routes.npz from resources/model/routes and, as
messages that go nowhere, the offences of resources/model/corpus. The same input gives the same result.
"""

from __future__ import annotations

import sys

from console.netiquette.cues.detector import topics
from console.netiquette.learned.corpus import read_corpus
from console.netiquette.learned.routing import (
    ROUTES,
    Preparation,
    fit_routes,
    held_out,
    labelled,
    read_routes,
)
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.resources import Resources
from console.paths import RESOURCES

FOLDER = RESOURCES / "model"


def main() -> int:
    """Train, measure, write. Exit status 0."""
    preparation = Preparation(scanner(RESOURCES), topics(Resources()))
    messages = read_routes(FOLDER / "routes", FOLDER / "corpus")
    examples = labelled(messages, read_corpus(FOLDER / "corpus"), preparation)
    pairs = held_out(examples)
    for route in ROUTES:
        hits = sum(true == said == route for true, said in pairs)
        meant = sum(true == route for true, _ in pairs)
        spoken = sum(said == route for _, said in pairs)
        precision, recall = hits / max(1, spoken), hits / max(1, meant)
        sys.stdout.write(f"| {route} | {precision:.2f} | {recall:.2f} | {meant} |\n")
    fit_routes(examples).save(FOLDER / "routes.npz")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
