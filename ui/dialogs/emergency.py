"""Emergency measures (R15): switch on with a reason and a planned end, extend, stop. Shown in the panel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from console.domain.emergency import Emergency
from console.services.rows import ChangeSet
from ui import dates, theme
from ui.desk import Desk
from ui.widgets.button import Button
from ui.widgets.fields import MomentField
from ui.widgets.label import Label, SectionLabel

_HOURS = (2, 4, 8, 24)


class EmergencyForm(QWidget):
    """`finished` once something was switched."""

    finished = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        look = theme.current()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(look.space(16), look.space(12), look.space(16), look.space(16))
        self._layout.setSpacing(look.space(8))
        self.problem = Label("", "note", "danger", wrap=True)
        self.problem.hide()
        period = desk.emergency
        if period is None:
            self._build_start()
        else:
            self._build_running(period)
        self._layout.addWidget(self.problem)
        self._layout.addStretch(1)

    def _build_start(self) -> None:
        effect = self.tr(
            "Tant que les mesures sont en cours, un bandeau l’annonce sur chaque page, les dangers pour la "
            "vie passent en tête de file, les délais de réponse sont suspendus et le modèle «\u00a0délai de "
            "réponse\u00a0» est proposé. Le début et la fin s’inscrivent à la piste de vérification."
        )
        self._layout.addWidget(Label(effect, "note", "muted", wrap=True))
        self._layout.addWidget(SectionLabel(self.tr("Motif")))
        self.reason = QPlainTextEdit()
        self.reason.setAccessibleName(self.tr("Motif des mesures d’urgence"))
        self.reason.setPlaceholderText(self.tr("Par exemple, inondation dans un secteur de la ville"))
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(theme.current().px(84))
        self._layout.addWidget(self.reason)
        self._add_end(self.tr("Fin prévue"))
        self.begin = Button(self.tr("Déclencher les mesures"), "primary")
        self.begin.clicked.connect(self._start)
        self._layout.addWidget(self.begin)
        self.setFocusProxy(self.reason)

    def _build_running(self, period: Emergency) -> None:
        since = self.tr("En cours depuis le {moment}").format(moment=dates.moment(period.started_at))
        self._layout.addWidget(Label(period.reason, "strong", wrap=True))
        self._layout.addWidget(Label(since, "note", "muted", wrap=True))
        self._add_end(self.tr("Nouvelle fin prévue"), period.planned_end)
        self.extend = Button(self.tr("Prolonger"), "primary")
        self.extend.clicked.connect(self._extend)
        self._layout.addWidget(self.extend)
        self._layout.addSpacing(theme.current().space(12))
        self._layout.addWidget(SectionLabel(self.tr("Mettre fin aux mesures")))
        self.word = QPlainTextEdit()
        self.word.setAccessibleName(self.tr("Mot de la fin, facultatif"))
        self.word.setPlaceholderText(self.tr("Un mot pour la piste de vérification (facultatif)"))
        self.word.setTabChangesFocus(True)
        self.word.setFixedHeight(theme.current().px(64))
        self._layout.addWidget(self.word)
        self.stop = Button(self.tr("Arrêter les mesures"), "danger")
        self.stop.clicked.connect(self._stop)
        self._layout.addWidget(self.stop)
        self.setFocusProxy(self.end)

    def _add_end(self, title: str, at: datetime | None = None) -> None:
        now = self._desk.services.clock.now()
        self._layout.addWidget(SectionLabel(title))
        self.end = MomentField()
        self.end.setAccessibleName(title)
        self._set_end(max(at or now, now + timedelta(hours=_HOURS[1])))
        self._layout.addWidget(self.end)
        row = QHBoxLayout()
        for hours in _HOURS:
            quick = Button(self.tr("Dans {hours}\u00a0h").format(hours=hours), "chip")
            quick.clicked.connect(lambda _on=False, h=hours: self._set_end(self._now() + timedelta(hours=h)))
            row.addWidget(quick)
        row.addStretch(1)
        self._layout.addLayout(row)

    def _now(self) -> datetime:
        return self._desk.services.clock.now()

    def _set_end(self, at: datetime) -> None:
        there = dates.local(at).replace(second=0, microsecond=0, tzinfo=None)
        self.end.setDateTime(QDateTime.fromString(there.isoformat(), "yyyy-MM-ddTHH:mm:ss"))

    def _chosen_end(self) -> datetime:
        text = self.end.dateTime().toString("yyyy-MM-ddTHH:mm:ss")
        return datetime.fromisoformat(text).replace(tzinfo=dates.CITY).astimezone(UTC)

    def _start(self) -> None:
        actor, reason, end = self._desk.actor, self.reason.toPlainText(), self._chosen_end()
        self._run(lambda: self._desk.services.emergency.start(actor, reason, end))

    def _extend(self) -> None:
        actor, end = self._desk.actor, self._chosen_end()
        self._run(lambda: self._desk.services.emergency.extend(actor, end))

    def _stop(self) -> None:
        actor, word = self._desk.actor, self.word.toPlainText()
        self._run(lambda: self._desk.services.emergency.stop(actor, word))

    def _run(self, switch: Callable[[], ChangeSet]) -> None:
        def work() -> tuple[ChangeSet, Emergency | None]:
            return switch(), self._desk.services.emergency.current()

        self.problem.hide()
        self._desk.tasks.write(work, self._switched, self._failed, owner=self)

    def _switched(self, outcome: tuple[ChangeSet, Emergency | None]) -> None:
        changes, period = outcome
        self._desk.set_emergency(period)
        self._desk.announce(changes)
        self.finished.emit()

    def _failed(self, error: Exception) -> None:
        notice = self._desk.notices.explain(error)
        self.problem.setText(f"{notice.title} {notice.next}")
        self.problem.show()
