"""«Importer»: from a file to the queue, all or nothing, with every row accounted for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.decisions import Action
from console.platforms.files.library import FileLibrary
from console.services.intake import Intake
from console.services.rows import ChangeSet, QueueFilter, Sort
from tests.desks import Desk as Store
from tests.judges import PlainJudge
from tests.ui.conftest import settle
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.importing.look import LookStep
from ui.pages.importing.page import ImportPage
from ui.pages.importing.report import ReportStep
from ui.tasks import TaskRunner

TABLE = """Quand;Qui;Propos;Page
2025-06-24 14:30;Jeanne;Quand passe le bac brun?;Ville
2025-06-24 14:31;Paul;Gang de pourris;Ville
jadis;Paul;Une date impossible;Ville
2025-06-24 14:33;Lise;;Ville
"""


class Watching(PlainJudge):
    """Calls back before each verdict: the moment at which a person changes their mind."""

    def __init__(self, watch: Callable[[], object]) -> None:
        super().__init__()
        self._watch = watch

    def judge(self, message, context):
        self._watch()
        return super().judge(message, context)


def with_judge(desk: Desk, store: Store, judge: PlainJudge) -> None:
    """Imports of this desk are judged without the engine's resources."""
    intake = Intake(store.db, judge, FileLibrary(), store.clock)
    desk.services = replace(desk.services, intake=intake)


@pytest.fixture
def page(window: MainWindow, desk: Desk, store: Store) -> ImportPage:
    with_judge(desk, store, PlainJudge())
    window.go("import")
    found = window.page("import")
    assert isinstance(found, ImportPage)
    return found


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(TABLE, "utf-8")
    return path


def look(page: ImportPage) -> LookStep:
    settle()
    assert page.look is not None
    assert page.step is page.look
    return page.look


def report(page: ImportPage) -> ReportStep:
    settle()
    assert page.report is not None
    assert page.step is page.report
    return page.report


def mapped(page: ImportPage, table: Path) -> LookStep:
    """The table's unusual headers, said by hand."""
    page.take(table)
    step = look(page)
    assert step.mapping is not None
    for field, column in (("text", "Propos"), ("posted_at", "Quand"), ("author_name", "Qui")):
        row = step.mapping.rows[field]
        row.box.setCurrentText(column)
    return step


def texts(store: Store) -> set[str]:
    return {row.excerpt for row in store.services.queue.page(QueueFilter(), Sort.NEWEST).rows}


def test_a_table_goes_to_the_queue_by_its_mapping(
    page: ImportPage, store: Store, table: Path, desk: Desk
) -> None:
    news: list[ChangeSet] = []
    desk.changed.connect(news.append)
    step = mapped(page, table)
    step.options.platform.setCurrentIndex(step.options.platform.findData("instagram"))
    page._submit()
    done = report(page)
    rows = store.services.queue.page(QueueFilter(), Sort.NEWEST).rows
    assert {(row.excerpt, row.author, row.platform) for row in rows} == {
        ("Quand passe le bac brun?", "Jeanne", "instagram"),
        ("Gang de pourris", "Paul", "instagram"),
    }
    assert [each.counts for each in news] == [True]
    shown = done.skipped.model()
    cells = [[shown.index(row, column).data() for column in range(2)] for row in range(shown.rowCount())]
    assert cells == [
        ["ligne 4", "La date «\u00a0jadis\u00a0» est illisible."],
        ["ligne 5", "La ligne n’a ni texte ni pièce jointe."],
    ]


def test_the_report_is_copied_and_saved_whole(page: ImportPage, table: Path, tmp_path: Path) -> None:
    mapped(page, table).submit()
    done = report(page)
    done.copy()
    copied = QGuiApplication.clipboard().text()
    assert "Ajoutés\u00a0: 2" in copied
    assert "ligne 4 – La date «\u00a0jadis\u00a0» est illisible." in copied
    done.write(tmp_path / "rapport.txt")
    assert (tmp_path / "rapport.txt").read_text("utf-8") == copied


def test_a_report_that_cannot_be_written_is_said(
    page: ImportPage, table: Path, tmp_path: Path, said: list[object]
) -> None:
    mapped(page, table).submit()
    report(page).write(tmp_path / "absent" / "rapport.txt")
    assert [getattr(each, "code", "") for each in said] == ["export.write"]


def test_importing_again_changes_nothing(page: ImportPage, store: Store, table: Path) -> None:
    mapped(page, table).submit()
    report(page)
    mapped(page, table).submit()
    assert "Ajoutés\u00a0: 0" in report(page).text
    assert "Inchangés\u00a0: 2" in report(page).text
    assert len(texts(store)) == 2


def test_the_text_column_is_required(page: ImportPage, store: Store, table: Path) -> None:
    page.take(table)
    step = look(page)
    step.submit()
    assert step.problem.isVisible()
    assert page.step is step
    assert not texts(store)


def test_examples_follow_the_choice(page: ImportPage, table: Path) -> None:
    page.take(table)
    mapping = look(page).mapping
    assert mapping is not None
    row = mapping.rows["text"]
    row.box.setCurrentText("Propos")
    assert (
        row.box.accessibleDescription()
        == "«\u00a0Quand passe le bac brun?\u00a0» · «\u00a0Gang de pourris\u00a0»"
    )
    row.box.setCurrentText("Qui")
    assert row.box.accessibleDescription() == "«\u00a0Jeanne\u00a0» · «\u00a0Paul\u00a0»"


