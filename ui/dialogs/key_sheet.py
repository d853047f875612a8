"""All keys at a glance, those of the page in front first."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui import theme
from ui.actions import Commands
from ui.commands import Context, context_label
from ui.widgets.keycap import CapRow
from ui.widgets.label import Label, SectionLabel


class KeySheet(QWidget):
    """Read only; keys are changed in the settings."""

    def __init__(self, commands: Commands, contexts: Iterable[Context]) -> None:
        super().__init__()
        look = theme.current()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(look.space(16), look.space(12), look.space(16), look.space(16))
        layout.setSpacing(look.space(8))
        if not commands.single_keys:
            layout.addWidget(
                Label(self.tr("Les touches simples sont désactivées."), "note", "muted", wrap=True)
            )
        for context in contexts:
            shown = [
                each for each in commands.commands() if each.context is context and commands.acting(each.id)
            ]
            if not shown:
                continue
            layout.addWidget(SectionLabel(context_label(context)))
            grid = QGridLayout()
            grid.setColumnStretch(0, 1)
            grid.setVerticalSpacing(look.space(6))
            for row, command in enumerate(shown):
                grid.addWidget(Label(command.label, wrap=True), row, 0)
                grid.addWidget(CapRow(commands.acting(command.id)), row, 1, Qt.AlignmentFlag.AlignRight)
            layout.addLayout(grid)
            layout.addSpacing(look.space(8))
        layout.addStretch(1)
