"""Emergency measures: a reason and an end in the future; said on every page; ended by a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDateTime

from tests.desks import NOW
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from ui.desk import Desk
from ui.dialogs.emergency import EmergencyForm
from ui.main_window import MainWindow
from ui.widgets.banner import Banner


def _form(window: MainWindow) -> EmergencyForm:
    window.show_emergency()
    form = window.panel.body
    assert isinstance(form, EmergencyForm)
    return form


def _banner(window: MainWindow) -> Banner:
    return next(each for each in window.findChildren(Banner) if each.property("banner") == "emergency")


def test_they_begin_with_a_reason_and_show_on_every_page(
    window: MainWindow, store: Store, desk: Desk
) -> None:
    form = _form(window)
    assert not _banner(window).isVisible()
    form.begin.click()
    assert form.problem.isVisible()
    assert store.services.emergency.current() is None
    form.reason.setPlainText("Inondation du secteur Sud")
    form.begin.click()
    period = store.services.emergency.current()
    assert period is not None
    assert period.planned_end == NOW + timedelta(hours=4)
    for page in ("settings", "netiquette", "queue"):
        window.go(page)
        assert _banner(window).isVisible()
    assert "Inondation du secteur Sud" in _banner(window).accessibleName()
    assert not window.panel.isVisible()


def test_the_end_is_read_on_the_clock_of_the_city(window: MainWindow, store: Store) -> None:
    form = _form(window)
    form.reason.setPlainText("Verglas")
    form.end.setDateTime(QDateTime.fromString("2026-11-20T18:30:00", "yyyy-MM-ddTHH:mm:ss"))
    form.begin.click()
    period = store.services.emergency.current()
    assert period is not None
    assert period.planned_end == datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def test_an_end_that_is_past_is_refused(window: MainWindow, store: Store) -> None:
    form = _form(window)
    form.reason.setPlainText("Verglas")
    form.end.setDateTime(QDateTime.fromString("2026-11-20T09:00:00", "yyyy-MM-ddTHH:mm:ss"))
    form.begin.click()
    assert form.problem.isVisible()
    assert store.services.emergency.current() is None


def test_a_planned_end_that_has_passed_is_a_reminder(window: MainWindow, store: Store, desk: Desk) -> None:
    store.services.emergency.start(store.admin, "Verglas", NOW + timedelta(hours=2))
    window.state.refresh()
    assert "Fin prévue" in _banner(window).accessibleName()
    store.clock.advance(timedelta(hours=3))
    window.state.refresh()
    assert "est passée" in _banner(window).accessibleName()
    assert desk.emergency is not None


def test_they_are_extended_and_stopped(window: MainWindow, store: Store, desk: Desk) -> None:
    store.services.emergency.start(store.admin, "Verglas", NOW + timedelta(hours=2))
    window.state.refresh()
    form = _form(window)
    form.end.setDateTime(QDateTime.fromString("2026-11-21T08:00:00", "yyyy-MM-ddTHH:mm:ss"))
    form.extend.click()
    settle()
    period = store.services.emergency.current()
    assert period is not None
    assert period.planned_end == datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
    form = _form(window)
    form.word.setPlainText("Le courant est revenu.")
    form.stop.click()
    settle()
    assert store.services.emergency.current() is None
    assert not _banner(window).isVisible()


def test_without_the_right_there_is_no_switch(window: MainWindow, store: Store, desk: Desk) -> None:
    seated(desk, store, store.moderator)
    window.show_emergency()
    assert not window.panel.isVisible()
    assert not window.top.emergency.isVisible()
