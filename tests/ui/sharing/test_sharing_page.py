"""«Partage»: the state of the line, two decisions side by side, supervision's answer, refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import MessageId
from console.domain.roles import Role
from console.errors import OfflineError, PermissionDeniedError
from console.services.rows import ChangeSet
from console.services.sharing_ports import LineState, Presence
from tests.desks import Desk as Store
from tests.ui.conftest import PLAIN, seated, settle
from tests.ui.sharing.conftest import contest, press, refuse, write
from tests.ui.sharing.fake_line import INES, THERE, FakeLine
from tests.ui.test_accessibility import _cut, _nameless, _out_of_reach, _small, _unreachable
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.sharing.page import SharingPage
from ui.pages.supervision.page import SupervisionPage


@pytest.fixture
def page(window: MainWindow, desk: Desk, store: Store, line: FakeLine, qtbot: QtBot) -> SharingPage:
    """The page in front of the supervisor of a desk that has joined."""
    seated(desk, store, store.supervisor)
    line.be(LineState.ONLINE, last_met=store.clock.now())
    with qtbot.waitActive(window):
        window.activateWindow()
    window.go("sharing")
    found = window.page("sharing")
    assert isinstance(found, SharingPage)
    for model in (found.conflicts.model, found.refusals.model):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, found)
    settle()
    return found


@pytest.fixture
def met(store: Store) -> MessageId:
    """A message that was hidden here and deleted elsewhere."""
    message = store.receive("m1")
    store.decide(message, Action.HIDE)
    contest(store, message, Action.DELETE, late=timedelta(minutes=17), policy="2026-03+" + "ab" * 32)
    return message


def _words(root: QWidget) -> str:
    return " ".join(each.text() for each in root.findChildren(QLabel) if each.isVisible()).replace(
        "\u00a0", " "
    )


def _show(page: SharingPage, section: str) -> None:
    page.open(section)
    settle()


def test_alone_it_says_what_a_shared_base_is_for(page: SharingPage, line: FakeLine) -> None:
    line.now = replace(line.now, state=LineState.ALONE)
    page.entered()
    settle()
    assert page.state.alone.title == "Ce poste travaille seul"


def test_the_state_says_what_waits_and_what_to_do(page: SharingPage, line: FakeLine) -> None:
    line.be(LineState.OFFLINE, to_send=120, error=OfflineError("hub.unreachable"))
    line.tell()
    settle()
    said = _words(page.state)
    assert "Hors ligne depuis 10 h" in said
    assert "La base partagée est injoignable." in said
    assert "ce poste garde vos décisions" in said
    assert page.state.to_send.text() == "120"
    press(page.sections, Qt.Key.Key_S)
    assert line.woken == 1


def test_a_refused_password_leads_to_another_one(
    page: SharingPage, window: MainWindow, line: FakeLine
) -> None:
    line.be(LineState.STOPPED, error=PermissionDeniedError("hub.wrong_password"))
    line.tell()
    settle()
    page.state.password.click()
    settle()
    assert window.front == "connect"
    assert window.page("connect").membership.password.hasFocus()


def test_the_first_load_shows_how_far_it_is(page: SharingPage, line: FakeLine) -> None:
    line.be(LineState.SYNCING, loading=(312_000, 1_000_000))
    line.tell()
    settle()
    assert page.state.progress.text().replace("\u00a0", " ") == "312 000 sur 1 000 000"
    assert page.state._bar.value() * 1000 == 312_000


def test_who_is_at_work(page: SharingPage, store: Store, line: FakeLine) -> None:
    now = store.clock.now()
    line.people = (
        Presence(INES, "Inès", Role.MODERATOR, THERE, now),
        Presence(store.colleague.staff.id, "Noa", Role.MODERATOR, THERE, now - timedelta(minutes=6)),
    )
    line.tell()
    settle()
    said = [label.text() for label in page.state._people.findChildren(QLabel)]
    assert said == ["Inès · modération", "Noa · modération · présence à 9\u00a0h\u00a054"]


def test_two_decisions_stand_side_by_side(page: SharingPage, met: MessageId) -> None:
    _show(page, "conflicts")
    said = _words(page.conflicts.pane)
    for words in (
        "S’applique", "Contestée", "Masqué", "Supprimé", "Camille", "Noa", "Reçue à 9 h 57",
        "17 min après l’heure du poste", "La menace est réelle.", "v. 2026-03 · abababab",
        "Une autre version qu’à côté",
    ):  # fmt: skip
        assert words in said or any(words == each.accessibleName() for each in _badges(page)), words
    assert page.sections.item(1).toolTip() == "Conflits (1)"


def _badges(page: SharingPage) -> list[QWidget]:
    return [each for each in page.conflicts.pane.findChildren(QWidget) if each.accessibleName()]


def test_an_edited_message_shows_the_text_that_was_decided_on(page: SharingPage, store: Store) -> None:
    message = store.receive("m1", text="Gang de pourris")
    store.receive("m1", text="Gang de menteurs")
    contest(store, message, Action.HIDE, code="edited", text="Gang de pourris")
    _show(page, "conflicts")
    said = _words(page.conflicts.pane)
    assert "Gang de pourris" in said
    assert "Gang de menteurs" in said
    assert "Texte décidé" in said


def test_an_answer_needs_a_word(page: SharingPage, store: Store, met: MessageId) -> None:
    _show(page, "conflicts")
    press(page.conflicts.rows.list, Qt.Key.Key_G)
    form = page.conflicts.pane.form
    assert form.word.hasFocus()
    assert form._problem.isVisible()
    assert len(store.services.sharing.conflicts(store.supervisor)) == 1


def test_what_stands_is_kept_with_a_word(page: SharingPage, store: Store, met: MessageId) -> None:
    _show(page, "conflicts")
    write(page.conflicts.pane.form.word, "Masquer suffit.")
    page.conflicts.pane.form.keep.click()
    settle()
    assert store.services.sharing.conflicts(store.supervisor) == ()
    assert page.conflicts.rows.empty.title == "Aucun conflit"
    assert page.sections.item(1).toolTip() == "Conflits"
    page.conflicts._chips[True].click()
    settle()
    said = _words(page.conflicts.pane)
    assert "Ce qui s’applique est gardé, par Sacha à 10 h" in said
    assert "Masquer suffit." in said
    assert not page.conflicts.pane.form.isVisible()


def test_what_stands_is_replaced_by_the_other(page: SharingPage, store: Store, met: MessageId) -> None:
    _show(page, "conflicts")
    write(page.conflicts.pane.form.word, "La menace doit partir.")
    page.conflicts.rows.list.setFocus()
    press(page.conflicts.rows.list, Qt.Key.Key_R)
    detail = store.detail(met)
    assert detail.state is CaseState.DECIDED
    assert detail.decision is not None
    assert set(detail.decision.actions) == {Action.DELETE}
    assert detail.decided_by == "Sacha"


def test_moderators_see_their_own_and_wait(
    page: SharingPage, desk: Desk, store: Store, line: FakeLine, met: MessageId
) -> None:
    seated(desk, store, store.colleague)
    page.entered()
    _show(page, "conflicts")
    assert not page.conflicts.pane.form.isVisible()
    assert "La supervision tranchera" in _words(page.conflicts.pane)


def test_a_word_being_written_survives_what_comes_in(
    page: SharingPage, store: Store, line: FakeLine, met: MessageId
) -> None:
    _show(page, "conflicts")
    write(page.conflicts.pane.form.word, "Masquer")
    other = store.receive("m2")
    store.decide(other, Action.KEEP)
    contest(store, other, Action.HIDE)
    line.tell(ChangeSet(messages=frozenset({other}), counts=True))
    settle()
    assert page.conflicts.model.rowCount() == 2
    assert page.conflicts.pane.form.word.toPlainText() == "Masquer"


def test_a_refusal_says_why_and_leads_to_the_message(
    page: SharingPage, window: MainWindow, store: Store
) -> None:
    message = store.receive("m1")
    refuse(store, message)
    _show(page, "refusals")
    said = _words(page.refusals.pane)
    assert "Refusé : décision" in said
    assert "La personne n’avait pas encore les avertissements remis" in said
    press(page.refusals.rows.list, Qt.Key.Key_M)
    assert window.front == "queue"


def test_supervision_leads_to_the_conflicts(
    page: SharingPage, window: MainWindow, store: Store, met: MessageId
) -> None:
    window.go("supervision")
    settle()
    supervision = window.page("supervision")
    assert isinstance(supervision, SupervisionPage)
    assert supervision.conflicts.text() == "1 conflit à trancher"
    supervision.conflicts.click()
    settle()
    assert window.front == "sharing"
    assert page.conflicts.isVisible()


@pytest.mark.parametrize("section", ["state", "conflicts", "refusals"])
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (1024, 640)])
@pytest.mark.parametrize("text", [100, 200])
def test_nothing_is_cut_nameless_or_out_of_reach(
    page: SharingPage,
    window: MainWindow,
    store: Store,
    met: MessageId,
    section: str,
    size: tuple[int, int],
    text: int,
) -> None:
    refuse(store, store.receive("m2"))
    window.resize(*size)
    window.desk.change_settings(appearance=replace(PLAIN, text=text))
    page.entered()
    _show(page, section)
    assert _cut(window) + _out_of_reach(window) == []
    assert _nameless(window) + _unreachable(page) + _small(page) == []
