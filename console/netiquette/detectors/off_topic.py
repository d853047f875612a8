"""Comments that speak of something else than the post (art. 5). Cautious: a reminder of another municipal
matter is part of public debate; what has no place under a city's post counts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from console.domain.ids import RuleId
from console.domain.messages import Channel
from console.domain.verdicts import Span
from console.netiquette.cues.detector import CueDetector
from console.netiquette.datafiles import read_lexicon
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document, build

_RULE = RuleId("off_topic")
_STEM = 4
_FEWEST_WORDS = 6
_SELLING = ("advertising.offer", "advertising.network", "advertising.seller", "advertising.personal_sale")
_CAUSES = ("propaganda.enemy", "politics.appeal", "religion.call", "fraud.bait")
_AGAIN = "repetition.again"
"""Who pastes a message under every post seldom speaks of this one."""


class OffTopic(CueDetector):
    """Evidence for `off_topic`."""

    topic = "conversation"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self.name = "off_topic"
        content = read_lexicon(resources.lexicon("subjects"))
        self._municipal = Subjects(str(content["municipal"]))
        self._elsewhere = Subjects(str(content["elsewhere"]))

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for `off_topic`, for comments under a post with a subject."""
        if context.channel is not Channel.COMMENT or not context.parent:
            return
        if len(document.texts) < _FEWEST_WORDS:
            return
        words = document.words
        parent = _words_of(context.parent)
        if not {word[:_STEM] for word in words}.isdisjoint(_stems_of(context.parent)) and (
            _stems_of(context.parent) & _stems(words)
        ):
            return
        posted = self._municipal.of(parent)
        municipal = self._municipal.of(words)
        if posted & municipal:
            return
        elsewhere = self._elsewhere.of(words) - self._elsewhere.of(parent)
        weight = self._weight(document, context, bool(elsewhere), bool(municipal))
        if weight > 0:
            text = document.original
            span = Span(len(text) - len(text.lstrip()), len(text.rstrip()))
            yield Evidence(_RULE, weight, (span,), self.name, "off_topic.subject")

    def _weight(self, document: Document, context: Context, elsewhere: bool, municipal: bool) -> float:
        reader = self.reader(document, context)
        weight = (1.2 if municipal else 1.8) if elsewhere else 0.3 if municipal else 0.0
        if any(reader.places(cue) for cue in _SELLING):
            weight += 1.3
        if any(reader.places(cue) for cue in _CAUSES):
            weight += 0.9
        if reader.places(_AGAIN):
            weight += 1.8
        arranged = len(reader.places("conversation.arrange"))
        # What two people arrange between them has no more to do with the post than with its readers.
        weight += 1.9 if arranged > 1 else 0.9 if arranged else 0.0
        return weight


@lru_cache(maxsize=512)
def _words_of(parent: str) -> frozenset[str]:
    """The words of a post: hundreds of comments stand under the same one."""
    return build(parent).words


@lru_cache(maxsize=512)
def _stems_of(parent: str) -> set[str]:
    """The beginnings of the words of a post."""
    return _stems(_words_of(parent))


def _stems(words: frozenset[str]) -> set[str]:
    """The beginnings of the words that mean something by themselves."""
    return {word[:_STEM] for word in words if len(word) >= _STEM and word not in _common()}


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Function words, and words of every post."""
    content = read_lexicon(Resources().lexicon("language"))["words"]
    return frozenset(str(content["fr"]).split()) | {"drummondville", "drummond", "votre", "notre"}


class Subjects:
    """What words speak of: a block of lines «subject: word beginning* …»."""

    def __init__(self, block: str) -> None:
        self._whole: dict[str, set[str]] = {}
        self._beginnings: dict[str, set[str]] = {}
        for line in block.splitlines():
            name, _, words = line.partition(":")
            for word in words.split():
                table = self._beginnings if word.endswith("*") else self._whole
                table.setdefault(word.rstrip("*"), set()).add(name.strip())
        self._sizes = sorted({len(beginning) for beginning in self._beginnings})
        self._of_word = lru_cache(maxsize=20_000)(self._look_up)

    def of(self, words: Iterable[str]) -> set[str]:
        """The subjects that any of `words` names."""
        return set().union(*map(self._of_word, words))

    def _look_up(self, word: str) -> frozenset[str]:
        found = set(self._whole.get(word, ()))
        for size in self._sizes:
            found |= self._beginnings.get(word[:size], set())
        return frozenset(found)