def test_a_mapping_is_kept_proposed_again_and_forgotten(page: ImportPage, table: Path) -> None:
    step = mapped(page, table)
    assert step.presets is not None
    step.options.account.setEditText("Ville de Drummondville")
    step.presets.name.setText("Outil maison")
    step.presets.keep.click()
    page.take(table)
    again = look(page)
    assert again is not step
    assert again.presets is not None
    assert again.presets.box.currentText() == "Outil maison"
    kept = again.chosen()
    assert kept.columns == {"text": "Propos", "posted_at": "Quand", "author_name": "Qui"}
    assert kept.constants == {"account": "Ville de Drummondville"}
    again.presets.drop.click()
    settle()
    assert page.desk.services.intake.mappings() == ()


def test_dates_that_read_both_ways_are_asked_about(page: ImportPage, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text(
        "date;auteur;texte\n03/04/2025 10:00;Jeanne;Bonjour\n05/06/2025 10:00;Paul;Allo\n", "utf-8"
    )
    page.take(path)
    step = look(page)
    step.submit()
    assert page.step is step
    assert step.problem.accessibleName().startswith("Les dates de la colonne")
    assert not texts(store)
    step.options.dates.setCurrentIndex(step.options.dates.findData("dmy"))
    step.submit()
    report(page)
    posted = {row.posted_at.month for row in store.services.queue.page(QueueFilter(), Sort.NEWEST).rows}
    assert posted == {4, 6}


def test_a_workbook_offers_its_sheets(page: ImportPage, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the reader of workbooks is optional here")
    book = openpyxl.Workbook()
    book.active.title = "Résumé"
    book.active.append(["date", "texte"])
    book.active.append(["2025-06-24 10:00", "Un total"])
    sheet = book.create_sheet("Messages")
    sheet.append(["date", "auteur", "texte"])
    sheet.append(["2025-06-24 10:00", "Jeanne", "Bonjour"])
    book.save(tmp_path / "classeur.xlsx")
    page.take(tmp_path / "classeur.xlsx")
    look(page).sheet_wanted.emit("Messages")
    step = look(page)
    assert step.recognised.sheet == "Messages"
    assert step.recognised.headers == ("date", "auteur", "texte")
    assert step.chosen().constants["sheet"] == "Messages"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "import.empty"), (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9, "import.binary")],
)
def test_what_cannot_be_read_is_said_in_the_page(
    page: ImportPage, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "fichier"
    path.write_bytes(content)
    page.take(path)
    settle()
    assert page.step is page.choose
    assert page.choose.problem.isVisible()
    told = page.desk.catalogue.error(code, {"name": "fichier"})
    assert told.next in page.choose.problem.accessibleName()


def test_a_file_may_vanish_between_looking_and_importing(page: ImportPage, table: Path) -> None:
    step = mapped(page, table)
    table.unlink()
    step.submit()
    assert page.step is step
    assert "introuvable" in step.problem.accessibleName()


@pytest.fixture
def threaded(desk: Desk, qapp: QApplication) -> Iterator[Desk]:
    """The same desk, its work on real threads."""
    before, runner = desk.tasks, TaskRunner()
    desk.tasks = runner
    runner.failed.connect(desk.notices.error)
    yield desk
    runner.shutdown()
    desk.tasks = before


def test_cancelling_leaves_nothing(
    page: ImportPage, store: Store, threaded: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    """The person changes their mind while messages are judged: no message and no journal entry stay."""
    path = tmp_path / "long.jsonl"
    lines = (f'{{"id": "{n}", "text": "Message {n}", "channel": "comment"}}' for n in range(1_200))
    path.write_text("\n".join(lines), "utf-8")
    head = store.db.reads.journal_head()
    reached, go_on = threading.Event(), threading.Event()

    def pause() -> None:
        reached.set()
        assert go_on.wait(10)

    with_judge(threaded, store, Watching(pause))
    page.take(path)
    qtbot.waitUntil(lambda: page.step is page.look)
    page._submit()
    qtbot.waitUntil(reached.is_set)
    assert page.step is page.running
    page.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: page.step is page.look)
    assert page.look is not None
    assert "rien de ce fichier n’a été gardé" in page.look.problem.accessibleName()
    assert not texts(store)
    assert store.db.reads.journal_head() == head


def test_decisions_do_not_wait_for_the_end_of_an_import(
    page: ImportPage, store: Store, threaded: Desk, table: Path, qtbot: QtBot
) -> None:
    message = store.receive("before", text="Merci pour le parc")
    reached, go_on = threading.Event(), threading.Event()

    def pause() -> None:
        reached.set()
        assert go_on.wait(10)

    with_judge(threaded, store, Watching(pause))
    page.take(table)
    qtbot.waitUntil(lambda: page.step is page.look)
    mapped_now = page.look
    assert mapped_now is not None
    assert mapped_now.mapping is not None
    mapped_now.mapping.rows["text"].box.setCurrentText("Propos")
    page._submit()
    qtbot.waitUntil(reached.is_set)
    decided: list[object] = []
    actor, request = store.moderator, store.request(message, Action.KEEP, reason="")
    threaded.tasks.write(lambda: store.services.decisions.decide(actor, request), decided.append)
    qtbot.waitUntil(lambda: bool(decided))
    assert page.step is page.running
    go_on.set()
    qtbot.waitUntil(lambda: page.step is page.report)


def test_a_drop_on_the_window_opens_the_page(
    window: MainWindow, page: ImportPage, table: Path, qtbot: QtBot
) -> None:
    window.go("queue")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(table))])
    event = QDropEvent(
        QPointF(QPoint(300, 300)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    entering = QDragEnterEvent(
        QPoint(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(window, event)
    assert window.front == "import"
    assert look(page).recognised.path == table
