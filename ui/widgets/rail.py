"""The navigation rail: one button a page, with its word; icons alone where room is short."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from console.paths import RESOURCES
from ui import icons, theme
from ui.pages.registry import PageSpec

_WIDE, _NARROW = 68, 52


class RailButton(QToolButton):
    """A page of the rail; `set_count` puts a figure on its icon (things that wait for this person)."""

    def __init__(self, spec: PageSpec, hint: str) -> None:
        super().__init__()
        self.spec, self._count = spec, 0
        self.setText(spec.word)
        self.setIcon(icons.icon(spec.icon, "muted", on="accent"))
        self.setCheckable(True)
        self.setProperty("look", "rail")
        self.setToolTip(hint)
        self.setAccessibleName(spec.word)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int) -> None:
        """0 shows nothing."""
        self._count = count
        spoken = self.tr("{word}, {count} en attente").format(word=self.spec.word, count=count)
        self.setAccessibleName(spoken if count else self.spec.word)
        self.update()

    def dress(self, words: bool) -> None:
        """Sizes by the theme, with or without words."""
        look = theme.current()
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonTextUnderIcon if words else style.ToolButtonIconOnly)
        self.setIconSize(QSize(look.px(20), look.px(20)))
        self.setFont(look.font("tiny"))
        self.setFixedHeight(look.px(50 if words else 40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The styled button, then the figure."""
        super().paintEvent(event)
        if not self._count:
            return
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font("tiny"))
        text = str(self._count) if self._count < 100 else "99+"
        height = look.px(15)
        width = max(height, QFontMetrics(self.font()).horizontalAdvance(text) + look.px(7))
        box = QRectF(self.width() / 2 + look.px(4), look.px(2), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("severity_4"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(look.color("surface"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


class Rail(QFrame):
    """Emits `chosen` with the id of a page."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self.setAccessibleName(self.tr("Navigation"))
        self._words = True
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        self._layout = QVBoxLayout(self)
        self._mark = _Mark()
        self._layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.addStretch(1)
        theme.current().changed.connect(self._dress)
        self._dress()

    def show_pages(self, pages: list[tuple[PageSpec, str]]) -> None:
        """Replace the buttons: (page, tooltip) in order; `foot` pages stand at the bottom."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.deleteLater()
        self._buttons.clear()
        place = 1
        for spec, hint in pages:
            button = RailButton(spec, hint)
            button.clicked.connect(lambda _on=False, name=spec.id: self.chosen.emit(name))
            self._group.addButton(button)
            self._layout.insertWidget(self._layout.count() if spec.foot else place, button)
            place += not spec.foot
            self._buttons[spec.id] = button
        self._dress()

    def select(self, page: str) -> None:
        """Mark the page that is shown; none when it has no place in the rail."""
        if page in self._buttons:
            self._buttons[page].setChecked(True)
        elif (marked := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            marked.setChecked(False)
            self._group.setExclusive(True)

    def set_count(self, page: str, count: int) -> None:
        """Figure on a page's icon."""
        if page in self._buttons:
            self._buttons[page].set_count(count)

    def set_words(self, words: bool) -> None:
        """With words, or icons alone."""
        if words != self._words:
            self._words = words
            self._dress()

    def _dress(self) -> None:
        look = theme.current()
        metrics = QFontMetrics(look.font("tiny"))
        widest = max((metrics.horizontalAdvance(each.text()) for each in self._buttons.values()), default=0)
        width = max(look.px(_WIDE), widest + look.px(16)) if self._words else look.px(_NARROW)
        self._layout.setContentsMargins(6, look.px(12), 6, look.px(8))
        self._layout.setSpacing(4)
        self.setFixedWidth(width)
        self._mark.dress(self._words)
        for button in self._buttons.values():
            button.dress(self._words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The panel, and a hairline at its right."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(theme.current().color("line"))
        painter.drawLine(QPointF(self.width() - 0.5, 0), QPointF(self.width() - 0.5, self.height()))
        painter.end()


class _Mark(QLabel):
    """The program's own sign at the head of the rail."""

    def __init__(self) -> None:
        super().__init__()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName("Vigie")

    def dress(self, words: bool) -> None:
        look = theme.current()
        size = look.px(30 if words else 26)

        self.setPixmap(
            QIcon(str(RESOURCES / "icons" / "vigie.svg")).pixmap(QSize(size, size), self.devicePixelRatioF())
        )
        self.setFixedHeight(size + look.px(10))
