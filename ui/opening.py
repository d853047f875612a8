"""What is shown while a desk opens slowly, or when it cannot be opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from console.paths import RESOURCES
from ui import theme
from ui.notify import Notice
from ui.widgets.button import Button
from ui.widgets.label import Label


class OpeningWindow(QWidget):
    """Small and calm; `retry` and `closed` after a failure."""

    retry = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Vigie")
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look = theme.current()
        sign = Label()
        icon = QIcon(str(RESOURCES / "icons" / "vigie.svg"))
        sign.setPixmap(icon.pixmap(look.px(48), look.px(48)))
        self._title = Label("", "title", wrap=True)
        self._next = Label("", "base", "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(self.tr("Ouverture en cours"))
        self._again = Button(self.tr("Réessayer"), "primary")
        self._again.clicked.connect(self._try_again)
        self._quit = Button(self.tr("Quitter"))
        self._quit.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._quit)
        buttons.addWidget(self._again)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 24)
        layout.setSpacing(12)
        for widget in (sign, self._title, self._next, self._bar):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.resize(look.px(480), look.px(260))
        self.wait(sample=False)

    def wait(self, sample: bool) -> None:
        """What is being opened."""
        real, invented = (
            self.tr("Ouverture de la base de ce poste…"),
            self.tr("Préparation de la file d’exemple…"),
        )
        self._title.setText(invented if sample else real)
        self._next.setText("")
        self._waiting(True)

    def say(self, notice: Notice) -> None:
        """The desk could not be opened: why, and what to do."""
        self._title.setText(notice.title)
        self._next.setText(notice.next)
        self._waiting(False)
        self.show()

    def accessible_words(self) -> list[str]:
        """What is said, in order."""
        return [each.text() for each in (self._title, self._next) if each.text()]

    def _try_again(self) -> None:
        self.retry.emit()

    def _waiting(self, waiting: bool) -> None:
        self._bar.setVisible(waiting)
        self._again.setVisible(not waiting)
        self._quit.setVisible(not waiting)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it by hand ends the program."""
        super().closeEvent(event)
        self.closed.emit()
