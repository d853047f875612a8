"""What is shown while a desk opens slowly, or when it cannot be opened."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from console.paths import RESOURCES
from ui import theme
from ui.notify import Notice
from ui.protection_choice import ProtectionChoice, Way
from ui.widgets.button import Button
from ui.widgets.label import Label

_ASKING = QSize(600, 560)


class OpeningWindow(QWidget):
    """Small and calm; `retry` and `closed` after a failure, and the ways of `ProtectionChoice`."""

    retry = Signal()
    closed = Signal()
    plain = Signal()
    """Without encryption, then."""
    encrypt = Signal()
    code_given = Signal(str)

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
        self.choice: ProtectionChoice | None = None
        self._scroll, self._words = _scrolling()
        self._words.setContentsMargins(32, 32, 32, 12)
        self._words.setSpacing(12)
        for widget in (sign, self._title, self._next, self._bar):
            self._words.addWidget(widget)
        self._words.addStretch(1)
        buttons.setContentsMargins(32, 0, 32, 24)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(buttons)
        self.resize(look.px(480), look.px(260))
        self.wait(sample=False)

    def wait(self, sample: bool, *, encrypting: bool = False) -> None:
        """What is being opened."""
        said = self.tr("Ouverture de la base de ce poste…")
        if encrypting:
            said = self.tr("Chiffrement de la base de ce poste…")
        elif sample:
            said = self.tr("Préparation de la file d’exemple…")
        self._forget_choice()
        self._title.setText(said)
        self._next.setText(
            self.tr("Ne fermez pas Vigie. Rien n’est perdu si cela arrive.") if encrypting else ""
        )
        self._waiting(True)

    def say(self, notice: Notice) -> None:
        """The desk could not be opened: why, and what to do."""
        self._forget_choice()
        self._title.setText(notice.title)
        self._next.setText(notice.next)
        self._waiting(False)
        self.show()

    def ask(self, notice: Notice) -> None:
        """The person can answer this one (`notice.code` is among `WAYS`)."""
        self._forget_choice()
        self.choice = choice = ProtectionChoice(notice.code)
        title, text = choice.words(notice.code)
        self._title.setText(title or notice.title)
        self._next.setText(text or notice.next)
        self._waiting(False)
        self._again.hide()
        choice.chosen.connect(self._chosen)
        choice.code_given.connect(self.code_given)
        self._words.insertWidget(self._words.indexOf(self._bar) + 1, choice)
        look, room = theme.current(), self.screen().availableSize()
        self.resize(QSize(look.px(_ASKING.width()), look.px(_ASKING.height())).boundedTo(room * 0.9))
        self.show()
        choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def accessible_words(self) -> list[str]:
        """What is said, in order."""
        return [each.text() for each in (self._title, self._next) if each.text()]

    def _chosen(self, way: str) -> None:
        {Way.RETRY: self.retry, Way.PLAIN: self.plain, Way.ENCRYPT: self.encrypt}[Way(way)].emit()

    def _forget_choice(self) -> None:
        if self.choice is not None:
            self.choice.hide()
            self.choice.deleteLater()
            self.choice = None

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


def _scrolling() -> tuple[QScrollArea, QVBoxLayout]:
    """A column that scrolls where large text does not fit the screen."""
    scroll, inner = QScrollArea(), QWidget()
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inner.setProperty("surface", "clear")
    scroll.setWidget(inner)
    return scroll, QVBoxLayout(inner)
