"""Scams and phishing (art. 4): the words, and links whose host borrows the name of somebody else."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.ids import RuleId
from console.netiquette import entities
from console.netiquette.cues.detector import CueDetector
from console.netiquette.datafiles import read_lexicon
from console.netiquette.detectors.links import host_of, registered_domain
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

_RULE = RuleId("fraud")


class Fraud(CueDetector):
    """Evidence for `fraud`."""

    topic = "fraud"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        lines = str(read_lexicon(resources.lexicon("imitated"))["names"]).splitlines()
        pairs = (line.partition(":") for line in lines if line.strip())
        self._owners = {name.strip(): frozenset(owners.split()) for name, _, owners in pairs}

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for `fraud`."""
        yield from super().detect(document, context)
        for start, end in entities.links(document):
            host = host_of(document.normal[start:end])
            if name := self._borrowed(host):
                facts = (("host", host), ("name", name))
                span = document.span(start, end)
                yield Evidence(_RULE, 2.4, (span,), self.name, "fraud.host", facts)

    def _borrowed(self, host: str) -> str:
        """The known name that `host` holds without belonging to its owner, or ""."""
        for name, owners in self._owners.items():
            if name in host and registered_domain(host) not in owners:
                return name
        return ""
