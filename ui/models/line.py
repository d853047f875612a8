"""The line to the shared database in words: what the status line and the page «Partage» say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from console.catalogue import Catalogue
from console.errors import VigieError
from console.services.sharing_ports import Line, LineState
from ui import dates


@dataclass(frozen=True, slots=True)
class LineWords:
    """`word` is the state, `detail` what is counted or when everything had been exchanged last. The dot has
    a shape and a role of the theme: never colour alone."""

    word: str
    detail: str
    shape: str
    role: str

    @property
    def spoken(self) -> str:
        """Both in one sentence."""
        return f"{self.word}. {self.detail}" if self.detail else self.word


_DOTS = {
    LineState.ALONE: ("dot", "muted"),
    LineState.CONNECTING: ("ring", "accent"),
    LineState.ONLINE: ("dot", "fine"),
    LineState.SYNCING: ("arrow", "accent"),
    LineState.OFFLINE: ("ring", "severity_2"),
    LineState.STOPPED: ("square", "severity_4"),
}


def line_words(line: Line, now: datetime) -> LineWords:
    """The line at the instant `now`."""
    return LineWords(_word(line, now), _detail(line, now), *_DOTS[line.state])


def stop_word(error: VigieError | None) -> str:
    """Why the line stopped, in two or three words."""
    code = error.code if error is not None else ""
    known = Catalogue.load().label("line_stop", code)
    return known if known != code else _tr("une action est attendue")


def loading_words(loading: tuple[int, int]) -> str:
    """«312 000 sur 1 000 000»."""
    done, total = (dates.number(each) for each in loading)
    return _tr("{done} sur {total}").format(done=done, total=total)


def waiting_words(line: Line) -> str:
    """«120 à envoyer, 3 400 à recevoir», "" when nothing waits."""
    parts = []
    if line.to_send:
        parts.append(_tr("{n} à envoyer").format(n=dates.number(line.to_send)))
    if line.to_receive:
        parts.append(_tr("{n} à recevoir").format(n=dates.number(line.to_receive)))
    return ", ".join(parts)


def met_words(line: Line, now: datetime) -> str:
    """«Dernière rencontre à 14 h 06», with the date on another day."""
    if line.last_met is None:
        return ""
    return _tr("Dernière rencontre {when}").format(when=at(line.last_met, now))


def at(moment: datetime, now: datetime) -> str:
    """«à 14 h 06» today, «le 14 nov., à 14 h 06» on another day."""
    time = _tr("à {time}").format(time=dates.clock_time(moment))
    if dates.local(moment).date() == dates.local(now).date():
        return time
    return _tr("le {day}, {at}").format(day=dates.moment_in_day(moment, now), at=time)


def _word(line: Line, now: datetime) -> str:
    if line.state is LineState.ALONE:
        return _tr("Poste local")
    if line.state is LineState.CONNECTING:
        return _tr("Connexion…")
    if line.state is LineState.ONLINE:
        return _tr("En ligne")
    if line.state is LineState.SYNCING:
        return _tr("Chargement…") if line.loading else _tr("Synchronisation…")
    if line.state is LineState.STOPPED:
        return _tr("Arrêté\u00a0: {why}").format(why=stop_word(line.error))
    if line.since is None:
        return _tr("Hors ligne")
    return _tr("Hors ligne depuis {when}").format(when=_since(line.since, now))


def _since(moment: datetime, now: datetime) -> str:
    if dates.local(moment).date() == dates.local(now).date():
        return dates.clock_time(moment)
    return _tr("le {day}").format(day=dates.moment_in_day(moment, now))


def _detail(line: Line, now: datetime) -> str:
    if line.state is LineState.ALONE:
        return _tr("Rien à synchroniser")
    if line.state is LineState.SYNCING and line.loading:
        return loading_words(line.loading)
    if line.state is LineState.SYNCING:
        return waiting_words(line)
    if line.state is LineState.ONLINE:
        return met_words(line, now)
    parts = (waiting_words(line) if line.to_send else "", met_words(line, now))
    return " · ".join(part for part in parts if part)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Line", text)
