"""«En cours chez»: the case that is open here is claimed, those open elsewhere are marked."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer

from console.domain.ids import MessageId
from console.domain.roles import Permission
from console.services.sharing_ports import Claim
from ui.desk import Desk
from ui.models.display_text import isolated
from ui.models.queue_model import QueueModel
from ui.pages.queue.case import Case
from ui.pages.queue.verdict_pane import VerdictPane

PAUSE_MS = 500
"""A case is claimed once it has been open so long: paging through the list claims nothing."""


class Claiming(QObject):
    """Best effort: nothing waits for it, and nobody is kept from deciding by it."""

    def __init__(
        self, desk: Desk, model: QueueModel, verdict: VerdictPane, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._model, self._verdict = desk, model, verdict
        self._open: MessageId | None = None
        self._claimed: MessageId | None = None
        self._elsewhere: Mapping[MessageId, Claim] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._claim)
        desk.sharing.line_changed.connect(self.look)
        desk.actor_changed.connect(self.closed)

    @property
    def waiting(self) -> bool:
        """Whether a case will be claimed unless it is left before."""
        return self._pause.isActive()

    def opened(self, case: Case) -> None:
        """This case is on screen. One that awaits no decision is nobody's."""
        self._show_holder()
        if not case.open or not self._desk.may(Permission.DECIDE):
            self.closed()
        elif case.id != self._open:
            self.closed()
            self._open = case.id
            self._pause.start()

    def closed(self) -> None:
        """No case is on screen, or its time is over."""
        self._pause.stop()
        self._open = None
        if self._claimed is not None:
            self._claimed = None
            self._desk.sharing.release()

    def look(self) -> None:
        """See what is open elsewhere now; leases end by themselves, too."""
        now = self._desk.sharing.claims()
        if now != self._elsewhere:
            self._elsewhere = now
            self._model.set_claims({message: self._holder(claim) for message, claim in now.items()})
            self._show_holder()

    def _show_holder(self) -> None:
        case = self._verdict.case
        claim = self._elsewhere.get(case.id) if case is not None else None
        self._verdict.show_claim(self._said(claim) if claim is not None else "")

    def _holder(self, claim: Claim) -> str:
        return self.tr("vous, à un autre poste") if self._mine(claim) else claim.name

    def _said(self, claim: Claim) -> str:
        if self._mine(claim):
            return self.tr("Vous avez ce message ouvert à un autre poste.")
        return self.tr("{name} a ce message ouvert.").format(name=isolated(claim.name))

    def _mine(self, claim: Claim) -> bool:
        return claim.staff == self._desk.actor.staff.id

    def _claim(self) -> None:
        if self._open is not None:
            self._claimed = self._open
            self._desk.sharing.claim(self._open)
