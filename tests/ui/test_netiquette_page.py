"""The nétiquette page: what is in force, found by its words, replaced by the official wording."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from console.domain.decisions import Action
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.netiquette.lists import ListsForm
from ui.pages.netiquette.official import OfficialForm
from ui.pages.netiquette.page import NetiquettePage


def _words(window: MainWindow) -> str:
    labels = window.page("netiquette").findChildren(QLabel)
    return "\n".join(each.text() for each in labels if each.isVisible())


def test_articles_rules_and_version_are_shown(window: MainWindow, store: Store) -> None:
    window.go("netiquette")
    settle()
    words, policy = _words(window), store.services.policy.policy()
    assert policy.version.label in words
    assert policy.version.sha256[:8] in words
    for article in policy.articles.values():
        assert article.title in words
    for rule in policy.rules.values():
        assert rule.title in words
        assert rule.explanation in words


def test_a_search_keeps_what_holds_the_words_accents_aside(window: MainWindow) -> None:
    window.go("netiquette")
    page = window.page("netiquette")
    page.search("MENACÉ")
    settle()
    few = _words(window)
    assert "Menace" in few
    assert "Droits d’auteur" not in few
    page.search("zzzz")
    settle()
    assert "Aucune règle trouvée" in _words(window)
    page.search("")
    settle()
    assert "Droits d’auteur" in _words(window)


def test_an_article_can_be_asked_for(window: MainWindow) -> None:
    window.go("netiquette", "7")
    settle()
    card = window.page("netiquette").card("7")
    top = card.mapTo(window, card.rect().topLeft()).y()
    assert 0 <= top < window.height()


def test_the_official_wording_makes_a_new_version(window: MainWindow, store: Store, desk: Desk) -> None:
    before = store.services.policy.version()
    window.go("netiquette")
    window.page("netiquette").official.click()
    form = window.panel.body
    assert isinstance(form, OfficialForm)
    form.text.setPlainText(
        "Préambule.\n1. Le texte exact du premier article.\n4. Le texte exact du quatrième."
    )
    form.recognise.click()
    settle()
    assert store.services.policy.version() == before
    form.adopt.click()
    settle()
    assert store.services.policy.version() != before
    assert "Le texte exact du quatrième." in _words(window)
    assert "Texte officiel de la Ville" in _words(window)
    assert not window.panel.isVisible()


def test_a_text_without_articles_is_refused_with_a_next_step(window: MainWindow) -> None:
    window.go("netiquette")
    window.page("netiquette").official.click()
    form = window.panel.body
    assert isinstance(form, OfficialForm)
    form.text.setPlainText("Bonjour.")
    form.recognise.click()
    assert form.problem.isVisible()
    assert not form.adopt.isVisible()


def test_a_list_is_filled_line_by_line_and_makes_a_new_version(window: MainWindow, store: Store) -> None:
    before = store.services.policy.version()
    form = _lists(window)
    assert "quebec.ca" in form.texts["public_domains"].toPlainText()
    assert form.texts["candidates"].toPlainText() == ""
    form.texts["candidates"].setPlainText("Lucie Exemple\n\n  Marc   Fictif ")
    form.texts["election_periods"].setPlainText("2025-09-19 2025-11-02")
    form.save.click()
    settle()
    assert store.services.policy.lists()["candidates"] == ("Lucie Exemple", "Marc Fictif")
    assert store.services.policy.version() != before
    assert store.services.policy.version().sha256[:8] in _words(window)
    assert not window.panel.isVisible()


def test_a_wrong_line_is_said_and_changes_nothing(window: MainWindow, store: Store) -> None:
    form = _lists(window)
    form.texts["election_periods"].setPlainText("cet automne")
    form.save.click()
    settle()
    assert form.problem.isVisible()
    assert window.panel.isVisible()
    assert store.services.policy.lists()["election_periods"] == ()


def _lists(window: MainWindow) -> ListsForm:
    window.go("netiquette")
    settle()
    page = window.page("netiquette")
    assert isinstance(page, NetiquettePage)
    assert page.lists is not None
    page.lists.click()
    settle()
    form = window.panel.body
    assert isinstance(form, ListsForm)
    return form


def test_only_administration_replaces_the_wording(window: MainWindow, store: Store, desk: Desk) -> None:
    seated(desk, store, store.supervisor)
    window.go("netiquette")
    assert not window.page("netiquette").official.isVisible()
    page = window.page("netiquette")
    assert isinstance(page, NetiquettePage)
    assert page.lists is None


def test_open_messages_are_judged_again_and_decided_ones_keep_their_verdict(
    window: MainWindow, store: Store, said: list[object]
) -> None:
    waiting, decided = store.receive("m1"), store.receive("m2")
    store.decide(decided, Action.KEEP)
    window.go("netiquette")
    page = window.page("netiquette")
    assert isinstance(page, NetiquettePage)
    assert page.rejudge is not None
    page.rejudge.click()
    settle()
    in_force = store.services.policy.version()
    assert store.detail(waiting).verdict.policy == in_force
    assert store.detail(decided).verdict.policy != in_force
    assert any("Verdicts renouvelés" in str(each) for each in said)
