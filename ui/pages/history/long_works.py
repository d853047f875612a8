"""Exporting decisions and checking the journal: how far, a way out, and how it ended, in the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.journal import Break
from console.errors import CancelledError
from console.services.rows import HistoryFilter
from ui import dates
from ui.desk import Desk
from ui.notify import Tone
from ui.tasks import Advance, Ticket
from ui.widgets.banner import Banner
from ui.widgets.facts import ProgressLine

T = TypeVar("T")


class LongWorks(QWidget):
    """One at a time; takes no room while there is nothing to say."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ticket: Ticket | None = None
        self._ended = False
        self.progress = ProgressLine()
        self.outcome = Banner(Tone.DONE, closable=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.outcome)
        column.addWidget(self.progress)
        self.outcome.hide()

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._ticket is not None

    def export(self, where: HistoryFilter, path: Path) -> None:
        """Write the decisions of a filter to `path` (.csv or .json by suffix)."""
        history, actor = self._desk.services.history, self._desk.actor

        def done(count: int) -> None:
            said = self.tr("1 décision exportée")
            if count != 1:
                said = self.tr("{n} décisions exportées").format(n=dates.number(count))
            self._say(Tone.DONE, said, str(path))

        self._begin(
            self.tr("Exportation"),
            lambda advance: history.export(actor, where, path, advance),
            done,
            writes=True,
        )

    def check_journal(self) -> None:
        """Check the whole journal."""
        history = self._desk.services.history
        self._begin(self.tr("Vérification de la piste"), history.verify, self._verified, writes=False)

    def _verified(self, broken: Break | None) -> None:
        if broken is None:
            self._say(
                Tone.DONE,
                self.tr("La piste de vérification est entière."),
                self.tr("Chaque entrée porte l’empreinte de la précédente, de la première à la dernière."),
            )
            return
        reason = self._desk.catalogue.label("journal_break", broken.reason)
        self._say(
            Tone.PROBLEM,
            self.tr("La piste est rompue au maillon {n}\u00a0: {reason}.").format(
                n=dates.number(broken.sequence), reason=reason
            ),
            self.tr("Gardez la base telle quelle et prévenez l’administration."),
        )

    def _begin(
        self, what: str, work: Callable[[Advance], T], done: Callable[[T], None], *, writes: bool
    ) -> None:
        if self.busy:
            return
        self.outcome.hide()
        self.progress.begin(what, self._stop)
        self._ended = False

        def finished(result: T) -> None:
            self._end()
            done(result)

        ticket = self._desk.tasks.long(
            work, finished, self._failed, advance=self.progress.advance, owner=self, writes=writes
        )
        # Run in place (synchronously), the end comes before the ticket.
        self._ticket = None if self._ended else ticket

    def _stop(self) -> None:
        ticket = self._ticket
        if ticket is not None:
            ticket.cancel()
            if not ticket.writes:
                self._end()  # of a read that was stopped nothing more is told

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, CancelledError):
            self._say(Tone.INFO, self.tr("Exportation arrêtée\u00a0: aucun fichier n’a été écrit."))
            return
        notice = self._desk.notices.explain(error)
        self._say(notice.tone, notice.title, notice.next)

    def _end(self) -> None:
        self._ended, self._ticket = True, None
        self.progress.hide()

    def _say(self, tone: Tone, title: str, text: str = "") -> None:
        self.outcome.set_kind(tone)
        self.outcome.say(title, text)
