"""The city's accounts in words: how each is connected, what is left of its budgets, what it can do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from console.catalogue import Catalogue
from console.domain.messages import Channel
from console.domain.platforms import Abilities, Act
from console.services.platform_ports import Budget, ConnectionState
from console.services.platform_rows import AccountRow
from ui import dates
from ui.models.card import CardText, ChipText, platform_name
from ui.models.display_text import one_line

ACTS = (Act.HIDE, Act.DELETE, Act.REPLY, Act.MESSAGE, Act.BAN, Act.UNBAN, Act.REPORT)
"""In the order of the table."""


class AccountState(StrEnum):
    """How an account is connected, as the screen tells it: `ConnectionState` and the week before an end."""

    CONNECTED = "connected"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    FORBIDDEN = "forbidden"
    BLOCKED = "blocked"
    DISCONNECTED = "disconnected"


LOST = frozenset({AccountState.EXPIRED, AccountState.FORBIDDEN, AccountState.BLOCKED})
"""Nothing comes in or goes out until a person does something."""

_MARKS = {
    AccountState.CONNECTED: (0, "ring"),
    AccountState.EXPIRING: (2, "triangle"),
    AccountState.EXPIRED: (3, "diamond"),
    AccountState.FORBIDDEN: (3, "diamond"),
    AccountState.BLOCKED: (4, "square"),
    AccountState.DISCONNECTED: (1, "dot"),
}


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state in words and shape: never colour alone. `text` says what it means and what to do."""

    state: AccountState
    word: str
    text: str
    level: int
    shape: str


def state_of(row: AccountRow) -> AccountState:
    """The state of an account."""
    if row.connection is None:
        return AccountState.DISCONNECTED
    if row.connection.state is ConnectionState.CONNECTED and row.expires_soon:
        return AccountState.EXPIRING
    return AccountState(row.connection.state)


def state_words(row: AccountRow, now: datetime) -> StateWords:
    """«expire dans 5 jours», and what follows from it."""
    state = state_of(row)
    word = Catalogue.load().label("connection_state", state)
    if state is AccountState.EXPIRING:
        word = _expires(row, now)
    return StateWords(state, word, _meaning(state, row), *_MARKS[state])


def _expires(row: AccountRow, now: datetime) -> str:
    end = row.connection.expires_at if row.connection is not None else None
    if end is None:
        return _tr("expire bientôt")
    days = (dates.local(end).date() - dates.local(now).date()).days
    if days < 1:
        return _tr("expire aujourd’hui, à {time}").format(time=dates.clock_time(end))
    return _tr("expire demain") if days == 1 else _tr("expire dans {n} jours").format(n=days)


def _meaning(state: AccountState, row: AccountRow) -> str:
    if state is AccountState.CONNECTED and row.held_by:
        return _tr("Le poste «\u00a0{desk}\u00a0» en fait la collecte et les envois.").format(
            desk=one_line(row.held_by)
        )
    return {
        AccountState.CONNECTED: _tr("Les messages arrivent et les décisions partent d’elles-mêmes."),
        AccountState.EXPIRING: _tr(
            "L’accès que la plateforme a donné prend fin bientôt. Reconnectez le compte avant\u00a0: rien ne "
            "s’arrêtera."
        ),
        AccountState.EXPIRED: _tr(
            "La plateforme ne reconnait plus cet accès. Rien n’arrive et rien ne part; ce qui est décidé "
            "attend. Reconnectez le compte."
        ),
        AccountState.FORBIDDEN: _tr(
            "Le rôle sur la page, ou une permission, a été retiré. Rétablissez-le sur la plateforme, puis "
            "reconnectez le compte."
        ),
        AccountState.BLOCKED: _tr(
            "La plateforme a demandé d’arrêter. Vigie n’envoie plus rien tant qu’une personne ne le reprend "
            "pas. Voyez d’abord sur la plateforme ce qu’elle reproche."
        ),
        AccountState.DISCONNECTED: _tr(
            "Rien n’arrive de ce compte par Vigie, et ce qui est décidé se fait à la main."
        ),
    }[state]


def account_card(row: AccountRow, now: datetime) -> CardText:
    """The card of an account at the instant `now`."""
    words, place, name = (
        state_words(row, now),
        platform_name(row.account.platform),
        one_line(row.account.name),
    )
    waits = waiting_words(row)
    collected = collected_words(row, now)
    spoken = ", ".join(part for part in (name, place, words.word, collected, waits) if part)
    return CardText(
        place=place,
        who=name,
        account="",
        age="",
        excerpt=collected,
        level=words.level,
        chips=(ChipText(words.level, words.shape, sentence(words.word)),),
        remarks=waits,
        done=False,
        spoken=f"{spoken}.",
    )


