"""Links to outside content beyond what the exchange needs (art. 6). The city's pages never count; one link
to a public body, a newspaper or a reference may serve the exchange."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.ids import RuleId
from console.domain.messages import Channel
from console.netiquette import entities
from console.netiquette.cues.detector import CueDetector
from console.netiquette.datafiles import read_lexicon
from console.netiquette.lookalikes import Lookalike, Lookalikes, host_of, under
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

_RULE = RuleId("abusive_links")
_MANY = 3
_MOST_LINKS = 50
_FEW_WORDS = 3
"""Words beside the links below which a message is a link and nothing else."""
_WORDS_A_SOURCE = 20
"""Words a link from which the links are what a text leans on."""

_WORDS_A_LINK = 6
"""The same without a post above: a message that is shared with its link."""


class Links(CueDetector):
    """Evidence for `abusive_links`."""

    topic = "links"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        content = read_lexicon(resources.lexicon("links"))
        hosts = {kind: tuple(str(content[kind]).split()) for kind in content if kind.endswith("_hosts")}
        self._official = frozenset(resources.lists.get("city_domains", ()))
        self._useful = frozenset((*resources.lists.get("public_domains", ()), *hosts["press_hosts"]))
        self._social = frozenset(hosts["social_hosts"])
        self._lookalikes = Lookalikes(resources)
        self._shorteners = frozenset(str(content["shorteners"]).split())

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for `abusive_links`."""
        places = entities.links(document)
        if not places:
            return
        counted = _distinct(document, places)
        imitated = {place for place, _ in imitations(document, self._lookalikes)}
        outside: list[tuple[int, int]] = []
        useful = shortened = social = alike = 0
        for place in counted:
            host = host_of(document.normal[slice(*place)])
            if place not in imitated and (under(host, self._official) or host in context.parent.lower()):
                continue
            outside.append(place)
            if place in imitated:
                alike += 1
            elif under(host, self._useful):
                useful += 1
            elif host in self._shorteners:
                shortened += 1
            elif under(host, self._social):
                social += 1
        if not outside:
            return
        reader = self.reader(document, context)
        strange = len(outside) - useful
        beside = _words_beside(document, places)
        promoted = bool(reader.places("links.promotion"))
        weight = -1.4 if context.channel is Channel.PRIVATE else 0.0
        sources = beside >= (_WORDS_A_SOURCE if context.parent else _WORDS_A_LINK) * len(outside)
        single = len(outside) == 1 and beside > 1
        if not (context.parent or promoted) and (single or sources):
            weight -= 1.0  # without a post above nobody can tell what the exchange needs
        if strange:
            weight += 1.2 + 0.2 * min(1, shortened) + 0.8 * min(1, social) + 1.6 * min(1, alike)
            weight += 0.9 if promoted else 0.0
            weight -= 0.8 if reader.places("links.helpful") and strange == 1 else 0.0
            weight += 0.7 if beside <= _FEW_WORDS else 0.0
        # Several links under an argument are its sources; several in a row are a list of adverts.
        several = 0.2 if sources else 0.9
        weight += several * min(_MANY, len(outside) - 1)
        if weight <= 0:
            return
        spans = tuple(document.span(*place) for place in outside)
        reason = "many" if len(outside) > 1 else "short" if shortened else "outside"
        yield Evidence(_RULE, weight, spans, self.name, f"abusive_links.{reason}")


def _distinct(document: Document, places: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Each link once; beside a whole link, a bare host («leJDD.fr») only names who published it."""
    links = {document.normal[start:end]: (start, end) for start, end in reversed(places)}
    whole = {link: place for link, place in links.items() if "/" in link}
    return sorted((whole or links).values())


def _words_beside(document: Document, places: tuple[tuple[int, int], ...]) -> int:
    return sum(not any(start <= token.start < end for start, end in places) for token in document.tokens)


def imitations(document: Document, lookalikes: Lookalikes) -> tuple[tuple[tuple[int, int], Lookalike], ...]:
    """The links of a message whose host looks like another's, worked out once a document.

    The host is read as it was written: what is folded has lost its foreign letters.
    """

    def find() -> tuple[tuple[tuple[int, int], Lookalike], ...]:
        found = []
        for place in entities.links(document)[:_MOST_LINKS]:
            span = document.span(*place)
            alike = lookalikes.of(host_of(document.original[span.start : span.end].lower()))
            if alike is not None:
                found.append((place, alike))
        return tuple(found)

    return document.once("imitations", find)
