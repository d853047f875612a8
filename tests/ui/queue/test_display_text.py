"""The engine counts code points, Qt counts UTF-16: the words marked must be the words found."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor, QTextDocument

from ui.models.display_text import DisplayText, isolated, merged, one_line

PIECES = st.sampled_from(
    ["a", "é", "e\u0301", "😀",
     "👨‍👩‍👧", "🇨🇦", "مرحبا", "\r\n", "\n", "\r", "\u2028", "\u2029", "\x00", "\ufffc",
     "\ufdd0", "\ud83d", "\u200b", "\u202e", "\t", " ", "ﬁ", "\x85", "𝐜𝐨𝐧"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.characters()), max_size=30).map("".join)


def selected(shown: DisplayText, start: int, end: int) -> str:
    """What a cursor over [start, end) of the original selects in a document."""
    document = QTextDocument()
    document.setPlainText(shown.text)
    first, last = shown.utf16(start, end)
    cursor = QTextCursor(document)
    cursor.setPosition(first)
    cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText().replace("\u2029", "\n").replace("\u00a0", " ")


@given(before=TEXTS, words=TEXTS, after=TEXTS)
@example(before="😀😀 ", words="gros plein", after=" 😀")
@example(before="ligne\r\n", words="e\u0301coute", after="\r\nfin")
def test_the_cursor_selects_the_words_found(qapp: object, before: str, words: str, after: str) -> None:
    original = before + words + after
    shown = DisplayText.of(original)
    if original[len(before) - 1 : len(before) + 1] == "\r\n":
        return  # no span of the engine begins between the two halves of a line end
    start, end = len(before), len(before) + len(words)
    if original[end - 1 : end + 1] == "\r\n":
        return
    assert selected(shown, start, end) == DisplayText.of(words).text.replace("\u00a0", " ")


@given(text=TEXTS)
def test_the_document_keeps_every_unit(qapp: object, text: str) -> None:
    shown = DisplayText.of(text)
    document = QTextDocument()
    document.setPlainText(shown.text)
    assert document.characterCount() - 1 == shown.units[-1] == len(shown.text.encode("utf-16-le")) // 2


def test_spans_become_ground_without_overlap() -> None:
    assert merged([(5, 9), (0, 2), (2, 3), (7, 12), (4, 4)]) == ((0, 3), (5, 12))


@pytest.mark.parametrize(
    ("text", "line"), [("a\r\nb\u2028c", "a b c"), ("  x\t\ty ", "x y"), ("\x00", "\ufffd")]
)
def test_a_card_has_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_name_cannot_turn_its_neighbours() -> None:
    assert isolated("\u202eeiraM") == "\u2068\u202eeiraM\u2069"
