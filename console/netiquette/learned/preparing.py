"""Messages of the corpus, of routes and of public sets, read as the detectors read them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from console.domain.messages import OTHER, Channel
from console.netiquette.cues.detector import topics
from console.netiquette.cues.scoring import Reader, ScoreIndex
from console.netiquette.datafiles import invalid
from console.netiquette.learned.corpus import POSTS, lines_of
from console.netiquette.learned.features import Extractor, Features, route_sums
from console.netiquette.learned.model import ROUTES
from console.netiquette.learned.scoring import ROUTE_TOPIC, route_hints
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context
from console.netiquette.resources import Resources
from console.netiquette.text.document import build

_HEADER = ["route", "post", "text"]


@dataclass(frozen=True, slots=True)
class Routed:
    """A message and where it goes."""

    route: str
    parent: str
    text: str


class Preparation:
    """Texts to features, as the detector sees them."""

    def __init__(self, resources: Resources) -> None:
        self._topics = topics(resources)
        self.scanner = scanner(resources.folder)
        self._routes = ScoreIndex(self._topics.scores[ROUTE_TOPIC])
        self._extractor = Extractor(self.scanner.compiled)

    def features(self, text: str, parent: str, private: bool) -> tuple[Features, list[str]]:
        """The features of one message, and its cues."""
        document = build(text)
        channel = Channel.PRIVATE if private else Channel.COMMENT
        reader = Reader(self._topics, document, Context(channel, OTHER, parent=parent))
        hints = route_sums(route_hints(reader, self._routes))
        found = self._extractor.extract(self.scanner.read(document, parent), reader, hints)
        return found, list(reader.cues)


def read_routes(folder: Path, posts_folder: Path) -> list[Routed]:
    """Every line of the folder's TSV files.

    Raises:
        ConfigurationError: `lexicon.invalid`, with file and line.
    """
    posts = dict(line.partition("\t")[::2] for line in lines_of(posts_folder / POSTS)[1:])
    found = []
    for path in sorted(folder.glob("*.tsv")):
        header, *rows = lines_of(path)
        if header.split("\t") != _HEADER:
            raise invalid(path.name, f"header expected: {_HEADER}", 1, 1)
        for number, row in enumerate(rows, 2):
            cells = row.split("\t")
            if len(cells) != len(_HEADER) or cells[0] not in ROUTES or cells[1] not in posts:
                raise invalid(path.name, "route, post and text expected", number, 1)
            found.append(Routed(cells[0], posts[cells[1]], cells[2]))
    return found
