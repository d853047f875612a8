"""«Historique»: everything decided can be found, explained, taken back, exported and proved."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from console.domain.decisions import Action
from console.domain.ids import DecisionId
from console.domain.messages import INSTAGRAM
from console.domain.roles import Role
from console.services.rows import HistoryFilter
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.models.row_model import CARD_ROLE
from ui.pages.history.page import HistoryPage
from ui.tasks import TaskRunner
from ui.widgets.label import Label
from ui.widgets.message_text import MessageText


@pytest.fixture
def page(window: MainWindow, desk: Desk, store: Store) -> HistoryPage:
    seated(desk, store, store.moderator)
    found = window.page("history")
    assert isinstance(found, HistoryPage)
    return found


@pytest.fixture
def enter(window: MainWindow) -> Callable[[], None]:
    """The page comes to the front, and reads."""

    def come() -> None:
        window.go("history")
        settle()

    return come


def decide_many(store: Store, count: int) -> list[DecisionId]:
    """Decisions a minute apart, the newest last."""
    made = []
    for number in range(count):
        message = store.receive(f"m{number}", text=f"Message numéro {number}", author=f"p{number}")
        changes = store.decide(message, Action.KEEP)
        assert changes.decision is not None
        made.append(changes.decision)
        store.clock.advance(timedelta(minutes=1))
    return made


def shown_words(page: HistoryPage) -> str:
    """Every word of the explanation."""
    labels = page.decision.widget().findChildren(QLabel)
    return "\n".join(each.text() if isinstance(each, Label) else "" for each in labels)


def test_nothing_was_decided_yet(page: HistoryPage, enter: Callable[[], None]) -> None:
    enter()
    assert page.rows.empty.title == "Aucune décision encore"


def test_pages_come_as_they_are_needed_newest_first(
    page: HistoryPage, store: Store, enter: Callable[[], None]
) -> None:
    made = decide_many(store, 130)
    enter()
    assert page.model.ids() == tuple(reversed(made))[:100]
    page.rows.list.setCurrentIndex(page.model.index(90, 0))
    settle()
    assert page.model.ids() == tuple(reversed(made))
    assert page.model.complete
    assert page.decision.detail is not None
    assert page.decision.detail.decision.id == tuple(reversed(made))[90]


def test_search_and_filters_narrow_together(
    page: HistoryPage, store: Store, enter: Callable[[], None]
) -> None:
    store.decide(store.receive("a", text="Gang de pourris"), Action.HIDE)
    store.decide(store.receive("b", text="Toiture à rabais", author="b", platform=INSTAGRAM), Action.HIDE)
    store.decide(store.receive("c", text="Gang de fins", author="c"), Action.KEEP, by=store.colleague)
    enter()

    def found() -> set[str]:
        settle()
        return {page.model.row_at(place).excerpt for place in range(page.model.rowCount())}

    page.search("gang")
    assert found() == {"Gang de pourris", "Gang de fins"}
    page.toggle_filters()
    settle()
    form = page._form
    assert form is not None
    form.acts.button(Action.HIDE).click()
    assert found() == {"Gang de pourris"}
    assert page.filters.text() == "Filtres · 1"
    page.search("")
    assert found() == {"Gang de pourris", "Toiture à rabais"}
    form.platforms.button(INSTAGRAM).click()
    assert found() == {"Toiture à rabais"}
    form.staff.button(store.colleague.staff.id).click()
    assert found() == set()
    assert page.rows.empty.title == "Aucune décision trouvée"
    page.open(HistoryFilter())
    assert len(found()) == 3


def test_the_whole_explanation_is_there(page: HistoryPage, store: Store, enter: Callable[[], None]) -> None:
    message = store.receive("m1", text="Gang de pourris")
    store.decide(message, Action.HIDE, Action.WARN)
    store.carry_out_all()
    enter()
    detail = page.decision.detail
    assert detail is not None
    words = shown_words(page)
    for expected in (
        "Masquer et avertir", "Par Camille, le 20\u00a0nov.\u00a02026", "Nom de personne-1", "Une insulte.",
        "confiance 90\u00a0%", "Insulte une personne.", "Bonjour, votre message ne respecte pas l’article 4.",
        "par Camille · message privé · vu", "remis le 20\u00a0nov.\u00a02026",
        detail.decision.policy.replace("+", " · "),
        detail.proofs[0].sha256[:8],
    ):  # fmt: skip
        assert expected in words, expected
    marked = page.decision.widget().findChild(MessageText)
    assert marked is not None
    assert marked.marked(0) == ("Gang de pourris",)


def test_the_proof_is_copied_so_that_it_can_be_checked(
    page: HistoryPage, store: Store, enter: Callable[[], None]
) -> None:
    decide_many(store, 1)
    enter()
    detail = page.decision.detail
    assert detail is not None
    page.decision.copy_proof()
    copied = QGuiApplication.clipboard().text()
    proof = detail.proofs[0]
    for expected in (detail.decision.id, proof.event_id, proof.previous, proof.sha256, str(proof.sequence)):
        assert expected in copied


def test_names_are_masked_in_list_and_explanation(
    page: HistoryPage, store: Store, desk: Desk, enter: Callable[[], None]
) -> None:
    decide_many(store, 1)
    desk.change_settings(mask_names=True)
    enter()
    card = page.model.index(0, 0).data(CARD_ROLE)
    assert card.who == "Personne 0001"
    assert "Nom de" not in card.spoken
    assert "Nom de" not in shown_words(page)


def test_a_decision_is_taken_back_and_stays_in_sight(
    page: HistoryPage, store: Store, enter: Callable[[], None]
) -> None:
    decide_many(store, 2)
    enter()
    page.rows.list.step(1)
    settle()
    chosen = page.rows.list.current_id()
    page.decision.undo()
    settle()
    assert page.rows.list.current_id() == chosen
    assert page.decision.detail is not None
    assert page.decision.detail.row.undone_at is not None
    assert not page.decision.undoable
    assert page.model.index(1, 0).data(CARD_ROLE).done
    page.apply(HistoryFilter(include_undone=False))
    settle()
    assert chosen not in page.model.ids()


def test_only_ones_own_decisions_are_offered_to_take_back(
    page: HistoryPage, store: Store, desk: Desk, enter: Callable[[], None]
) -> None:
    store.decide(store.receive("m1"), Action.KEEP, by=store.colleague)
    enter()
    assert not page.decision.undoable
    seated(desk, store, store.supervisor)
    page.decision.reword()
    assert page.decision.undoable


def test_one_decision_is_opened_even_far_down_the_list(
    page: HistoryPage, window: MainWindow, store: Store
) -> None:
    made = decide_many(store, 105)
    window.go("history", made[0])
    settle()
    assert page.decision.detail is not None
    assert page.decision.detail.decision.id == made[0]
    window.go("history", made[50])
    settle()
    assert page.rows.list.current_id() == made[50]


def test_what_is_filtered_is_exported(
    page: HistoryPage, store: Store, tmp_path: Path, enter: Callable[[], None]
) -> None:
    decide_many(store, 3)
    store.decide(store.receive("x", text="Gang de pourris", author="x"), Action.HIDE)
    store.clock.advance(timedelta(minutes=1))
    enter()
    page.apply(HistoryFilter(actions=frozenset({Action.HIDE})))
    page.export_to(tmp_path / "decisions.csv")
    page.export_to(tmp_path / "decisions.json")
    settle()
    with (tmp_path / "decisions.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert [row["Message mot pour mot"] for row in rows] == ["Gang de pourris"]
    assert len(json.loads((tmp_path / "decisions.json").read_text("utf-8"))["decisions"]) == 1
    assert page.works.outcome.isVisible()
    assert "1 décision exportée" in page.works.outcome.accessibleName()
    assert not page.works.progress.isVisible()


def test_an_export_that_fails_says_what_to_do(
    page: HistoryPage, store: Store, tmp_path: Path, enter: Callable[[], None]
) -> None:
    decide_many(store, 1)
    enter()
    page.export_to(tmp_path / "absent" / "decisions.csv")
    settle()
    assert "Rien n’a été exporté." in page.works.outcome.accessibleName()
    page.export_to(tmp_path / "decisions.pdf")
    settle()
    assert "Choisissez un fichier .csv ou .json." in page.works.outcome.accessibleName()


def test_the_journal_is_found_whole_or_broken(
    page: HistoryPage, store: Store, enter: Callable[[], None]
) -> None:
    decide_many(store, 3)
    enter()
    page.works.check_journal()
    settle()
    assert "entière" in page.works.outcome.accessibleName()
    sequence = store.db.reads.journal_head()
    assert sequence is not None
    with store.db._writer.begin() as connection:
        for name in connection.scalars(
            text("select name from sqlite_master where type = 'trigger' and tbl_name = 'journal'")
        ).all():
            connection.execute(text(f"drop trigger {name}"))
        connection.execute(text("update journal set kind = 'forged' where sequence = 2"))
    page.works.check_journal()
    settle()
    assert "rompue au maillon 2" in page.works.outcome.accessibleName()


def test_the_auditor_reads_and_exports_but_takes_nothing_back(
    page: HistoryPage, store: Store, desk: Desk, enter: Callable[[], None]
) -> None:
    decide_many(store, 1)
    access = store.services.access
    access.switch(store.admin.staff.id)
    seated(desk, store, access.introduce("Dominique", Role.AUDITOR))
    enter()
    assert page.decision.detail is not None
    assert not page.decision.undoable
    assert page.export.isVisible()


def test_an_export_that_is_stopped_leaves_no_file(
    page: HistoryPage, store: Store, desk: Desk, tmp_path: Path, enter: Callable[[], None], qtbot: QtBot
) -> None:
    decide_many(store, 3)
    enter()
    before, runner = desk.tasks, TaskRunner()
    desk.tasks = runner
    held = threading.Event()
    runner._long.submit(held.wait, 10)  # the export waits its turn: time to change one's mind
    page.export_to(tmp_path / "decisions.csv")
    assert page.works.busy
    page.works.progress.cancel.click()
    held.set()
    qtbot.waitUntil(lambda: not page.works.busy)
    assert "aucun fichier n’a été écrit" in page.works.outcome.accessibleName()
    assert list(tmp_path.glob("*.csv")) == []
    runner.shutdown()
    desk.tasks = before
