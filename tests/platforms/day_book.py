"""The journal of a day, read into what it says of each outbox item."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from console.domain.decisions import WRITTEN
from console.domain.ids import OutgoingId
from console.domain.journal import Link
from console.services.facts import DecisionMade, DecisionUndone, EscalationAnswered, Item, OutboxDone, read
from console.services.rows import EscalationOutcome

_WRITTEN = frozenset(action.value for action in WRITTEN)


@dataclass
class Told:
    """What the journal says of one outbox item."""

    item: Item
    message: str
    decision: str
    text: str
    done: OutboxDone | None = None
    done_at: datetime | None = None


@dataclass
class Book:
    """The journal, read into facts."""

    items: dict[OutgoingId, Told] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    of_decision: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    undone: set[str] = field(default_factory=set)
    events: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    """By message."""
    warned: dict[str, OutboxDone] = field(default_factory=dict)

    def take(self, link: Link) -> None:
        """One more event."""
        event = link.event
        self.events[event.subject].append(link)
        if event.kind not in ("decision.made", "decision.undone", "escalation.answered", "outbox.done"):
            return
        fact = read(event.kind, event.payload)
        if isinstance(fact, DecisionMade):
            self.texts[fact.decision] = {action.value: text for action, text in fact.texts.items()}
            self._sent(fact.outgoing, event.subject, fact.decision)
        elif isinstance(fact, DecisionUndone):
            self.undone.add(fact.decision)
            self._sent(fact.inverse, event.subject, fact.decision)
        elif isinstance(fact, EscalationAnswered) and fact.decision is not None:
            if fact.outcome is EscalationOutcome.REFUSED:
                self.undone.add(fact.decision)
            self._sent((*fact.outgoing, *fact.inverse), event.subject, fact.decision)
        elif isinstance(fact, OutboxDone):
            told = self.items[fact.item]
            told.done, told.done_at = fact, event.at
            if fact.warning is not None:
                self.warned[fact.warning] = fact

    def _sent(self, items: tuple[Item, ...], message: str, decision: str) -> None:
        for item in items:
            text = self.texts[decision].get(item.operation, "") if item.operation in _WRITTEN else ""
            self.items[item.id] = told = Told(item, message, decision, text)
            self.of_decision[decision].append(told)
