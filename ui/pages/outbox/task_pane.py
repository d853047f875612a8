"""One thing to carry out: what, for whom, with which words, in which steps, and how it ended."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.roles import Permission
from console.services.rows import OutgoingRow, OutgoingState
from ui.desk import Desk
from ui.models.card import platform_name
from ui.models.display_text import DisplayText, one_line
from ui.notify import Notice, Tone
from ui.pages.outbox import words
from ui.pages.outbox.confirmation import Confirmation
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


class TaskPane(Column):
    """Built anew for another item; the same item changed keeps what is being written."""

    done = Signal(object, str, str)
    """`OutgoingId`, means, proof."""
    given_up = Signal(object, str)
    """`OutgoingId`, reason."""
    undo_wanted = Signal(object)
    """`DecisionId`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._row: OutgoingRow | None = None
        self._means: dict[str, str] = {}
        self._grace: Banner | None = None
        self.form: Confirmation | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("look", "reader")
        self.setAccessibleName(self.tr("Tâche choisie"))

    @property
    def row(self) -> OutgoingRow | None:
        """What is shown."""
        return self._row

    def show_row(self, row: OutgoingRow | None) -> None:
        """Another item, the same one changed, or none."""
        before, self._row = self._row, row
        if before == row and self.form is not None:
            return
        self.clear()
        self._grace = self.form = None
        if row is None:
            return
        self.verticalScrollBar().setValue(0)
        self._build(row)

    def show_time(self, now: datetime) -> None:
        """The countdown."""
        if self._row is not None and self._grace is not None:
            left = words.remaining(self._row, now)
            self._grace.set_words(self.tr("Encore {left}\u00a0s pour annuler").format(left=left))

    def show_error(self, notice: Notice) -> None:
        """What stands in the way of the answer."""
        if self.form is not None:
            self.form.show_error(notice)

    def copy_text(self) -> None:
        """Put the text to send on the clipboard."""
        if self._row is not None and self._row.text:
            QGuiApplication.clipboard().setText(self._row.text)
            self._desk.notices.toast(self.tr("Texte copié."))

    def open_link(self) -> None:
        """Open the message where it was posted."""
        if self._row is not None and _opens(self._row):
            QDesktopServices.openUrl(QUrl(self._row.permalink))

    def submit(self) -> None:
        """Send the answer that is being given."""
        if self.form is not None:
            self.form.submit()

    def ask_reason(self) -> None:
        """It cannot be done."""
        form = self.form
        if form is not None and form.isEnabled():
            form.ask_reason()
            # Once the layout has made room for the field.
            QTimer.singleShot(0, form, lambda: self.ensureWidgetVisible(form))

    def _build(self, row: OutgoingRow) -> None:
        person = self._desk.person(row.author, row.author_number)
        place = " · ".join(each for each in (platform_name(row.platform), one_line(row.account)) if each)
        self.add_title(words.task_title(row, person), place)
        if row.state is OutgoingState.GRACE:
            self._build_grace(row)
        self.body.addWidget(self._message(row))
        if row.text:
            self.body.addWidget(self._letter(row))
        if row.state is OutgoingState.BY_HAND:
            self.body.addWidget(self._steps(row, person))
            if self._desk.may(Permission.DELIVER):
                self._build_form(row)
            else:
                why = self.tr("Votre fonction permet de voir les envois, et non de les confirmer.")
                self.body.addWidget(Label(why, "note", "muted", wrap=True))
        self.finish()

    def _build_grace(self, row: OutgoingRow) -> None:
        self._grace = Banner(Tone.INFO, inset=True)
        self.body.addWidget(self._grace)
        self._grace.say("", self.tr("Rien n’est encore à faire\u00a0: la décision peut être annulée."))
        if self._desk.may(Permission.DECIDE):
            self._grace.add_button(
                self.tr("Annuler la décision"), lambda: self.undo_wanted.emit(row.decision_id)
            )
        self.show_time(self._desk.services.clock.now())

    def _message(self, row: OutgoingRow) -> QWidget:
        card = Card(self.tr("Message visé"))
        text = Label(DisplayText.of(row.excerpt).text, "base", wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.add(text)
        if _opens(row):
            link = Button(
                self.tr("Ouvrir le message"), "", "external-link",
                commands=self._desk.commands, command="outbox.open_link",
            )  # fmt: skip
            link.setToolTip(row.permalink)
            link.clicked.connect(self.open_link)
            card.add(_at_left(link))
        return card

    def _letter(self, row: OutgoingRow) -> QWidget:
        card = Card(self.tr("Texte à envoyer"))
        text = Label(DisplayText.of(row.text).text, "base", wrap=True)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        card.add(text)
        copy = Button(
            self.tr("Copier le texte"), "", "copy", commands=self._desk.commands, command="outbox.copy"
        )
        copy.clicked.connect(self.copy_text)
        card.add(_at_left(copy))
        return card

    def _steps(self, row: OutgoingRow, person: str) -> QWidget:
        card = Card(self.tr("Étapes"))
        for number, step in enumerate(words.steps(row, person, link=_opens(row)), start=1):
            card.add(Label(f"{number}.\u00a0{step}", "base", wrap=True))
        return card

    def _build_form(self, row: OutgoingRow) -> None:
        form = Confirmation(row.operation, self._means.get(row.operation, ""), self._desk.commands)
        item = row.id

        def on_done(means: str, proof: str) -> None:
            self._means[row.operation] = means
            self.done.emit(item, means, proof)

        form.done.connect(on_done)
        form.given_up.connect(lambda reason: self.given_up.emit(item, reason))
        self.form = form
        self.body.addWidget(form)


def _opens(row: OutgoingRow) -> bool:
    """Only what a browser opens: an imported file may hold any string."""
    return QUrl(row.permalink).scheme() in ("http", "https")


def _at_left(widget: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    return box
