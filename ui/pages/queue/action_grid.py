"""The ten actions, always in the same place. Suggested ones are tinted; none is chosen beforehand."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from console.domain.decisions import Action
from ui.actions import Commands
from ui.pages.queue.case import Case
from ui.pages.queue.words import ORDER, button_word
from ui.widgets.button import Button


class ActionGrid(QWidget):
    """Two columns of buttons with their keys."""

    chosen = Signal(object)
    """`Action`."""

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Actions"))
        self._buttons: dict[Action, Button] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        for place, action in enumerate(ORDER):
            button = Button(button_word(action), commands=commands, command=f"decide.{action.value}")
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, action=action: self.chosen.emit(action))
            grid.addWidget(button, place // 2, place % 2)
            self._buttons[action] = button
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

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
