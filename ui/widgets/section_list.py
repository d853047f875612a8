"""A list of sections at the left of a page: one tab stop, arrows move, icons alone where room is short."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui import icons, theme

_WORD = int(Qt.ItemDataRole.UserRole) + 1


class SectionList(QListWidget):
    """Emits `chosen` with the id of a section."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("look", "sections")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._words = True
        self.currentItemChanged.connect(self._moved)
        theme.current().changed.connect(self._dress)
        self._dress()

    def add(self, section: str, word: str, icon: str) -> None:
        """One more section at the end."""
        item = QListWidgetItem(icons.icon(icon, "muted", on="accent"), word)
        item.setData(Qt.ItemDataRole.UserRole, section)
        item.setData(_WORD, word)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, word)
        item.setToolTip(word)
        self.addItem(item)
        self._dress()

    def set_count(self, section: str, count: int) -> None:
        """How much waits in a section, after its word; 0 says nothing."""
        for row in range(self.count()):
            item = self.item(row)
            if item.data(Qt.ItemDataRole.UserRole) == section:
                word = f"{item.data(_WORD)} ({count})" if count else item.data(_WORD)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, word)
                item.setToolTip(word)
        self._dress()

    def select(self, section: str) -> None:
        """Mark a section without telling."""
        self.blockSignals(True)
        for row in range(self.count()):
            if self.item(row).data(Qt.ItemDataRole.UserRole) == section:
                self.setCurrentRow(row)
        self.blockSignals(False)

    def set_words(self, words: bool) -> None:
        """With words, or icons alone."""
        if words != self._words:
            self._words = words
            self._dress()

    def _moved(self, now: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if now is not None:
            self.chosen.emit(now.data(Qt.ItemDataRole.UserRole))

    def _dress(self) -> None:
        look = theme.current()
        self.setIconSize(QSize(look.px(18), look.px(18)))
        metrics, widest = QFontMetrics(look.font("base")), 0
        for row in range(self.count()):
            item = self.item(row)
            word = item.toolTip()
            item.setText(word if self._words else "")
            item.setSizeHint(QSize(0, look.px(36)))
            widest = max(widest, metrics.horizontalAdvance(word))
        wide = max(look.px(200), widest + look.px(18) + look.space(64))
        self.setFixedWidth(wide if self._words else look.px(18) + look.space(38))
