"""The keys of every command: bound, shown in place, turned off or changed by the person.

Single keys (a letter, figure or sign alone) never act while somebody types, nor on auto-repeat, and
can be turned off or remapped (WCAG 2.2, 2.1.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QCoreApplication, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from console.errors import ConflictError, ValidationError
from ui.commands import Command, Context

_STRONG = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class Commands(QObject):
    """The registry. `changed` is emitted when keys shown somewhere may be out of date."""

    changed = Signal()

    def __init__(self, table: Iterable[Command], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = {command.id: command for command in table}
        self._own: dict[str, tuple[str, ...]] = {}
        self._single = True
        self._actions: list[tuple[str, QAction]] = []

    def load(self, own: Mapping[str, Iterable[str]], single_keys: bool) -> None:
        """Take the person's keys (id → portable sequences) and whether single keys act."""
        self._own = {name: tuple(keys) for name, keys in own.items() if name in self._table}
        self._single = single_keys
        self._apply()

    @property
    def own(self) -> Mapping[str, tuple[str, ...]]:
        """The keys that differ from the default, to be kept."""
        return dict(self._own)

    @property
    def single_keys(self) -> bool:
        """Whether single keys act."""
        return self._single

    def commands(self) -> tuple[Command, ...]:
        """All of them, in the order of the table."""
        return tuple(self._table.values())

    def command(self, name: str) -> Command:
        """One command. Raises KeyError for an unknown id."""
        return self._table[name]

    def assigned(self, name: str) -> tuple[str, ...]:
        """The keys a command has, acting or not."""
        return self._own.get(name, self._table[name].keys)

    def acting(self, name: str) -> tuple[str, ...]:
        """The keys that act now: all, or without the single ones."""
        return tuple(key for key in self.assigned(name) if self._single or not is_single(key))

    def caps(self, name: str) -> tuple[str, ...]:
        """The first acting key as caps to show: `("Maj", "N")`; empty when none acts."""
        return next((key_caps(key) for key in self.acting(name)), ())

    def hint(self, name: str) -> str:
        """«Masquer (M)», for tooltips."""
        caps = self.caps(name)
        label = self._table[name].label
        return f"{label} ({'+'.join(caps)})" if caps else label

    def bind(self, name: str, owner: QWidget, handler: Callable[[], object]) -> QAction:
        """An action whose keys call `handler` while `owner` is on screen, in the active window.

        Several widgets may bind one id as long as only one of them is visible and enabled.
        """
        action = QAction(self._table[name].label, owner)
        action.setAutoRepeat(False)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)

        def act() -> None:
            # A combo box searches by letter without claiming the key as text fields do.
            if not (is_typing(QApplication.focusWidget()) and all(map(is_single, self.acting(name)))):
                handler()

        action.triggered.connect(act)
        owner.addAction(action)
        entry = (name, action)
        self._actions.append(entry)
        action.destroyed.connect(lambda: self._actions.remove(entry))
        self._dress(name, action)
        return action

    def remap(self, name: str, keys: Iterable[str]) -> None:
        """Give a command other keys; none at all is allowed. Codes: `keys.invalid` for a sequence Qt does
        not know, `keys.conflict` (facts `key`, `other`) when another command that meets it has the key."""
        wanted = tuple(portable(key) for key in keys)
        for key in wanted:
            if not key:
                raise ValidationError("keys.invalid")
            other = self.holder(key, name)
            if other is not None:
                raise ConflictError("keys.conflict", key="+".join(key_caps(key)), other=other.label)
        if wanted == self._table[name].keys:
            self._own.pop(name, None)
        else:
            self._own[name] = wanted
        self._apply()

    def reset(self, name: str | None = None) -> None:
        """Back to the default keys, for one command or all. Code `keys.conflict` as for `remap`."""
        if name is not None:
            self.remap(name, self._table[name].keys)
        else:
            self._own.clear()
            self._apply()

    def holder(self, key: str, name: str) -> Command | None:
        """The command that has `key` already and would meet `name`, if any."""
        context = self._table[name].context
        for other in self._table.values():
            taken = map(portable, self.assigned(other.id))
            if other.id != name and _meet(context, other.context) and portable(key) in taken:
                return other
        return None

    def _apply(self) -> None:
        for name, action in self._actions:
            self._dress(name, action)
        self.changed.emit()

    def _dress(self, name: str, action: QAction) -> None:
        action.setShortcuts([QKeySequence.fromString(key, _PORTABLE) for key in self.acting(name)])
        action.setToolTip(self.hint(name))


_PORTABLE = QKeySequence.SequenceFormat.PortableText


def portable(key: str) -> str:
    """The one spelling of a key sequence, "" when Qt does not know it."""
    sequence = QKeySequence.fromString(key, _PORTABLE)
    known = not sequence.isEmpty() and _first(sequence).key() != Qt.Key.Key_unknown
    return sequence.toString(_PORTABLE) if known else ""


def _first(sequence: QKeySequence) -> QKeyCombination:
    chord: QKeyCombination = sequence[0]  # type: ignore[index]  # PySide's stubs forget __getitem__
    return chord


def is_single(key: str) -> bool:
    """Whether a sequence is one printable character, with or without Shift (WCAG 2.1.4)."""
    sequence = QKeySequence.fromString(key, _PORTABLE)
    if sequence.count() != 1:
        return False
    chord = _first(sequence)
    return not chord.keyboardModifiers() & _STRONG and Qt.Key.Key_Space.value <= chord.key().value < 0x1000000


def is_typing(widget: QWidget | None) -> bool:
    """Whether keys go into text or pick by letter in `widget`."""
    if isinstance(widget, (QLineEdit, QPlainTextEdit, QTextEdit)):
        return not widget.isReadOnly()
    return isinstance(widget, (QComboBox, QAbstractSpinBox))


def key_caps(key: str) -> tuple[str, ...]:
    """A portable sequence as French key caps: `Ctrl+Return` → `("Ctrl", "Entrée")`."""
    parts = portable(key).replace("++", "+plus").split("+")
    return tuple(_cap(part) for part in parts if part)


def _cap(part: str) -> str:
    translate = QCoreApplication.translate
    named = {
        "Shift": translate("Keys", "Maj"),
        "Return": translate("Keys", "Entrée"),
        "Enter": translate("Keys", "Entrée"),
        "Esc": translate("Keys", "Échap"),
        "Space": translate("Keys", "Espace"),
        "Del": translate("Keys", "Suppr"),
        "Backspace": translate("Keys", "Retour arrière"),
        "PgUp": translate("Keys", "Page préc."),
        "PgDown": translate("Keys", "Page suiv."),
        "Home": translate("Keys", "Début"),
        "End": translate("Keys", "Fin"),
        "Up": "↑",
        "Down": "↓",
        "Left": "←",
        "Right": "→",
        "plus": "+",
    }
    return named.get(part, part)


def _meet(one: Context, other: Context) -> bool:
    return one is other or Context.GLOBAL in (one, other)
