"""Words and findings point at each other; what is marked is what was found, whatever the script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desks import Desk as Store
from tests.ui.conftest import settle
from tests.ui.queue.conftest import Hands, verdict_of
from ui.models.display_text import DisplayText
from ui.pages.queue.finding_card import FindingCard
from ui.pages.queue.page import QueuePage
from ui.theme import Theme
from ui.widgets.message_text import NONE, Mark, MessageText

TEXT = "😀 On sait où tu restes, mon gros e\u0301pais, pis مرحبا on va passer te voir"
WORD = st.text(st.sampled_from("aé \u0301😀👨‍👩‍👧🇨🇦مرحبا\n\u200b\u202eſﬁ"), min_size=1, max_size=8)


@pytest.fixture
def field(theme: Theme, qtbot: QtBot) -> Iterator[MessageText]:
    """A message field on screen, 420 pixels wide."""
    made = MessageText()
    made.resize(420, 100)
    made.show()
    settle()
    yield made
    made.deleteLater()


def _mark(text: str, *words: str, severity: int = 3) -> Mark:
    return Mark(tuple((text.index(each), text.index(each) + len(each)) for each in words), severity)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(pieces=st.lists(WORD, min_size=1, max_size=6), chosen=st.data())
def test_the_marked_words_are_the_words_found(
    field: MessageText, pieces: list[str], chosen: st.DataObject
) -> None:
    place = chosen.draw(st.integers(0, len(pieces) - 1))
    before, words, after = "".join(pieces[:place]), pieces[place], "".join(pieces[place + 1 :])
    field.show_text(before + words + after, [Mark(((len(before), len(before) + len(words)),), 4)])
    shown = DisplayText.of(words).text.replace("\n", "\u2029")
    assert field.marked(0) == (shown,)
    assert field.toPlainText() == DisplayText.of(before + words + after).text, "marks change no letter"


def test_marks_lie_under_their_words_after_an_emoji(field: MessageText) -> None:
    field.show_text(TEXT, [_mark(TEXT, "On sait où tu restes"), _mark(TEXT, "mon gros e\u0301pais")])
    assert field.marked(1) == ("mon gros e\u0301pais",)
    for finding, word in ((0, "sait"), (1, "gros")):
        cursor = QTextCursor(field.document())
        cursor.setPosition(len(TEXT[: TEXT.index(word)].encode("utf-16-le")) // 2 + 1)
        inside = QPointF(field.cursorRect(cursor).center())
        assert field.finding_at(inside) == finding


def test_a_mark_that_wraps_has_a_part_on_each_line(field: MessageText) -> None:
    text = "Bonjour " + "mot " * 40
    field.show_text(text, [Mark(((8, len(text) - 1),), 2)])
    tops = {round(rect.top()) for rect in field.rects(0)}
    assert len(tops) > 3


def test_a_mark_across_two_directions_covers_every_letter(field: MessageText) -> None:
    text = "ab مرحبا mon"
    field.show_text(text, [_mark(text, "مرحبا mon")])
    layout = field.document().firstBlock().layout()
    left = layout.lineAt(0).cursorToX(3)
    assert sum(rect.width() for rect in field.rects(0)) == pytest.approx(
        layout.lineAt(0).naturalTextWidth() - (left[0] if isinstance(left, tuple) else left), abs=2
    )


def test_the_chosen_finding_is_underlined_solidly_the_others_in_dashes(
    field: MessageText, theme: Theme
) -> None:
    text = "mot un long, mot deux long"
    field.show_text(text, [_mark(text, "mot un long"), _mark(text, "mot deux long")])
    field.choose(0)
    settle()
    image = field.viewport().grab().toImage()

    def inked(finding: int) -> float:
        (rect,) = field.rects(finding)
        colour = theme.severity(3).fg
        y = round(rect.bottom() - 1)
        hits = [
            any(image.pixelColor(x, y + dy) == colour for dy in (-1, 0, 1))
            for x in range(round(rect.left()) + 2, round(rect.right()) - 2)
        ]
        return sum(hits) / len(hits)

    assert inked(0) > 0.95
    assert 0.3 < inked(1) < 0.85


def test_a_long_message_is_painted_quickly_enough_to_scroll(field: MessageText) -> None:
    """Marks are measured once, not with every repaint."""
    text = "On sait où tu restes. " * 400
    spans = tuple((place * 22, place * 22 + 20) for place in range(400))
    field.show_text(text, [Mark(spans, 4)])
    first = field.rects(0)
    field.grab()
    assert field.rects(0) is first


@pytest.fixture
def shown(store: Store, page: QueuePage) -> QueuePage:
    """A message with two findings on screen."""
    verdict = verdict_of(TEXT, ("violence", "On sait où tu restes", 4), ("insult", "gros e\u0301pais", 3))
    store.receive("m", text=TEXT, verdict=verdict)
    page.entered()
    settle()
    return page


def _cards(page: QueuePage) -> list[FindingCard]:
    return [each for each in page.verdict.findChildren(FindingCard) if each.isVisible()]


def _point(text: MessageText, finding: int) -> QPointF:
    return text.rects(finding)[0].center()


def test_pointing_at_words_shows_their_finding(shown: QueuePage) -> None:
    text = shown.message.card.text
    heard: list[int] = []
    text.hovered.connect(heard.append)
    QTest.mouseMove(text.viewport(), _point(text, 1).toPoint())
    settle()
    assert heard[-1] == 1
    QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=_point(text, 1).toPoint())
    assert [card.is_chosen for card in _cards(shown)] == [False, True]


def test_focusing_a_finding_shows_its_words_and_keys_choose_it(shown: QueuePage, hands: Hands) -> None:
    first, second = _cards(shown)
    assert first.is_chosen
    assert "Menace" in first.accessibleName()
    assert "gravité grave" in first.accessibleName()
    heard: list[int] = []
    shown.verdict.findings.hovered.connect(heard.append)
    second.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    assert heard[-1] == 1
    hands.press(Qt.Key.Key_Return)
    assert second.is_chosen
    shown.list.cards.setFocus()
    settle()
    assert heard[-1] == NONE
    hands.press(Qt.Key.Key_T)
    assert first.is_chosen


def test_the_caret_in_the_words_shows_their_finding(shown: QueuePage, hands: Hands) -> None:
    text = shown.message.card.text
    text.setFocus()
    settle()
    heard: list[int] = []
    text.hovered.connect(heard.append)
    cursor = text.textCursor()
    cursor.setPosition(len(TEXT[: TEXT.index("gros")].encode("utf-16-le")) // 2)
    text.setTextCursor(cursor)
    assert heard[-1] == 1
    hands.press(Qt.Key.Key_Return)
    assert _cards(shown)[1].is_chosen


def test_disagreeing_is_recorded_once(store: Store, shown: QueuePage, hands: Hands) -> None:
    before = len(list(store.db.reads.journal()))
    hands.press(Qt.Key.Key_D)
    kinds = [link.event.kind for link in list(store.db.reads.journal())[before:]]
    assert kinds == ["finding.disputed"]
    card = _cards(shown)[0]
    button = next(
        each for each in card.findChildren(type(card._foot.disagree)) if each.text() == "Désaccord noté"
    )
    assert not button.isEnabled()


def test_the_whole_article_is_one_key_away(shown: QueuePage, hands: Hands) -> None:
    hands.press(Qt.Key.Key_L)
    assert shown.panel.isVisible()
    body = shown.panel.body
    assert body is not None
    assert body.isVisible()
    hands.press(Qt.Key.Key_Escape)
    assert not shown.panel.isVisible()
    assert shown.list.cards.hasFocus()


def test_copying_gives_the_citizens_own_words(shown: QueuePage, hands: Hands) -> None:
    text = shown.message.card.text
    text.selectAll()
    text.copy()
    assert QApplication.clipboard().text() == TEXT
