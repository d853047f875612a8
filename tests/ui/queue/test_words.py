"""What the page says: cards, ladder, history, dates, versions; and what it never opens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QAccessible, QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import DecisionId, MessageId, PersonId, RuleId, WarningId
from console.domain.messages import FACEBOOK, Channel
from console.domain.sanctions import Delivery, IssuedWarning, LadderSettings, standing
from console.domain.verdicts import Route
from console.services.rows import PersonEvent
from tests.desks import Desk as Store
from tests.ui.conftest import settle
from tests.ui.queue.conftest import Hands, verdict_of
from tests.ui.queue.rows import NOW, queue_row
from ui import dates
from ui.delegates.card_delegate import CardDelegate
from ui.models.card import CardContext, card_of, outcome_of
from ui.models.queue_model import QueueModel
from ui.pages.queue import words
from ui.pages.queue.context_blocks import changes_between
from ui.pages.queue.ladder import Stage, rungs
from ui.pages.queue.page import QueuePage
from ui.pages.queue.period import Period
from ui.theme import Theme
from ui.widgets.card_list import CardList


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "à l’instant"), (4, "4\u00a0min"), (72, "1\u00a0h\u00a012"), (125, "2\u00a0h\u00a005"),
     (60 * 24, "13\u00a0nov."), (60 * 24 * 400, "10\u00a0oct.\u00a02025")],
)  # fmt: skip
def test_ages(minutes: int, said: str) -> None:
    assert dates.age(NOW - timedelta(minutes=minutes), NOW) == said


def test_dates_as_quebec_writes_them() -> None:
    at = datetime(2026, 8, 1, 18, 0, tzinfo=UTC)
    assert dates.moment(at) == "1er\u00a0aout\u00a02026, 14\u00a0h"
    assert dates.long_date(at) == "1er\u00a0aout\u00a02026"
    assert dates.table_date(datetime(2026, 8, 2, 2, 0, tzinfo=UTC)) == "2026-08-01"
    assert dates.number(1234567) == "1\u00a0234\u00a0567"


def _warning(number: int, *, delivered: bool = True) -> IssuedWarning:
    at = NOW - timedelta(days=50 - number)
    return IssuedWarning(
        WarningId(f"w{number}"), PersonId("p"), DecisionId(f"d{number}"), MessageId(f"m{number}"), FACEBOOK,
        (RuleId("insult"),), at, Delivery(at, "message privé", "vu") if delivered else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("delivered", "stages"),
    [
        (0, [Stage.NOW, Stage.AHEAD, Stage.AHEAD]),
        (1, [Stage.PAST, Stage.NOW, Stage.AHEAD]),
        (2, [Stage.PAST, Stage.PAST, Stage.NOW]),
        (5, [Stage.PAST, Stage.PAST, Stage.NOW]),
    ],
)
def test_rungs_follow_delivered_warnings(delivered: int, stages: list[Stage]) -> None:
    place = standing([_warning(each) for each in range(delivered)], NOW, LadderSettings())
    assert [rung.stage for rung in rungs(place, 2)] == stages


def test_an_undelivered_warning_moves_nobody_up() -> None:
    place = standing([_warning(1, delivered=False)], NOW, LadderSettings())
    assert rungs(place, 2)[0].stage is Stage.NOW


def test_without_a_sanction_no_rung_comes_now() -> None:
    place = standing([], NOW, LadderSettings())
    assert {rung.stage for rung in rungs(place, 2, sanction=False)} == {Stage.AHEAD}


def test_a_more_patient_city_has_more_rungs() -> None:
    place = standing([_warning(1)], NOW, LadderSettings(warnings_before_ban=3))
    assert [rung.top for rung in rungs(place, 3)] == ["1er avert.", "2e avert.", "3e avert.", "Récidive"]


def test_a_line_of_history_says_warning_rule_and_delivery() -> None:
    event = PersonEvent(
        at=NOW, message_id=MessageId("m"), excerpt="…", actions=(Action.HIDE, Action.WARN),
        rules=(RuleId("insult"),), route=Route.NONE, warning_rank=1,
        delivered_at=datetime(2026, 10, 3, 15, tzinfo=UTC), delivery_means="Message privé",
    )  # fmt: skip
    strong, rest = words.event_words(event, {})
    assert strong == "1er avertissement"
    assert rest.endswith("remis par message privé le 3\u00a0octobre")


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ((Action.HIDE, Action.WARN), "Masqué avec avertissement par Marie à 14\u00a0h\u00a006"),
        ((Action.KEEP,), "Conservé par Marie à 14\u00a0h\u00a006"),
        ((Action.WARN,), "Avertissement donné par Marie à 14\u00a0h\u00a006"),
        ((Action.DELETE, Action.REPORT), "Supprimé par Marie à 14\u00a0h\u00a006"),
    ],
)
def test_a_decided_card_says_what_by_whom_and_when(actions: tuple[Action, ...], said: str) -> None:
    row = queue_row(1, state=CaseState.DECIDED, decided_by="Marie", decided_actions=actions, decided_at=NOW)
    assert outcome_of(row, "Odile") == said
    assert "par vous" in outcome_of(row, "Marie")


def test_a_card_of_danger_and_of_a_private_request() -> None:
    danger = card_of(queue_row(1, route=Route.EMERGENCY, chips=(), severity=0), NOW, CardContext())
    assert (danger.level, [chip.shape for chip in danger.chips]) == (4, ["triangle"])
    service = card_of(
        queue_row(2, route=Route.SERVICE_311, chips=(), severity=0, channel=Channel.PRIVATE),
        NOW,
        CardContext(),
    )
    assert service.place == "Facebook, privé"
    assert [chip.text for chip in service.chips] == ["Rien à signaler", "311"]
    assert "Rien à signaler, 311" in service.spoken


@given(before=st.text("ab c\n<&", max_size=30), after=st.text("ab c\n<&", max_size=30))
def test_versions_show_every_word_and_never_markup_of_the_citizen(before: str, after: str) -> None:
    shown = changes_between(before, after)
    bare = shown
    for tag in ("<s>", "</s>", "<u>", "</u>"):
        bare = bare.replace(tag, "")
    assert "<" not in bare
    kept = shown.replace("<s>", "").replace("</s>", "")
    while "<u>" in kept:
        kept = kept[: kept.index("<u>")] + kept[kept.index("</u>") + 4 :]
    assert kept.replace("&lt;", "<").replace("&amp;", "&").split() == before.split()


def test_a_period_holds_whole_days_of_the_city(theme: Theme, qtbot: QtBot) -> None:
    period = Period()
    qtbot.addWidget(period)
    first, last = datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 15, 5, tzinfo=UTC)
    period.show_instants(first, last, NOW)
    assert period.instants() == (first, last), "summer time ended in between"
    period.show_instants(None, None, NOW)
    assert period.instants() == (None, None)


@pytest.fixture
def cards(theme: Theme, qtbot: QtBot) -> Iterator[CardList]:
    """A list on screen with difficult cards."""
    model = QueueModel(NOW)
    model.replace(
        [
            queue_row(1, author="X" * 90, excerpt="Anticonstitutionnellement" * 20, warnings=2, revision=3),
            queue_row(2, author="أحمد 😀", excerpt="😀😀 مرحبا بالعالم " * 20),
            queue_row(3, excerpt=""),
            *(queue_row(each) for each in range(4, 60)),
        ],
        None,
    )
    made = CardList(model)
    qtbot.addWidget(made)
    made.resize(360, 800)
    made.show()
    settle()
    yield made
    model.deleteLater()


def test_a_card_that_did_not_change_is_not_laid_out_again(cards: CardList) -> None:
    delegate = cards.itemDelegate()
    assert isinstance(delegate, CardDelegate)
    cards.grab()
    pictures = dict(delegate._pictures)
    assert pictures
    cards.grab()
    assert all(delegate._pictures[look] is picture for look, picture in pictures.items())


def test_excerpts_take_two_lines_that_fit(cards: CardList) -> None:
    delegate = cards.itemDelegate()
    assert isinstance(delegate, CardDelegate)
    for text in ("Anticonstitutionnellement" * 20, "😀😀 مرحبا بالعالم " * 20, "court", "mot " * 50):
        lines = delegate._lines(text, 300)
        assert 1 <= len(lines) <= 2
        assert all(delegate._font("base").horizontalAdvance(line) <= 301 for line in lines)


def test_a_screen_reader_hears_the_card(cards: CardList) -> None:
    interface = QAccessible.queryAccessibleInterface(cards)
    heard = [interface.child(place).text(QAccessible.Text.Name) for place in range(interface.childCount())]
    (card,) = [each for each in heard if each.startswith("Auteure 4,")]
    assert card.startswith("Auteure 4, Facebook, il y a 4 minutes. Message numéro 4.")
    assert "gravité grave" in card


class _Browser(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def browser() -> Iterator[_Browser]:
    """Stands where the system's browser would be called."""
    made = _Browser()
    for scheme in ("https", "file", "javascript"):
        QDesktopServices.setUrlHandler(scheme, made, "open")
    yield made
    for scheme in ("https", "file", "javascript"):
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.mark.parametrize(
    ("link", "opens"),
    [("https://www.facebook.com/x/1", True), ("file:///etc/passwd", False), ("javascript:alert(1)", False)],
)
def test_only_links_of_the_web_are_opened(
    store: Store, page: QueuePage, browser: _Browser, link: str, opens: bool
) -> None:
    text = "Gang de pourris"
    message = store.receive("m", text=text, verdict=verdict_of(text, ("insult", "pourris", 3)))
    page.entered()
    settle()
    card = page.message.card
    card._link = link
    QGuiApplication.clipboard().clear()
    card.open_link()
    card.copy_link()
    assert page.list.cards.current_message() == message
    assert bool(browser.opened) is opens
    assert (QGuiApplication.clipboard().text() == link) is opens


def test_an_edited_message_shows_its_earlier_version(store: Store, page: QueuePage, hands: Hands) -> None:
    for text in ("Vous êtes des incompétents", "Vous êtes des pourris"):
        store.receive("m", text=text, verdict=verdict_of(text, ("insult", text.split()[-1], 3)))
    page.entered()
    settle()
    said = " ".join(each.text() for each in page.message.findChildren(type(page.message.card._name)))
    assert "Vous êtes des incompétents" in said
    assert "Version 1, vue le" in said
    assert page.model.card(0).remarks == "modifié"
