"""Writes what was decided, says so once it is on disk, and tells the other pages."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from console.domain.decisions import Action
from console.domain.ids import DecisionId, MessageId, RuleId
from console.services.decisions import DecisionRequest
from console.services.rows import ChangeSet
from ui.desk import Desk
from ui.models.delivery import undone_words
from ui.pages.queue import words
from ui.pages.queue.case import Case


class Decider(QObject):
    """One decision at a time: until the first is on disk, a second is not taken."""

    decided = Signal(object)
    """`MessageId`, once on disk and before the change set goes round: time to move on."""
    failed = Signal(object, object)
    """`MessageId` and the exception; nothing was decided."""
    undone = Signal(object)
    """`MessageId` of a decision of this page that was taken back, here or by the window."""
    noted = Signal(object)
    """`MessageId` whose note is kept."""
    disputed = Signal(object, object)
    """`MessageId`, `RuleId`."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._busy = self._announcing = False
        self._made: dict[DecisionId, MessageId] = {}
        desk.changed.connect(self._on_changes)

    @property
    def busy(self) -> bool:
        """Whether a decision is on its way to the disk."""
        return self._busy

    def decide(self, request: DecisionRequest) -> None:
        """Decide; see the signals."""
        decisions, actor = self._desk.services.decisions, self._desk.actor
        self._write(request.message, request.actions, lambda: decisions.decide(actor, request))

    def decide_at_once(self, case: Case, action: Action) -> None:
        """A decision that needs no words."""
        detail = case.detail
        self.decide(DecisionRequest(case.id, detail.message.revision, frozenset({action})))

    def escalate(self, case: Case, reason: str, question: str, suggested: frozenset[Action]) -> None:
        """Hand over to supervision."""
        escalations, actor = self._desk.services.escalations, self._desk.actor
        revision = case.detail.message.revision

        def work() -> ChangeSet:
            return escalations.submit(actor, case.id, revision, reason, question, suggested)

        self._write(case.id, frozenset({Action.ESCALATE}), work)

    def undo(self, decision: DecisionId | None = None) -> None:
        """Take back one decision, or this person's latest."""
        decisions, actor = self._desk.services.decisions, self._desk.actor

        def done(changes: ChangeSet) -> None:
            self._desk.announce(changes)
            self._desk.notices.toast(undone_words(changes))

        self._desk.tasks.write(lambda: decisions.undo(actor, decision), done, owner=self)

    def note(self, message: MessageId, text: str) -> None:
        """Keep an internal note."""
        queue, actor = self._desk.services.queue, self._desk.actor

        def done(changes: ChangeSet) -> None:
            self.noted.emit(message)
            self._desk.announce(changes)
            self._desk.notices.toast(self.tr("Note gardée."))

        self._desk.tasks.write(lambda: queue.add_note(actor, message, text), done, owner=self)

    def disagree(self, message: MessageId, rule: RuleId) -> None:
        """Record that a finding is wrong."""
        decisions, actor = self._desk.services.decisions, self._desk.actor

        def done(_changes: ChangeSet) -> None:
            self.disputed.emit(message, rule)
            self._desk.notices.toast(self.tr("Désaccord noté\u00a0: il servira à améliorer le verdict."))

        self._desk.tasks.write(lambda: decisions.disagree(actor, message, rule), done, owner=self)

    def _write(self, message: MessageId, actions: frozenset[Action], work: Callable[[], ChangeSet]) -> None:
        if self._busy:
            return
        self._busy = True

        def done(changes: ChangeSet) -> None:
            self._busy = False
            if changes.decision is not None:
                self._made[changes.decision] = message
            self.decided.emit(message)
            self._announcing = True
            self._desk.announce(changes)
            self._announcing = False
            self._desk.notices.toast(
                words.done_words(actions), changes.send_at, lambda: self.undo(changes.decision)
            )

        def failed(error: Exception) -> None:
            self._busy = False
            self.failed.emit(message, error)

        self._desk.tasks.write(work, done, failed, owner=self)

    def _on_changes(self, changes: ChangeSet) -> None:
        if self._announcing or changes.decision is None:
            return
        message = self._made.pop(changes.decision, None)
        if message is not None:
            self.undone.emit(message)
