"""What was tried on a platform, with its answers: a line a try, and its request number to copy."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.services.platform_rows import AttemptRow
from console.services.rows import OutgoingRow
from ui import theme
from ui.desk import Desk
from ui.models import delivery
from ui.models.display_text import one_line
from ui.widgets.button import IconButton
from ui.widgets.label import Label
from ui.widgets.quote import Dot, RichLabel


class Receipts(QWidget):
    """All tries of an item, oldest first; then who did by hand what was done so."""

    def __init__(self, desk: Desk, row: OutgoingRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(6))
        for attempt in row.attempts:
            level, shape = delivery.attempt_mark(attempt)
            column.addWidget(_line(level, shape, delivery.attempt_line(attempt), refused(attempt)))
            if attempt.request_id:
                column.addWidget(self._number(attempt.request_id))
        if (closing := delivery.closing_line(row)) and not _told(row):
            level, shape = delivery.state_mark(row.state)
            column.addWidget(_line(level, shape, closing, delivery.proof_words(row.proof)))

    def _number(self, request_id: str) -> QWidget:
        box = QWidget()
        said = Label(
            _tr("Numéro de la requête\u00a0: {id}").format(id=one_line(request_id)),
            "small",
            "muted",
            wrap=True,
        )
        said.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        copy = IconButton("copy", _tr("Copier le numéro de la requête"))

        def act() -> None:
            QGuiApplication.clipboard().setText(request_id)
            self._desk.notices.toast(_tr("Numéro copié."))

        copy.clicked.connect(act)
        row = QHBoxLayout(box)
        row.setContentsMargins(theme.current().px(10) + 8, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(said, 1)
        row.addWidget(copy)
        return box


def refused(attempt: AttemptRow) -> str:
    """What the platform said when it did not do it; "" when it did."""
    if delivery.attempt_mark(attempt)[0] < 2:
        return ""
    return delivery.code_words(attempt.code, attempt.answer)


def _told(row: OutgoingRow) -> bool:
    """Whether the tries say already how it ended: the console itself did it."""
    return bool(row.attempts) and row.proof.split(" · ")[0].startswith("api")


def _line(level: int, shape: str, strong: str, rest: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(Dot(level, shape), 0, Qt.AlignmentFlag.AlignTop)
    said = RichLabel("note")
    said.say(strong, f"\n{rest}" if rest else "")
    row.addWidget(said, 1)
    return box


def _tr(text: str) -> str:
    return QCoreApplication.translate("Receipts", text)
