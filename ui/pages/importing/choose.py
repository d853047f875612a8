"""The first step: drop a file or choose one; what can be read, and what went wrong with the last one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.actions import Commands
from ui.desk import Desk
from ui.file_drop import dropped_file
from ui.notify import Notice, Tone
from ui.theme import current
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.empty import Picture
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


class DropZone(QWidget):
    """A dashed frame that takes one file."""

    dropped = Signal(object)
    """`Path`."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._over = False
        self.setAcceptDrops(True)
        self.choose = Button(
            self.tr("Choisir un fichier…"), "primary", "folder", commands=commands, command="import.choose"
        )
        self._title = Label(self.tr("Déposez un fichier ici"), "title")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 28, 24, 28)
        column.setSpacing(12)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(Picture("file-down"), 0, middle)
        column.addWidget(self._title, 0, middle)
        column.addWidget(self.choose, 0, middle)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._show_over(True)

    def dragLeaveEvent(self, _event: object) -> None:
        """Gone again."""
        self._show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        self._show_over(False)
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dashed frame; filled while a file is above it."""
        look, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(look.color("accent" if self._over else "field_line"), 1.5)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(look.color("accent_soft" if self._over else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        painter.end()

    def _show_over(self, over: bool) -> None:
        self._over = over
        self.update()


class ChooseStep(Column):
    """`chosen` with the path, from the dialog or by a drop."""

    chosen = Signal(object)
    """`Path`."""
    ask = Signal()
    """The dialog is wanted."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(centred=True)
        self.problem = Banner(Tone.WARNING, inset=True)
        self.add_title(
            self.tr("Importer des messages"),
            self.tr(
                "Commentaires et messages privés exportés d’une plateforme ou d’un tableur. Importer deux "
                "fois le même fichier ne double rien; annuler ne laisse rien."
            ),
        )
        self.body.addWidget(self.problem)
        self.problem.hide()
        self.zone = DropZone(desk.commands)
        self.zone.dropped.connect(self.chosen)
        self.zone.choose.clicked.connect(self.ask)
        self.body.addWidget(self.zone)
        self._waiting = Label("", "note", "muted")
        self._waiting.hide()
        self.body.addWidget(self._waiting, 0, Qt.AlignmentFlag.AlignHCenter)
        known = Card(self.tr("Ce que Vigie reconnait"))
        for text in (
            self.tr("Tableaux\u00a0: CSV, TSV, classeurs Excel (XLSX), listes JSON. Vous dites quelle "
                    "colonne contient quoi."),
            self.tr("Meta\u00a0: messages privés et commentaires d’un téléchargement Facebook ou Instagram, "
                    "en JSON, archive ZIP comprise."),
            self.tr("YouTube\u00a0: commentaires de Google Takeout."),
            self.tr("Outils\u00a0: boite de réception Hootsuite, exportcomments.com."),
            self.tr("Vigie\u00a0: JSON et JSONL."),
        ):  # fmt: skip
            known.add(Label(text, "note", "muted", wrap=True))
        self.body.addWidget(known)
        self.finish()

    def say(self, notice: Notice) -> None:
        """Why the last file could not be taken."""
        self._waiting.hide()
        self.problem.set_kind(notice.tone)
        self.problem.say(notice.title, notice.next)

    def wait_for(self, path: Path) -> None:
        """A file is being looked at."""
        self.problem.hide()
        self._waiting.setText(self.tr("Lecture de «\u00a0{name}\u00a0»…").format(name=path.name))
        self._waiting.show()

    def rest(self) -> None:
        """Nothing is being looked at."""
        self._waiting.hide()
