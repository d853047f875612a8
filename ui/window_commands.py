"""The commands that hold everywhere: navigation, search, undo, names, text size, keys, emergency."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from console.services.rows import ChangeSet
from ui.desk import Desk
from ui.models.delivery import undone_words

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_STEP = 10


class WindowCommands(QObject):
    """Binds them to the window."""

    def __init__(self, window: MainWindow, desk: Desk) -> None:
        super().__init__(window)
        self._window, self._desk = window, desk
        handlers = {
            "search": self._search,
            "undo": self.undo,
            "keys": window.show_keys,
            "emergency": window.show_emergency,
            "import": lambda: window.go("import"),
            "mask_names": self._mask_names,
            "text.bigger": lambda: self._text(_STEP),
            "text.smaller": lambda: self._text(-_STEP),
            "text.normal": lambda: self._text(0),
            "refresh": self._refresh,
            "quit": window.close,
        }
        for name, handler in handlers.items():
            desk.commands.bind(name, window, handler)

    def undo(self) -> None:
        """Take back this person's latest decision; several times for several levels."""
        desk = self._desk
        if not desk.introduced:
            return
        actor = desk.actor
        desk.tasks.write(lambda: desk.services.decisions.undo(actor), self._undone, owner=self)

    def _undone(self, changes: ChangeSet) -> None:
        self._window.toast.dismiss()
        self._desk.announce(changes)
        self._desk.notices.toast(undone_words(changes))

    def _search(self) -> None:
        field = self._window.top.search
        if field.isVisible():
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()

    def _mask_names(self) -> None:
        masked = not self._desk.settings.mask_names
        self._desk.change_settings(mask_names=masked)
        self._desk.notices.toast(self.tr("Noms masqués.") if masked else self.tr("Noms affichés."))

    def _text(self, step: int) -> None:
        look = self._desk.settings.appearance
        text = max(100, min(200, look.text + step)) if step else 100
        self._desk.change_settings(appearance=replace(look, text=text))

    def _refresh(self) -> None:
        if self._window.front:
            self._window.page(self._window.front).entered()
        self._window.state.refresh()
