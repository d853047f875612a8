"""The detector of one family of frames; most detectors of meaning only name theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from console.domain.ids import RuleId
from console.netiquette.lexicon.frames import GROUP_RULE
from console.netiquette.lexicon.reading import Match, Reading
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

RULE_OF_GROUP: Mapping[str, RuleId] = {
    "g.immigrant": RuleId("xenophobia"),
    "g.nation": RuleId("xenophobia"),
    "g.muslim": RuleId("xenophobia"),
    "g.jew": RuleId("racism"),
    "g.race": RuleId("racism"),
    "g.indigenous": RuleId("racism"),
    "g.lgbt": RuleId("homophobia"),
    "g.women": RuleId("sexism"),
    "g.men": RuleId("sexism"),
    "g.elders": RuleId("ageism"),
    "g.youth": RuleId("ageism"),
}
"""Which rule of article 4 protects a group. Homeless, poor and disabled people: `hate` alone."""

_ALSO = {"g.nation": RuleId("racism"), "g.muslim": RuleId("racism")}
"""Where contempt for where people come from is seldom told from contempt for what they are."""

_UNNAMED, _HATE = frozenset({"g.homeless", "g.poor", "g.disabled"}), RuleId("hate")

MOST_WORDS = 14
"""Longer matches are shown by their parts instead of whole."""


class FrameDetector:
    """Evidence for every filled frame of `name`. Subclasses weigh what a frame cannot say."""

    name = ""

    def __init__(self, resources: Resources) -> None:
        self._scanner = scanner(resources.folder)
        self.needs = frozenset((self.name,))
        """See `console.netiquette.asking`."""

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """The evidence of this family in the document."""
        reading = self._scanner.read(document, context.parent)
        for match in reading.matches:
            if match.frame.family == self.name:
                yield from self.evidence(match, reading, context)

    def evidence(self, match: Match, reading: Reading, context: Context) -> Iterator[Evidence]:
        """What one filled frame says, rule by rule."""
        spans = (
            (reading.span(match.start, match.end),)
            if match.end - match.start <= MOST_WORDS
            else tuple(reading.span(start, end) for start, end in match.parts if end > start)
        )
        for rule, weight in match.frame.rules:
            for broken in _protecting(match.group) if rule == GROUP_RULE else (rule,):
                yield Evidence(broken, weight, spans, self.name, match.frame.reason)


def _protecting(group: str) -> tuple[RuleId, ...]:
    """The rules that protect a group; none where no group was met."""
    if group in _UNNAMED:
        return (_HATE,)
    return tuple(table[group] for table in (RULE_OF_GROUP, _ALSO) if group in table)
