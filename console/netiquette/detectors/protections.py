"""What makes hard words no offence: quotation, negation, question, report, self-mockery, criticism, sport.

The guide: «Hard criticism of the city, of a decision or of an elected person's acts; anger with no
insult; … quoting an insult to denounce it» are no offence. Each protection only lowers what it covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.asking import FRAME, OFFENCE
from console.netiquette.lexicon.family import RULE_OF_GROUP
from console.netiquette.lexicon.frames import GROUP_RULE
from console.netiquette.lexicon.modality import Modality, Place, predicate, quotations
from console.netiquette.lexicon.reading import Match, Reading
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

FAMILY = "protect"
_NEAR = 6
_MOST_QUOTES = 40
"""Quotations of one message that are looked into."""
_FULL = 2.2
"""From this weight on, what stands there counts as protected; where all is, so is the message."""
_ALL, _CLAUSE = RuleId("all"), RuleId("clause")
"""Whom a framed protection covers: the whole message, less beyond its sentences; its sentences alone."""
_CLAIMS = frozenset({RuleId("disinformation"), RuleId("defamation")})
_OF_A_THING = frozenset({RuleId("insult"), RuleId("aggression"), RuleId("obscenity")})
_FIGHT = frozenset(map(RuleId, ("violence", "aggression", "hate", "sexism")))
_SELF = frozenset(
    map(RuleId, ("insult", "ageism", "sexism", "misogyny", "homophobia", "defamation", "hate", "racism"))
)
_SELF |= {RuleId("xenophobia"), RuleId("violence"), RuleId("sexual_content")}
_INTOLERANCE = frozenset(
    {
        "group.intolerance",
        "group.worth",
        "group.nothing_good",
        "group.no_kindness",
        "group.suspicion",
        "group.scourge",
        "group.loathing",
        "group.belittled",
    }
)
_COUNTER_SPEECH = "protect.counter_speech"
"""«Ne sont pas des êtres humains», «j'aime pas les…»: the words of respect, denied."""
_FELT = frozenset(
    {
        "group.emotion",
        "group.feeling",
        "group.feeling_anaphor",
        "group.swearing",
        "group.sight",
        "group.no_kindness",
    }
)
"""«Je suis tanné des…» says nothing of the writer."""
_DENIED = "protect.denied"
_DIRECT = frozenset({"insult.you_are", "threat.aimed", "threat.veiled", "insult.mouth", "insult.not_worth"})
"""Frames that no denunciation elsewhere in the message excuses."""