def collected_words(row: AccountRow, now: datetime) -> str:
    """«Dernière collecte à 14 h 06»."""
    if row.connection is None:
        return _tr("Jamais connecté à ce poste") if row.collected_at is None else _tr("Collecte arrêtée")
    if row.collected_at is None:
        return _tr("Pas encore de collecte")
    return _tr("Dernière collecte {when}").format(when=moment_at(row.collected_at, now))


def waiting_words(row: AccountRow) -> str:
    """«2 en attente, 1 à surveiller», "" when nothing is."""
    parts = []
    if row.waiting:
        parts.append(_tr("{n} en attente").format(n=dates.number(row.waiting)))
    if row.trouble:
        parts.append(_tr("{n} à surveiller").format(n=dates.number(row.trouble)))
    return ", ".join(parts)


def moment_at(at: datetime, now: datetime) -> str:
    """«à 14 h 06» today, «le 14 nov. 2026, 3 h» on another day."""
    if dates.local(at).date() == dates.local(now).date():
        return _tr("à {time}").format(time=dates.clock_time(at))
    return _tr("le {moment}").format(moment=dates.moment(at))


# budgets


def budget_share(budget: Budget) -> float | None:
    """Part of the allowance that is used, 0 to 1; None without a limit."""
    return None if not budget.limit else max(0.0, min(budget.used / budget.limit, 1.0))


def budget_level(budget: Budget) -> int:
    """Colour of the bar: calm, from 75 % on a warning, from 95 % on grave."""
    share = budget_share(budget) or 0.0
    return 4 if share >= 0.95 else 2 if share >= 0.75 else 0


def budget_words(budget: Budget, now: datetime) -> str:
    """«3 200 des 10 000 unités du jour, remises à zéro à 3 h»."""
    used = figure(budget.used)
    limit = figure(budget.limit) if budget.limit is not None else ""
    if budget.name == "percent":
        said = _tr("{used}\u00a0% de la part permise").format(used=used)
    elif budget.name == "cost":
        said = _tr("{used}\u00a0$ US dépensés").format(used=used)
        said = _tr("{said} sur {limit}\u00a0$").format(said=said, limit=limit) if limit else said
    else:
        thing = Catalogue.load().label("budget", budget.name)
        thing = _tr("unités du jour") if budget.name == "units" else thing
        said = _tr("{used} des {limit} {thing}") if limit else _tr("{used} {thing}")
        said = said.format(used=used, limit=limit, thing=thing)
    if budget.resets_at is None:
        return said
    again = {"units": _tr("remises à zéro {when}"), "calls": _tr("remis à zéro {when}")}.get(
        budget.name, _tr("remise à zéro {when}")
    )
    return f"{said}, {again.format(when=moment_at(budget.resets_at, now))}"


def figure(value: float) -> str:
    """«3 200», «12,40»: French grouping and comma."""
    if value == round(value):
        return dates.number(round(value))
    whole, part = f"{value:,.2f}".split(".")
    return f"{whole.replace(',', chr(0xA0))},{part}"


# what a platform can do


@dataclass(frozen=True, slots=True)
class AbilityLine:
    """One act: how it goes for comments and for private messages ("" where it has no meaning), and what to
    know about it."""

    act: str
    comment: str
    private: str
    notes: tuple[str, ...]


def ability_lines(abilities: Abilities) -> tuple[AbilityLine, ...]:
    """What can be done there, act by act."""
    label, lines = Catalogue.load().label, []
    for act in ACTS:
        both = [abilities.get((act, channel)) for channel in (Channel.COMMENT, Channel.PRIVATE)]
        if not any(both):
            continue
        ways = ["" if each is None else _tr("par Vigie") if each.api else _tr("à la main") for each in both]
        said = dict.fromkeys(label("ability", each.note) for each in both if each is not None and each.note)
        lines.append(AbilityLine(sentence(label("act", act)), ways[0], ways[1], tuple(said)))
    return tuple(lines)


def sentence(words: str) -> str:
    """With a capital at its beginning."""
    return words[:1].upper() + words[1:]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Accounts", text)
