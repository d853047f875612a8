"""Those who moderate in the random day: they decide, take back, and do by hand what is left to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from zlib import crc32

from console.domain.decisions import WRITTEN, Action, BanException
from console.domain.ids import RuleId
from console.domain.messages import Channel
from console.domain.roles import Actor
from console.errors import ExpectedError
from console.services.decisions import DecisionRequest
from console.services.outlook import NOTICES
from console.services.rows import (
    TROUBLED_STATES,
    OutgoingRow,
    OutgoingState,
    QueueFilter,
    QueueRow,
    Sort,
)

if TYPE_CHECKING:
    from tests.platforms.day import Day

_INSULT = RuleId("insult")
_CHOICES: Sequence[tuple[int, tuple[Action, ...]]] = (
    (30, (Action.KEEP,)),
    (8, (Action.NO_REPLY,)),
    (14, (Action.REPLY,)),
    (12, (Action.HIDE,)),
    (10, (Action.HIDE, Action.WARN)),
    (4, (Action.WARN,)),
    (4, (Action.DELETE,)),
    (3, (Action.DELETE, Action.WARN)),
    (3, (Action.HIDE, Action.REPLY)),
    (2, (Action.REDIRECT_311,)),
    (1, (Action.REPORT,)),
    (2, (Action.HIDE, Action.BAN)),
)
_PRIVATE: Sequence[tuple[int, tuple[Action, ...]]] = (
    (30, (Action.KEEP,)),
    (30, (Action.REPLY,)),
    (10, (Action.WARN,)),
    (3, (Action.REDIRECT_311,)),
    (2, (Action.BAN,)),
)
_FORMS = ("Merci de rester courtois.", "Bonjour, nous transmettons votre demande.")
"""Texts that moderators use again and again."""


class People:
    """Two moderators and a supervisor, as chance has it."""

    def __init__(self, day: Day) -> None:
        self._day, self._number = day, 0

    def decide(self) -> None:
        share = self._day.things / (timedelta(hours=24) / self._day.step) * 0.4
        sort = self._day.dice.choice((Sort.NEWEST, Sort.OLDEST, Sort.PRIORITY))
        for row in self._day.services.queue.page(QueueFilter(), sort, None, max(1, round(share))).rows:
            try:
                self._decide_on(row)
            except ExpectedError as refused:
                self._day.done[f"decide: {refused.code}"] += 1
        for row in self._day.services.escalations.open(self._day.supervisor):
            if self._day.dice.random() < 0.3:
                sign = self._day.dice.random() < 0.7
                answer = (
                    self._day.services.escalations.sign if sign else self._day.services.escalations.refuse
                )
                answer(self._day.supervisor, row.id, "Vu.")
                self._day.done["signed" if sign else "signature refused"] += 1

    def _decide_on(self, row: QueueRow) -> None:
        choices = _PRIVATE if row.channel is Channel.PRIVATE else _CHOICES
        actions = self._day.dice.choices([each[1] for each in choices], [each[0] for each in choices])[0]
        if row.warnings >= 2 and Action.WARN in actions:
            actions = (Action.BAN,)
        exception = None
        if Action.BAN in actions and row.warnings < 2:
            exception = BanException("Menace de mort.")
        request = DecisionRequest(
            row.id,
            row.revision,
            frozenset(actions),
            (_INSULT,),
            "Insulte une personne.",
            {action: self._text() for action in actions if action in WRITTEN},
            exception=exception,
        )
        self._day.services.decisions.decide(self._day.dice.choice(self._day.moderators), request)
        self._day.done["decisions"] += 1

    def _text(self) -> str:
        self._number += 1
        drawn = self._day.dice.random()
        if drawn < 0.15:
            return self._day.dice.choice(_FORMS)
        more = " Voir la nétiquette de la ville." * 9 if drawn > 0.95 else ""
        return f"Bonjour, votre message a été lu & suivi. Dossier n{self._number}.{more}"

    def take_back(self) -> None:
        for actor in self._day.moderators:
            if self._day.dice.random() < 0.4:
                rows = self._day.services.decisions.undoable(actor)
                if rows:
                    self._undo(actor, rows)

    def _undo(self, actor: Actor, rows: Sequence[object]) -> None:
        row = self._day.dice.choice(rows)
        try:
            self._day.services.decisions.undo(actor, row.decision_id)
            self._day.done["undone"] += 1
        except ExpectedError as refused:
            self._day.done[f"undo: {refused.code}"] += 1

    def work_by_hand(self, often: float) -> None:
        for row in self._day.services.outbox.waiting(self._day.moderators[0]):
            if self._day.dice.random() >= often or _left(row):
                continue
            if row.state in TROUBLED_STATES:
                self._see_to(row)
            elif row.state is OutgoingState.BY_HAND:
                self._do_it(row)

    def _see_to(self, row: OutgoingRow) -> None:
        """What was refused, failed or is not known."""
        outbox, actor = self._day.services.outbox, self._day.moderators[0]
        choice = self._day.dice.random()
        try:
            if choice < 0.4:
                outbox.again(actor, row.id)
            elif choice < 0.9:
                outbox.by_hand(actor, row.id)
            else:
                outbox.give_up(actor, row.id, "Ne se peut pas.")
        except ExpectedError as refused:
            self._day.done[f"outbox: {refused.code}"] += 1

    def _do_it(self, row: OutgoingRow) -> None:
        """On the platform's own pages, then «C'est fait»."""
        outbox, actor = self._day.services.outbox, self._day.moderators[0]
        target = self._day.db.reads.addressee(row.message_id).target
        unsure = any(each.lost for each in row.attempts)
        if unsure and row.text in _FORMS:
            # Nobody can tell which of many alike it is.
            outbox.give_up(actor, row.id, "Peut-être déjà envoyé.")
            return
        for planned in row.planned:
            if planned.act in NOTICES and row.text not in _FORMS and self._day.hands.sees(target, row.text):
                continue
            if not self._day.hands.do(target, planned.act, row.text) and planned.act in NOTICES:
                outbox.give_up(actor, row.id, "Le message n’y est plus.")
                self._day.done["given up"] += 1
                return
            self._day.by_hand[f"{target.platform} {planned.act}"] += 1
        outbox.confirm(actor, row.id, "à la main", "vu")

    def finished(self) -> bool:
        """Whether all is done that is not left for tomorrow."""
        return all(_left(row) for row in self._day.services.outbox.waiting(self._day.moderators[0]))


def _left(row: OutgoingRow) -> bool:
    """One in sixteen is never seen to."""
    stuck = row.state in (*TROUBLED_STATES, OutgoingState.BY_HAND)
    return stuck and crc32(f"{row.excerpt}{row.author}{row.operation}".encode()) % 16 == 7
