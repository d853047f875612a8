"""The ten actions, always in the same place. Suggested ones are tinted; none is chosen beforehand."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from console.domain.decisions import Action
from ui.actions import Commands
from ui.pages.queue.case import Case
from ui.pages.queue.words import ORDER, button_word
from ui.widgets.button import Button

_GAP = 6


class ActionGrid(QWidget):
    """Two columns of buttons with their keys."""

    chosen = Signal(object)
    """`Action`."""

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Actions"))
        self._buttons: dict[Action, Button] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        for action in ORDER:
            button = Button(button_word(action), commands=commands, command=f"decide.{action.value}")
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, action=action: self.chosen.emit(action))
            self._buttons[action] = button
        self._columns = 0
        self._arrange(2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column where two would cut words."""
        super().resizeEvent(event)
        widest = max(button.sizeHint().width() for button in self._buttons.values())
        self._arrange(2 if 2 * widest + _GAP <= self.width() else 1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, button in enumerate(self._buttons.values()):
            self._grid.removeWidget(button)
            self._grid.addWidget(button, place // columns, place % columns)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def button(self, action: Action) -> Button:
        """The button of an action."""
        return self._buttons[action]

    def show_case(self, case: Case, why_no_ban: str) -> None:
        """Tint what is suggested. A ban that the ladder does not allow looks held back and says why; it can
        still be pressed, since the exception path begins there."""
        for action, button in self._buttons.items():
            held = action is Action.BAN and bool(why_no_ban)
            button.set_look("held" if held else "suggested" if action in case.suggested else "")
            button.setToolTip(why_no_ban if held else "")
        self._buttons[Action.BAN].setAccessibleName(
            f"{button_word(Action.BAN)}. {why_no_ban}" if why_no_ban else button_word(Action.BAN)
        )
