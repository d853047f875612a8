"""Every page: names for assistive technology, a way by Tab to everything, room for the words at 200 %."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from tests.desks import Desk as Store
from tests.ui.conftest import PLAIN, settle
from ui.main_window import MainWindow
from ui.pages.registry import pages
from ui.theme import Mode, Theme

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
PAGES = [spec.id for spec in pages()]
SECTIONS = ("appearance", "keys", "people", "ladder", "coordinates", "data", "about")
PLACES = [*((page, None) for page in PAGES if page != "settings"), *(("settings", each) for each in SECTIONS)]


def _shown(window: MainWindow, place: tuple[str, str | None]) -> QWidget:
    page, argument = place
    window.go(page, argument)
    settle()
    return window.page(page)


def _interactive(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        inner = isinstance(widget.parentWidget(), (QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView))
        wanted = isinstance(widget, INTERACTIVE) and not isinstance(widget, QScrollBar)
        if wanted and not inner and widget.isVisible() and widget.isEnabled():
            yield widget


@pytest.fixture
def full(window: MainWindow, store: Store) -> MainWindow:
    """The window with messages in the queue and one delivered warning."""
    store.warn_and_deliver("first")
    for number in range(6):
        store.receive(f"m{number}", text="Gang de pourris, le conseil au complet", author=f"p{number}")
    window.desk.commands.changed.emit()
    return window


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "-".join(filter(None, place)))
def test_everything_that_acts_has_a_name_a_size_and_a_way_by_tab(
    full: MainWindow, place: tuple[str, str | None]
) -> None:
    page = _shown(full, place)
    full.activateWindow()
    assert not _nameless(page.window())
    assert not _unreachable(page)
    assert not _small(page)


def _nameless(root: QWidget) -> list[str]:
    found = []
    for widget in _interactive(root):
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name).strip():
            found.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
    return found


def _unreachable(page: QWidget) -> list[str]:
    wanted = set(_interactive(page))
    mouse_only = {each for each in wanted if not each.focusPolicy() & Qt.FocusPolicy.TabFocus}
    chain: set[QWidget] = set()
    widget = page
    while widget not in chain:
        chain.add(widget)
        widget = widget.nextInFocusChain()
    beside = {each for each in mouse_only if each.focusPolicy() != Qt.FocusPolicy.NoFocus}
    return [type(each).__name__ for each in (mouse_only - beside) | (wanted - chain)]


def _small(page: QWidget) -> list[str]:
    """Under 24 by 24 pixels (WCAG 2.2, 2.5.8), links within a sentence or a row aside."""
    buttons = (each for each in _interactive(page) if isinstance(each, QAbstractButton))
    return [
        f"{type(each).__name__} {each.text()!r} {each.size().toTuple()}"
        for each in buttons
        if each.property("look") not in ("link", "quiet") and min(each.width(), each.height()) < 24
    ]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "-".join(filter(None, place)))
def test_no_words_are_cut_at_any_size(full: MainWindow, place: tuple[str, str | None]) -> None:
    problems = {}
    for size, text in itertools.product([(1440, 900), (1024, 640)], [100, 200]):
        full.resize(*size)
        full.desk.change_settings(appearance=replace(PLAIN, text=text))
        root = _shown(full, place).window()
        problems[f"{size} at {text} %"] = _cut(root) + _out_of_reach(root)
    assert not {where: found for where, found in problems.items() if found}


def _out_of_reach(root: QWidget) -> list[str]:
    """What is wider than a scroll area that scrolls up and down only."""
    off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    areas = [
        each for each in root.findChildren(QScrollArea) if each.isVisible() and each.widget() is not None
    ]
    return [
        f"{type(each).__name__}: {each.widget().width()} in {each.viewport().width()}"
        for each in areas
        if each.horizontalScrollBarPolicy() == off and each.widget().width() > each.viewport().width()
    ]


def _cut(root: QWidget) -> list[str]:
    cut = []
    for label in root.findChildren(QLabel):
        if not label.isVisible() or not label.text() or not label.pixmap().isNull():
            continue
        if label.wordWrap():
            fits = label.heightForWidth(label.width()) <= label.height() + 1
        else:
            fits = (
                label.sizeHint().width() <= label.width() + 1
                and label.sizeHint().height() <= label.height() + 2
            )
        if not fits:
            cut.append(f"{label.text()[:50]!r} {label.size().toTuple()} needs {label.sizeHint().toTuple()}")
    worded = (each for each in root.findChildren(QPushButton) if each.isVisible() and each.text())
    return cut + [
        f"{each.text()!r} {each.width()} needs {each.sizeHint().width()}"
        for each in worded
        if each.sizeHint().width() > each.width() + 1
    ]


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK, Mode.CONTRAST])
def test_the_focus_is_a_ring_of_two_pixels_in_the_accent(full: MainWindow, theme: Theme, mode: Mode) -> None:
    theme.apply(replace(PLAIN, mode=mode))
    full.go("settings", "coordinates")
    settle()
    full.activateWindow()
    section = full.page("settings").findChildren(QLineEdit)
    field = next(each for each in section if each.isVisible())
    field.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    image = field.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    middle = image.height() // 2
    edge = [QColor(image.pixel(QPoint(x, middle))) for x in (0, 1)]
    assert edge == [theme.color("accent")] * 2
    assert QColor(image.pixel(QPoint(4, middle))) == theme.color("surface")
