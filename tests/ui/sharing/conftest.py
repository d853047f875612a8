"""A real desk with a line that the test holds, decisions that met in its store, and a window on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.decisions import Action
from console.domain.ids import DecisionId, MessageId
from console.services.sharing import Sharing
from console.services.sharing_ports import Standing
from tests.desks import Desk as Store
from tests.desks import open_desk
from tests.ui.conftest import settle
from tests.ui.sharing import fake_line
from tests.ui.sharing.fake_line import FakeLine


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A real desk whose line is in the test's hands."""
    with open_desk(tmp_path / "desk") as opened:
        line = FakeLine(opened.clock)
        sharing = Sharing(opened.db, opened.clock, opened.services.decisions, line)
        opened.services = replace(opened.services, sharing=sharing)
        yield opened


@pytest.fixture
def line(store: Store) -> FakeLine:
    """The line of that desk."""
    found = store.services.sharing._line
    assert isinstance(found, FakeLine)
    return found


def contest(store: Store, message: MessageId, *actions: Action, **more: object) -> DecisionId:
    """Noa's decision on the message came after the one that stands."""
    by, at = store.colleague.staff.id, store.clock.now() - timedelta(minutes=20)
    known = {"by": by, "at": at, "policy": "test+" + "0" * 64, "text": "Gang de pourris"}
    return fake_line.contest(store.db, message, *(actions or (Action.DELETE,)), **(known | more))


def refuse(store: Store, message: MessageId, code: str = "ban.warnings_missing") -> None:
    """The hub did not take this desk's decision on the message."""
    decision = store.decide(message, Action.KEEP).decision
    event = next(link.event for link in store.db.reads.journal() if link.event.subject == message)
    assert decision is not None
    with store.db.write() as work:
        work.know_event(fake_line.shared(event, store.clock.now(), Standing.REFUSED, code, own=True))


def write(widget: QWidget, text: str) -> None:
    """Put text into a field, as an input method does."""
    widget.setFocus()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)
    settle()


def press(widget: QWidget, key: Qt.Key) -> None:
    """A key, to a widget."""
    QTest.keyClick(widget, key)
    settle()
