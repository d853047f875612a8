"""A real desk for tests: SQLite in a temporary folder, all services, a clock that stands still."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from console.bootstrap import wire
from console.clock import FixedClock
from console.domain.decisions import Action
from console.domain.ids import DecisionId, MessageId, OutgoingId, RuleId
from console.domain.messages import FACEBOOK, Channel, IncomingMessage, Kind, Platform
from console.domain.roles import Actor, Role
from console.domain.verdicts import (
    Finding,
    Language,
    PolicyVersion,
    Route,
    Severity,
    Span,
    Verdict,
)
from console.services.decisions import DecisionRequest
from console.services.ports import Judged
from console.services.rows import CaseDetail, ChangeSet
from console.services.services import Services
from console.store.database import StoreDatabase, open_store
from console.store.migrate import migrate
from console.store.migrations import HEAD

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
INSULT = RuleId("insult")
GRACE = timedelta(seconds=31)


def insult_verdict(text: str, *, rule: RuleId = INSULT, severity: int = 3) -> Verdict:
    """What an engine might say of an insult."""
    finding = Finding(rule, "4", Severity(severity), 0.9, (Span(0, len(text)),), "Une insulte.", ("test",))
    return Verdict(
        (finding,),
        Route.NONE,
        Language("fr", 0.9),
        (Action.HIDE, Action.WARN),
        70,
        PolicyVersion("test", "0" * 64),
        "test",
    )


@dataclass
class Desk:
    """Services with two moderators, a supervisor and an administrator at hand."""

    db: StoreDatabase
    clock: FixedClock
    services: Services
    admin: Actor
    moderator: Actor
    colleague: Actor
    supervisor: Actor

    def receive(
        self,
        external_id: str,
        *,
        text: str = "Gang de pourris",
        author: str = "personne-1",
        platform: Platform = FACEBOOK,
        account: str = "Ville",
        verdict: Verdict | None = None,
    ) -> MessageId:
        """Take one judged message in and return its id."""
        incoming = IncomingMessage(
            external_id=external_id,
            text=text,
            platform=platform,
            channel=Channel.COMMENT,
            kind=Kind.COMMENT,
            account=account,
            author_external_id=author,
            author_name=f"Nom de {author}",
            posted_at=self.clock.now(),
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        judged = Judged(incoming, digest, verdict or insult_verdict(text))
        with self.db.write() as work:
            outcome = work.take_in([judged], self.clock.now())
        return (*outcome.added, *outcome.updated)[0]

    def detail(self, message: MessageId) -> CaseDetail:
        """The case as the screen would show it."""
        return self.services.queue.detail(message)

    def request(
        self, message: MessageId, *actions: Action, reason: str = "Insulte une personne.", **more: object
    ) -> DecisionRequest:
        """A complete request for these actions, at the present revision."""
        texts = dict.fromkeys(actions, "Bonjour, votre message ne respecte pas l’article 4.")
        revision = self.detail(message).message.revision
        return DecisionRequest(message, revision, frozenset(actions), (INSULT,), reason, texts, **more)

    def decide(self, message: MessageId, *actions: Action, by: Actor | None = None) -> ChangeSet:
        """Decide as a moderator."""
        return self.services.decisions.decide(by or self.moderator, self.request(message, *actions))

    def outgoing(self) -> list[tuple[OutgoingId, str]]:
        """What waits: (id, operation)."""
        return [(row.id, row.operation) for row in self.services.outbox.waiting(self.moderator)]

    def carry_out_all(self) -> None:
        """The grace passes and everything is done by hand."""
        self.clock.advance(GRACE)
        self.services.outbox.end_grace()
        for item, _ in self.outgoing():
            self.services.outbox.confirm(self.moderator, item, "message privé", "vu")

    def warn_and_deliver(self, external_id: str, author: str = "personne-1") -> DecisionId:
        """One delivered warning about an incident of its own."""
        made = self.decide(self.receive(external_id, author=author), Action.HIDE, Action.WARN)
        self.carry_out_all()
        assert made.decision is not None
        return made.decision


@cache
def _empty_file() -> bytes:
    """A desk's file with its tables and nothing in it. Making it anew would be half of the time of a test;
    how it is made is tested with the migrations."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / "vigie.db"
        migrate(made, HEAD)
        return made.read_bytes()


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    """Open a desk in `folder` and close it afterwards."""
    clock = FixedClock(NOW)
    file = folder / "vigie.db"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_empty_file())
    db = open_store(file, clock)
    try:
        services = wire(db, clock)
        access = services.access
        admin = access.introduce("Odile", Role.ADMINISTRATOR)
        supervisor = access.introduce("Sacha", Role.SUPERVISOR)
        access.switch(admin.staff.id)
        moderator = access.introduce("Camille", Role.MODERATOR)
        colleague = access.introduce("Noa", Role.MODERATOR)
        yield Desk(db, clock, services, admin, moderator, colleague, supervisor)
    finally:
        db.close()
