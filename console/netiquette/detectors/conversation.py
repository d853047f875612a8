"""Users who carry on a private conversation under a post (art. 2): somebody is addressed by name or «tu»,
and the words arrange something between the two or go on with a thread of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from console.domain.ids import RuleId
from console.domain.messages import Channel
from console.netiquette import entities
from console.netiquette.cues.detector import CueDetector
from console.netiquette.cues.scoring import Reader
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.text.document import Document

_RULE = RuleId("private_discussion")
_OPENING = re.compile(
    r"^(?:(?:oui|non|ok|ah|oh|salut|allo|merci|parfait|bonjour|hey|he|coudonc|ben|haha|lol|super)[ ,!]+){0,3}"
    r"(?:@\w|(?:madame|monsieur|mme|m\.) [a-z]|ma belle|ma chouette|mon chum|cousin|ok ma [a-z])"
)
_GREETED = re.compile(
    r"^(?:(?:oui|non|ok|ah|oh|salut|allo|merci|parfait|bonjour|hey|haha|lol|coudonc|ben|super)[ ,!]+){1,3}"
    r"(?:(?:ma|mon) )?(?P<name>[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?)\b",
    re.IGNORECASE,
)
_MOST_HITS = 3


class Conversation(CueDetector):
    """Evidence for `private_discussion`."""

    topic = "conversation"

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Evidence for `private_discussion`, in comments only."""
        if context.channel is not Channel.COMMENT:
            return
        reader = self.reader(document, context)
        arranging = reader.places("conversation.arrange")
        thread = _thread_weight(context)
        if not arranging and thread == 0.0:
            return
        weight = 0.8 * min(len(arranging), _MOST_HITS) + thread + self._address(reader)
        if reader.places("conversation.city"):
            weight -= 1.2
        spans = tuple(sorted({document.span(*place) for place in arranging}))
        reason = "arrange" if arranging else "thread"
        yield Evidence(_RULE, weight, spans, self.name, f"private_discussion.{reason}")

    @staticmethod
    def _address(reader: Reader) -> float:
        """How clearly one other person is spoken to; less than nothing where nobody is."""
        document = reader.document
        weight = 0.0
        named = entities.names(document)
        if _OPENING.match(document.normal) or any(start <= 12 for start, _ in named) or _greeted(document):
            weight += 1.2
        elif named or entities.mentions(document):
            weight += 0.5
        if reader.places("@tu"):
            weight += 0.6
        if reader.places("conversation.kin"):
            weight += 0.4
        return weight if weight > 0 else -0.8


def _greeted(document: Document) -> bool:
    """«Salut Éric», «Haha oui Manon»: a first name after the opening words."""
    found = _GREETED.match(document.original)
    return found is not None and found["name"][0].isupper() and not entities.opens_no_name(found["name"])


def _thread_weight(context: Context) -> float:
    """A thread of two or three users who answer each other, with the author among them."""
    if len(context.thread) < 2:
        return 0.0
    authors = [entry.author for entry in context.thread]
    own = {context.author, context.author_name} - {""}
    returns = sum(author in own for author in authors)
    if not returns or len(set(authors)) > 3:
        return 0.0
    return min(1.8, 0.6 * returns + 0.2 * len(authors))
