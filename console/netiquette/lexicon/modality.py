"""In which mode something is said: quoted, negated, asked, reported, of oneself, of a thing, in sport.

Places are word ranges of a `Reading`; the weights of what follows from them are the protections'.
"""

from __future__ import annotations

from collections.abc import Iterator

from console.netiquette.lexicon.compiling import Compiled
from console.netiquette.lexicon.reading import Match, Reading

Place = tuple[int, int]
_REACH = 4
"""Words before a predicate in which a negation governs it."""
_REACH_OF_SELF = 9
_LONGEST_QUOTE = 40


class Modality:
    """The closed classes that decide the mode, as masks."""

    def __init__(self, compiled: Compiled) -> None:
        mask = compiled.mask
        self.negation = mask("negation")
        self.restriction = mask("restriction")
        self.myself = mask("myself")
        self.at_me = mask("at_me")
        self.ask = mask("ask")
        self.report = mask("report")
        self.small = mask("det", "very", "strong", "bunch")
        self.thing = mask("thing")
        self.somebody = mask("you", "office", "name", "mention", "be_you")
        self.person = self.somebody | mask("bunch", "strong")
        self.called = mask("bunch", "kind_of")
        self.before_noun = mask("det", "strong", "be", "be_it", "be_you", "very")
        self.bare_negation = mask("ne")
        self.only = mask("que")
        self.telling = mask("say", "told_me", "condemn", "at_me")
        self.condemn = mask("condemn")

    def negated(self, reading: Reading, start: int, end: int) -> bool:
        """Whether a negation governs [start, end): «ne sont pas des parasites», «ne volent pas»."""
        if end < len(reading.words) and reading.sentence[end] == reading.sentence[start]:
            after = any(mask & self.negation for _, mask in reading.at[end])
            if after and not self._restricted(reading, end):
                return True
        if start and any(mask & self.bare_negation for _, mask in reading.at[start - 1]):
            return not reading.has(end, end + 3, self.only)
        for i in range(start - 1, max(-1, start - 1 - _REACH), -1):
            if reading.words[i] in ",;:.!?()" or reading.sentence[i] != reading.sentence[start]:
                return False
            masks = reading.at[i]
            if any(mask & self.restriction for _, mask in masks) or self._calls(reading, i):
                return False
            if any(mask & self.negation for _, mask in masks):
                return not self._restricted(reading, i)
        return False

    def _calls(self, reading: Reading, place: int) -> bool:
        """Whether somebody is called out to («vous répondez pas, bande de…»): what is denied before it is
        another matter. «Pas une bande de…» is denied itself."""
        if not any(mask & self.called for _, mask in reading.at[place]):
            return False
        return not place or not any(mask & self.before_noun for _, mask in reading.at[place - 1])

    def _restricted(self, reading: Reading, place: int) -> bool:
        return any(
            mask & self.restriction and stop > place
            for i in range(max(0, place - 2), place + 1)
            for stop, mask in reading.at[i]
        )

    def of_oneself(self, reading: Reading, start: int) -> bool:
        """Whether the writer says it of themselves («je suis un vieux croulant»): only articles and
        adverbs stand between."""
        for i in range(start, max(-1, start - 1 - _REACH_OF_SELF), -1):
            if reading.sentence[i] != reading.sentence[start]:
                return False
            mask = 0
            for _, each in reading.at[i]:
                mask |= each
            if mask & self.myself:
                return True
            if i < start and not mask & self.small:
                return any(
                    stop > i and found & self.myself
                    for before in range(max(0, i - 3), i)
                    for stop, found in reading.at[before]
                )
        return False

    def told(self, reading: Reading, start: int) -> bool:
        """Whether somebody said it to or of the writer or others («il m'a traitée de…»)."""
        first, _ = reading.sentence_range(start)
        return reading.has(max(first, start - 8), start, self.at_me)

    def asked(self, reading: Reading, start: int) -> bool:
        """Whether the sentence is a question."""
        _, last = reading.sentence_range(start)
        return reading.words[last - 1] == "?" or (last < len(reading.words) and reading.words[last] == "?")

    def reported(self, reading: Reading, start: int) -> bool:
        """Whether the sentence is hearsay («paraît que…»)."""
        return bool(reading.of_sentence(start) & self.report)

    def of_a_thing(self, reading: Reading, start: int, end: int) -> bool:
        """Whether a thing is called so («décision stupide», «c'est stupide comme règlement»)."""
        first, last = reading.sentence_range(start)
        before = reading.has(max(first, start - 5), start, self.thing)
        after = reading.has(end, min(last, end + 3), self.thing)
        return (before or after) and not reading.has(max(first, start - 4), min(last, end + 1), self.person)


def quotations(reading: Reading) -> Iterator[Place]:
    """What stands between quotation marks, without them; a whole message in quotes is none."""
    opened = -1
    for i, word in enumerate(reading.words):
        if word != '"':
            continue
        if opened < 0:
            opened = i
        else:
            inside = (opened + 1, i)
            if 0 < i - opened - 1 <= _LONGEST_QUOTE and i - opened + 1 < len(reading.words):
                yield inside
            opened = -1


def predicate(match: Match) -> Place:
    """The part of a match that says something: its last one with words."""
    return next((part for part in reversed(match.parts) if part[1] > part[0]), (match.start, match.end))
