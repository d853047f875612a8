"""What must not go unseen: an account that lost its access or soon will, an envoy in trouble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QObject

from console.services.platform_rows import AccountRow
from ui import dates
from ui.desk import Desk
from ui.models import accounts as models
from ui.models.accounts import LOST, AccountState
from ui.models.card import platform_name
from ui.models.delivery import Group
from ui.models.display_text import one_line
from ui.widgets.banner import Banner

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Alarm:
    """`page` and `argument` lead to where something can be done about it."""

    kind: str
    """Of the banner: problem or warning."""
    title: str
    text: str
    action: str
    page: str
    argument: object = None


def alarm_of(accounts: Sequence[AccountRow], trouble: int, now: datetime) -> Alarm | None:
    """The gravest thing there is to say: lost accesses, then envoys in trouble, then ends within a week."""
    lost = [row for row in accounts if models.state_of(row) in LOST]
    if lost:
        return _lost(lost, now)
    if trouble:
        one, many = _tr("1 envoi est à surveiller."), _tr("{n} envois sont à surveiller.")
        return Alarm(
            "warning",
            one if trouble == 1 else many.format(n=dates.number(trouble)),
            _tr("Une plateforme a refusé, ou n’a pas répondu\u00a0: une personne choisit la suite."),
            _tr("Voir les envois"),
            "outbox",
            Group.TROUBLE,
        )
    ending = [row for row in accounts if models.state_of(row) is AccountState.EXPIRING]
    return _ending(ending, now) if ending else None


def _lost(rows: Sequence[AccountRow], now: datetime) -> Alarm:
    first = rows[0]
    state = models.state_words(first, now)
    title = _tr("Le compte {name} est {state}.").format(name=_name(first), state=state.word)
    if state.state is AccountState.FORBIDDEN:
        title = _tr("Le compte {name} a perdu des droits.").format(name=_name(first))
    if len(rows) > 1:
        title = _tr("{n} comptes ne sont plus connectés\u00a0: {names}.").format(
            n=dates.number(len(rows)), names=_names(rows)
        )
    text = _tr("Rien n’en arrive et rien n’y part; ce qui est décidé attend, et rien n’est perdu.")
    return Alarm("problem", title, text, _tr("Voir le compte"), "accounts", first.account.id)


def _ending(rows: Sequence[AccountRow], now: datetime) -> Alarm:
    first = rows[0]
    title = _tr("L’accès du compte {name} {ends}.").format(
        name=_name(first), ends=models.state_words(first, now).word
    )
    if len(rows) > 1:
        title = _tr("L’accès de {n} comptes prend fin bientôt\u00a0: {names}.").format(
            n=dates.number(len(rows)), names=_names(rows)
        )
    text = _tr("Reconnectez-le d’ici là, et rien ne s’arrêtera.")
    return Alarm("warning", title, text, _tr("Voir le compte"), "accounts", first.account.id)


def _name(row: AccountRow) -> str:
    return f"{one_line(row.account.name)} ({platform_name(row.account.platform)})"


def _names(rows: Sequence[AccountRow]) -> str:
    named = ", ".join(_name(row) for row in rows[:_NAMED])
    return named if len(rows) <= _NAMED else _tr("{names} et d’autres").format(names=named)


class AlarmBanner(QObject):
    """One alarm at a time above the page. Closed by the person, it comes back when it says another thing."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._alarm: Alarm | None = None
        self.banner = Banner("warning", closable=True)
        self.button = self.banner.add_button("", self._go)
        self.banner.hide()

    @property
    def alarm(self) -> Alarm | None:
        """What is to be said now, closed or not."""
        return self._alarm

    def show_alarm(self, alarm: Alarm | None) -> None:
        """Say it, once for as long as it stays the same."""
        if alarm == self._alarm:
            return
        self._alarm = alarm
        if alarm is None:
            self.banner.hide()
            return
        self.banner.set_kind(alarm.kind)
        self.button.setText(alarm.action)
        self.banner.say(alarm.title, alarm.text)

    def _go(self) -> None:
        if self._alarm is not None:
            self._desk.open_page.emit(self._alarm.page, self._alarm.argument)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Alarms", text)
