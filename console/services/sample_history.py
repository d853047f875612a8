"""What happened at the sample desk before it opens: read from a file, replayed through the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

import msgspec
import yaml

from console.clock import Clock, FixedClock
from console.domain.cases import CaseState
from console.domain.decisions import WRITTEN, Action
from console.domain.ids import EscalationId, MessageId, RuleId
from console.domain.roles import Actor, Role
from console.errors import ConfigurationError
from console.services.decisions import DecisionRequest
from console.services.ports import MessageSource
from console.services.rows import QueueFilter, Sort
from console.services.services import Services

_PAGE = 500


class Messages(Protocol):
    """Messages that can be had in slices of time."""

    def posted(self, after: datetime | None, until: datetime) -> MessageSource:
        """Those posted in (after, until]."""
        ...


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A colleague at the sample desk."""

    name: str
    role: Role


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One act; `ago` is minutes before the sample opens. See the file for what each kind needs."""

    ago: int
    by: str
    do: Literal["decide", "deliver", "undo", "note", "submit", "give_back", "hold", "answer", "seen"]
    message: str = ""
    actions: tuple[Action, ...] = ()
    rules: tuple[str, ...] = ()
    reason: str = ""
    question: str = ""
    word: str = ""
    text: str = ""
    means: str = ""
    proof: str = ""
    only: tuple[str, ...] = ()
    template: str = ""
    fields: dict[str, str] = {}


class History(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    staff: dict[str, Person]
    seated: str
    coordinates: dict[str, str]
    steps: tuple[Step, ...]


def load_history(path: Path) -> History:
    """Read the file.

    Raises `ConfigurationError("sample.invalid", file, detail)`, also when the steps are out of order.
    """
    try:
        loaded = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
        history = msgspec.convert(loaded, type=History)
    except (OSError, yaml.YAMLError, msgspec.MsgspecError) as error:
        raise ConfigurationError("sample.invalid", file=path.name, detail=str(error)) from error
    ages = [step.ago for step in history.steps]
    if ages != sorted(ages, reverse=True):
        raise ConfigurationError("sample.invalid", file=path.name, detail="order of steps")
    return history


def replay(
    history: History, messages: Messages, services_at: Callable[[Clock], Services], now: datetime
) -> None:
    """Let the steps happen, each at its time, on an empty desk; messages come in when a step needs them.

    Ends with `seated` at the desk. Raises what the services raise.
    """
    first = timedelta(minutes=history.steps[0].ago if history.steps else 0, days=1)
    clock = FixedClock(now - first)
    _Replay(history, messages, services_at(clock), clock, now).run()


class _Replay:
    def __init__(
        self, history: History, messages: Messages, services: Services, clock: FixedClock, now: datetime
    ) -> None:
        self._history, self._messages, self._services = history, messages, services
        self._clock, self._now = clock, now
        self._taken_until: datetime | None = None
        self._ids: dict[str, MessageId] = {}
        self._people: dict[str, Actor] = {}

    def run(self) -> None:
        self._introduce()
        acts: Mapping[str, Callable[[Step, Actor], object]] = {
            "decide": self._decide,
            "deliver": self._deliver,
            "undo": lambda step, actor: self._services.decisions.undo(actor),
            "note": lambda step, actor: self._services.queue.add_note(actor, self._id(step), step.text),
            "submit": self._submit,
            "give_back": self._give_back,
            "hold": lambda step, actor: self._services.escalations.hold(actor, self._waiting(step, actor)),
            "answer": self._answer,
            "seen": self._seen,
        }
        for step in self._history.steps:
            self._clock.at = self._now - timedelta(minutes=step.ago)
            acts[step.do](step, self._people[step.by])
        self._clock.at = self._now
        self._services.outbox.end_grace()
        self._services.access.switch(self._people[self._history.seated].staff.id)

    def _introduce(self) -> None:
        """The administrator comes first: only they may add the others and fill the directory."""
        access = self._services.access
        for key, person in sorted(
            self._history.staff.items(), key=lambda each: each[1].role is not Role.ADMINISTRATOR
        ):
            self._people[key] = access.introduce(person.name, person.role)
            access.switch(next(iter(self._people.values())).staff.id)
        administrator = next(iter(self._people.values()))
        for key, value in self._history.coordinates.items():
            self._services.policy.set_coordinate(administrator, key, value)

    def _id(self, step: Step) -> MessageId:
        """The message's id in this store; what was posted by now comes in first when it is not there yet."""
        if not self._look_for(step.message):
            source = self._messages.posted(self._taken_until, self._clock.at)
            self._services.intake.take_in(self._people[step.by], source, lambda done, total: None)
            self._taken_until = self._clock.at
            if not self._look_for(step.message):
                raise ConfigurationError("sample.invalid", file="history", detail=f"no {step.message} yet")
        return self._ids[step.message]

    def _look_for(self, wanted: str) -> bool:
        """Learn ids from the newest message back until the wanted one is known."""
        if wanted in self._ids or self._taken_until is None:
            return wanted in self._ids
        everything, known = QueueFilter(states=frozenset(CaseState)), set(self._ids.values())
        for row in self._services.queue.page(everything, Sort.NEWEST, None, _PAGE).rows:
            if row.id not in known:
                self._ids[self._services.queue.detail(row.id).message.external_id] = row.id
                if wanted in self._ids:
                    return True
        return False

    def _request(self, step: Step, actor: Actor) -> DecisionRequest:
        message, actions = self._id(step), frozenset(step.actions)
        rules = tuple(RuleId(rule) for rule in step.rules)
        texts = {}
        for action in sorted(actions & WRITTEN):
            drafts = self._services.decisions.drafts(actor, message, action, rules, actions - WRITTEN)
            text = next(each for each in drafts if step.template in ("", each.template)).text
            for name, value in step.fields.items():
                text = text.replace(f"{{{name}}}", value)
            texts[action] = text
        revision = self._services.queue.detail(message).message.revision
        return DecisionRequest(message, revision, actions, rules, step.reason, texts)

    def _decide(self, step: Step, actor: Actor) -> None:
        self._services.decisions.decide(actor, self._request(step, actor))

    def _deliver(self, step: Step, actor: Actor) -> None:
        message, outbox = self._id(step), self._services.outbox
        outbox.end_grace()
        for item in outbox.waiting(actor):
            if item.message_id == message and (not step.only or item.operation in step.only):
                proof = step.proof if item.operation in WRITTEN else ""
                outbox.confirm(actor, item.id, step.means, proof)

    def _submit(self, step: Step, actor: Actor) -> None:
        message = self._id(step)
        revision = self._services.queue.detail(message).message.revision
        self._services.escalations.submit(
            actor, message, revision, step.reason, step.question, frozenset(step.actions)
        )

    def _give_back(self, step: Step, actor: Actor) -> None:
        self._services.escalations.give_back(actor, self._waiting(step, actor), step.word)

    def _answer(self, step: Step, actor: Actor) -> None:
        waiting, request = self._waiting(step, actor), self._request(step, actor)
        self._services.escalations.decide(actor, waiting, request, step.word)

    def _seen(self, step: Step, actor: Actor) -> None:
        message = self._id(step)
        for row in self._services.escalations.mine(actor):
            if row.message_id == message:
                self._services.escalations.mark_seen(actor, row.id)

    def _waiting(self, step: Step, actor: Actor) -> EscalationId:
        message = self._id(step)
        for row in self._services.escalations.open(actor):
            if row.message_id == message:
                return row.id
        raise ConfigurationError("sample.invalid", file="history", detail=f"{step.message} awaits nobody")
