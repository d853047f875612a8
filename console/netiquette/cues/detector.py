"""The detector of one topic. Where scores are not enough, a subclass adds what only code can say."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from console.netiquette.cues.scoring import Reader, ScoreIndex, evidence
from console.netiquette.cues.topics import Topics, load_topics
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

TOPICS = (
    "advertising",
    "fraud",
    "politics",
    "elections",
    "religion",
    "propaganda",
    "copyright",
    "privacy",
    "identity",
    "conversation",
    "links",
    "identifiers",
    "repetition",
    "routes",
)
"""Files of resources/lexicon with cues; one automaton holds them all."""


@lru_cache(maxsize=4)
def topics(resources: Resources) -> Topics:
    """All topics of a folder, read once."""
    return load_topics(resources, TOPICS)


_SHARED = {"routes": "route_hints"}
"""Topic → key of `Document.once` under which another layer asks for the same (`learned.scoring`)."""


class CueDetector:
    """Evidence by the scores of `topic`."""

    topic = ""

    def __init__(self, resources: Resources, topic: str = "") -> None:
        self.topic = topic or self.topic
        self.name = self.topic
        self._topics = topics(resources)
        self._scores = ScoreIndex(self._topics.scores[self.topic])
        self._needed = self._scores.needed

    @property
    def needs(self) -> frozenset[str] | None:
        """The cues without any of which the scores say nothing (see `console.netiquette.asking`); None where
        that cannot be told: a subclass that sees more than scores is always asked."""
        return self._needed if type(self) is CueDetector else None

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence and route hints of the topic."""
        reader = self.reader(document, context)
        if self._needed is not None and self._needed.isdisjoint(reader.cues):
            return ()
        key = _SHARED.get(self.topic)
        if key is None:
            return evidence(reader, self._scores, self.name)
        return document.once(key, lambda: evidence(reader, self._scores, self.name))

    def reader(self, document: Document, context: Context) -> Reader:
        """The message's cues, shared by all topics."""
        return reader_of(self._topics, document, context)


def reader_of(known: Topics, document: Document, context: Context) -> Reader:
    """The cues of a document, found once."""
    return document.once("reader", lambda: Reader(known, document, context))
