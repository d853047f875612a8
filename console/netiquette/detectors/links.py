"""Links to outside content beyond what the exchange needs (art. 6). The city's pages never count; one link
to a public body, a newspaper or a reference may serve the exchange."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from console.domain.ids import RuleId
from console.domain.messages import Channel
from console.netiquette import entities
from console.netiquette.cues.detector import CueDetector
from console.netiquette.datafiles import read_lexicon
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

_RULE = RuleId("abusive_links")
_MANY = 3
_FEW_WORDS = 3
"""Words beside the links below which a message is a link and nothing else."""


class Links(CueDetector):
    """Evidence for `abusive_links`."""

    topic = "links"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        content = read_lexicon(resources.lexicon("links"))
        hosts = {kind: tuple(str(content[kind]).split()) for kind in content if kind.endswith("_hosts")}
        self._official = hosts["official_hosts"]
        self._useful = hosts["public_hosts"] + hosts["press_hosts"]
        self._social = hosts["social_hosts"]
        self._shorteners = frozenset(str(content["shorteners"]).split())

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for `abusive_links`."""
        places = entities.links(document)
        if not places:
            return
        outside: list[tuple[int, int]] = []
        weight = -1.4 if context.channel is Channel.PRIVATE else 0.0
        useful = shortened = social = 0
        for place in places:
            host = host_of(document.normal[slice(*place)])
            if _under(host, self._official) or host in context.parent.lower():
                continue
            outside.append(place)
            if _under(host, self._useful):
                useful += 1
            elif host in self._shorteners:
                shortened += 1
            elif _under(host, self._social):
                social += 1
        if not outside:
            return
        reader = self.reader(document, context)
        strange = len(outside) - useful
        if strange:
            weight += 1.2 + 0.2 * min(1, shortened) + 0.8 * min(1, social)
            weight += 0.9 if reader.places("links.promotion") else 0.0
            weight -= 0.8 if reader.places("links.helpful") and strange == 1 else 0.0
            weight += 0.7 if _words_beside(document, places) <= _FEW_WORDS else 0.0
        weight += 0.9 * min(_MANY, len(outside) - 1)
        if weight <= 0:
            return
        spans = tuple(document.span(*place) for place in outside)
        reason = "many" if len(outside) > 1 else "short" if shortened else "outside"
        yield Evidence(_RULE, weight, spans, self.name, f"abusive_links.{reason}")


def _words_beside(document: Document, places: tuple[tuple[int, int], ...]) -> int:
    return sum(not any(start <= token.start < end for start, end in places) for token in document.tokens)


def host_of(link: str) -> str:
    """The host of a link, without «www.», protocol, port and user."""
    bare = link.partition("://")[2] or link
    host = bare.split("/", 1)[0].split("?", 1)[0].rpartition("@")[2].split(":", 1)[0]
    return host.removeprefix("www.")


def registered_domain(host: str) -> str:
    """«a.b.gouv.qc.ca» → «b.gouv.qc.ca», by the public suffix list that comes with tldextract, offline."""
    found = str(_extractor()(host).top_domain_under_public_suffix)
    return found or ".".join(host.split(".")[-2:])


@lru_cache(maxsize=1)
def _extractor() -> Any:
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=False)


def _under(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == each or host.endswith("." + each) for each in hosts)
