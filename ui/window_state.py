"""What the window says of the desk as a whole: figures of the status line, banners, the end of grace."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from console.domain.emergency import Emergency
from console.domain.roles import Actor, Permission
from console.services.rows import ChangeSet, HistoryFilter
from console.services.services import Services
from console.services.sharing_ports import Line, LineState
from ui import dates
from ui.alarms import Alarm, AlarmBanner, alarm_of
from ui.announce import announce
from ui.desk import Desk
from ui.models.line import line_words
from ui.widgets.banner import Banner

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_COUNTED = 1000
_LATELY = timedelta(days=1)
_EVERY = 60_000
"""Milliseconds between refreshes while nothing is announced: another desk or a timer may have moved on."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one moment. `treated` is the person's own day (seen by nobody else); `refusals` are those
    of the last day: nobody can take an old one away."""

    waiting: int
    treated: int
    supervision: int
    emergency: Emergency | None
    conflicts: int = 0
    refusals: int = 0
    trouble: int = 0
    """Outbox items that a person has to look at."""
    alarm: Alarm | None = None
    actor: Actor | None = None
    """Who is at the desk, as the shared database says now: rights may have changed there."""


def figures(services: Services, actor: Actor) -> Figures:
    """Read them (blocking)."""
    now = services.clock.now()
    reads = actor.may(Permission.READ_QUEUE, now)
    waiting = len(services.outbox.waiting(actor)) if reads else 0
    trouble = services.outbox.trouble(actor) if reads else 0
    alarm = alarm_of(services.accounts.rows(actor), trouble, now) if reads else None
    treated = 0
    if actor.may(Permission.READ_HISTORY, now):
        mine = HistoryFilter(
            staff=frozenset({actor.staff.id}), decided_from=_midnight(now), include_undone=False
        )
        treated = len(services.history.page(actor, mine, limit=_COUNTED).rows)
    supervises = actor.may(Permission.SUPERVISE, now)
    supervision = services.queue.counts(actor).submitted if supervises else 0
    conflicts = len(services.sharing.conflicts(actor))
    refusals = sum(now - row.at < _LATELY for row in services.sharing.refusals(actor))
    emergency = services.emergency.current()
    at_desk = services.access.current()
    return Figures(waiting, treated, supervision, emergency, conflicts, refusals, trouble, alarm, at_desk)


class WindowState(QObject):
    """Keeps the status line, the rail's figures and the banners true."""

    def __init__(self, window: MainWindow, desk: Desk) -> None:
        super().__init__(window)
        self._window, self._desk = window, desk
        self._figures = Figures(0, 0, 0, None)
        self.sample = Banner("sample")
        self.leave_sample = self.sample.add_button(
            self.tr("Quitter l’exemple"), lambda: desk.reopen.emit(False, "", None), "link"
        )
        self._emergency = Banner("emergency")
        self._manage = self._emergency.add_button(self.tr("Gérer les mesures…"), window.show_emergency)
        self.alarm = AlarmBanner(desk, self)
        for place, banner in enumerate((self._emergency, self.alarm.banner, self.sample)):
            banner.hide()
            window.banners.insertWidget(place, banner)
        status = window.status
        status.line.clicked.connect(lambda: window.go("sharing"))
        status.waiting.clicked.connect(lambda: window.go("outbox"))
        status.who.clicked.connect(lambda: window.go("settings", "people"))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._grace = QTimer(self)
        self._grace.setSingleShot(True)
        self._grace.timeout.connect(self.end_grace)
        self._ends: deque[datetime] = deque()
        desk.changed.connect(self._changed)
        desk.actor_changed.connect(self._actor_changed)
        desk.emergency_changed.connect(self._show_emergency)
        desk.sharing.line_changed.connect(self.show_line)
        desk.platforms.changed.connect(self.refresh)
        self._kind = _kind(desk.sharing.line)
        self._show_sample()
        self.show_line()

    def start(self) -> None:
        """First figures; and what a former session left in its grace period goes on its way."""
        self._timer.start(_EVERY)
        self._actor_changed()
        self.end_grace()

    def refresh(self) -> None:
        """Read the figures again."""
        if not self._desk.introduced:
            return
        services, actor = self._desk.services, self._desk.actor
        self._desk.tasks.read(lambda: figures(services, actor), self._show, owner=self, lane="figures")
        self.show_line()  # «depuis», «à»: another day may have begun

    def end_grace(self) -> None:
        """Move what has had its 30 seconds on to «by hand»."""
        outbox = self._desk.services.outbox
        self._desk.tasks.write(outbox.end_grace, self._grace_ended, owner=self)

    def _grace_ended(self, moved: int) -> None:
        now = self._desk.services.clock.now()
        while self._ends and self._ends[0] <= now:
            self._ends.popleft()
        self._await_grace()
        if moved:
            self._desk.announce(ChangeSet(outgoing=True))
            self._desk.platforms.wake()

    def show_counts(self) -> None:
        """Put the figures on the rail again (its buttons are new)."""
        supervises = self._desk.may(Permission.SUPERVISE)
        met = self._figures.conflicts if supervises else 0
        self._window.rail.set_count("supervision", self._figures.supervision + met)
        self._window.rail.set_count("outbox", self._figures.trouble)

    def show_line(self) -> None:
        """The state of the line. It is announced only when what a person can do changes with it: not each
        exchange, which comes and goes every few seconds."""
        desk, status = self._desk, self._window.status
        line = desk.sharing.line
        words = line_words(line, desk.services.clock.now())
        if (met := self._met()) and line.loading is None:
            quiet = line.state in (LineState.ALONE, LineState.ONLINE) or not words.detail
            words = replace(words, detail=met if quiet else f"{met} · {words.detail}")
        status.show_line(words)
        if (kind := _kind(line)) != self._kind:
            self._kind = kind
            announce(status, line_words(line, desk.services.clock.now()).spoken)

    def _met(self) -> str:
        """What asks for a look, in place of the figures of the exchange."""
        conflicts, refusals = self._figures.conflicts, self._figures.refusals
        said = []
        if conflicts:
            one = self.tr("1 conflit à voir")
            several = self.tr("{n} conflits à voir").format(n=dates.number(conflicts))
            said.append(one if conflicts == 1 else several)
        if refusals:
            one, several = self.tr("1 refus"), self.tr("{n} refus").format(n=dates.number(refusals))
            said.append(one if refusals == 1 else several)
        return ", ".join(said)

    def _changed(self, changes: ChangeSet) -> None:
        if changes.send_at is not None:
            self._ends.append(changes.send_at)
            self._await_grace()
        self.refresh()

    def _await_grace(self) -> None:
        """Wake at the earliest end: one decision after another must not put off the first."""
        if self._ends and not self._grace.isActive():
            left = self._ends[0] - self._desk.services.clock.now()
            self._grace.start(max(0, int(left.total_seconds() * 1000)) + 200)

    def _actor_changed(self) -> None:
        if not self._desk.introduced:
            return
        staff = self._desk.actor.staff
        role = self._desk.catalogue.label("role", staff.role)
        self._window.status.who.say(f"{staff.name} · {role}")
        self._window.status.fit()
        may = self._desk.may(Permission.EMERGENCY)
        self._manage.setVisible(may)
        self._window.top.emergency.setVisible(may)
        self.refresh()

    def _show(self, now: Figures) -> None:
        here = self._desk.actor
        if now.actor is not None and now.actor.staff.id == here.staff.id and now.actor != here:
            self._desk.seat(now.actor)  # same person, other rights: it reads the figures again
            return
        self._figures = now
        status = self._window.status
        status.waiting.setText(_waiting(self, now.waiting, now.trouble))
        status.waiting.setEnabled(bool(now.waiting))
        self.alarm.show_alarm(now.alarm)
        status.done.setText(self._treated(now.treated))
        self.show_line()
        self.show_counts()
        if now.emergency != self._desk.emergency:
            self._desk.set_emergency(now.emergency)
        elif now.emergency is not None:
            self._show_emergency()

    def _treated(self, count: int) -> str:
        if not count:
            return ""
        shown = dates.number(count) if count < _COUNTED else self.tr("1\u00a0000 et plus")
        morning = dates.local(self._desk.services.clock.now()).hour < 12
        if count == 1:
            return (
                self.tr("1 message traité ce matin") if morning else self.tr("1 message traité aujourd’hui")
            )
        words = (
            self.tr("{n} messages traités ce matin")
            if morning
            else self.tr("{n} messages traités aujourd’hui")
        )
        return words.format(n=shown)

    def _show_sample(self) -> None:
        if self._desk.services.sample:
            self.sample.say(self.tr("File d’exemple\u00a0: rien n’est réel."))

    def _show_emergency(self) -> None:
        period = self._desk.emergency
        if period is None:
            self._emergency.hide()
            return
        if period.planned_end <= self._desk.services.clock.now():
            until = self.tr("La fin prévue est passée ({moment})\u00a0: prolongez ou arrêtez les mesures.")
        else:
            until = self.tr("Fin prévue\u00a0: {moment}. Les dangers pour la vie passent d’abord.")
        title = self.tr("Mesures d’urgence\u00a0: {reason}").format(reason=period.reason)
        self._emergency.say(title, until.format(moment=dates.moment(period.planned_end)))


def _kind(line: Line) -> str:
    """What a person can count on: alone, with the others, without them, or stopped."""
    if line.state in (LineState.ONLINE, LineState.SYNCING):
        return "loading" if line.loading else "online"
    return "offline" if line.state is LineState.CONNECTING else line.state.value


def _waiting(owner: QObject, count: int, trouble: int) -> str:
    if not count:
        return owner.tr("Aucun envoi en attente")
    said = owner.tr("1 envoi en attente")
    if count > 1:
        said = owner.tr("{n} envois en attente").format(n=dates.number(count))
    return owner.tr("{said}, {n} à surveiller").format(said=said, n=trouble) if trouble else said


def _midnight(now: datetime) -> datetime:
    there = dates.local(now)
    return (there - timedelta(hours=there.hour, minutes=there.minute, seconds=there.second)).astimezone(UTC)
