"""One message with all that its panes show, read in one go off the UI thread and read ahead."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from console.domain.cases import OPEN_STATES
from console.domain.decisions import Action
from console.domain.ids import MessageId, RuleId
from console.domain.roles import Actor, Permission
from console.domain.sanctions import LadderSettings
from console.services.consequences import Consequence
from console.services.policy import RuleView
from console.services.rows import CaseDetail, ChangeSet
from console.services.services import Services
from ui.desk import Desk

_KEPT = 4


@dataclass(frozen=True, slots=True)
class Case:
    """Consequences are None for somebody who may not decide, or when the case awaits no decision."""

    detail: CaseDetail
    rules: Mapping[RuleId, RuleView]
    ladder: LadderSettings
    suggested: frozenset[Action]
    suggestion: Consequence | None
    ban: Consequence | None

    @property
    def id(self) -> MessageId:
        """The message's id."""
        return self.detail.message.id

    @property
    def open(self) -> bool:
        """Whether it awaits a decision."""
        return self.detail.state in OPEN_STATES


def read_case(services: Services, actor: Actor, message: MessageId) -> Case:
    """Read everything (blocking: off the UI thread). Code `case.unknown`."""
    detail = services.queue.detail(message)
    suggested = frozenset(detail.verdict.actions)
    decides = actor.may(Permission.DECIDE, services.clock.now()) and detail.state in OPEN_STATES
    consequence = services.decisions.consequence
    return Case(
        detail,
        services.policy.rules(),
        services.preferences.ladder(),
        suggested,
        consequence(actor, message, suggested) if decides and suggested else None,
        consequence(actor, message, frozenset({Action.BAN})) if decides else None,
    )


class CaseReader(QObject):
    """Reads the wanted case, and the one that will be wanted next. Only the newest wish is answered."""

    ready = Signal(object)
    """`Case`."""
    failed = Signal(object)
    """`Exception`."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._kept: OrderedDict[MessageId, Case] = OrderedDict()
        self._wanted: MessageId | None = None
        desk.changed.connect(self._on_changes)
        desk.actor_changed.connect(self._on_actor)
        desk.emergency_changed.connect(self._kept.clear)

    def want(self, message: MessageId) -> None:
        """Show this case as soon as it is read; at once when it was read ahead."""
        self._wanted = message
        kept = self._kept.pop(message, None)
        if kept is not None:
            self._desk.tasks.drop(self, "case")
            self.ready.emit(kept)
            return
        services, actor = self._desk.services, self._desk.actor
        self._desk.tasks.read(
            lambda: read_case(services, actor, message),
            self.ready.emit,
            self.failed.emit,
            owner=self,
            lane="case",
        )

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._wanted = None
        self._desk.tasks.drop(self, "case")

    def read_ahead(self, message: MessageId) -> None:
        """Read a case that will probably be wanted next. A failure is found again when it is wanted."""
        if message in self._kept or message == self._wanted:
            return
        services, actor = self._desk.services, self._desk.actor
        self._desk.tasks.read(
            lambda: read_case(services, actor, message), self._keep, _ignore, owner=self, lane="ahead"
        )

    def _keep(self, case: Case) -> None:
        self._kept[case.id] = case
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def _on_actor(self) -> None:
        """Somebody else may do other things with the same case."""
        self._kept.clear()
        self._desk.tasks.drop(self, "ahead")
        if self._wanted is not None:
            self.want(self._wanted)

    def _on_changes(self, changes: ChangeSet) -> None:
        """What a change touched is read again; the case on screen, too."""
        self._desk.tasks.drop(self, "ahead")
        for message, case in tuple(self._kept.items()):
            if message in changes.messages or case.detail.author.id in changes.people:
                del self._kept[message]
        if self._wanted is not None and self._wanted in changes.messages:
            self.want(self._wanted)


def _ignore(_error: Exception) -> None:
    """Found again when the case is wanted."""
