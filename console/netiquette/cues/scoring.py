"""Turning the cues of a message into evidence by the scores of a topic."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from console.domain.ids import RuleId
from console.domain.verdicts import Route, Span
from console.netiquette.cues.phrasebook import Place
from console.netiquette.cues.signals import SIGNALS
from console.netiquette.cues.topics import Score, Topics
from console.netiquette.model import Context, Evidence, RouteHint
from console.netiquette.text.document import Document

_MOST_FURTHER_HITS = 3


class Reader:
    """The cues and signals of one message, found when first asked for."""

    def __init__(self, topics: Topics, document: Document, context: Context) -> None:
        self.document, self.context = document, context
        self.cues = document.once("cues", lambda: topics.phrasebook.find(document.normal))
        self._starts: list[int] | None = None

    def places(self, reference: str) -> Sequence[Place]:
        """Where the cue or signal is; empty when it is not."""
        if reference.startswith("@"):
            return self.document.once(reference, lambda: SIGNALS[reference](self.document, self.context))
        return self.cues.get(reference, ())

    def has(self, references: Sequence[str]) -> bool:
        """Whether any of the alternatives is there."""
        return any(self.places(reference) for reference in references)

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
            needed = [alternatives for alternatives in score.when if not any(map(_is_signal, alternatives))]
            if not needed:
                self._always.append(number)
            for cue in min(needed, key=len, default=()):
                self._by_cue.setdefault(cue, []).append(number)

    def possible(self, reader: Reader) -> Iterator[Score]:
        """The scores worth trying, in the order of the file."""
        by_cue = self._by_cue
        numbers = {number for cue in reader.cues if cue in by_cue for number in by_cue[cue]}
        return (self._scores[number] for number in sorted(numbers.union(self._always)))


def _is_signal(reference: str) -> bool:
    return reference.startswith("@")


def evidence(reader: Reader, scores: ScoreIndex, detector: str) -> Iterator[Evidence | RouteHint]:
    """What `scores` make of the message."""
    for score in scores.possible(reader):
        shown = _meets(reader, score)
        if shown is None:
            continue
        weight = score.weight
        if score.more:
            hits = sum(len(reader.places(reference)) for reference in score.when[0])
            weight += score.more * min(hits - 1, _MOST_FURTHER_HITS)
        if isinstance(score.target, Route):
            yield RouteHint(score.target, weight, detector)
        else:
            rule: RuleId = score.target
            yield Evidence(rule, weight, _spans(reader.document, shown), detector, score.reason)


def _meets(reader: Reader, score: Score) -> list[Place] | None:
    """The places to show when all of `when` and nothing of `unless` is there, else None."""
    for alternatives in score.when:
        if not reader.has(alternatives):
            return None
    if score.unless and reader.has(score.unless):
        return None
    shown = [place for reference in score.spans for place in reader.places(reference)]
    if not score.by_sentence or len(score.when) < 2:
        return shown
    common: set[int] | None = None
    for alternatives in score.when:
        numbers = {
            reader.sentence(place)
            for reference in alternatives
            for place in reader.places(reference)
            if place != (0, 0) or not reference.startswith("@")
        }
        if numbers:
            common = numbers if common is None else common & numbers
    if common is not None and not common:
        return None
    return [place for place in shown if common is None or reader.sentence(place) in common]


def _spans(document: Document, places: list[Place]) -> tuple[Span, ...]:
    return tuple(sorted({document.span(start, end) for start, end in places if end > start}))
