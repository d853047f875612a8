"""One text that goes out with a decision: a template to choose, to fill and to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from console.domain.decisions import Action
from console.services.drafting import Draft
from ui.widgets.button import Button
from ui.widgets.label import Label, SectionLabel
from ui.widgets.open_fields import OPEN, OpenFieldMarker
from ui.widgets.text_field import TextField

_OLD = timedelta(days=365)
"""A template not revised for so long is flagged: a reply holds at its date (R17)."""


class Letter(QWidget):
    """Drafts fill the field until the person changes a word; from then on it is theirs."""

    changed = Signal()
    sent = Signal()
    left = Signal()

    def __init__(self, action: Action, placeholders: Mapping[str, str], today: date) -> None:
        super().__init__()
        self.action = action
        self._today = today
        self._placeholders = placeholders
        self._drafts: tuple[Draft, ...] = ()
        self._given = ""
        title = _title(self, action)
        self._choice = QComboBox()
        self._choice.setAccessibleName(self.tr("Modèle"))
        self._choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._choice.activated.connect(self._take)
        self._again = Button(self.tr("Reprendre le modèle"), "link")
        self._again.clicked.connect(lambda: self._take(self._choice.currentIndex()))
        self._again.hide()
        self.field = TextField(title, least=4, most=12)
        self._marker = OpenFieldMarker(self.field.document())
        self.field.textChanged.connect(self._typed)
        self.field.sent.connect(self.sent)
        self.field.left.connect(self.left)
        self._open = Label("", "small", "warning", wrap=True)
        self._old = Label("", "small", "warning", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(SectionLabel(title))
        column.addWidget(self._choice)
        column.addWidget(self.field)
        column.addWidget(self._open)
        column.addWidget(self._old)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_open()
        self._show_age(None)

    @property
    def text(self) -> str:
        """What would go out."""
        return self.field.toPlainText()

    @property
    def own(self) -> bool:
        """Whether the person changed the draft."""
        return self.text != self._given

    def show_drafts(self, drafts: Sequence[Draft]) -> None:
        """Templates that fit, the best first; the field follows unless it is the person's own."""
        self._drafts = tuple(drafts)
        with QSignalBlocker(self._choice):
            self._choice.clear()
            for draft in self._drafts:
                self._choice.addItem(draft.title)
        self._choice.setVisible(len(self._drafts) > 1)
        if not self.own and self._drafts:
            self._put(self._drafts[0].text)
            self._show_age(self._drafts[0])
            if self.field.hasFocus():
                self.go_to_first_open()

    def restore(self, text: str) -> None:
        """The person's own text from before."""
        self.field.setPlainText(text)

    def go_to_first_open(self) -> bool:
        """Select the first open placeholder; False when none is open."""
        match = OPEN.search(self.text)
        if match is None:
            return False
        cursor = self.field.textCursor()
        before = len(self.text[: match.start()].encode("utf-16-le")) // 2
        cursor.setPosition(before)
        length = len(match.group().encode("utf-16-le")) // 2
        cursor.setPosition(before + length, QTextCursor.MoveMode.KeepAnchor)
        self.field.setTextCursor(cursor)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _take(self, place: int) -> None:
        if 0 <= place < len(self._drafts):
            self._put(self._drafts[place].text)
            self._show_age(self._drafts[place])

    def _put(self, text: str) -> None:
        self._given = text
        self.field.setPlainText(text)

    def _typed(self) -> None:
        # Marking placeholders counts as a change for Qt, hence the comparison and no flag.
        self._again.setVisible(self.own and bool(self._drafts))
        self._show_open()
        self.changed.emit()

    def _show_age(self, draft: Draft | None) -> None:
        old = draft is not None and self._today - draft.revised > _OLD
        self._old.setVisible(old)
        if old and draft is not None:
            when = f"{draft.revised:%Y-%m-%d}"
            said = self.tr("Modèle révisé le {date}\u00a0: vérifiez qu’il est encore exact.").format(
                date=when
            )
            self._old.setText(said)

    def _show_open(self) -> None:
        names = list(dict.fromkeys(match.group()[1:-1].strip() for match in OPEN.finditer(self.text)))
        said = ", ".join(self._placeholders.get(name, name) for name in names)
        self._open.setText(self.tr("Reste à remplir\u00a0: {fields}").format(fields=said) if names else "")
        self._open.setVisible(bool(names))


def _title(widget: QWidget, action: Action) -> str:
    return {
        Action.WARN: widget.tr("Avertissement à la personne"),
        Action.REPLY: widget.tr("Réponse"),
        Action.REDIRECT_311: widget.tr("Renvoi au 311"),
        Action.BAN: widget.tr("Avis de bannissement"),
    }.get(action, widget.tr("Texte"))
