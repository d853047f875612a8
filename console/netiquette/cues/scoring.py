"""Turning the cues of a message into evidence by the scores of a topic."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from console.domain.verdicts import Route, Span
from console.netiquette.cues.phrasebook import Place
from console.netiquette.cues.signals import SIGNALS
from console.netiquette.cues.topics import Alternatives, Score, Topics
from console.netiquette.model import Context, Evidence, RouteHint
from console.netiquette.text.document import Document

_MOST_FURTHER_HITS = 3


class Reader:
    """The cues and signals of one message, found when first asked for."""

    def __init__(self, topics: Topics, document: Document, context: Context) -> None:
        self.document, self.context = document, context
        self.cues = topics.phrasebook.find(document)
        self._signals: dict[str, tuple[Place, ...]] = {}
        self._sentences: dict[str, frozenset[int]] = {}
        self._starts: list[int] | None = None

    def places(self, reference: str) -> Sequence[Place]:
        """Where the cue or signal is; empty when it is not."""
        if not reference.startswith("@"):
            return self.cues.get(reference, ())
        places = self._signals.get(reference)
        if places is None:
            places = self._signals[reference] = SIGNALS[reference](self.document, self.context)
        return places

    def has(self, any_of: Alternatives) -> bool:
        """Whether any of the alternatives is there."""
        cues, signals = any_of
        return not cues.isdisjoint(self.cues) or (bool(signals) and any(map(self.places, signals)))

    def sentences(self, reference: str) -> frozenset[int]:
        """The numbers of the sentences that hold the cue or signal (none for what has no place)."""
        numbers = self._sentences.get(reference)
        if numbers is None:
            numbers = frozenset(self.sentence(place) for place in self.places(reference) if place[1])
            self._sentences[reference] = numbers
        return numbers

    def sentence(self, place: Place) -> int:
        """The number of the sentence that holds `place`."""
        if self._starts is None:
            self._starts = [start for start, _ in self.document.sentences]
        return bisect_right(self._starts, place[0]) - 1


class ScoreIndex:
    """The scores of one topic by the cues that they cannot do without, so that most are never tried."""

    def __init__(self, scores: Sequence[Score]) -> None:
        self._scores = tuple(scores)
        self._by_cue: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number, score in enumerate(scores):
            needed = [any_of for any_of in score.when if not any_of.signals]
            if not needed:
                self._always.append(number)
                continue
            for cue in min(needed, key=lambda any_of: len(any_of.cues)).cues:
                self._by_cue.setdefault(cue, []).append(number)

    @property
    def needed(self) -> frozenset[str] | None:
        """The cues without any of which no score can hold; None when some score needs none."""
        return None if self._always else frozenset(self._by_cue)

    def possible(self, reader: Reader) -> list[Score]:
        """The scores worth trying, in the order of the file."""
        by_cue = self._by_cue
        numbers = set(self._always)
        for cue in by_cue.keys() & reader.cues.keys():
            numbers.update(by_cue[cue])
        scores = self._scores
        return [scores[number] for number in sorted(numbers)]


def evidence(reader: Reader, scores: ScoreIndex, detector: str) -> list[Evidence | RouteHint]:
    """What `scores` make of the message."""
    found: list[Evidence | RouteHint] = []
    for score in scores.possible(reader):
        if not _holds(score, reader):
            continue
        common = _common_sentences(reader, score) if score.by_sentence else None
        if common is not None and not common:
            continue
        weight = score.weight
        if score.more:
            first = score.when[0]
            hits = sum(len(reader.places(each)) for each in (*first.cues, *first.signals))
            weight += score.more * min(hits - 1, _MOST_FURTHER_HITS)
        if isinstance(score.target, Route):
            found.append(RouteHint(score.target, weight, detector))
        else:
            spans = _spans(reader, score, common)
            found.append(Evidence(score.target, weight, spans, detector, score.reason))
    return found


def _holds(score: Score, reader: Reader) -> bool:
    """Whether all of `when` is there, and nothing of `unless`."""
    for any_of in score.when:
        if not reader.has(any_of):
            return False
    return not reader.has(score.unless)


def _common_sentences(reader: Reader, score: Score) -> frozenset[int] | None:
    """The sentences that hold something of every element; None when only facts without a place count."""
    common: frozenset[int] | None = None
    for any_of in score.when:
        numbers = frozenset().union(*map(reader.sentences, (*any_of.cues, *any_of.signals)))
        if numbers:
            common = numbers if common is None else common & numbers
    return common


def _spans(reader: Reader, score: Score, common: frozenset[int] | None) -> tuple[Span, ...]:
    places = {
        place
        for reference in score.spans
        for place in reader.places(reference)
        if place[1] > place[0] and (common is None or reader.sentence(place) in common)
    }
    return tuple(sorted(reader.document.span(*place) for place in places))
