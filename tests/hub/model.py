"""A city at work, at random: desks that decide, undo, import, go away, die and come back.

Every step is chosen by a seeded generator; what must hold at the end is in `agreement`. The same walk
serves the suite (short) and `python3 dev.py soak hub` (long).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from console.domain.cases import OPEN_STATES, CaseState
from console.domain.decisions import Action, BanException
from console.domain.ids import MessageId
from console.domain.journal import first_break
from console.domain.roles import Permission
from console.domain.sanctions import Rung
from console.errors import ExpectedError, OfflineError, ValidationError
from console.services.rows import EscalationKind, OutgoingState
from console.store import tables
from tests.desks import GRACE
from tests.hub.conftest import Hub
from tests.hub.desks import Cut, KeptInMemory, Seat, seat

TEXTS = ("Gang de pourris", "Bande d’incapables", "Merci pour tout", "On sait où tu restes", "Pourris!!")
LOGINS = ("marie", "noah", "solange", "simon", "alix")
CHOICES = (
    (Action.HIDE,),
    (Action.HIDE, Action.WARN),
    (Action.WARN,),
    (Action.KEEP,),
    (Action.NO_REPLY,),
    (Action.DELETE,),
)


@dataclass
class City:
    """Desks and their hub; `step` does one thing at random."""

    hub: Hub
    folder: Path
    dice: random.Random
    desks: int = 3
    stack: ExitStack = field(default_factory=ExitStack)
    seats: list[Seat] = field(default_factory=list)
    owners: dict[int, ExitStack] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    messages: list[MessageId] = field(default_factory=list)
    numbers: int = 0

    def open(self) -> None:
        """Every desk opens and joins; logins differ, so that at least one supervises."""
        for number in range(self.desks):
            login = LOGINS[number % len(LOGINS)]
            self.seats.append(self._sit(number, login))
        for _ in range(6):
            self._import(self.seats[0])

    def close(self) -> None:
        """Close what is open."""
        self.stack.close()

    def _sit(self, number: int, login: str, secrets: KeptInMemory | None = None) -> Seat:
        own = self.owners[number] = ExitStack()
        self.stack.callback(own.close)
        return seat(own, self.hub, self.folder / f"{number}-{login}", login, secrets)

    # --- steps ---------------------------------------------------------------------------------

    def step(self) -> None:
        """One desk does one thing. What the rules refuse is refused; anything else is a failure."""
        one = self.dice.choice(self.seats)
        name, act = self.dice.choice(self._steps())
        try:
            act(one)
        except ExpectedError:
            name += " (refused)"
        self.done[name] += 1
        one.clock.advance(timedelta(seconds=self.dice.randint(1, 40)))

    def _steps(self) -> list[tuple[str, Callable[[Seat], None]]]:
        weighted = [
            ("decide", self._decide, 8),
            ("undo", self._undo, 2),
            ("sync", lambda one: one.sync(), 6),
            ("cut", self._cut, 2),
            ("reopen", self._reopen, 1),
            ("import", self._import, 2),
            ("edit", self._edit, 2),
            ("gone", self._gone, 1),
            ("note", self._note, 1),
            ("submit", self._submit, 2),
            ("answer", self._answer, 4),
            ("carry out", self._carry_out, 4),
            ("ban", self._ban, 3),
            ("link", self._link, 1),
            ("settle", self._settle, 2),
            ("clock", self._clock, 1),
        ]
        return [(name, act) for name, act, weight in weighted for _ in range(weight)]

    def _known(self, one: Seat, states: frozenset[CaseState] | None = None) -> MessageId | None:
        with one.db.write() as work:
            here = [
                message
                for message in self.messages
                if work.holds(message) and (states is None or work.case(message).state in states)
            ]
        return self.dice.choice(here) if here else None

    def _import(self, one: Seat) -> None:
        self.numbers += 1
        author = f"personne-{self.dice.randint(1, 4)}"
        text = self.dice.choice(TEXTS)
        self.messages.append(one.receive(f"m{self.numbers}", text=text, author=author))

    def _cut(self, one: Seat) -> None:
        with suppress(OfflineError):
            one.sync(cut=Cut(self.dice.randint(1, 12), self.dice.random() < 0.5))

    def _reopen(self, one: Seat) -> None:
        number = self.seats.index(one)
        self.owners[number].close()
        again = self._sit(number, one.address.login, one.secrets)
        again.clock.at = one.clock.at
        self.seats[number] = again

    def _edit(self, one: Seat) -> None:
        message = self._known(one)
        if message is not None:
            detail = one.detail(message).message
            author = one.detail(message).author.identities[0].external_id
            text = self.dice.choice([each for each in TEXTS if each != detail.text])
            one.receive(detail.external_id, text=text, author=author)

    def _gone(self, one: Seat) -> None:
        message = self._known(one)
        if message is not None:
            one.services.intake.mark_gone(one.moderator, message)

    def _decide(self, one: Seat) -> None:
        message = self._known(one, OPEN_STATES)
        if message is not None:
            one.decide(message, *self.dice.choice(CHOICES))

    def _undo(self, one: Seat) -> None:
        one.services.decisions.undo(one.moderator)

    def _note(self, one: Seat) -> None:
        message = self._known(one)
        if message is not None:
            one.services.queue.add_note(one.moderator, message, f"Note {self.dice.random()}")

    def _submit(self, one: Seat) -> None:
        message = self._known(one, OPEN_STATES)
        if message is not None:
            revision = one.detail(message).message.revision
            one.services.escalations.submit(
                one.moderator, message, revision, "Un doute.", "Que faire?", frozenset({Action.HIDE})
            )

    def _answer(self, one: Seat) -> None:
        rows = one.services.escalations.open(one.moderator)
        if not rows:
            return
        row, escalations = self.dice.choice(rows), one.services.escalations
        if row.kind is EscalationKind.BAN_SIGNATURE:
            if self.dice.random() < 0.7:
                escalations.sign(one.moderator, row.id, "Oui.")
            else:
                escalations.refuse(one.moderator, row.id, "Pas encore.")
            return
        choice = self.dice.random()
        if choice < 0.3:
            escalations.hold(one.moderator, row.id)
        elif choice < 0.6:
            escalations.give_back(one.moderator, row.id, "À vous.")
        else:
            request = one.request(row.message_id, Action.HIDE)
            escalations.decide(one.moderator, row.id, request, "Je m’en charge.")

    def _carry_out(self, one: Seat) -> None:
        one.clock.advance(GRACE)
        one.services.outbox.end_grace()
        waiting = one.services.outbox.waiting(one.moderator)
        if waiting:
            item = self.dice.choice(waiting)
            if self.dice.random() < 0.85:
                one.services.outbox.confirm(one.moderator, item.id, "message privé", "vu")
            else:
                one.services.outbox.give_up(one.moderator, item.id, "Compte fermé.")

    def _ban(self, one: Seat) -> None:
        message = self._known(one, OPEN_STATES)
        if message is None:
            return
        exception = BanException("Menace de mort.") if self.dice.random() < 0.3 else None
        if exception is None and one.detail(message).standing.rung is not Rung.BAN:
            raise ValidationError("ban.warnings_missing")
        request = one.request(message, Action.BAN, Action.HIDE, exception=exception)
        one.services.decisions.decide(one.moderator, request)

    def _link(self, one: Seat) -> None:
        people = one.services.people.page(one.moderator).rows
        if len(people) < 2:
            return
        keep, merged = self.dice.sample(people, 2)
        if self.dice.random() < 0.7:
            one.services.people.link(one.moderator, keep.id, merged.id)
        else:
            one.services.people.unlink(one.moderator, merged.id)

    def _settle(self, one: Seat) -> None:
        rows = one.services.sharing.conflicts(one.moderator)
        if rows and one.moderator.may(Permission.SUPERVISE, one.clock.now()):
            outcome = "kept" if self.dice.random() < 0.6 else "replaced"
            row = self.dice.choice(rows)
            one.services.sharing.settle(one.moderator, row.contested.decision, outcome, "Vu.")

    def _clock(self, one: Seat) -> None:
        one.clock.advance(timedelta(hours=self.dice.randint(-3, 3)))

    # --- what must hold ------------------------------------------------------------------------

    def meet(self) -> None:
        """Everybody comes back, twice: what the first round placed reaches the first desk in the second."""
        for _ in range(2):
            for one in self.seats:
                one.sync()

    def agreement(self) -> None:
        """All desks and the hub say the same; see the assertions."""
        self.meet()
        states = [state_of(one) for one in self.seats]
        for one, state in zip(self.seats[1:], states[1:], strict=True):
            for name, rows in states[0].items():
                assert state[name] == rows, (name, one.address.login, differing(rows, state[name]))
        cases = {
            row[0]: row[1] for row in self.hub.admin().execute("SELECT message, state FROM vigie.case_file")
        }
        assert {key: value[0] for key, value in states[0]["cases"].items()} == cases
        self._chains()
        self._once()

    def _chains(self) -> None:
        for one in self.seats:
            assert first_break(one.db.reads.journal(), one.db.reads.journal_head()) is None
            assert one.db.reads.peer_breaks() == ()

    def _once(self) -> None:
        """Every accepted decision is there once; no outbox item was accepted as done twice."""
        rows = self.hub.admin().execute(
            "SELECT body::jsonb->'payload'->>'item' FROM vigie.event"
            " WHERE kind = 'outbox.done' AND status = 'accepted'"
        )
        counted = Counter(row[0] for row in rows)
        assert not [item for item, times in counted.items() if times > 1]


def differing(first: dict[Any, Any], second: dict[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    """What two states say otherwise, for a failure that can be read."""
    keys = first.keys() | second.keys()
    return {key: (first.get(key), second.get(key)) for key in keys if first.get(key) != second.get(key)}


_OPEN = {OutgoingState.GRACE: "open", OutgoingState.BY_HAND: "open"}


def state_of(one: Seat) -> dict[str, dict[Any, Any]]:
    """What a desk holds, without what is its own affair (numbers, revisions, what was seen)."""
    t = tables
    with one.db._reader.begin() as connection:

        def rows(query: Any) -> list[Any]:
            return list(connection.execute(query))

        message = {row.pk: row.id for row in rows(select(t.messages.c.pk, t.messages.c.id))}
        person = {row.number: row.id for row in rows(select(t.people.c.number, t.people.c.id))}
        return {
            "cases": {
                row.id: (row.state.value, row.sha256, row.decision, row.deleted_at is not None)
                for row in rows(select(t.messages))
            },
            "decisions": {
                row.id: (
                    message[row.message], row.actions, row.rules, row.reason, row.texts, row.actor, row.at,
                    row.state_before, row.previous, row.undone_at, row.undone_by, row.approved_at,
                    row.approved_by,
                )
                for row in rows(select(t.decisions))
            },
            "warnings": {
                row.id: (
                    person[row.person], row.decision, message[row.incident], row.issued_at, row.delivered_at,
                    row.withdrawn_at,
                )
                for row in rows(select(t.warnings))
            },
            "outgoing": {
                row.id: (row.decision, row.operation, row.text, _OPEN.get(row.state, row.state))
                for row in rows(select(t.outgoing))
            },
            "escalations": {
                row.id: (
                    message[row.message], row.kind, row.outcome, row.answered_at, row.answer, row.decision,
                )
                for row in rows(select(t.escalations))
            },
            "contested": {
                row.decision: (message[row.message], row.code, row.settled_at, row.outcome)
                for row in rows(select(t.contested))
            },
            "notes": Counter((message[row.message], row.text, row.actor) for row in rows(select(t.notes))),
            "links": {
                row.id: person[row.root] for row in rows(select(t.people.c.id, t.people.c.root))
            },
        }  # fmt: skip
