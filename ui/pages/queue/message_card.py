"""The card in the middle: who, where, when, and the words themselves with what was found in them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.services.rows import CaseDetail
from ui.desk import Desk
from ui.models.display_text import isolated
from ui.pages.queue import words
from ui.pages.queue.attachments import Attachments
from ui.theme import current
from ui.widgets.badge import Avatar, Badge
from ui.widgets.button import IconButton
from ui.widgets.flow import FlowLayout
from ui.widgets.label import Label
from ui.widgets.message_text import Mark, MessageText

_SHADOW = 4
_LARGE = 1.4


class MessageCard(QWidget):
    """Selectable text with marks; the permalink is copied or opened, pictures fetched only when asked for."""

    hovered = Signal(int)
    chosen = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._link = desk, ""
        self._avatar = Avatar()
        self._name = Label("", "strong", wrap=True)
        self._line = Label("", "small", "muted", wrap=True)
        for label in (self._name, self._line):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._badge = Badge()
        self._copy = IconButton("copy", self.tr("Copier le lien du message"))
        self._copy.clicked.connect(self.copy_link)
        self._open = IconButton("external-link", "")
        self._open.clicked.connect(self.open_link)
        self.text = MessageText()
        self.text.setAccessibleName(self.tr("Message"))
        self.text.hovered.connect(self.hovered)
        self.text.chosen.connect(self.chosen)
        self._attached = Label("", "note", "muted", wrap=True)
        self.pictures = Attachments(desk)
        self._column = QVBoxLayout(self)
        self._build()
        desk.theme.changed.connect(self._dress)
        self._dress()

    def show_case(self, detail: CaseDetail) -> None:
        """Another message, or the same one changed."""
        name = self._desk.person(detail.author.name, detail.author_number)
        self._avatar.show_name(name)
        self._name.setText(isolated(name))
        self._line.setText(words.place_line(detail))
        self._show_warnings(detail)
        self.text.show_text(detail.message.text, marks_of(detail))
        self._link = detail.message.permalink
        opens = words.opens_in(detail.message.platform)
        self._open.setToolTip(opens)
        self._open.setAccessibleName(opens)
        for button in (self._copy, self._open):
            button.setVisible(_safe(self._link))
        attached = words.attachment_words(detail.message)
        self._attached.setText(self.tr("Pièces jointes\u00a0: {names}").format(names=", ".join(attached)))
        self._attached.setVisible(bool(attached))
        self.pictures.show_case(detail)

    def copy_link(self) -> None:
        """Put the permalink on the clipboard."""
        if _safe(self._link):
            QGuiApplication.clipboard().setText(self._link)
            self._desk.notices.toast(self.tr("Lien copié."))

    def open_link(self) -> None:
        """Open the message where it was posted."""
        if _safe(self._link):
            QDesktopServices.openUrl(QUrl(self._link))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The card with the one shadow."""
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW - 2, -_SHADOW, -_SHADOW - 2)
        shade = QColor(theme.color("shadow"))
        painter.setPen(Qt.PenStyle.NoPen)
        for ring in range(_SHADOW, 0, -1):
            shade.setAlpha(max(2, round(theme.color("shadow").alpha() * 0.12)))
            painter.setBrush(shade)
            painter.drawRoundedRect(card.adjusted(-ring, -ring + 2, ring, ring + 2), 10 + ring, 10 + ring)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.end()

    def _build(self) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        self._first, self._second = QHBoxLayout(), QVBoxLayout()
        self._first.setSpacing(4)
        self._first.addWidget(self._name, 1)
        self._second.addWidget(self._line)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addLayout(self._first)
        names.addLayout(self._second)
        self._row = QWidget()
        self._flow = FlowLayout(self._row)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._avatar, 0, middle)
        head.addLayout(names, 1)
        inset = QVBoxLayout()
        inset.setContentsMargins(-4, 0, 0, 0)  # the text field has its own 4 px for the focus ring
        inset.addWidget(self.text)
        self._column.addLayout(head)
        self._column.addWidget(self._row)
        self._column.addLayout(inset)
        self._column.addWidget(self._attached)
        self._column.addWidget(self.pictures)

    def _show_warnings(self, detail: CaseDetail) -> None:
        counted = len(detail.standing.counted)
        self._badge.setVisible(counted > 0)
        shape = "dot" if counted < 2 else "diamond"
        self._badge.show_mark(2 if counted < 2 else 3, shape, words.warnings_word(counted))

    def _dress(self) -> None:
        space = current().space
        self._column.setContentsMargins(space(22), space(16), space(18), space(20))
        self._column.setSpacing(space(10))
        # With large text, warnings and buttons have a line of their own.
        large = current().scale > _LARGE
        self._row.setVisible(large)
        self._avatar.setVisible(not large)
        # The buttons make the first line higher than its words; the second moves up by as much.
        self._second.setContentsMargins(0, 0 if large else -5, 0, 0)
        for widget in (self._badge, self._copy, self._open):
            if large:
                self._first.removeWidget(widget)
                self._flow.removeWidget(widget)
                self._flow.addWidget(widget)
            else:
                self._flow.removeWidget(widget)
                self._first.removeWidget(widget)
                self._first.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)


def marks_of(detail: CaseDetail) -> tuple[Mark, ...]:
    """One mark a finding; none when the text was edited since it was judged."""
    if detail.judged_text != detail.message.text:
        return tuple(Mark((), int(finding.severity)) for finding in detail.verdict.findings)
    return tuple(
        Mark(tuple((span.start, span.end) for span in finding.spans), int(finding.severity))
        for finding in detail.verdict.findings
    )


def _safe(link: str) -> bool:
    """Only what a browser opens: an imported file may hold any string."""
    return QUrl(link).scheme() in ("http", "https")
