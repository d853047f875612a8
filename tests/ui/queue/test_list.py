"""Views, filters, masked names, and what stands where the list would be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from console.bootstrap import wire
from console.domain.decisions import Action
from console.domain.ids import MessageId
from console.domain.messages import INSTAGRAM
from console.domain.roles import Role
from console.domain.verdicts import Route
from console.errors import EnvironmentProblemError
from console.services.rows import QueueFilter, Sort
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from tests.ui.queue.conftest import Hands, verdict_of
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.queue.filter_form import FilterForm
from ui.pages.queue.page import QueuePage
from ui.pages.queue.quick_views import narrowed

Fill = Callable[[int], list[MessageId]]


def _start(page: QueuePage) -> None:
    page.entered()
    settle()


def _chip(page: QueuePage, word: str) -> QPushButton:
    return next(each for each in page.list.chips.findChildren(QPushButton) if each.text().startswith(word))


def test_chips_count_and_choose(store: Store, page: QueuePage, fill: Fill) -> None:
    fill(3)
    help_me = "L’eau monte"
    danger = store.receive(
        "urgent", text=help_me, author="u", verdict=verdict_of(help_me, route=Route.EMERGENCY, priority=99)
    )
    _start(page)
    assert _chip(page, "À traiter").text() == "À traiter 4"
    assert _chip(page, "À traiter").isChecked()
    assert _chip(page, "Urgence").text() == "Urgence 1"
    _chip(page, "Urgence").click()
    settle()
    assert page.model.ids() == (danger,)
    assert [
        chip.text().split()[0] for chip in page.list.chips.findChildren(QPushButton) if chip.isChecked()
    ] == ["Urgence"]
    assert page.filtering.button.text() == "Filtres", "a fixed view is no filter of one's own"
    _chip(page, "Urgence").click()
    assert _chip(page, "Urgence").isChecked(), "the view in force stays pressed"


def test_filters_act_at_once_are_counted_and_cleared(
    store: Store, page: QueuePage, hands: Hands, fill: Fill
) -> None:
    fill(3)
    photo = store.receive(
        "insta", text="Belle photo", platform=INSTAGRAM, author="i", verdict=verdict_of("Belle photo")
    )
    _start(page)
    hands.press(Qt.Key.Key_F)
    form = page.panel.findChild(FilterForm)
    assert form is not None
    form._platforms.button(INSTAGRAM).click()
    settle()
    assert page.model.ids() == (photo,)
    form._severities.button(0).click()
    settle()
    assert page.filtering.button.text() == "Filtres · 2"
    assert narrowed(page.filtering.where) == 2
    next(each for each in form.findChildren(QPushButton) if each.text() == "Tout effacer").click()
    settle()
    assert page.filtering.where == QueueFilter()
    assert page.model.rowCount() == 4
    hands.press(Qt.Key.Key_Escape)
    assert not page.panel.isVisible()


def test_a_view_is_kept_by_name_and_comes_back(
    store: Store, page: QueuePage, hands: Hands, fill: Fill
) -> None:
    fill(2)
    _start(page)
    page.filtering.apply(QueueFilter(platforms=frozenset({INSTAGRAM})), Sort.OLDEST)
    hands.press(Qt.Key.Key_F)
    name = page.panel.findChild(QLineEdit, options=Qt.FindChildOption.FindChildrenRecursively)
    fields = [each for each in page.panel.findChildren(QLineEdit) if each.accessibleName() == "Nom de la vue"]
    assert name is not None
    fields[0].setFocus()
    hands.write("Instagram, anciens")
    hands.press(Qt.Key.Key_Return)
    (view,) = store.services.queue.views()
    assert (view.name, view.sort) == ("Instagram, anciens", Sort.OLDEST)
    _chip(page, "À traiter").click()
    settle()
    _chip(page, "Instagram, anciens").click()
    settle()
    assert page.filtering.where.platforms == {INSTAGRAM}
    assert page.filtering.sort is Sort.OLDEST
    assert _chip(page, "Instagram, anciens").isChecked()


def test_search_finds_without_accents_and_says_what_is_not_there(
    store: Store, page: QueuePage, window: MainWindow, hands: Hands
) -> None:
    found = store.receive("a", text="Le déneigement est mauvais", author="x")
    store.receive("b", text="Autre chose", author="y")
    _start(page)
    hands.press(Qt.Key.Key_Slash)
    hands.write("deneigement")
    hands.press(Qt.Key.Key_Return)
    assert page.model.ids() == (found,)
    hands.write(" introuvable")
    hands.press(Qt.Key.Key_Return)
    assert page.list.empty.isVisible()
    assert page.list.empty.title == "Aucun message trouvé"


def test_the_order_can_be_changed(store: Store, page: QueuePage) -> None:
    old = store.receive(
        "old", text="Vieux message", author="x", verdict=verdict_of("Vieux message", priority=1)
    )
    store.clock.advance(timedelta(hours=1))
    new = store.receive(
        "new", text="Message neuf", author="y", verdict=verdict_of("Message neuf", priority=99)
    )
    _start(page)
    assert page.model.ids() == (new, old)
    page.filtering.apply(page.filtering.where, Sort.OLDEST)
    settle()
    assert page.model.ids() == (old, new)
    assert page.filtering.order.text() == "Plus anciens"


def test_emergency_measures_put_danger_first_whatever_the_order(
    store: Store, page: QueuePage, desk: Desk
) -> None:
    grave = store.receive(
        "g", text="Grave", author="x", verdict=verdict_of("Grave", ("insult", "Grave", 4), priority=99)
    )
    text = "Ma mère est coincée"
    danger = store.receive(
        "d", text=text, author="y", verdict=verdict_of(text, route=Route.EMERGENCY, priority=10)
    )
    _start(page)
    assert page.model.ids() == (grave, danger)
    seated(desk, store, store.supervisor)
    store.services.emergency.start(store.supervisor, "Inondation", store.clock.now() + timedelta(hours=8))
    desk.set_emergency(store.services.emergency.current())
    settle()
    assert page.model.ids() == (danger, grave)


def test_masked_names_are_nowhere_on_the_page(
    store: Store, page: QueuePage, hands: Hands, fill: Fill
) -> None:
    fill(2)
    _start(page)
    page.desk.change_settings(mask_names=True)
    settle()
    heard = [page.model.index(place, 0).data(Qt.ItemDataRole.AccessibleTextRole) for place in range(2)]
    assert not any("Nom de" in each for each in heard)
    labels = [each.text() for each in page.message.findChildren(QPushButton)]
    assert "Nom de" not in "".join(labels) + page.message.card._name.text()
    assert "Personne 0001" in page.message.card._name.text()


def test_a_role_that_may_not_decide_sees_no_actions(
    store: Store, desk: Desk, page: QueuePage, hands: Hands, fill: Fill
) -> None:
    first, *_ = fill(2)
    store.services.access.switch(store.admin.staff.id)
    seated(desk, store, store.services.access.introduce("Vera", Role.AUDITOR))
    _start(page)
    assert not page.verdict.grid.isVisible()
    hands.press(Qt.Key.Key_C)
    assert store.detail(first).state == "pending"


class _Failing:
    """Reads of which the queue's pages fail while `broken`: the disk is away."""

    def __init__(self, reads: Any) -> None:
        self._reads, self.broken = reads, True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reads, name)

    def queue(self, *arguments: Any) -> Any:
        if self.broken:
            raise EnvironmentProblemError("store.unavailable", path="vigie.db")
        return self._reads.queue(*arguments)


