"""Hosts made to look like those of the city, of a public body or of a company that scams like to borrow:
other letters that look the same, a letter more or less, a hyphen, another ending, words around the name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from console.netiquette.datafiles import read_lexicon
from console.netiquette.resources import Resources
from console.netiquette.text.normalise import normalise

_APART = re.compile(r"[.\-_]")
_BETWEEN = re.compile(r"[\d\-_]+")
_TYPO_FROM = 7
"""Letters from which one letter more, less or other is no chance."""
_INSIDE_FROM = 6
"""Letters from which a name inside a longer word is no chance («drummondtaxes», but not «lotobus»)."""
_SECOND_LEVEL = frozenset(("qc", "on", "gouv", "gc", "co", "com", "org", "net", "gov", "ac", "edu"))
_MOST = 253
"""Characters of a host name (RFC 1035)."""


class Lookalike(NamedTuple):
    """`domain` is the registrable domain of the link, `of` the domain that it looks like; `official` where
    that is the city's or a public body's."""

    domain: str
    of: str
    official: bool


class Lookalikes:
    """Judges hosts by the policy's domains and the names of resources/lexicon/imitated.yaml."""

    def __init__(self, resources: Resources) -> None:
        content = read_lexicon(resources.lexicon("imitated"))
        domains = (*resources.lists.get("city_domains", ()), *resources.lists.get("public_domains", ()))
        self._around = frozenset(str(content["around"]).split())
        generic = frozenset(str(content["generic"]).split())
        self._official = frozenset(domains)
        self._owned = frozenset(domains) | frozenset(str(content["owned"]).split())
        self._names: dict[str, str] = {}
        self._domains_of: dict[str, frozenset[str]] = {}
        for domain in domains:
            name = _label(domain).replace("-", "")
            if name not in generic and len(name) >= _INSIDE_FROM:
                self._names.setdefault(name, domain)
        for name, owners in _pairs(content["names"]).items():
            self._names.setdefault(name, owners[0])
            self._owned |= frozenset(owners)
        known = sorted({*domains, *self._names.values()}, key=len, reverse=True)
        self._embedded = {_APART.sub("-", domain): domain for domain in known}

    def of(self, written: str) -> Lookalike | None:
        """What the host `written` (as in the message, small letters) imitates, None when nothing."""
        written = ".".join(map(_decoded, written[:_MOST].strip(".").split(".")))
        folded = normalise(written).text.replace(" ", "")
        if under(written, self._owned):
            return None
        if found := under(folded, self._owned):
            return self._answer(written, found)
        joined = "-" + _APART.sub("-", folded)
        for parts, domain in self._embedded.items():
            if f"-{parts}-" in joined:
                return self._answer(folded, domain)
        name = self._name(_label(folded))
        return self._answer(folded, self._names[name]) if name else None

    def _answer(self, host: str, of: str) -> Lookalike:
        return Lookalike(registered_domain(host), of, of in self._official)

    def _name(self, label: str) -> str:
        """The known name that a foreign domain's label is, nearly is, or holds beside words of office."""
        bare = label.replace("-", "")
        if bare in self._names:
            return bare
        tokens = label.split("-")
        for name in self._names:
            if abs(len(name) - len(bare)) <= 1 and len(name) >= _TYPO_FROM and _one_slip(name, bare):
                return name
            if name in tokens or (len(name) >= _INSIDE_FROM and name in bare):
                rest = _BETWEEN.split(label.replace(name, "-") if name in label else bare.replace(name, "-"))
                if all(word in self._around for word in rest if word):
                    return name
        return ""


def _pairs(block: str) -> Mapping[str, tuple[str, ...]]:
    lines = (line.partition(":") for line in block.splitlines() if line.strip())
    return {name.strip(): tuple(owners.split()) for name, _, owners in lines}


def _label(host: str) -> str:
    """The part of a host that its owner chose («ville-x» of «www.ville-x.qc.ca»), without the public list."""
    labels = host.split(".")
    while len(labels) > 2 and labels[-2] in _SECOND_LEVEL:
        labels.pop()
    return labels[-2] if len(labels) > 1 else labels[0]


def _decoded(label: str) -> str:
    """A label of an internationalised name as it is shown (RFC 3492)."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _one_slip(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=1) <= 1


def under(host: str, domains: Iterable[str]) -> str:
    """The domain of `domains` that `host` is or belongs to, or ""."""
    known = domains if isinstance(domains, frozenset) else frozenset(domains)
    labels = host.split(".")
    for first in range(len(labels)):
        if (domain := ".".join(labels[first:])) in known:
            return domain
    return ""


def host_of(link: str) -> str:
    """The host of a link, without «www.», protocol, port and user."""
    bare = link.partition("://")[2] or link
    host = re.split(r"[/?#\\]", bare, maxsplit=1)[0].rpartition("@")[2].split(":", 1)[0]
    return host.removeprefix("www.")


def registered_domain(host: str) -> str:
    """«a.b.gouv.qc.ca» → «b.gouv.qc.ca», by the public suffix list that comes with tldextract, offline."""
    found = str(_extractor()(host).top_domain_under_public_suffix)
    return found or ".".join(host.split(".")[-2:])


@lru_cache(maxsize=1)
def _extractor() -> Any:
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=False)