class ProtectionDetector:
    """Shields by mode of speech, and by the frames of resources/frames/protect.yaml."""

    name = "protections"
    needs = frozenset((FRAME, OFFENCE))

    def __init__(self, resources: Resources) -> None:
        self._scanner = scanner(resources.folder)
        compiled = self._scanner.compiled
        self._modality = Modality(compiled)
        self._sport, self._show = compiled.mask("t.sport"), compiled.mask("t.show")

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """All protections of the document."""
        reading = self._scanner.read(document, context.parent)
        framed = list(self._framed(reading))
        yield from framed
        denied = [each for each in framed if each.reason == _DENIED]
        places = list(self._charged(reading))
        if not places:
            return
        quotes = list(self._quotes(reading))
        bare = 0
        for place, whole, match in places:
            shields = [
                *self._by_mode(reading, place, whole, match),
                *self._in_quotes(reading, whole, match, quotes),
            ]
            yield from shields
            bare += not (
                any(shield.weight >= _FULL and shield.rules in (None, _SELF) for shield in shields)
                or _within(reading.span(*whole), denied)
            )
        if not bare:
            yield Shield(_FULL, self.name, "protect.throughout")
        for (start, end), weight in quotes:
            yield Shield(weight, self.name, "protect.quoted", None, reading.span(start, end))
        if reading.parent_mask & (self._sport | self._show) or reading.mask & self._sport:
            direct = any(match.frame.id in _DIRECT for match in reading.matches)
            weight = 3.2 if reading.parent_mask & self._sport and not direct else 1.0
            yield Shield(weight, self.name, "protect.sport", _FIGHT)

    def _charged(self, reading: Reading) -> Iterator[tuple[Place, Place, Match | None]]:
        """Where something offends: what is said, the whole, and the frame if it is one."""
        for hit in reading.hits:
            if any(weight for _, weight in hit.entry.rules):
                yield (hit.start, hit.end), (hit.start, hit.end), None
        for match in reading.matches:
            if match.frame.family != FAMILY:
                yield predicate(match), (match.start, match.end), match

    def _in_quotes(
        self, reading: Reading, whole: Place, match: Match | None, quotes: list[tuple[Place, float]]
    ) -> Iterator[Shield]:
        parts = match.parts if match else (whole,)
        for (start, end), weight in quotes:
            if any(start <= first and last <= end and last > first for first, last in parts):
                yield Shield(weight, self.name, "protect.quoted", None, reading.span(*whole))

    def _by_mode(self, reading: Reading, place: Place, whole: Place, match: Match | None) -> Iterator[Shield]:
        start, end = place
        mode, span = self._modality, reading.span(*whole)
        if mode.negated(reading, start, end) and not (match and match.frame.steady):
            yield Shield(2.8, self.name, "protect.negated", None, span)
        if mode.told(reading, start):
            yield Shield(2.2, self.name, "protect.told", None, span)
        elif not (match and match.frame.id in _FELT) and mode.of_oneself(reading, whole[0]):
            yield Shield(2.6, self.name, "protect.self", _SELF, span)
        if mode.asked(reading, start):
            yield Shield(2.2, self.name, "protect.asked", _CLAIMS, span)
        elif mode.reported(reading, start):
            yield Shield(0.8, self.name, "protect.reported", _CLAIMS, span)
        if (match is None or match.frame.family == "insult") and mode.of_a_thing(reading, start, end):
            yield Shield(2.4, self.name, "criticism.thing", _OF_A_THING, span)

    def _quotes(self, reading: Reading) -> Iterator[tuple[Place, float]]:
        """What is quoted, and how much that takes away: more beside words of telling or condemning."""
        mode = self._modality
        places = list(islice(quotations(reading), _MOST_QUOTES))
        quoted = sum(end - start for start, end in places)
        mostly_own = len(reading.words) - quoted - 2 * len(places) > quoted
        for start, end in places:
            told = (
                reading.has(0, start, mode.telling)
                or reading.has(end, end + _NEAR, mode.telling)
                or reading.has(end, len(reading.words), mode.condemn)
            )
            yield (start, end), (3.0 if told else 2.2) if mostly_own or told else 0.8

    def _framed(self, reading: Reading) -> Iterator[Shield]:
        direct = {reading.sentence[match.start] for match in reading.matches if match.frame.id in _DIRECT}
        intolerant = any(match.frame.id in _INTOLERANCE for match in reading.matches)
        for match in reading.matches:
            if match.frame.family != FAMILY or (intolerant and match.frame.reason == _COUNTER_SPEECH):
                continue
            for rule, weight in match.frame.rules:
                rules = None if rule == _ALL else frozenset(_rules(rule, match.group))
                if rule == _CLAUSE:
                    yield from self._clause(reading, match, weight)
                elif rules is None:
                    yield from self._sentences(reading, match, weight, direct)
                elif rules:
                    yield Shield(weight, self.name, match.frame.reason, rules)

    def _sentences(self, reading: Reading, match: Match, weight: float, direct: set[int]) -> Iterator[Shield]:
        """A denunciation covers its sentence whole and the others by half, but no direct insult."""
        mine = {reading.sentence[match.start], reading.sentence[match.end - 1]}
        for number in set(reading.sentence) - direct:
            share = 1.0 if number in mine else 0.6
            yield Shield(weight * share, self.name, match.frame.reason, None, _sentence(reading, number))

    def _clause(self, reading: Reading, match: Match, weight: float) -> Iterator[Shield]:
        """A denial covers the sentences that it reaches over, from their beginning to their end."""
        first, last = reading.sentence_range(match.start)[0], reading.sentence_range(match.end - 1)[1]
        yield Shield(weight, self.name, match.frame.reason, None, reading.span(first, last))


def _within(span: Span, shields: Iterable[Shield]) -> bool:
    return any(
        each.span is not None and each.span.start <= span.start and span.end <= each.span.end
        for each in shields
    )


def _rules(rule: RuleId, group: str) -> Iterator[RuleId]:
    if rule != GROUP_RULE:
        yield rule
    elif group in RULE_OF_GROUP:
        yield RULE_OF_GROUP[group]
        yield from (RuleId("racism"), RuleId("xenophobia"), RuleId("misogyny"))


def _sentence(reading: Reading, number: int) -> Span:
    return reading.span(*reading.sentence_words[number])
