"""«Personnes»: found by name, with their warnings; looking at a file is recorded."""

from __future__ import annotations

import pytest

from tests.desks import Desk as Store
from tests.ui.conftest import settle
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.models.row_model import CARD_ROLE
from ui.pages.people.page import PeoplePage
from ui.widgets.label import Label


@pytest.fixture
def page(window: MainWindow, store: Store) -> PeoplePage:
    """Two people, one of them warned."""
    store.warn_and_deliver("m1", author="Éloïse")
    store.receive("m2", author="Bob")
    window.go("people")
    found = window.page("people")
    assert isinstance(found, PeoplePage)
    settle()
    return found


def names(page: PeoplePage) -> list[str]:
    """Who is listed."""
    return [page.model.index(place, 0).data(CARD_ROLE).who for place in range(page.model.rowCount())]


def test_people_are_found_without_their_accents(page: PeoplePage) -> None:
    assert sorted(names(page)) == ["Nom de Bob", "Nom de Éloïse"]
    page.search("eloise")
    settle()
    assert names(page) == ["Nom de Éloïse"]
    page.search("zzz")
    settle()
    assert page.rows.empty.title == "Personne à ce nom"


def test_a_file_shows_the_warning_and_its_reading_is_recorded(page: PeoplePage, store: Store) -> None:
    page.search("eloise")
    settle()
    before = len(list(store.db.reads.journal()))
    page.read_file()
    settle()
    said = " ".join(label.text() for label in page.file.findChildren(Label))
    assert "1er avertissement" in said
    kinds = [link.event.kind for link in store.db.reads.journal()][before:]
    assert kinds == ["person.read"]


def test_masked_names_are_numbers(page: PeoplePage, desk: Desk) -> None:
    desk.change_settings(mask_names=True)
    settle()
    assert all(name.startswith("Personne ") for name in names(page))
