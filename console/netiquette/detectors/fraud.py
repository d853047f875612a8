"""Scams and phishing (art. 4): the words, and links whose host is made to look like somebody else's."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.ids import RuleId
from console.netiquette.cues.detector import CueDetector
from console.netiquette.detectors.links import imitations
from console.netiquette.lookalikes import Lookalikes
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

_RULE, _IDENTITY = RuleId("fraud"), RuleId("false_identity")


class Fraud(CueDetector):
    """Evidence for `fraud`, and for `false_identity` where a host poses as a public body's."""

    topic = "fraud"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self._lookalikes = Lookalikes(resources)

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for `fraud` and `false_identity`."""
        yield from super().detect(document, context)
        found = imitations(document, self._lookalikes)
        if not found:
            return
        warned = bool(self.reader(document, context).places("fraud.recall"))  # «attention, faux site»
        for place, alike in found:
            facts = (("host", alike.domain), ("name", alike.of))
            span = document.span(*place)
            yield Evidence(_RULE, 0.8 if warned else 3.6, (span,), self.name, "fraud.host", facts)
            if alike.official and not warned:
                yield Evidence(_IDENTITY, 1.2, (span,), self.name, "false_identity.host", facts)
