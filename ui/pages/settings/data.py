"""Where this desk's data is, its backups, and the proof that the journal is whole."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from console.domain.journal import Break
from console.errors import CancelledError
from ui import dates
from ui.desk import Desk
from ui.notify import Tone
from ui.pages.settings.protection import ProtectionCard
from ui.tasks import Ticket
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


class DataSection(Column):
    """Nothing here changes the data."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ticket: Ticket | None = None
        self.add_title(self.tr("Données"), self.tr("Tout reste sur ce poste; Vigie n’envoie rien ailleurs."))
        self._build_places()
        protection = desk.services.protection
        if protection is not None and not desk.services.sample:
            self.protection = ProtectionCard(desk, protection)
            # Once it has found its height.
            self.protection.revealed.connect(self.ensureWidgetVisible, Qt.ConnectionType.QueuedConnection)
            self.body.addWidget(self.protection)
        self._build_journal()
        if not desk.services.sample:
            self._build_sample()
        self.finish()

    def _build_places(self) -> None:
        places = Card(self.tr("Emplacements"))
        folder = Label(str(self._desk.home), "base", wrap=True)
        folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        show = Button(self.tr("Ouvrir le dossier"), "", "folder")
        show.clicked.connect(lambda: _open(self._desk.home))
        places.add(folder)
        places.add_row(
            self.tr("Dossier des données"),
            show,
            self.tr(
                "La base, ses copies de sureté et les journaux techniques. Une copie est faite avant "
                "chaque mise à niveau de la base."
            ),
            line=False,
        )
        self.body.addWidget(places)

    def _build_journal(self) -> None:
        card = Card(self.tr("Piste de vérification"))
        self.verify = Button(self.tr("Vérifier la piste"), "", "shield-check")
        self.verify.clicked.connect(self._verify)
        card.add_row(
            self.tr("Chaque entrée porte l’empreinte de la précédente"),
            self.verify,
            self.tr("La vérification relit toute la chaine et nomme le premier maillon rompu."),
        )
        self._progress = QWidget()
        row = QHBoxLayout(self._progress)
        row.setContentsMargins(0, 0, 0, 0)
        self._bar = QProgressBar()
        self._bar.setAccessibleName(self.tr("Vérification en cours"))
        self._bar.setTextVisible(False)
        self._count = Label("", "note", "muted")
        self.cancel = Button(self.tr("Arrêter"))
        self.cancel.clicked.connect(self._stop)
        row.addWidget(self._bar, 1)
        row.addWidget(self._count)
        row.addWidget(self.cancel)
        self._progress.hide()
        card.add(self._progress)
        self.outcome = Banner(Tone.DONE, inset=True)
        self.outcome.hide()
        card.add(self.outcome)
        self.body.addWidget(card)

    def _build_sample(self) -> None:
        card = Card(self.tr("File d’exemple"))
        self.sample = Button(self.tr("Ouvrir la file d’exemple"), "", "life-buoy")
        actor = self._desk.actor.staff
        self.sample.clicked.connect(lambda: self._desk.reopen.emit(True, actor.name, actor.role))
        card.add_row(
            self.tr("Pour se former ou essayer"),
            self.sample,
            self.tr("À part de vos données; rien n’est réel."),
        )
        self.body.addWidget(card)

    def _verify(self) -> None:
        history = self._desk.services.history
        self.outcome.hide()
        self._progress.show()
        self.verify.setEnabled(False)
        self._bar.setRange(0, 0)
        self._ticket = self._desk.tasks.long(
            history.verify,
            self._verified,
            self._failed,
            advance=self._advance,
            owner=self,
            writes=False,
        )

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
        self._settle()

    def _advance(self, done: int, total: int | None) -> None:
        self._bar.setRange(0, total or 0)
        self._bar.setValue(done)
        self._count.setText(self.tr("{n} entrées").format(n=dates.number(done)))

    def _verified(self, broken: Break | None) -> None:
        self._settle()
        if broken is None:
            self.outcome.set_kind(Tone.DONE)
            self.outcome.say(self.tr("La piste de vérification est entière."))
        else:
            self.outcome.set_kind(Tone.PROBLEM)
            reason = self._desk.catalogue.label("journal_break", broken.reason)
            self.outcome.say(
                self.tr("La piste est rompue au maillon {n}\u00a0: {reason}.").format(
                    n=dates.number(broken.sequence), reason=reason
                ),
                self.tr("Gardez la base telle quelle et prévenez l’administration."),
            )

    def _failed(self, error: Exception) -> None:
        self._settle()
        if not isinstance(error, CancelledError):
            self._desk.notices.error(error)

    def _settle(self) -> None:
        self._ticket = None
        self._progress.hide()
        self.verify.setEnabled(True)


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
