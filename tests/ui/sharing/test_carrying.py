"""«Sans ligne»: a file is written, taken in, dropped on the window, refused; each said in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from console.domain.roles import Actor, Role, Staff
from console.errors import ValidationError
from console.services.carry_ports import Gap
from console.services.sharing_ports import LineState
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from tests.ui.sharing.fake_line import THERE, FakeLine
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.sharing.carrying import Carrying
from ui.pages.sharing.page import SharingPage


@pytest.fixture
def carrying(window: MainWindow, desk: Desk, store: Store, line: FakeLine) -> Carrying:
    """The exchange by file at a desk that has joined and lost its line."""
    seated(desk, store, store.moderator)
    line.be(LineState.OFFLINE)
    line.tell()
    window.go("sharing")
    settle()
    page = window.page("sharing")
    assert isinstance(page, SharingPage)
    return page.state.without_line.carrying


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Another desk's file."""
    path = tmp_path / "vigie-poste-d-ines-2026-11-20.vigie"
    path.write_bytes(b"x")
    return path


def drop(window: MainWindow, file: Path) -> bool:
    """Drag a file over the window and let go; whether the window takes it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    where, copy = QPoint(300, 300), Qt.DropAction.CopyAction
    held = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering, event = QDragEnterEvent(where, copy, *held), QDropEvent(QPointF(where), copy, *held)
    QApplication.sendEvent(window, entering)
    if entering.isAccepted():
        QApplication.sendEvent(window, event)
    settle()
    return entering.isAccepted()


def said(carrying: Carrying) -> str:
    """The report, with plain spaces."""
    assert carrying.report.isVisibleTo(carrying)
    return carrying.report.text().replace("\u00a0", " ")


def test_what_was_carried_out_is_said(carrying: Carrying, line: FakeLine, tmp_path: Path) -> None:
    carrying.carry_out(tmp_path / "clé.vigie")
    settle()
    assert line.carried == [tmp_path / "clé.vigie"]
    assert said(carrying).startswith("« clé.vigie » est écrit : 2 messages et 1 évènement.")
    assert carrying.out.isEnabled()


def test_what_was_taken_in_is_said(carrying: Carrying, line: FakeLine, file: Path) -> None:
    carrying.carry_in(file)
    settle()
    assert said(carrying) == "Du poste « Poste d’Inès » : 2 messages et 1 évènement de plus ici."
    line.report = replace(line.report, messages=0, events=0, gaps=(Gap(THERE, "Poste d’Inès", 3, 7),))
    carrying.carry_in(file)
    settle()
    assert "rien de nouveau" in said(carrying)
    assert "Il manque encore des évènements" in said(carrying)
    line.report = replace(line.report, own_file=True)
    carrying.carry_in(file)
    settle()
    assert "de ce poste même" in said(carrying)


def test_a_refused_file_says_why_and_what_to_do(carrying: Carrying, line: FakeLine, file: Path) -> None:
    line.refusing = ValidationError("carry.damaged")
    carrying.carry_in(file)
    settle()
    assert "abimé ou incomplet; rien n’en a été pris." in said(carrying)
    assert "Copiez-le de nouveau" in said(carrying)
    assert carrying.take.isEnabled()


def test_a_dropped_file_is_offered_first(
    carrying: Carrying, window: MainWindow, line: FakeLine, file: Path
) -> None:
    window.go("queue")
    assert drop(window, file)
    assert window.front == "sharing"
    assert carrying.question.isVisibleTo(carrying)
    assert file.name in carrying.question.text()
    assert line.carried == []
    carrying.no.click()
    settle()
    assert not carrying.question.isVisibleTo(carrying)
    drop(window, file)
    carrying.yes.click()
    settle()
    assert line.carried == [file]
    assert "Poste d’Inès" in said(carrying)


def test_at_a_desk_that_is_alone_a_dropped_file_is_explained(
    carrying: Carrying, window: MainWindow, line: FakeLine, file: Path
) -> None:
    line.be(LineState.ALONE)
    window.go("queue")
    assert drop(window, file)
    assert window.front == "queue"
    assert window.notice.isVisibleTo(window)
    assert line.carried == []


def test_an_auditor_can_neither_drop_nor_carry(
    carrying: Carrying, window: MainWindow, desk: Desk, store: Store, file: Path
) -> None:
    staff = Staff(store.colleague.staff.id, "Noa", Role.AUDITOR)
    desk.seat(Actor(staff, store.moderator.desk))
    window.go("sharing")
    settle()
    assert not drop(window, file)
    assert not carrying.out.isEnabled()
    assert not carrying.take.isEnabled()
