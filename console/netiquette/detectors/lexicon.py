"""Words and phrases that offend by themselves, in their offending sense (nétiquette, art. 4 and 6)."""

from __future__ import annotations

from collections.abc import Iterable

from console.netiquette.asking import OFFENCE
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document


class LexiconDetector:
    """Evidence for every entry of the lexicon that carries a rule."""

    name = "lexicon"
    needs = frozenset((OFFENCE,))

    def __init__(self, resources: Resources) -> None:
        self._scanner = scanner(resources.folder)

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """One piece of evidence a rule and word."""
        reading = self._scanner.read(document, context.parent)
        for hit in reading.hits:
            for rule, weight in hit.entry.rules:
                if weight:
                    span = reading.span(hit.start, hit.end)
                    yield Evidence(rule, weight, (span,), self.name, f"word.{rule}")
