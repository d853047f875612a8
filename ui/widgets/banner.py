"""Banners above the page: what holds for the whole window until it ends or is closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import icons, theme
from ui.announce import announce
from ui.notify import Notice, Tone
from ui.widgets.button import Button, IconButton
from ui.widgets.label import Label

_ICONS = {
    "info": ("info", "severity_1"),
    "done": ("circle-check", "fine"),
    "sample": ("info", "accent"),
    "warning": ("triangle-alert", "severity_2"),
    "problem": ("circle-x", "severity_4"),
    "emergency": ("siren", "severity_4"),
}


class Banner(QFrame):
    """`kind` is one of info, done, sample, warning, problem, emergency: icon and colour beside the words.
    `inset` gives it round corners, within a page."""

    closed = Signal()

    def __init__(
        self, kind: str, *, closable: bool = False, inset: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("inset", inset)
        self._kind = ""
        self._icon = Label()
        self._title = Label("", "strong", wrap=True)
        self._text = Label("", "base", wrap=True)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._text)
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(words, 1)
        self._close = IconButton("x", self.tr("Fermer ce message"))
        self._close.setVisible(closable)
        self._close.clicked.connect(self._closed)
        self._layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        theme.current().changed.connect(self._dress)
        self.set_kind(kind)

    def set_kind(self, kind: str) -> None:
        """Another icon and colour."""
        if kind != self._kind:
            self._kind = kind
            self.setProperty("banner", kind)
            self.style().polish(self)
            self._dress()

    def say(self, title: str, text: str = "") -> None:
        """Show these words and have them announced."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        side = Qt.AlignmentFlag.AlignTop if text else Qt.AlignmentFlag.AlignVCenter
        self._layout.setAlignment(self._icon, side)
        spoken = f"{title} {text}".strip()
        self.setAccessibleName(spoken)
        self.show()
        announce(self, spoken, at_once=self._kind in ("problem", "emergency"))

    def set_words(self, title: str) -> None:
        """Another title, not announced: for a countdown."""
        self._title.setText(title)

    def add_button(self, text: str, pressed: Callable[[], object], look: str = "") -> Button:
        """A button at the right of the words."""
        button = Button(text, look)
        button.clicked.connect(lambda _on=False: pressed())
        self._layout.insertWidget(self._layout.count() - 1, button, 0, Qt.AlignmentFlag.AlignVCenter)
        return button

    def _closed(self) -> None:
        self.hide()
        self.closed.emit()

    def _dress(self) -> None:
        look = theme.current()
        name, role = _ICONS[self._kind]
        self._icon.setPixmap(icons.pixmap(name, role, look.px(20), self.devicePixelRatioF()))
        self._layout.setContentsMargins(look.space(16), look.space(6), look.space(12), look.space(6))
        self._layout.setSpacing(look.space(10))


class NoticeBanner(Banner):
    """What `Notices` says in the page: replaced by the next, closed by the person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Tone.INFO, closable=True, parent=parent)
        self._tone = Tone.INFO
        self.hide()

    def let_go(self) -> None:
        """The person went on: what they could mend is no longer news. A grave problem stays."""
        if self._tone is not Tone.PROBLEM:
            self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Say it."""
        self._tone = notice.tone
        self.set_kind(notice.tone)
        self.say(notice.title, notice.next)
