"""Which layers can say anything about a message: the others are not asked.

A layer that needs something tells it by an attribute `needs`, a set of names any of which wakes it: the cues
of topics («routes.request»), `frame` for any filled frame or its family («threats»), `offence` for an entry
of the lexicon that carries a rule. A layer without `needs` (or with None) is always asked.
One with a true attribute `leads` leaves something on the document for its reading, and is asked before that.
"""

from __future__ import annotations

from console.netiquette.cues.detector import reader_of, topics
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context, Detector
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

FRAME, OFFENCE = "frame", "offence"
_MOST_KEPT = 4096


class Asking:
    """The detectors of an engine by what wakes them. Thread-safe: whoever keeps something keeps the same."""

    def __init__(self, detectors: tuple[Detector, ...], resources: Resources) -> None:
        self.detectors = detectors
        self._topics, self._scanner = topics(resources), scanner(resources.folder)
        self._bits: dict[str, int] = {}
        """What a message may hold → the detectors that it wakes, one bit each."""
        self._leading: list[Detector] = []
        self._always = 0
        for number, detector in enumerate(self.detectors):
            needs: frozenset[str] | None = getattr(detector, "needs", None)
            if needs is None:
                self._always |= 1 << number
            if getattr(detector, "leads", False):
                self._leading.append(detector)
            for name in needs or ():
                self._bits[name] = self._bits.get(name, 0) | 1 << number
        self._kept: dict[int, tuple[Detector, ...]] = {}

    def asked(self, document: Document, context: Context) -> tuple[Detector, ...]:
        """The detectors that may say something, in their order."""
        for detector in self._leading:
            detector.detect(document, context)
        bits, awake = self._bits, self._always
        for cue in reader_of(self._topics, document, context).cues:
            awake |= bits.get(cue, 0)
        reading = self._scanner.read(document, context.parent)
        if reading.matches:
            awake |= bits.get(FRAME, 0)
            for match in reading.matches:
                awake |= bits.get(match.frame.family, 0)
        for hit in reading.hits:
            if hit.entry.rules:
                awake |= bits.get(OFFENCE, 0)
                break
        known = self._kept.get(awake)
        if known is None:
            known = tuple(each for number, each in enumerate(self.detectors) if awake >> number & 1)
            if len(self._kept) < _MOST_KEPT:
                self._kept[awake] = known
        return known
