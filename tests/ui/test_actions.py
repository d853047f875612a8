"""Keys act where they should, and never while somebody types or leans on a key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.errors import ConflictError, ValidationError
from ui.actions import Commands, is_single, key_caps, portable
from ui.commands import Command, Context, all_commands
from ui.theme import Theme
from ui.widgets.keycap import KeyCap

KEYS = Qt.Key


class Bench(QWidget):
    """A window with a plain area, the fields that take text, and two commands."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.commands = Commands(
            (
                Command("hide", "Masquer", ("M",), Context.QUEUE),
                Command("send", "Envoyer", ("Ctrl+Return",), Context.QUEUE),
                Command("search", "Rechercher", ("/", "Ctrl+F")),
                Command("export", "Exporter", ("M",), Context.HISTORY),
            ),
            self,
        )
        layout = QVBoxLayout(self)
        self.area, self.line, self.box, self.combo = QWidget(), QLineEdit(), QPlainTextEdit(), QComboBox()
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.read_only = QTextEdit()
        self.read_only.setReadOnly(True)
        self.combo.addItems(["Apparence", "Modération"])
        for widget in (self.area, self.line, self.box, self.combo, self.read_only):
            layout.addWidget(widget)
        for name in ("hide", "send", "search"):
            self.commands.bind(name, self, lambda name=name: self.calls.append(name))


@pytest.fixture
def bench(qtbot: QtBot, theme: Theme) -> Bench:
    made = Bench()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def test_a_key_acts_and_is_shown(bench: Bench, qtbot: QtBot) -> None:
    bench.area.setFocus()
    qtbot.keyClick(bench.area, KEYS.Key_M)
    qtbot.keyClick(bench.area, KEYS.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert bench.calls == ["hide", "send"]
    assert bench.commands.caps("send") == ("Ctrl", "Entrée")
    assert bench.commands.hint("hide") == "Masquer (M)"


@pytest.mark.parametrize("field", ["line", "box"])
def test_single_keys_are_text_while_somebody_types(bench: Bench, qtbot: QtBot, field: str) -> None:
    widget = getattr(bench, field)
    widget.setFocus()
    qtbot.keyClicks(widget, "m/")
    typed = widget.text() if field == "line" else widget.toPlainText()
    assert typed == "m/"
    assert bench.calls == []
    qtbot.keyClick(widget, KEYS.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert bench.calls == ["send"]


def test_single_keys_pick_in_a_list_of_choices(bench: Bench, qtbot: QtBot) -> None:
    bench.combo.setFocus()
    qtbot.keyClick(bench.combo, KEYS.Key_M)
    assert bench.calls == []


def test_single_keys_act_over_text_that_is_only_read(bench: Bench, qtbot: QtBot) -> None:
    bench.read_only.setFocus()
    qtbot.keyClick(bench.read_only, KEYS.Key_M)
    assert bench.calls == ["hide"]


def test_a_key_that_stays_down_acts_once(bench: Bench, qtbot: QtBot) -> None:
    bench.area.setFocus()
    qtbot.keyPress(bench.area, KEYS.Key_M)
    for _ in range(5):
        repeat = QKeyEvent(
            QKeyEvent.Type.KeyPress, KEYS.Key_M.value, Qt.KeyboardModifier.NoModifier, "m", autorep=True
        )
        QCoreApplication.sendEvent(bench.windowHandle(), repeat)
    qtbot.keyRelease(bench.area, KEYS.Key_M)
    assert bench.calls == ["hide"]


def test_single_keys_can_be_turned_off(bench: Bench, qtbot: QtBot) -> None:
    cap = KeyCap(bench.commands, "hide", bench)
    assert cap.sizeHint().width() > 0
    bench.commands.load({}, single_keys=False)
    bench.area.setFocus()
    qtbot.keyClick(bench.area, KEYS.Key_M)
    qtbot.keyClick(bench.area, KEYS.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bench.calls == ["search"]
    assert bench.commands.caps("search") == ("Ctrl", "F")
    assert cap.sizeHint().width() == 0


def test_every_key_can_be_another(bench: Bench, qtbot: QtBot) -> None:
    bench.commands.remap("hide", ("H",))
    bench.area.setFocus()
    qtbot.keyClick(bench.area, KEYS.Key_M)
    qtbot.keyClick(bench.area, KEYS.Key_H)
    assert bench.calls == ["hide"]
    assert bench.commands.own == {"hide": ("H",)}
    bench.commands.reset("hide")
    assert bench.commands.own == {}
    bench.commands.remap("hide", ())
    assert bench.commands.caps("hide") == ()


def test_a_key_that_is_taken_is_refused_and_names_its_holder(bench: Bench) -> None:
    with pytest.raises(ConflictError) as caught:
        bench.commands.remap("hide", ("Ctrl+F",))
    assert caught.value.code == "keys.conflict"
    assert caught.value.facts == {"key": "Ctrl+F", "other": "Rechercher"}
    with pytest.raises(ValidationError, match=r"keys\.invalid"):
        bench.commands.remap("hide", ("NoSuchKey",))
    assert bench.commands.assigned("hide") == ("M",)


def test_pages_that_never_meet_may_share_a_key(bench: Bench) -> None:
    bench.commands.remap("export", ("M",))
    assert bench.commands.holder("M", "export") is None
    with pytest.raises(ConflictError):
        bench.commands.remap("search", ("M",))


def test_what_was_kept_for_a_command_that_is_gone_is_left_aside(bench: Bench) -> None:
    bench.commands.load({"gone": ("G",), "hide": ["H"]}, single_keys=True)
    assert bench.commands.own == {"hide": ("H",)}


def test_the_default_keys_never_conflict() -> None:
    commands = Commands(all_commands())
    for command in commands.commands():
        for key in command.keys:
            assert portable(key) == key
            assert commands.holder(key, command.id) is None, command
    assert len({command.id for command in all_commands()}) == len(all_commands())


def test_sanctions_have_no_key_that_confirms() -> None:
    """A sanction's key opens its text; only a combination sends."""
    confirm = Commands(all_commands()).command("queue.confirm")
    assert not any(is_single(key) for key in confirm.keys)


@given(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/?,."), st.booleans(), st.booleans())
def test_a_single_key_is_a_character_with_or_without_shift(key: str, shift: bool, control: bool) -> None:
    sequence = "Ctrl+" * control + "Shift+" * shift + key
    assert is_single(sequence) == (not control)
    assert key_caps(sequence)[-1] == key
    assert len(key_caps(sequence)) == 1 + shift + control
