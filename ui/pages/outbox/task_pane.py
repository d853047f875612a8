"""One thing to carry out: what, for whom, with which words, in which steps, and how it ended."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.roles import Permission
from console.services.rows import FINAL_STATES, TROUBLED_STATES, OutgoingRow, OutgoingState
from ui.desk import Desk
from ui.models import delivery
from ui.models.card import platform_name
from ui.models.display_text import DisplayText, one_line
from ui.notify import Notice, Tone
from ui.pages.outbox import words
from ui.pages.outbox.confirmation import Confirmation
from ui.pages.outbox.guide import Guide
from ui.pages.outbox.trouble import TroubleForm
from ui.widgets.badge import Badge
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.form import Card, Column
from ui.widgets.label import Label
from ui.widgets.receipts import Receipts


class TaskPane(Column):
    """Built anew for another item; the same item changed keeps what is being written."""

    done = Signal(object, str, str)
    """`OutgoingId`, means, proof."""
    given_up = Signal(object, str)
    """`OutgoingId`, reason."""
    undo_wanted = Signal(object)
    """`DecisionId`."""
    again_wanted = Signal(object)
    """`OutgoingId`: try once more; the next: a person does it."""
    by_hand_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._row: OutgoingRow | None = None
        self._means: dict[str, str] = {}
        self._grace: Banner | None = None
        self.form: Confirmation | TroubleForm | None = None
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

    def rest(self) -> None:
        """The answer was taken. An item that is looked up first stays as it was: it may be answered again."""
        if self.form is not None:
            self.form.setEnabled(True)

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

    def again(self) -> None:
        """Try once more."""
        if isinstance(self.form, TroubleForm) and self.form.isEnabled():
            self.form.retry.click()

    def take(self) -> None:
        """A person does it by hand."""
        if isinstance(self.form, TroubleForm):
            if self.form.isEnabled():
                self.form.take.click()
        elif self._row is not None and self._row.state is OutgoingState.WAITING:
            self.by_hand_wanted.emit(self._row.id)

    def ask_reason(self) -> None:
        """It cannot be done."""
        form = self.form
        if form is not None and form.isEnabled():
            form.ask_reason()
            # Once the layout has made room for the field.
            QTimer.singleShot(0, form, lambda: self.ensureWidgetVisible(form))

    def _build(self, row: OutgoingRow) -> None:
        now = self._desk.services.clock.now()
        person = self._desk.person(row.author, row.author_number)
        place = " · ".join(each for each in (platform_name(row.platform), one_line(row.account)) if each)
        self.add_title(words.task_title(row, person), place)
        if row.state is OutgoingState.GRACE:
            self._build_grace(row)
        else:
            self._build_state(row, now)
        self.body.addWidget(self._message(row, link=row.state is not OutgoingState.BY_HAND))
        if row.state is OutgoingState.BY_HAND:
            guide = Guide(row, person, self._desk.commands, link=_opens(row))
            guide.open_wanted.connect(self.open_link)
            guide.copy_wanted.connect(self.copy_text)
            self.body.addWidget(guide)
        elif row.text:
            self.body.addWidget(self._letter(row))
        self._build_answer(row)
        if row.attempts or row.done_at is not None:
            card = Card(self.tr("Ce que la plateforme a répondu") if row.attempts else self.tr("Comment"))
            card.add(Receipts(self._desk, row))
            self.body.addWidget(card)
        self.finish()

    def _build_answer(self, row: OutgoingRow) -> None:
        """What a person can do about it."""
        troubled = row.state in TROUBLED_STATES
        if row.state is not OutgoingState.BY_HAND and not troubled:
            return
        if not self._desk.may(Permission.DELIVER):
            why = self.tr("Votre fonction permet de voir les envois, et non de les confirmer.")
            self.body.addWidget(Label(why, "note", "muted", wrap=True))
        elif troubled:
            self._build_trouble(row)
        else:
            self._build_form(row)

    def _build_state(self, row: OutgoingRow, now: datetime) -> None:
        by_hand = row.state is OutgoingState.BY_HAND
        if by_hand and not delivery.reason(row, now) and delivery.deadline(row.planned) is None:
            return  # the steps say it all
        self.body.addWidget(self._state(row, now))

    def _state(self, row: OutgoingRow, now: datetime) -> QWidget:
        troubled = row.state in TROUBLED_STATES
        card = Card(self.tr("État"))
        level, shape = delivery.state_mark(row.state)
        mark = Badge()
        word = delivery.state_word(row.state)
        mark.show_mark(level, shape, word[:1].upper() + word[1:])
        card.add(_at_left(mark))
        if row.state not in (OutgoingState.BY_HAND, OutgoingState.DONE):
            card.add(Label(words.state_title(row), "strong", wrap=True))
        if why := delivery.reason(row, now):
            card.add(Label(why, "base", "" if troubled else "muted", wrap=True))
        if row.state is OutgoingState.WAITING and row.planned:
            planned = delivery.ways(row.planned, row.operation)
            said = self.tr("Prévu\u00a0: {ways}.").format(ways=planned)
            card.add(Label(" ".join([said, *delivery.notes(row.planned)]), "base", "muted", wrap=True))
        until = delivery.deadline(row.planned)
        if until is not None and row.state not in FINAL_STATES:
            said = delivery.deadline_words(until, now)
            card.add(Label(said[:1].upper() + said[1:], "base", "warning", wrap=True))
        if row.state is OutgoingState.WAITING and self._desk.may(Permission.DELIVER):
            take = Button(
                self.tr("Faire à la main"), "", "pencil", commands=self._desk.commands, command="outbox.take"
            )
            take.clicked.connect(self.take)
            card.add(_at_left(take))
        return card

    def _build_trouble(self, row: OutgoingRow) -> None:
        form, item = TroubleForm(row, self._desk.commands), row.id
        form.again.connect(lambda: self.again_wanted.emit(item))
        form.by_hand.connect(lambda: self.by_hand_wanted.emit(item))
        form.given_up.connect(lambda reason: self.given_up.emit(item, reason))
        self.form = form
        self.body.addWidget(form)

    def _build_grace(self, row: OutgoingRow) -> None:
        self._grace = Banner(Tone.INFO, inset=True)
        self.body.addWidget(self._grace)
        self._grace.say("", self.tr("Rien n’est encore à faire\u00a0: la décision peut être annulée."))
        if self._desk.may(Permission.DECIDE):
            self._grace.add_button(
                self.tr("Annuler la décision"), lambda: self.undo_wanted.emit(row.decision_id)
            )
        self.show_time(self._desk.services.clock.now())

    def _message(self, row: OutgoingRow, *, link: bool) -> QWidget:
        card = Card(self.tr("Message visé"))
        text = Label(DisplayText.of(row.excerpt).text, "base", wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.add(text)
        if link and _opens(row):
            button = Button(
                self.tr("Ouvrir le message"), "", "external-link",
                commands=self._desk.commands, command="outbox.open_link",
            )  # fmt: skip
            button.setToolTip(row.permalink)
            button.clicked.connect(self.open_link)
            card.add(_at_left(button))
        return card

    def _letter(self, row: OutgoingRow) -> QWidget:
        sent = row.state in FINAL_STATES and row.state is not OutgoingState.CANCELLED
        card = Card(self.tr("Texte") if sent else self.tr("Texte à envoyer"))
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
