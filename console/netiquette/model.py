"""What goes through the pipeline: context in, evidence between the layers. See `engine` for the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from console.domain.ids import RuleId
from console.domain.messages import Channel, Platform, ThreadEntry
from console.domain.verdicts import Route, Span

if TYPE_CHECKING:
    from console.netiquette.text.document import Document


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier message of the same author or of nearly the same text."""

    text: str
    posted_at: datetime | None = None
    post: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a detector may know beside the text. All optional; empty means unknown."""

    channel: Channel
    platform: Platform
    account: str = ""
    parent: str = ""
    """The city's post above the comment."""
    thread: tuple[ThreadEntry, ...] = ()
    author: str = ""
    author_name: str = ""
    delivered_warnings: int = 0
    posted_at: datetime | None = None
    author_recent: tuple[Earlier, ...] = ()
    similar_recent: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One detector's reason to see `rule` broken.

    `weight` is in log-odds (positive speaks for the breach, negative against); the combiner adds
    the weights of one rule to the prior of -1.5 (a breach is rare) and calibrates the sum into a
    confidence: alone, 0.5 gives 27 %, 1.5 gives 50 %, 3 gives 82 %, 5 gives 97 %. `spans` are in the original
    text (some are worked out when first looked at: ask for them only where they are needed). `reason` is
    the key of a French sentence in resources/explanations.yaml, `facts` fill it.
    """

    rule: RuleId
    weight: float
    spans: Sequence[Span]
    detector: str
    reason: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the learned model says of a message, in log-odds.

    `rules` for or against each rule it knows, beyond the rule's share of messages; `doubts` what must be
    exceeded to speak for a rule alone, `likely` the rules of which it is; `any` for or against a breach of
    some rule, `toxic` for what annotators of forums call toxic, and `harshest` the most likely of the rules
    that are (None where none is known). `spans` finds the words that speak loudest for a rule. How all of it
    counts beside the evidence is said in `opinion`.
    """

    rules: Mapping[RuleId, float]
    doubts: Mapping[RuleId, float]
    likely: Sequence[RuleId]
    any: float
    toxic: float
    harshest: RuleId | None
    spans: Callable[[RuleId], Sequence[Span]]


@dataclass(frozen=True, slots=True)
class RouteHint:
    """Evidence for a route, in log-odds."""

    route: Route
    weight: float
    detector: str


@dataclass(frozen=True, slots=True)
class Shield:
    """A protection: the words in `span` are quoted, denounced, negated or figurative, or the whole
    message is criticism, a question, a joke. Lowers evidence of `rules` (None: all but those of form
    and fact, see `combine`) within `span` (None: everywhere) by `weight`."""

    weight: float
    detector: str
    reason: str
    rules: frozenset[RuleId] | None = None
    span: Span | None = None


class Detector(Protocol):
    """A layer of the pipeline. One file, one class, one line in `detectors/__init__.py`.

    Detectors are built once from resources, keep no state between messages and are thread-safe.
    """

    name: str

    def detect(
        self, document: Document, context: Context
    ) -> Iterable[Evidence | Likeness | RouteHint | Shield]:
        """What this layer sees in the document."""
        ...
