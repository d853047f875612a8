"""The same message again and again (art. 5): by its author's own earlier messages, by copies that several
accounts post, or because it says so itself («déjà publié sous vos onze dernières nouvelles»)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from console.domain.ids import RuleId
from console.domain.messages import Channel
from console.domain.verdicts import Span
from console.netiquette import entities
from console.netiquette.cues.detector import CueDetector
from console.netiquette.model import Context, Earlier, Evidence, RouteHint, Shield
from console.netiquette.recommend import COPIES
from console.netiquette.text.document import Document

_RULE = RuleId("repetition")
_WINDOW = timedelta(days=45)
_SAME_LINK = 3
_FEWEST_REPEATED = 8
_MOST_WORDS = 2_000
_FEWEST_WORDS = 4
"""Shorter texts («Bravo à l'équipe!») are repeated innocently."""
_LONGEST_PHRASE = 8
_OFTEN = {2: 6, 3: 4, 4: 4}
"""Words of a phrase → times from which it is repeated within one message; longer ones from three times."""
_MOSTLY = 0.55
"""Share of the message that the repeated phrase is."""
_VARIED = 0.6
"""Share of different words from which nothing is repeated often enough."""
_BY_AUTHOR = (0.0, 2.2, 3.6, 4.6)
_RAIDS = ((timedelta(hours=1), 4), (timedelta(hours=24), 8))
"""Time within which that many persons, the author among them, make a raid."""
_RAID = 3.4
_HOURS_FROM = 120
"""Minutes above which hours are told."""
_BY_OTHERS = (0.0, 0.3, 0.9, 1.8, 2.4, 3.0)


class Repetition(CueDetector):
    """Evidence for `repetition`."""

    topic = "repetition"

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for `repetition`."""
        if context.channel is Channel.COMMENT:  # in private, «même message qu'hier» reminds of a request
            yield from super().detect(document, context)
        yield from _within(document)
        if len(document.texts) < _FEWEST_WORDS:
            return
        if context.author_recent or context.thread:
            yield from self._own(document, context)
        if context.similar_recent:
            yield from self._copies(document, context)

    def _own(self, document: Document, context: Context) -> Iterator[Evidence]:
        own = {context.author, context.author_name} - {""}
        earlier = [each for each in context.author_recent if _recent(each, context)]
        earlier += [Earlier(entry.text) for entry in context.thread if entry.author in own]
        alike, exact = _alike(document, earlier)
        if count := len(alike):
            weight = _BY_AUTHOR[min(count, len(_BY_AUTHOR) - 1)] - (0.0 if exact else 0.4)
            facts = (("count", str(count)),)
            yield Evidence(_RULE, weight, (_whole(document),), self.name, "repetition.author", facts)

    def _copies(self, document: Document, context: Context) -> Iterator[Evidence]:
        if context.channel is Channel.PRIVATE:
            return
        alike, _ = _alike(document, [each for each in context.similar_recent if _recent(each, context)])
        if raid := _raid(alike, context):
            yield Evidence(_RULE, _RAID, (_whole(document),), COPIES, *raid)
            return
        count = len(alike)
        weight = _BY_OTHERS[min(count, len(_BY_OTHERS) - 1)]
        if weight > 0:
            facts = (("count", str(count)),)
            yield Evidence(_RULE, weight, (_whole(document),), COPIES, "repetition.copies", facts)


def _within(document: Document) -> Iterator[Evidence]:
    """The same phrase again and again in one message, or the same link."""
    places = entities.links(document)
    if len(places) >= _SAME_LINK:
        link, count = Counter(document.normal[slice(*place)] for place in places).most_common(1)[0]
        if count >= _SAME_LINK:
            spans = [place for place in places if document.normal[slice(*place)] == link]
            facts = (("count", str(count)),)
            yield Evidence(
                _RULE,
                2.6,
                tuple(document.span(*each) for each in spans),
                "repetition",
                "repetition.within",
                facts,
            )
            return
    words = document.texts[:_MOST_WORDS]
    if len(words) < _FEWEST_REPEATED or len(set(words)) > _VARIED * len(words):
        return
    for size in range(2, _LONGEST_PHRASE + 1):
        phrases = Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
        phrase, count = phrases.most_common(1)[0]
        if count < _OFTEN.get(size, 3) or len(set(phrase)) < min(2, size) or max(map(len, phrase)) < 3:
            continue
        if count * size >= _MOSTLY * len(words):
            facts = (("count", str(count)),)
            yield Evidence(_RULE, 2.6, (_whole(document),), "repetition", "repetition.within", facts)
            return


def _raid(alike: Sequence[Earlier], context: Context) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Many persons, one text, a short time: the reason with its facts. One person's flood is none."""
    if context.posted_at is None or len(alike) < min(persons for _, persons in _RAIDS) - 1:
        return None
    at, mine = context.posted_at, {context.author or context.author_name}
    for window, fewest in _RAIDS:
        within = [
            each for each in alike if each.posted_at is not None and at - window <= each.posted_at <= at
        ]
        persons = len({each.author for each in within if each.author} | mine)
        if persons >= fewest:
            first = min(each.posted_at for each in within if each.posted_at is not None)
            minutes = max(2, math.ceil((at - first).total_seconds() / 60))
            unit, count = (
                ("minutes", minutes) if minutes <= _HOURS_FROM else ("hours", math.ceil(minutes / 60))
            )
            return f"repetition.raid_{unit}", (("persons", str(persons)), ("count", str(count)))
    return None


def _alike(document: Document, others: Sequence[Earlier]) -> tuple[list[Earlier], bool]:
    """Those of `others` that are the same message, and whether one is it word for word."""
    if not others:
        return [], False
    from console.netiquette import likeness  # numpy and rapidfuzz: only messages with a past need them

    plain = likeness.folded(document.original)
    folded = [likeness.folded(other.text) for other in others]
    found = [other for other, text in zip(others, folded, strict=True) if likeness.same(plain, text)]
    return found, plain in folded


def _recent(earlier: Earlier, context: Context) -> bool:
    if earlier.posted_at is None or context.posted_at is None:
        return True
    return abs(context.posted_at - earlier.posted_at) <= _WINDOW


def _whole(document: Document) -> Span:
    text = document.original
    return Span(len(text) - len(text.lstrip()), len(text.rstrip()))
