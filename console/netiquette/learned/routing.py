"""The learned model of routes: the features of the rules' model and the cues of routes, five scorers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from console.domain.messages import OTHER, Channel
from console.domain.verdicts import Route
from console.netiquette.cues.scoring import Reader
from console.netiquette.cues.topics import Topics
from console.netiquette.datafiles import invalid
from console.netiquette.learned.corpus import POSTS, SEED, Example
from console.netiquette.learned.features import CHARACTERS, MEANINGS, Extractor, Features, summed
from console.netiquette.learned.model import Model, Table
from console.netiquette.lexicon.scanner import Scanner
from console.netiquette.model import Context
from console.netiquette.text.document import build

ROUTES = tuple(route.value for route in Route)
_HEADER = ["route", "post", "text"]
_SIGNALS = ("@question_mark", "@final_question", "@private", "@short", "@long", "@first", "@tu", "@phone")
_CUE, _PAIR = 0.8, 0.56
_EPOCHS, _RATE, _DECAY = 12, 0.12, 2e-5
_OFFENCE_WEIGHT = 0.5
"""A message that breaks a rule and asks nothing counts half: there are many, and they go nowhere."""
_MOST_BALANCE = 4.0


def route_features(base: Features, reader: Reader) -> Features:
    """The words and meanings of `base` with the cues of routes, their pairs within a sentence and a few
    signals. Without n-grams of characters: they cost half the time and told nothing more."""
    cues = [cue for cue in reader.cues if cue.startswith("routes.")]
    signals = [signal for signal in _SIGNALS if reader.places(signal)]
    found = {_row(name): _CUE for name in (*cues, *signals)}
    for place, cue in enumerate(cues):
        for other in cues[place + 1 :]:
            if reader.sentences(cue) & reader.sentences(other):
                found[_row(f"{cue} {other}")] = _PAIR
        for signal in signals[:2]:
            found[_row(f"{cue} {signal}")] = _PAIR
    rows = np.fromiter(found.keys(), np.int64, len(found))
    values = np.fromiter(found.values(), np.float32, len(found))
    return Features(np.concatenate((base.rows, rows)), np.concatenate((base.values, values)), base.characters)


def _row(name: str) -> int:
    return crc32(f"cue {name}".encode()) % MEANINGS + CHARACTERS


class Preparation:
    """Texts to features, as the detector sees them."""

    def __init__(self, scanner: Scanner, topics: Topics) -> None:
        self._scanner, self._topics = scanner, topics
        self._extractor = Extractor(scanner.compiled)

    def features(self, text: str, parent: str, private: bool) -> tuple[Features, Reader]:
        """The features of one message, each row once, and its cues."""
        document = build(text)
        channel = Channel.PRIVATE if private else Channel.COMMENT
        reader = Reader(self._topics, document, Context(channel, OTHER, parent=parent))
        base = self._extractor.extract(self._scanner.read(document, parent))
        return summed(route_features(base, reader)), reader


def read_routes(folder: Path, posts_folder: Path) -> list[tuple[str, str, str]]:
    """(route, post text, text) of every line of the folder's TSV files.

    Raises:
        ConfigurationError: `lexicon.invalid`, with file and line.
    """
    lines = (posts_folder / POSTS).read_text(encoding="utf-8").splitlines()[1:]
    posts = dict(line.split("\t", 1) for line in lines)
    found = []
    for path in sorted(folder.glob("*.tsv")):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        if header.split("\t") != _HEADER:
            raise invalid(path.name, f"header expected: {_HEADER}", 1, 1)
        for number, row in enumerate(rows, 2):
            cells = row.split("\t")
            if len(cells) != len(_HEADER) or cells[0] not in ROUTES or cells[1] not in posts:
                raise invalid(path.name, "route, post and text expected", number, 1)
            found.append((cells[0], posts[cells[1]], cells[2]))
    return found


Labelled = tuple[str, Features, float]
"""Route, features, weight."""


def labelled(
    messages: Iterable[tuple[str, str, str]], offences: Iterable[Example], preparation: Preparation
) -> list[Labelled]:
    """Messages with their routes, and offences that ask nothing as `none`."""
    found = []
    for route, parent, text in messages:
        features, _ = preparation.features(text, parent, private=not parent)
        found.append((route, features, 1.0))
    for example in offences:
        if example.composed or not example.rules or "?" in example.text:
            continue
        features, reader = preparation.features(example.text, example.parent, example.private)
        if not any(cue in reader.cues for cue in ("routes.request", "routes.complaint", "routes.peril")):
            found.append((Route.NONE.value, features, _OFFENCE_WEIGHT))
    return found


def fit_routes(examples: Sequence[Labelled]) -> Model:
    """A model trained on `examples`, the same for the same input."""
    model = Model.blank(ROUTES)
    counts = Counter(route for route, _, weight in examples if weight == 1.0)
    whole = sum(counts.values())
    order = np.random.default_rng(SEED)
    for epoch in range(_EPOCHS):
        rate = _RATE / (1.0 + 0.3 * epoch)
        for number in order.permutation(len(examples)).tolist():
            route, features, weight = examples[number]
            column = ROUTES.index(route)
            target: Table = np.zeros(len(ROUTES) + 1, dtype=np.float32)
            target[column] = 1.0
            weights: Table = np.ones(len(ROUTES) + 1, dtype=np.float32)
            weights[-1] = 0.0  # the scorer of «any rule» has no part in routes
            weights[column] = min(_MOST_BALANCE, (whole / max(1, counts[route])) ** 0.5)
            model.learn(features, target, weights * weight, rate, _DECAY)
    return model


def held_out(examples: Sequence[Labelled], folds: int = 5) -> list[tuple[str, str]]:
    """(true, said) for every labelled message, by a model that has not seen it."""
    real = [number for number, each in enumerate(examples) if each[2] == 1.0]
    shuffled = np.random.default_rng(SEED + 1).permutation(real)
    found = []
    for fold in range(folds):
        held = set(shuffled[fold::folds].tolist())
        model = fit_routes([each for number, each in enumerate(examples) if number not in held])
        for number in sorted(held):
            route, features, _ = examples[number]
            found.append((route, ROUTES[int(np.argmax(model.scores(features)[:-1]))]))
    return found
