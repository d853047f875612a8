"""A real desk's file in a temporary folder, and short ways to fill it. For tests of store and services."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from console.clock import FixedClock
from console.domain.cases import CaseState
from console.domain.decisions import Action, Decision
from console.domain.ids import DecisionId, EventId, MessageId, RuleId, StaffId, WarningId, new_id
from console.domain.journal import Event
from console.domain.messages import FACEBOOK, IncomingMessage
from console.domain.roles import Actor, Role, Staff
from console.domain.sanctions import Delivery, IssuedWarning
from console.domain.verdicts import (
    Finding,
    Language,
    PolicyVersion,
    Route,
    Severity,
    Span,
    Verdict,
)
from console.services.ports import Judged
from console.services.secret_ports import FileKey
from console.store.database import StoreDatabase, open_store

NOW = datetime(2025, 6, 24, 18, 30, tzinfo=UTC)
POLICY = PolicyVersion("2025-1", "ab" * 32)
ENGINE = "moteur-1"

_numbers = count(1)


def finding(
    rule: str = "insult", severity: int = 3, article: str = "4", confidence: float = 0.9, **changes: Any
) -> Finding:
    """One finding about the first letters of the text."""
    made = Finding(
        RuleId(rule), article, Severity(severity), confidence, (Span(0, 3),), f"explication {rule}"
    )
    return replace(made, **changes)


def verdict(*findings: Finding, priority: int | None = None, **changes: Any) -> Verdict:
    """A verdict; its priority follows the gravest finding unless given."""
    gravest = max((int(each.severity) for each in findings), default=0)
    made = Verdict(
        findings=findings,
        route=Route.NONE,
        language=Language("fr", 0.99),
        actions=(Action.WARN,) if findings else (Action.KEEP,),
        priority=gravest * 20 if priority is None else priority,
        policy=POLICY,
        engine=ENGINE,
    )
    return replace(made, **changes)


def message(text: str = "Bonjour, la rue est belle.", **changes: Any) -> IncomingMessage:
    """A Facebook comment of a day ago, with a platform's id that no other message has."""
    made = IncomingMessage(
        external_id=f"fb-{next(_numbers)}",
        text=text,
        platform=FACEBOOK,
        account="Ville",
        author_external_id="auteur-1",
        author_name="Zoé Tremblay",
        posted_at=NOW - timedelta(days=1),
    )
    return replace(made, **changes)


def judged(
    incoming: IncomingMessage | str = "Bonjour, la rue est belle.",
    opinion: Verdict | None = None,
    **changes: Any,
) -> Judged:
    """A message with its verdict; a text stands for a message. The city's own has no verdict."""
    given = message(incoming) if isinstance(incoming, str) else incoming
    of_city = None if given.by_city else opinion or verdict()
    return replace(Judged(given, hashlib.sha256(given.text.encode()).hexdigest(), of_city), **changes)


def staff(name: str = "Maude Gagnon", role: Role = Role.MODERATOR) -> Staff:
    """Somebody who works with Vigie."""
    return Staff(StaffId(new_id()), name, role)


@dataclass
class DeskFile:
    """An open file with a clock that stands still, and one person of each role registered."""

    db: StoreDatabase
    clock: FixedClock
    people: dict[Role, Staff] = field(default_factory=dict)

    def actor(self, role: Role = Role.MODERATOR) -> Actor:
        """The registered person of this role, at this desk."""
        return Actor(self.people[role], self.db.desk)

    def take_in(self, *batch: Judged | IncomingMessage | str) -> tuple[MessageId, ...]:
        """Store messages; their ids in the order given."""
        given = [each if isinstance(each, Judged) else judged(each) for each in batch]
        with self.db.write() as work:
            return work.take_in(given, self.clock.now()).added

    def move(self, case: MessageId, state: CaseState) -> None:
        """Put a case into a state, whatever it was in."""
        with self.db.write() as work:
            work.set_state(case, state)

    def decide(
        self,
        case: MessageId,
        *actions: Action,
        rules: tuple[str, ...] = ("insult",),
        reason: str = "insulte envers une élue",
        role: Role = Role.MODERATOR,
        **changes: Any,
    ) -> Decision:
        """Store a decision as the services do, with its journal entry; the case is decided."""
        with self.db.write() as work:
            head = work.case(case)
            made = Decision(
                id=DecisionId(new_id()),
                message_id=case,
                revision=head.revision,
                actions=actions or (Action.HIDE,),
                rules=tuple(RuleId(rule) for rule in rules),
                reason=reason,
                texts=(),
                actor=self.people[role].id,
                at=self.clock.now(),
                policy=head.policy,
                engine=head.engine,
                suggested=head.suggested,
            )
            made = replace(made, **changes)
            work.add_decision(made, head.state)
            work.set_state(case, CaseState.DECIDED)
            work.append(self.event("decision.made", case, {"decision": made.id, "reason": made.reason}, role))
        return made

    def warn(self, case: MessageId, decision: Decision, *, delivered: bool = True) -> WarningId:
        """Store the warning that goes with a decision."""
        now = self.clock.now()
        with self.db.write() as work:
            head = work.case(case)
            proof = Delivery(now, "message privé", "capture 12") if delivered else None
            made = IssuedWarning(
                WarningId(new_id()),
                head.person_id,
                decision.id,
                case,
                head.platform,
                decision.rules,
                now,
                proof,
            )
            work.add_warning(made)
        return made.id

    def undo(self, decision: Decision) -> None:
        """Mark a decision undone, with its journal entry; the case waits again."""
        with self.db.write() as work:
            work.mark_undone(decision.id, self.clock.now(), decision.actor)
            work.set_state(decision.message_id, CaseState.PENDING)
            work.append(self.event("decision.undone", decision.message_id, {"decision": decision.id}))

    def event(
        self, kind: str, subject: str, payload: dict[str, Any] | None = None, role: Role = Role.MODERATOR
    ) -> Event:
        """Something for the journal."""
        actor = self.people[role].id
        return Event(EventId(new_id()), kind, subject, actor, self.db.desk, self.clock.now(), payload or {})


_NAMES = {
    Role.MODERATOR: "Maude Gagnon",
    Role.SUPERVISOR: "Samuel Roy",
    Role.AGENT_311: "Aïcha Diallo",
    Role.ADMINISTRATOR: "Paul Côté",
    Role.AUDITOR: "Vera Lavoie",
}


@contextmanager
def desk_file(path: Path, key: FileKey | None = None) -> Iterator[DeskFile]:
    """Open (or make) the file at `path` and close it after; with a key it is encrypted."""
    clock = FixedClock(NOW)
    db = open_store(path, clock, key)
    try:
        opened = DeskFile(db, clock)
        registered = {person.role: person for person in db.reads.staff()}
        for role, name in _NAMES.items():
            opened.people[role] = registered.get(role) or staff(name, role)
        with db.write() as work:
            for person in opened.people.values():
                work.put_staff(person)
        yield opened
    finally:
        db.close()
