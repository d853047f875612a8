"""A large button that says what it does: icon, title, one sentence. Alone, or one of several."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui import icons, theme
from ui.widgets.label import Label


class Choice(QPushButton):
    """`checkable` makes it one of several (put them in a QButtonGroup)."""

    def __init__(
        self, title: str, text: str, icon: str = "", *, checkable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "choice")
        self.setCheckable(checkable)
        self.setAutoDefault(False)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._icon_name = icon
        self._icon = Label()
        self._icon.setVisible(bool(icon) or checkable)
        self._title, self._text = Label(title, "strong", wrap=True), Label(text, "note", "muted", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        words.addStretch(1)
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(words, 1)
        for label in (self._icon, self._title, self._text):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.toggled.connect(self._dress)
        theme.current().changed.connect(self._dress)
        self._dress()

    def hasHeightForWidth(self) -> bool:
        """The sentence wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its words need."""
        return self._layout.heightForWidth(width)

    def sizeHint(self) -> QSize:
        """By the words."""
        hint = self._layout.sizeHint()
        return QSize(hint.width(), self._layout.heightForWidth(max(self.width(), hint.width())))

    def minimumSizeHint(self) -> QSize:
        """Words are never cut."""
        return QSize(
            theme.current().px(160), self._layout.heightForWidth(max(self.width(), theme.current().px(160)))
        )

    def _dress(self) -> None:
        look = theme.current()
        gap = look.space(14)
        self._layout.setContentsMargins(gap, look.space(12), gap, look.space(12))
        self._layout.setSpacing(look.space(12))
        name, role = self._icon_name, "accent"
        if self.isCheckable():
            # Chosen or not shows by shape, not by colour alone.
            name, role = ("circle-check", "accent") if self.isChecked() else ("circle", "muted")
        if name:
            picture = icons.pixmap(name, role, look.px(20), self.devicePixelRatioF())
            self._icon.setPixmap(picture)
