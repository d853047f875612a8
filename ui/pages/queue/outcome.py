"""In place of the actions once a case is decided or with supervision: what was decided, by whom, why."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from console.domain.cases import UNDOABLE_STATES
from ui import dates
from ui.desk import Desk
from ui.models.card import platform_name
from ui.models.display_text import one_line
from ui.pages.queue import words
from ui.pages.queue.case import Case
from ui.widgets.button import Button
from ui.widgets.label import Label


class OutcomeView(QFrame):
    """The person's own decision can be taken back from here."""

    undo_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setProperty("surface", "card")
        self._title = Label("", "strong", wrap=True)
        self._who = Label("", "note", "muted", wrap=True)
        self._why = Label("", "note", wrap=True)
        self._undo = Button(self.tr("Annuler la décision"), icon="undo-2")
        self._undo.clicked.connect(self.undo_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        for widget in (self._title, self._who, self._why, self._undo):
            column.addWidget(widget)

    def show_case(self, case: Case) -> None:
        """What became of it."""
        detail, decision = case.detail, case.detail.decision
        state = words.sentence(self._desk.catalogue.label("state", detail.state))
        if decision is None:
            self._title.setText(state)
            gone = detail.message.deleted_at is not None
            where = platform_name(detail.message.platform)
            said = self.tr("Le message n’est plus sur {platform}.").format(platform=where)
            self._who.setText(said if gone else self.tr("Ce message ne demande aucune décision."))
            self._why.hide()
            self._undo.hide()
            return
        acts = words.sentence(words.past_words(decision.actions))
        self._title.setText(acts if detail.state == "decided" else f"{state}\u00a0: {acts.lower()}")
        mine = decision.actor == self._desk.actor.staff.id
        who = self.tr("vous") if mine else one_line(detail.decided_by)
        self._who.setText(self.tr("Par {who}, {moment}").format(who=who, moment=dates.moment(decision.at)))
        rules = words.together(words.rule_in_words(each, case.rules) for each in decision.rules)
        reason = one_line(decision.reason)
        self._why.setText(" · ".join(part for part in (words.sentence(rules), reason) if part))
        self._why.setVisible(bool(rules or reason))
        self._undo.setVisible(mine and detail.state in UNDOABLE_STATES)
