"""What goes out, as «Envois», the case and the history show it: reasons, ways out, receipts; and pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from console.domain.decisions import Action
from console.domain.ids import MessageId, OutgoingId
from console.domain.messages import FACEBOOK, Attachment, IncomingMessage
from console.domain.platforms import Act, Receipt, Result
from console.errors import OfflineError
from console.services.ports import Judged
from console.services.rows import ChangeSet, OutgoingState, QueueFilter, Sort
from tests.desks import GRACE, insult_verdict
from tests.desks import Desk as Store
from tests.ui.accounts.conftest import connect
from tests.ui.accounts.fake_platform import FakePlatform, FakeWorker, picture
from tests.ui.accounts.test_accounts_page import said_in
from tests.ui.conftest import seated, settle
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.models.delivery import Group
from ui.pages.history.page import HistoryPage
from ui.pages.outbox.page import OutboxPage
from ui.pages.outbox.trouble import TroubleForm
from ui.pages.queue.attachments import PictureTile
from ui.pages.queue.composer import Composer
from ui.pages.queue.page import QueuePage
from ui.widgets.button import IconButton


@pytest.fixture
def outbox(window: MainWindow, desk: Desk, store: Store) -> OutboxPage:
    """«Envois» in front of a moderator; the account is connected."""
    connect(store)
    seated(desk, store, store.moderator)
    window.go("outbox")
    found = window.page("outbox")
    assert isinstance(found, OutboxPage)
    QAbstractItemModelTester(found.model, QAbstractItemModelTester.FailureReportingMode.Fatal, found)
    return found


def sent(store: Store, *actions: Action, external_id: str = "m1") -> tuple[MessageId, list[OutgoingId]]:
    """A decision whose grace is over: its items wait to be sent."""
    message = store.receive(external_id)
    store.decide(message, *actions)
    store.clock.advance(GRACE)
    store.services.outbox.end_grace()
    return message, [row.id for row in store.detail(message).outgoing]


def answer(
    store: Store, item: OutgoingId, state: OutgoingState, receipt: Receipt | None, code: str = ""
) -> None:
    """What a platform answered."""
    now = store.clock.now()
    with store.db.write() as work:
        work.begin_attempt(item, Act.HIDE, now)
        if receipt is None:
            work.end_attempt(item, now, code)
        else:
            work.keep_receipt(item, receipt)
        if state is OutgoingState.DONE:
            work.set_outgoing(item, state, now, store.moderator.staff.id, "api")
        else:
            work.put_outgoing(item, state, now, code=code)


def hidden(store: Store) -> Receipt:
    """The platform did it."""
    return Receipt(Act.HIDE, Result.DONE, store.clock.now(), request_id="AbC4dEf", status=200)


def test_what_waits_says_the_way_and_until_when(outbox: OutboxPage, store: Store) -> None:
    sent(store, Action.WARN)
    outbox.entered()
    settle()
    assert outbox.group is Group.WAITING
    said = said_in(outbox.task)
    assert "Vigie s’en occupe." in said
    assert "message privé, par Vigie" in said
    assert "À envoyer avant le 27 nov. 2026, 10 h" in said
    assert "avant le 27" in outbox.model.index(0, 0).data(Qt.ItemDataRole.DisplayRole).replace("\u00a0", " ")


def test_what_waits_can_be_done_by_hand(outbox: OutboxPage, store: Store) -> None:
    sent(store, Action.HIDE)
    outbox.entered()
    settle()
    outbox.task.take()
    settle()
    assert outbox.group is Group.BY_HAND
    assert outbox.task.row is not None
    assert outbox.task.row.state is OutgoingState.BY_HAND
    assert "Masquez-le." in said_in(outbox.task)


@pytest.mark.parametrize("state", [OutgoingState.REFUSED, OutgoingState.FAILED, OutgoingState.UNKNOWN])
def test_trouble_says_why_and_offers_three_ways(
    outbox: OutboxPage, store: Store, worker: FakeWorker, state: OutgoingState
) -> None:
    _, (item,) = sent(store, Action.HIDE)
    unknown = state is OutgoingState.UNKNOWN
    no = Receipt(Act.HIDE, Result.REFUSED, store.clock.now(), code="100/33", answer="Cannot hide")
    answer(store, item, state, None if unknown else no, "platform.uncertain" if unknown else "100/33")
    outbox.entered()
    settle()
    assert outbox.group is Group.TROUBLE
    form = outbox.task.form
    assert isinstance(form, TroubleForm)
    said = said_in(outbox.task)
    assert ("rien ne part deux fois" in said) == unknown
    assert ("100/33" in said) == (not unknown)
    form.retry.click()
    settle()
    (row,) = store.services.outbox.waiting(store.moderator)
    # A lost answer is looked up first: until then it stays what it is.
    assert row.state is (OutgoingState.UNKNOWN if unknown else OutgoingState.WAITING)
    assert row.retry_at == store.clock.now()
    assert worker.woken == 1
    assert outbox.task.form is None or outbox.task.form.isEnabled()


def test_abandoning_asks_for_a_reason(
    outbox: OutboxPage, store: Store, window: MainWindow, qtbot: QtBot
) -> None:
    _, (item,) = sent(store, Action.HIDE)
    answer(store, item, OutgoingState.REFUSED, None, "100/33")
    outbox.entered()
    with qtbot.waitActive(window):
        window.activateWindow()
    outbox.rows.list.setFocus()
    QTest.keyClick(outbox.rows.list, Qt.Key.Key_I)
    settle()
    form = outbox.task.form
    assert isinstance(form, TroubleForm)
    assert form.reason.hasFocus()
    outbox.task.submit()
    assert len(store.outgoing()) == 1
    form.reason.setPlainText("La publication a été retirée.")
    outbox.task.submit()
    settle()
    assert store.outgoing() == []
    outbox.show_group(Group.SENT)
    settle()
    assert outbox.task.row is not None
    assert outbox.task.row.state is OutgoingState.CANCELLED
    assert "La publication a été retirée." in said_in(outbox.task)


def test_what_was_sent_has_its_receipt_to_copy(outbox: OutboxPage, store: Store) -> None:
    _, (item,) = sent(store, Action.HIDE)
    answer(store, item, OutgoingState.DONE, hidden(store))
    outbox.show_group(Group.SENT)
    settle()
    said = said_in(outbox.task)
    assert "Masquer, fait le 20 nov. 2026, 10 h par Vigie" in said
    assert "Numéro de la requête : AbC4dEf" in said
    copy = next(each for each in outbox.task.findChildren(IconButton) if "requête" in each.toolTip())
    copy.click()
    assert QGuiApplication.clipboard().text() == "AbC4dEf"


def test_the_groups_are_counted_and_keys_bring_them(
    outbox: OutboxPage, store: Store, window: MainWindow, qtbot: QtBot
) -> None:
    sent(store, Action.HIDE, Action.REPORT)
    outbox.entered()
    settle()
    assert outbox.group is Group.BY_HAND
    assert [chip.text() for chip in outbox._chips.values()] == [
        "À faire à la main 1", "À surveiller", "En attente 1", "Envoyés",
    ]  # fmt: skip
    with qtbot.waitActive(window):
        window.activateWindow()
    outbox.rows.list.setFocus()
    QTest.keyClick(outbox.rows.list, Qt.Key.Key_2)
    settle()
    assert outbox.rows.empty.title == "Rien à surveiller"
    outbox.rows.empty._button.click()
    settle()
    assert outbox.group is Group.BY_HAND


def test_what_the_worker_did_moves_the_item(outbox: OutboxPage, store: Store, worker: FakeWorker) -> None:
    _, (item,) = sent(store, Action.HIDE)
    outbox.entered()
    settle()
    answer(store, item, OutgoingState.DONE, hidden(store))
    worker.tell(ChangeSet(outgoing=True))
    settle()
    assert outbox.model.rowCount() == 0


def test_the_case_and_the_history_show_the_receipts(window: MainWindow, desk: Desk, store: Store) -> None:
    connect(store)
    seated(desk, store, store.moderator)
    message, (item, _) = sent(store, Action.HIDE, Action.WARN)
    answer(store, item, OutgoingState.DONE, hidden(store))
    window.go("queue")
    page = window.page("queue")
    assert isinstance(page, QueuePage)
    page.message.show_case(store.detail(message), {}, same=False)
    settle()
    said = said_in(page.message)
    assert "Suites" in said
    assert "AbC4dEf" in said
    assert "En attente d’envoi" in said
    link = next(each for each in page.message.findChildren(QPushButton) if each.text() == "Voir l’envoi")
    link.click()
    settle()
    assert window.front == "outbox"
    window.go("history")
    history = window.page("history")
    assert isinstance(history, HistoryPage)
    settle()
    assert "AbC4dEf" in said_in(history)


@pytest.fixture
def queue(window: MainWindow, desk: Desk, store: Store) -> QueuePage:
    """The queue in front of a moderator."""
    seated(desk, store, store.moderator)
    page = window.page("queue")
    assert isinstance(page, QueuePage)
    return page


def test_the_way_of_each_action_is_said_before(queue: QueuePage, store: Store, window: MainWindow) -> None:
    connect(store)
    store.receive("m1")
    window.go("queue")
    settle()
    said = said_in(queue.verdict)
    assert "Masquer : par Vigie." in said
    assert "Avertir : message privé, par Vigie, à envoyer avant le 27 nov. 2026, 10 h." in said
    queue.act(Action.REPORT)
    settle()
    form = queue.verdict.form
    assert isinstance(form, Composer)
    assert "Signaler : à la main." in said_in(form)
    form.toggle(Action.WARN)
    form._letters[Action.WARN].field.setPlainText("a" * 9_000)
    form._reading.timeout.emit()
    settle()
    assert "trop long" in said_in(form)


def with_pictures(store: Store, *names: str, known: bool = False) -> MessageId:
    """A comment with pictures."""
    pictures = tuple(Attachment(name, "image/png", f"https://p.example/{name}") for name in names)
    incoming = IncomingMessage(
        "m9", "Regardez", FACEBOOK, account="Ville", author_external_id="p", author_name="P",
        posted_at=store.clock.now() - timedelta(hours=1), attachments=pictures,
    )  # fmt: skip
    verdict = insult_verdict("Regardez")
    if known:
        found = replace(verdict.findings[0], detectors=("picture",))
        verdict = replace(verdict, findings=(found,))
    with store.db.write() as work:
        work.take_in([Judged(incoming, "0" * 64, verdict)], store.clock.now())
    return store.services.queue.page(QueueFilter(), Sort.NEWEST, limit=5).rows[0].id


def test_pictures_come_only_when_asked_and_blurred(
    queue: QueuePage, store: Store, window: MainWindow, platform: FakePlatform, qtbot: QtBot
) -> None:
    connect(store)
    with_pictures(store, "a.png", "b.png")
    window.go("queue")
    settle()
    tiles = list(queue.message.card.pictures.tiles.values())
    assert len(tiles) == 2
    assert platform.fetched == 0
    with qtbot.waitActive(window):
        window.activateWindow()
    queue.list.cards.setFocus()
    QTest.keyClick(queue.list.cards, Qt.Key.Key_I)
    settle()
    assert platform.fetched == 2
    assert all(tile.fetched and not tile.clear for tile in tiles)
    assert "floutée" in tiles[0].accessibleName()
    tiles[0].click()
    assert [tile.clear for tile in tiles] == [True, False]
    QTest.keyClick(queue.list.cards, Qt.Key.Key_I)
    assert all(tile.clear for tile in tiles)
    QTest.keyClick(queue.list.cards, Qt.Key.Key_I)
    assert not any(tile.clear for tile in tiles)
    assert platform.fetched == 2


def test_a_picture_that_cannot_come_says_why(
    queue: QueuePage, store: Store, window: MainWindow, platform: FakePlatform
) -> None:
    connect(store)
    with_pictures(store, "a.png")
    window.go("queue")
    settle()
    pictures = queue.message.card.pictures
    platform.problem = OfflineError("platform.unreachable")
    (tile,) = pictures.tiles.values()
    tile.click()
    settle()
    assert pictures.problem.isVisible()
    assert not tile.fetched
    tile.click()
    settle()
    assert tile.fetched


def test_a_picture_that_was_removed_before_is_marked(
    queue: QueuePage, store: Store, window: MainWindow
) -> None:
    connect(store)
    with_pictures(store, "a.png", known=True)
    window.go("queue")
    settle()
    assert "Image déjà retirée" in said_in(queue.message)


def test_a_blurred_picture_cannot_be_made_out(store: Store, theme: object) -> None:
    tile = PictureTile(1, Attachment("a.png", "image/png", "https://p.example/a.png"))
    tile.take(QImage.fromData(picture(640, 480)))
    assert tile._grains.width() < 12
    tile.deleteLater()
