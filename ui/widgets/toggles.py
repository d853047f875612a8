"""Several things of which any number may be chosen, as chips that stay pressed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout

Key = TypeVar("Key")


class Toggles(QWidget, Generic[Key]):
    """Keys with their words; `changed` only when the person presses."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._flow = FlowLayout(self)
        self._buttons: dict[Key, Button] = {}

    def add(self, key: Key, word: str, *, checked: bool = False, hint: str = "") -> None:
        """One more; a key that is there already is only checked."""
        button = self._buttons.get(key)
        if button is None:
            button = self._buttons[key] = Button(word, "chip")
            button.setCheckable(True)
            button.setToolTip(hint)
            button.clicked.connect(self._pressed)
            self._flow.addWidget(button)
        button.setChecked(checked)
        self.updateGeometry()

    def _pressed(self) -> None:
        self.changed.emit()

    def keys(self) -> tuple[Key, ...]:
        """All, in order."""
        return tuple(self._buttons)

    def button(self, key: Key) -> Button:
        """The chip of a key."""
        return self._buttons[key]

    def chosen(self) -> tuple[Key, ...]:
        """Those pressed, in order."""
        return tuple(key for key, button in self._buttons.items() if button.isChecked())

    def choose(self, keys: Iterable[Key]) -> None:
        """Press exactly these, silently."""
        wanted = set(keys)
        for key, button in self._buttons.items():
            button.setChecked(key in wanted)
