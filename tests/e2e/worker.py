"""A desk at work in a process of its own: says what is on disk, and goes on.

Each line that it says is an acknowledgement: whatever it says must be found again, wherever the process
is killed afterwards.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

from console.bootstrap import open_services
from console.clock import SystemClock
from console.domain.decisions import Action
from console.domain.roles import Role
from console.services.decisions import DecisionRequest
from console.services.rows import QueueFilter, QueueRow, Sort
from console.services.services import Services
from tests.killing import Say

IMPORTS_AGAIN = 10
"""The file is imported at the first two starts of so many."""


class HurriedClock(SystemClock):
    """The machine's clock, ahead by what the worker skips: grace periods need not be waited for."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Now, and what was skipped."""
        return super().now() + self.ahead


def work(home: Path, file: Path, seed: int, say: Say) -> None:
    """Import, then decide, undo and carry out until everything is decided."""
    chance, clock = random.Random(seed), HurriedClock()
    services = open_services(home, clock=clock)
    actor = services.access.current() or services.access.introduce("Camille", Role.MODERATOR)
    say("opened")
    if seed % IMPORTS_AGAIN < 2:
        # Not every time: the engine takes longer to load than all the rest.
        report = services.intake.import_file(actor, file, lambda _done, _total: None)
        say("imported", str(report.added + report.updated + report.unchanged))
    while rows := services.queue.page(QueueFilter(), Sort.PRIORITY, None, 20).rows:
        row = chance.choice(rows)
        made = services.decisions.decide(actor, request(chance, row))
        say("decided", str(made.decision))
        if chance.random() < 0.3:
            undone = services.decisions.undo(actor)
            say("undone", str(undone.decision))
        elif chance.random() < 0.3:
            clock.ahead += timedelta(seconds=31)
            carry_out(services, say)
    say("finished")
    services.close()


def request(chance: random.Random, row: QueueRow) -> DecisionRequest:
    """Keep, or hide and warn."""
    if not row.chips or chance.random() < 0.4:
        return DecisionRequest(row.id, row.revision, frozenset({Action.KEEP}))
    return DecisionRequest(
        row.id,
        row.revision,
        frozenset({Action.HIDE, Action.WARN}),
        (row.chips[0].rule,),
        "Contraire à la nétiquette.",
        {Action.WARN: "Bonjour, votre message ne respecte pas la nétiquette."},
    )


def carry_out(services: Services, say: Say) -> None:
    """Confirm by hand the oldest thing that waits."""
    actor = services.access.current()
    assert actor is not None
    services.outbox.end_grace()
    for item in services.outbox.waiting(actor)[:1]:
        services.outbox.confirm(actor, item.id, "message privé")
        say("carried", item.id)
