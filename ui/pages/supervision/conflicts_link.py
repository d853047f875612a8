"""The way from supervision to the decisions that met at two desks, as long as there are some."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy

from console.domain.roles import Permission
from console.services.rows import ChangeSet
from ui import dates
from ui.desk import Desk
from ui.widgets.button import Button


class ConflictsLink(Button):
    """Hidden while nothing is contested."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("", "dashed", "scale")
        self._desk = desk
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: desk.open_page.emit("sharing", "conflicts"))
        desk.changed.connect(self._on_changes)
        self.hide()

    def read(self) -> None:
        """Count them."""
        if not self._desk.may(Permission.SUPERVISE):
            self.hide()
            return
        sharing, actor = self._desk.services.sharing, self._desk.actor
        self._desk.tasks.read(
            lambda: len(sharing.conflicts(actor)), self._show_count, owner=self, lane="conflicts"
        )

    def _show_count(self, count: int) -> None:
        words = self.tr("1 conflit à trancher")
        if count > 1:
            words = self.tr("{n} conflits à trancher").format(n=dates.number(count))
        self.setText(words)
        self.setVisible(count > 0)

    def _on_changes(self, changes: ChangeSet) -> None:
        page = self.parentWidget()
        if page is not None and page.isVisible() and (changes.messages or changes.counts):
            self.read()
