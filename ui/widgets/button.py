"""Buttons by the theme: a look, an icon of the set, and the key of their command shown inside."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget

from ui import icons, theme
from ui.actions import Commands
from ui.widgets.keycap import caps_width, paint_caps

_ICON_ROLE = {
    "primary": "on_accent",
    "danger": "severity_4",
    "suggested": "accent",
    "dashed": "accent",
    "link": "accent",
}
_BASE = ("", "primary", "danger", "chip", "dashed")
"""Looks whose words have the base font."""


class Button(QPushButton):
    """`look` is "", primary, ghost, danger, suggested, dashed, link, quiet or chip (style.qss); `font` a
    role of `theme.TYPES` for the looks link, quiet and ghost."""

    def __init__(
        self,
        text: str,
        look: str = "",
        icon: str = "",
        *,
        commands: Commands | None = None,
        command: str = "",
        font: str = "base",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._commands, self._command, self._look, self._font = commands, command, look, font
        self._folded, self._words, self._icon_name = False, text, icon
        self.setAutoDefault(False)
        if look:
            self.setProperty("look", look)
        if icon:
            self.setIcon(icons.icon(icon, _ICON_ROLE.get(look, "text")))
        if commands is not None:
            commands.changed.connect(self._keys_changed)
        theme.current().changed.connect(self._dress)
        self._dress()
        self._keys_changed()

    def set_look(self, look: str) -> None:
        """Another look for the same button."""
        self._look = look
        self.setProperty("look", look)
        self.style().polish(self)
        self._dress()  # each look has its font, and polishing may bring back the one before
        self.update()

    def say(self, words: str) -> None:
        """Other words, folded or not."""
        self._words = words
        self.setText("" if self._folded else words)
        self.setAccessibleName(words if self._folded else "")
        self.setToolTip(words if self._folded else "")

    def words_width(self) -> int:
        """Width in pixels that the words need, folded or not."""
        words = self.text() or self._words
        return self.fontMetrics().horizontalAdvance(words) + theme.current().px(8)

    def fold(self, folded: bool, icon: str) -> None:
        """Show `icon` alone where room is short: the words stay as its name and tooltip."""
        if folded == self._folded:
            return
        self._words, self._folded = self.text() or self._words, folded
        shown = icon if folded else self._icon_name
        self.setIcon(icons.icon(shown, _ICON_ROLE.get(self._look, "text")) if shown else QIcon())
        self.say(self._words)
        self._dress()

    def sizeHint(self) -> QSize:
        """Room for the words and the key."""
        hint = super().sizeHint()
        room = caps_width(self._caps)
        return QSize(round(hint.width() + room + theme.current().px(12)), hint.height()) if room else hint

    def minimumSizeHint(self) -> QSize:
        """Words are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The styled button, then the key at its right."""
        super().paintEvent(event)
        if not self._caps:
            return
        look, painter = theme.current(), QPainter(self)
        ink, edge, ground = "muted" if self.isEnabled() else "disabled", "line", "surface"
        if self._look == "toast":
            ink, edge, ground = "on_toast", "on_toast", "toast"
        right, middle = self.width() - look.px(9), self.height() / 2
        paint_caps(painter, self._caps, right, middle, *(look.color(role) for role in (ink, edge, ground)))
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        """Another text size while it was hidden: the style sheet then brings its former font back."""
        super().showEvent(event)
        role = "base" if self._look in _BASE else self._font
        if self.font().pixelSize() != theme.current().font(role).pixelSize():
            self._dress()

    def _keys_changed(self) -> None:
        self._caps = self._commands.caps(self._command) if self._commands else ()
        self.setProperty("caps", bool(self._caps))  # style.qss: words at the left, the key at the right
        self.style().polish(self)
        if self._commands is not None:
            self.setAccessibleDescription("+".join(self._caps))
        self.updateGeometry()
        self.update()

    def _dress(self) -> None:
        size = theme.current().px(16)
        self.setIconSize(QSize(size + theme.current().px(4) * bool(self.text()), size))
        if self._look in _BASE:
            font = theme.current().font("base")
            font.setWeight(font.Weight.Medium)
            self.setFont(font)
        else:
            font = theme.current().font(self._font)
            # Not by the style sheet: there an underline brings a whole font with it.
            font.setUnderline(self._look == "link")
            self.setFont(font)


class IconButton(QPushButton):
    """A button with a picture alone; `text` is its name and tooltip. At least 28 px square."""

    def __init__(self, icon: str, text: str, role: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(icons.icon(icon, role))
        self.setProperty("look", "ghost")
        self.setProperty("picture", True)
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        self.setToolTip(text)
        theme.current().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        look = theme.current()
        self.setIconSize(QSize(look.px(18), look.px(18)))
        self.setFixedSize(look.px(32), look.px(32))