class _Database:
    """A desk's file whose reads go through `_Failing`."""

    def __init__(self, db: Any) -> None:
        self._db, self.reads = db, _Failing(db.reads)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)


def test_a_list_that_cannot_be_read_says_so_and_can_be_tried_again(
    store: Store, page: QueuePage, desk: Desk, fill: Fill
) -> None:
    fill(2)
    broken = _Database(store.db)
    desk.services = wire(broken, store.clock)
    _start(page)
    assert page.list.empty.isVisible()
    assert page.list.empty.title == "La file n’a pas pu être lue"
    broken.reads.broken = False
    next(each for each in page.list.empty.findChildren(QPushButton) if each.isVisible()).click()
    settle()
    assert page.model.rowCount() == 2
    assert page.list.cards.isVisible()


def test_under_1100_pixels_the_list_folds_away_and_keys_go_on(
    page: QueuePage, window: MainWindow, hands: Hands, fill: Fill
) -> None:
    ids = fill(3)
    _start(page)
    window.resize(1060, 700)
    settle()
    assert not page.list.isVisible()
    hands.press(Qt.Key.Key_J)
    assert page.list.cards.current_message() == ids[1]
    page.fold.toggle()
    settle()
    assert page.list.isVisible()
    corner = page.list.mapTo(page, QPoint(0, 0))
    assert corner.x() <= page.fold.strip.width() + 1
    window.resize(1440, 900)
    settle()
    assert page.list.isVisible()
    assert page.list.parent() is not page


def test_my_cases_are_mine_and_show_the_supervisors_word(store: Store, page: QueuePage, fill: Fill) -> None:
    first, second, *_ = fill(3)
    services = store.services
    for by, case in ((store.moderator, first), (store.colleague, second)):
        services.escalations.submit(by, case, 1, "Je doute", "Est-ce une insulte?", frozenset({Action.HIDE}))
    for row in services.escalations.open(store.supervisor):
        services.escalations.give_back(store.supervisor, row.id, "Oui, masquez.")
    _start(page)
    assert _chip(page, "Mes dossiers").text() == "Mes dossiers 1"
    _chip(page, "Mes dossiers").click()
    settle()
    assert page.model.ids() == (first,)
    assert _chip(page, "Mes dossiers").isChecked()
    words = " ".join(each.text() for each in page.message.findChildren(type(page.message.card._name)))
    assert "Oui, masquez." in words
