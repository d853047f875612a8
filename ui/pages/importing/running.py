"""The third step: how far the import is, how fast, and the way out of it."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from ui import dates
from ui.desk import Desk
from ui.models.display_text import one_line
from ui.pages.importing import words
from ui.widgets.button import Button
from ui.widgets.form import Card, Column
from ui.widgets.label import Label

_STEADY = 1.0
"""Seconds of work before a rate is said: before, it jumps."""


class RunningStep(Column):
    """Reading first (no total yet), then judging and storing."""

    cancel_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(centred=True)
        self._name = Label("", "display", wrap=True)
        self._stage = Label("", "strong")
        self._count = Label("", "note", "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Avancement de l’importation"))
        self.cancel = Button(
            self.tr("Annuler l’importation"), commands=desk.commands, command="import.cancel"
        )
        self.cancel.clicked.connect(self.cancel_wanted)
        self._began: float | None = None
        card = Card()
        card.add(self._stage)
        card.add(self._bar)
        card.add(self._count)
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.cancel)
        row.addStretch(1)
        self.body.addWidget(self._name)
        self.body.addWidget(card)
        self.body.addWidget(buttons)
        hint = self.tr(
            "Vous pouvez continuer à travailler dans la file\u00a0: rien n’y parait avant la fin. Annuler "
            "ne laisse rien de ce fichier."
        )
        self.body.addWidget(Label(hint, "note", "muted", wrap=True))
        self.finish()

    def begin(self, name: str) -> None:
        """Another import."""
        self._name.setText(self.tr("Importation de «\u00a0{name}\u00a0»").format(name=one_line(name)))
        self._began = None
        self._bar.setRange(0, 0)
        self._stage.setText(self.tr("Lecture du fichier"))
        self._count.setText("")
        self.cancel.setEnabled(True)
        self.cancel.setFocus()

    def cancelling(self) -> None:
        """The word was given; the work stops at its next step."""
        self.cancel.setEnabled(False)
        self._stage.setText(self.tr("Annulation en cours…"))

    def advance(self, done: int, total: int | None) -> None:
        """Progress as the import tells it."""
        if not self.cancel.isEnabled():
            return
        if total is None:
            read = words.count_word(done, self.tr("{n} ligne lue"), self.tr("{n} lignes lues"))
            self._count.setText(read if done else "")
            return
        now = time.monotonic()
        if self._began is None:
            self._began = now
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        finishing = done >= total
        self._stage.setText(
            self.tr("Publication dans la file") if finishing else self.tr("Verdict et mise en file")
        )
        self._count.setText(self._said(done, total, now - self._began))

    def _said(self, done: int, total: int, seconds: float) -> str:
        parts = [
            self.tr("{done} sur {total} messages").format(done=dates.number(done), total=dates.number(total))
        ]
        if seconds >= _STEADY and done:
            rate = done / seconds
            parts.append(self.tr("{n} par seconde").format(n=dates.number(round(rate))))
            left = (total - done) / rate
            if left >= 1:
                parts.append(self.tr("encore {time}").format(time=_duration(left)))
        return " · ".join(parts)


def _duration(seconds: float) -> str:
    """«45 s», «3 min»."""
    return f"{round(seconds)}\u00a0s" if seconds < 60 else f"{round(seconds / 60)}\u00a0min"
