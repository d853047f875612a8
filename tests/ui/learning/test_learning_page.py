"""The learning page: what is missing, what was compared, adopting and going back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from tests.desks import Desk as Store
from tests.desks import open_desk
from tests.ui.conftest import seated, settle
from tests.unit.learning.town import decide_the_town, over_the_small_engine
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.learning.page import LearningPage
from ui.widgets.button import Button


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A real desk that learns over an engine of three words."""
    with open_desk(tmp_path / "desk") as opened:
        yield over_the_small_engine(opened)


@pytest.fixture
def page(window: MainWindow) -> LearningPage:
    window.go("learning")
    settle()
    found = window.page("learning")
    assert isinstance(found, LearningPage)
    return found


def words(page: LearningPage) -> str:
    settle()
    return "\n".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def events(store: Store) -> list[str]:
    return [link.event.kind for link in store.db.reads.journal() if "learning" in link.event.kind]


def test_a_blank_desk_says_what_is_missing(page: LearningPage) -> None:
    said = words(page)
    assert "Pas encore assez de décisions" in said
    assert "Il en manque 40." in said
    page.learn.click()
    assert "il manque 40 messages" in words(page)


def test_the_way_leads_over_the_netiquette_and_back(window: MainWindow, desk: Desk) -> None:
    window.go("netiquette")
    window.page("netiquette").learning.click()
    page = window.page("learning")
    assert page.isVisible()
    page.back.click()
    assert window.page("netiquette").isVisible()


def test_compared_adopted_and_taken_back(page: LearningPage, store: Store, said: list[object]) -> None:
    decide_the_town(store)
    page.entered()
    assert "Rien d’appris" in words(page)
    page.learn.click()
    shown = words(page)
    assert "Proposition" in shown
    assert "Apprise de 48 messages" in shown
    assert "12\u00a0→ " in shown
    assert "marionnettes" in shown
    assert page.adopt is not None
    assert events(store) == []
    waiting = store.receive("attend", text="Merci pour tout", author="z")
    page.adopt.click()
    shown = words(page)
    assert "Adoptée le" in shown
    assert "Proposition" not in shown
    assert events(store) == ["learning.adopted"]
    assert store.detail(waiting).verdict.findings == ()
    assert any("Verdicts renouvelés" in str(each) for each in said)
    assert page.roll_back is not None
    page.roll_back.click()
    assert "Rien d’appris" in words(page)
    assert events(store) == ["learning.adopted", "learning.rolled_back"]
    assert page.adopt is not None


def test_what_brings_nothing_is_not_offered(page: LearningPage, store: Store) -> None:
    decide_the_town(store)
    page.entered()
    page.learn.click()
    assert page.adopt is not None
    page.adopt.click()
    page.learn.click()
    assert "déjà en vigueur" in words(page)
    assert page.adopt is None


def test_a_moderator_sees_and_does_not_act(window: MainWindow, store: Store, desk: Desk) -> None:
    decide_the_town(store)
    learning = store.services.learning
    layer = learning.propose(store.supervisor, lambda done, total: None).layer
    assert layer is not None
    learning.adopt(store.supervisor, layer.id)
    seated(desk, store, store.moderator)
    window.go("learning")
    page = window.page("learning")
    assert isinstance(page, LearningPage)
    assert layer.name in words(page)
    assert "par Sacha" in words(page)
    assert page.roll_back is None
    assert not page.learn.isVisible()
    assert not [each for each in page.findChildren(Button) if each.text() == "Adopter"]


def test_a_damaged_version_is_said_and_can_be_left(page: LearningPage, store: Store) -> None:
    decide_the_town(store)
    page.entered()
    page.learn.click()
    assert page.adopt is not None
    page.adopt.click()
    (stored,) = store.db.reads.layers()
    with store.db.write() as work:
        work.put_layer(replace(stored, body=stored.body[:-1], figures="["))
    page.entered()
    assert "abimé" in words(page)
    assert page.roll_back is not None
    page.roll_back.click()
    assert "Rien d’appris" in words(page)
    assert page.adopt is None
