"""Campaigns (policy, «Élections municipales»): the ways in which candidates and their teams speak, at all
times; within the city's election periods, what is said for or against the candidates of its list, and a
candidate's own programme. A candidate's name alone is never anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from console.domain.ids import RuleId
from console.netiquette import entities, policy_lists
from console.netiquette.cues.detector import CueDetector
from console.netiquette.cues.scoring import Reader
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.people import People
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

_CAMPAIGN, _PARTISAN = RuleId("election_campaign"), RuleId("partisan_politics")
_HERE = ZoneInfo("America/Toronto")
"""The city's days, in which its periods are given."""
_ASKED = ("politics.appeal", "politics.vote_asked", "elections.call")
_PRESENTED = ("politics.candidacy", "politics.candidate", "elections.stands", "elections.pledge")


class Elections(CueDetector):
    """Evidence for `election_campaign` and `partisan_politics`."""

    topic = "elections"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        lists = resources.lists
        found = map(policy_lists.period, lists.get(policy_lists.ELECTION_PERIODS, ()))
        self._periods = tuple(period for period in found if period is not None)
        self._candidates = People(lists.get(policy_lists.CANDIDATES, ()))

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for `election_campaign` and `partisan_politics`."""
        yield from super().detect(document, context)
        if self._periods and self._running(context):
            yield from self._within_period(document, context)

    def _running(self, context: Context) -> bool:
        """Whether the message was written in an election period; without its date nobody knows."""
        if context.posted_at is None:
            return False
        day = context.posted_at.astimezone(_HERE).date()
        return any(period.first <= day <= period.last for period in self._periods)

    def _within_period(self, document: Document, context: Context) -> Iterator[Evidence]:
        reader = self.reader(document, context)
        spans = tuple(document.span(*place) for place in self._candidates.find(document))
        if spans:
            against = _any(reader, ("elections.against",))
            weight = _about(reader, document)
            if weight:
                yield Evidence(_CAMPAIGN, weight, spans, self.name, "election_campaign.named")
            if against or _any(reader, _ASKED):
                yield Evidence(
                    _PARTISAN, 4.0 if against else 1.2, spans, self.name, "partisan_politics.named"
                )
        if context.author_name and self._candidates.named(context.author_name):
            weight = 2.6 if _any(reader, (*_ASKED, *_PRESENTED)) else 1.8 if entities.links(document) else 0.0
            if weight:
                yield Evidence(_CAMPAIGN, weight, (), self.name, "election_campaign.author")


def _about(reader: Reader, document: Document) -> float:
    """How clearly a message that names a candidate campaigns; 0 for the name alone, and for an opinion."""
    if _any(reader, _ASKED):
        return 3.2
    if _any(reader, _PRESENTED):
        return 2.6
    if _any(reader, ("elections.support",)):
        return 2.0
    return 1.6 if entities.links(document) and _any(reader, ("politics.election", "elections.paper")) else 0.0


def _any(reader: Reader, cues: Iterable[str]) -> bool:
    return any(map(reader.places, cues))
