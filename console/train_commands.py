"""`vigie train`: rebuild the model that ships with the program, from a terminal."""

from __future__ import annotations

import argparse
import sys

from console.catalogue import Catalogue
from console.errors import EnvironmentProblemError, UsageError
from console.netiquette.training import FOLDER, WEIGHTS, train


def run(given: argparse.Namespace) -> int:
    """Train, print the figures, write weights and card. Exit status 0.

    Raises:
        UsageError: `train.no_folder` when the folder of the public sets is not there.
        ConfigurationError: `lexicon.missing` or `lexicon.invalid` for the corpus, with file and line.
        EnvironmentProblemError: `train.write` when the result cannot be written.
    """
    labels = Catalogue.load()

    def say(name: str, **facts: object) -> None:
        sys.stdout.write(labels.label("train", name).format(**facts) + "\n")
        sys.stdout.flush()

    if given.public is not None and not given.public.is_dir():
        raise UsageError("train.no_folder", path=str(given.public))
    output = given.output or given.folder or FOLDER
    try:
        outcome = train(given.folder or FOLDER, given.public, output, say)
    except OSError as problem:
        raise EnvironmentProblemError(
            "train.write", path=str(output), problem=problem.strerror or type(problem).__name__
        ) from problem
    say("head")
    for rule, each in outcome.rules.items():
        say(
            "row",
            rule=rule,
            precision=_number(each.precision),
            recall=_number(each.recall),
            f1=_number(each.f1),
            support=each.support,
        )
    say("routes", right=_number(outcome.routes))
    if outcome.forum is None:
        say("no_public")
    else:
        say("public", sets=", ".join(outcome.public), f1=_number(outcome.forum.f1))
    say("written", path=output / WEIGHTS, size=_number(outcome.size / 1e6))
    return 0


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
