"""A real desk with a line that the test holds, decisions that met in its store, and a window on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import DecisionId, EventId, MessageId, PersonId, new_id
from console.domain.journal import GENESIS, Event, Link
from console.domain.roles import Actor
from console.services.facts import DecisionMade, payload_of
from console.services.sharing import Sharing
from console.services.sharing_ports import SharedEvent, Standing
from tests.desks import INSULT, open_desk
from tests.desks import Desk as Store
from tests.ui.conftest import settle
from tests.ui.sharing.fake_line import THERE, FakeLine


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


def contest(
    store: Store,
    message: MessageId,
    *actions: Action,
    by: Actor | None = None,
    code: str = "decided",
    text: str = "Gang de pourris",
    policy: str = "test+" + "0" * 64,
    late: timedelta = timedelta(minutes=1),
    reason: str = "La menace est réelle.",
) -> DecisionId:
    """A colleague's decision on the message came after the one that stands."""
    decision, at = DecisionId(new_id()), store.clock.now() - timedelta(minutes=20)
    fact = DecisionMade(
        decision=decision, revision=1, sha256=hashlib.sha256(text.encode()).hexdigest(), deleted=False,
        person=PersonId("p" * 32), platform="facebook", actions=actions or (Action.DELETE,), rules=(INSULT,),
        reason=reason, texts={}, suggested=(), note="", exception=None, policy=policy, engine="test",
        state_before=CaseState.PENDING, state=CaseState.DECIDED,
    )  # fmt: skip
    event = Event(
        EventId(new_id()),
        "decision.made",
        message,
        (by or store.colleague).staff.id,
        THERE,
        at,
        payload_of(fact),
    )
    with store.db.write() as work:
        work.contest(_shared(event, at + late, Standing.CONTESTED, code), fact)
    return decision


def refuse(store: Store, message: MessageId, code: str = "ban.warnings_missing") -> None:
    """The hub did not take this desk's decision on the message."""
    decision = store.decide(message, Action.KEEP).decision
    event = next(link.event for link in store.db.reads.journal() if link.event.subject == message)
    assert decision is not None
    with store.db.write() as work:
        work.know_event(_shared(event, store.clock.now(), Standing.REFUSED, code, own=True))


def _shared(
    event: Event, accepted_at: datetime, standing: Standing, code: str, *, own: bool = False
) -> SharedEvent:
    return SharedEvent(Link(1, event, GENESIS, GENESIS), standing, code, 1, accepted_at, own=own)


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
