"""The middle of the queue page: the message between what it answers and what is known around it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from console.domain.ids import RuleId
from console.services.policy import RuleView
from console.services.rows import CaseDetail
from ui import dates
from ui.desk import Desk
from ui.models.display_text import isolated, one_line
from ui.pages.queue import context_blocks, words
from ui.pages.queue.message_card import MessageCard
from ui.pages.queue.note_field import NoteField
from ui.widgets.empty import EmptyState
from ui.widgets.label import Label, SectionLabel
from ui.widgets.line_button import LineButton
from ui.widgets.quote import Quote

_TEXT = 760
"""Widest text, in pixels at 100 %."""
_SIBLINGS = 6


class MessagePane(QWidget):
    """Shows a `CaseDetail`; the words marked and the findings beside them point at each other. `note` is the
    command that leads to the note."""

    hovered = Signal(int)
    chosen = Signal(int)
    note_written = Signal(str)
    message_wanted = Signal(object)
    """`MessageId` of another message under the same post."""
    left = Signal()
    """Échap in the note field."""

    def __init__(self, desk: Desk, note: str = "queue.note") -> None:
        super().__init__()
        self._desk = desk
        self.setProperty("surface", "page")
        self.card = MessageCard(desk)
        self.card.hovered.connect(self.hovered)
        self.card.chosen.connect(self.chosen)
        self.note = NoteField(desk.commands, note)
        self.note.saved.connect(self.note_written)
        self.note.left.connect(self.left)
        self._above = _column(6)
        self._around = _column(20)
        self._notes = _column(8)
        self.nothing = EmptyState()
        self.nothing.say(
            "message-square",
            self.tr("Aucun message affiché"),
            self.tr("Le message choisi dans la liste apparait ici."),
        )
        self._scroll = QScrollArea()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self._scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self._build()
        desk.theme.changed.connect(self._dress)
        self._dress()

    def show_case(self, detail: CaseDetail, rules: Mapping[RuleId, RuleView], *, same: bool) -> None:
        """Another message from its top; `same` keeps the place and what is being written."""
        self.card.show_case(detail)
        _fill(self._above, self._notices(detail))
        blocks = (
            context_blocks.follow_up(detail, self._desk),
            context_blocks.versions(detail),
            context_blocks.thread(detail, self._desk),
            self._siblings(detail),
            context_blocks.history(detail, rules),
        )
        _fill(self._around, [block for block in blocks if block is not None])
        _fill(self._notes, context_blocks.notes(detail))
        if not same:
            self.note.clear()
            self._scroll.verticalScrollBar().setValue(0)
        self._stack.setCurrentWidget(self._scroll)

    def show_nothing(self) -> None:
        """No message is chosen."""
        self._stack.setCurrentWidget(self.nothing)

    def write_note(self) -> None:
        """Put the focus where a note is written."""
        self._scroll.ensureWidgetVisible(self.note)
        self.note.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _notices(self, detail: CaseDetail) -> list[QWidget]:
        notices: list[QWidget] = []
        if detail.claimed_by:
            said = self.tr("{name} traite ce message en ce moment.").format(name=isolated(detail.claimed_by))
            notices.append(Label(said, "strong", "warning", wrap=True))
        if detail.returned_word:
            strong = self.tr("Retour de la supervision\u00a0: ")
            notices.append(Quote(one_line(detail.returned_word), strong))
        if detail.judged_text != detail.message.text:
            said = self.tr("Le verdict porte sur une version antérieure de ce message.")
            notices.append(Label(said, "note", "warning", wrap=True))
        post = words.post_line(detail)
        if post:
            notices.append(Quote(post))
        return notices

    def _siblings(self, detail: CaseDetail) -> QWidget | None:
        told = {(entry.author, one_line(entry.text)) for entry in detail.message.thread}
        rows = [row for row in detail.siblings if (row.author, one_line(row.excerpt)) not in told]
        if not rows:
            return None
        now = self._desk.services.clock.now()
        lines: list[QWidget] = []
        for row in rows[-_SIBLINGS:]:
            name = isolated(self._desk.person(row.author, row.author_number))
            said = f"{dates.moment_in_day(row.posted_at, now)} · {name} · {one_line(row.excerpt)}"
            line = LineButton(said)
            line.clicked.connect(lambda _checked=False, wanted=row.id: self.message_wanted.emit(wanted))
            lines.append(line)
        return context_blocks.section(self.tr("Sous la même publication"), *lines, spacing=0)

    def _build(self) -> None:
        self._content = QWidget()
        self._content.setProperty("surface", "clear")
        column = QVBoxLayout(self._content)
        column.setSpacing(14)
        column.addWidget(self._above)
        column.addWidget(self.card)
        column.addWidget(self._around)
        notes = QVBoxLayout()
        notes.setSpacing(8)
        notes.addWidget(SectionLabel(self.tr("Note interne")))
        notes.addWidget(self._notes)
        notes.addWidget(self.note)
        column.addLayout(notes)
        column.addStretch(1)
        self._inner = column
        frame = QWidget()
        frame.setProperty("surface", "clear")
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._content, 1000)
        row.addStretch(1)
        self._scroll.setWidget(frame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _dress(self) -> None:
        theme = self._desk.theme
        side = theme.space(16)
        self._inner.setContentsMargins(side, theme.space(12), side, theme.space(20))
        self._content.setMaximumWidth(theme.px(_TEXT) + 2 * side + theme.space(40))


def _column(spacing: int) -> QWidget:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    return holder


def _fill(holder: QWidget, widgets: list[QWidget]) -> None:
    """Replace what a column holds; an empty one takes no room."""
    layout = holder.layout()
    assert layout is not None  # noqa: S101  made by `_column`
    while layout.count():
        item = layout.takeAt(0)
        old = item.widget() if item is not None else None
        if old is not None:
            old.hide()
            old.deleteLater()
    for widget in widgets:
        layout.addWidget(widget)
    holder.setVisible(bool(widgets))
