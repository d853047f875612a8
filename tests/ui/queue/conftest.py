"""A window on a real desk with messages in it, driven by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.decisions import Action
from console.domain.ids import MessageId, RuleId
from console.domain.verdicts import Finding, Language, PolicyVersion, Route, Severity, Span, Verdict
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.queue.page import QueuePage

POLICY = PolicyVersion("2026-03", "ab" * 32)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def verdict_of(
    text: str,
    *marks: tuple[str, str, int],
    actions: tuple[Action, ...] = (Action.HIDE, Action.WARN),
    priority: int = 50,
    route: Route = Route.NONE,
) -> Verdict:
    """A verdict whose findings are (rule, words in `text`, severity)."""
    findings = tuple(
        Finding(
            RuleId(rule), "4", Severity(severity), 0.9,
            (Span(text.index(words), text.index(words) + len(words)),), f"«{words}» enfreint la règle.",
        )
        for rule, words, severity in marks
    )  # fmt: skip
    return Verdict(findings, route, Language("fr", 0.99), actions, priority, POLICY, "test")


class Hands:
    """What a person does at the keyboard, sent as real events to whatever has the focus."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press and release keys, one after the other."""
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self._window, key, modifier)
            settle()

    def hold(self, key: Qt.Key, letter: str) -> None:
        """What the system sends while a key is held down: repeats of the first press."""
        for _ in range(3):
            repeat = QKeyEvent(
                QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, letter, autorep=True
            )
            QApplication.sendEvent(QApplication.focusWidget() or self._window, repeat)
            settle()

    def write(self, text: str) -> None:
        """Put text into the field that has the focus, as an input method does."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(QApplication.focusWidget(), event)
        settle()


@pytest.fixture
def moderated(desk: Desk, store: Store) -> Desk:
    """A moderator sits at the desk."""
    return seated(desk, store, store.moderator)


@pytest.fixture
def fill(store: Store) -> Callable[[int], list[MessageId]]:
    """Take in so many messages, each of its own person, in falling priority."""

    def take_in(count: int) -> list[MessageId]:
        return [
            store.receive(
                f"q{number}",
                text=f"Gang de pourris {number}",
                author=f"a{number}",
                verdict=verdict_of(
                    f"Gang de pourris {number}", ("insult", "Gang de pourris", 3), priority=90 - number % 80
                ),
            )
            for number in range(count)
        ]

    return take_in


@pytest.fixture
def page(moderated: Desk, window: MainWindow, qtbot: QtBot) -> Iterator[QueuePage]:
    """The queue page in front of an active window; its model is watched all along."""
    with qtbot.waitActive(window):
        window.activateWindow()
    made = window.page("queue")
    assert isinstance(made, QueuePage)
    tester = QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield made
    tester.deleteLater()


@pytest.fixture
def hands(window: MainWindow) -> Hands:
    """Somebody at the keyboard of the window."""
    return Hands(window)
