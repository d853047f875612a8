"""French of what is to be carried out: titles, steps, means and consequences, by operation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from console.domain.decisions import Action
from console.domain.messages import Channel
from console.domain.platforms import Act
from console.services.rows import FINAL_STATES, OutgoingRow, OutgoingState
from ui import dates
from ui.models import delivery
from ui.models.acts import level_of
from ui.models.card import CardText, ChipText, platform_name
from ui.models.delivery import Group
from ui.models.display_text import isolated, one_line
from ui.models.tones import ROUTE_SHAPE

_LETTERS = frozenset({Action.WARN, Action.REPLY, Action.REDIRECT_311})


def operation_word(operation: str) -> str:
    """The short word on a chip: «Masquer», «Avertir»."""
    return {
        Action.HIDE: _tr("Masquer"),
        Action.DELETE: _tr("Supprimer"),
        Action.REPORT: _tr("Signaler"),
        Action.WARN: _tr("Avertir"),
        Action.REPLY: _tr("Répondre"),
        Action.REDIRECT_311: _tr("Vers le 311"),
        Action.BAN: _tr("Bannir"),
        "unhide": _tr("Réafficher"),
        "unban": _tr("Lever le bannissement"),
    }.get(operation, operation)


def task_title(row: OutgoingRow, person: str) -> str:
    """What there is to do, as a heading."""
    platform, who = platform_name(row.platform), isolated(person)
    return {
        Action.HIDE: _tr("Masquer le message sur {platform}"),
        Action.DELETE: _tr("Supprimer le message sur {platform}"),
        Action.REPORT: _tr("Signaler le message à {platform}"),
        Action.WARN: _tr("Remettre l’avertissement à {who}"),
        Action.REPLY: _tr("Répondre à {who}"),
        Action.REDIRECT_311: _tr("Transmettre les coordonnées du 311 à {who}"),
        Action.BAN: _tr("Bannir {who} sur {platform}"),
        "unhide": _tr("Réafficher le message sur {platform}"),
        "unban": _tr("Lever le bannissement de {who} sur {platform}"),
    }.get(row.operation, row.operation).format(platform=platform, who=who)


class Does(StrEnum):
    """What a step offers a button for."""

    OPEN = "open"
    COPY = "copy"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, in words."""

    words: str
    does: Does = Does.NOTHING


def steps(row: OutgoingRow, person: str, *, link: bool) -> tuple[Step, ...]:
    """What to do on the platform, in order."""
    find = Step(_tr("Ouvrez le message sur la plateforme."), Does.OPEN)
    if not link:
        where = _tr("Sur {platform}, retrouvez le message de {who} sur le compte {account}.")
        find = Step(_filled(where, row, person))
    send = _tr("Copiez ce texte, puis envoyez-le à {who}\u00a0: {how}.")
    if row.operation == Action.BAN:
        send = _tr("Copiez cet avis, puis envoyez-le à {who} avant de bannir\u00a0: {how}.")
    letter = [Step(_filled(send, row, person), Does.COPY)] if row.text else []
    act = _acts().get(row.operation)
    acted = [Step(_filled(act, row, person))] if act else []
    last = Step(_tr("Revenez ici, dites comment, puis confirmez avec «\u00a0C’est fait\u00a0»."))
    between = [*letter, *acted] if row.operation == Action.BAN else [*acted, *letter]
    return (find, *between, last)


def _acts() -> dict[str, str]:
    return {
        Action.HIDE: _tr("Masquez-le."),
        Action.DELETE: _tr("Supprimez-le. La preuve reste dans Vigie."),
        Action.REPORT: _tr("Signalez-le avec l’outil de signalement de {platform}."),
        Action.BAN: _tr("Bannissez {who} du compte."),
        "unhide": _tr("Réaffichez-le."),
        "unban": _tr("Levez le bannissement de {who}."),
    }


def _filled(words: str, row: OutgoingRow, person: str) -> str:
    platform = platform_name(row.platform)
    notice = next((each.act for each in row.planned if each.act in (Act.MESSAGE, Act.REPLY)), None)
    private = notice is Act.MESSAGE or (notice is None and row.channel is Channel.PRIVATE)
    how = _tr("en privé") if private else _tr("en réponse au commentaire, ou en privé si c’est possible")
    if notice is Act.REPLY:
        how = _tr("en réponse publique au commentaire")
    return words.format(
        platform=platform, who=isolated(person), account=one_line(row.account) or platform, how=how
    )


def usual_means(operation: str) -> tuple[str, ...]:
    """How this is usually carried out; the person may write another."""
    if operation in _LETTERS:
        return (
            _tr("message privé"),
            _tr("réponse publique au commentaire"),
            _tr("courriel"),
            _tr("téléphone"),
        )
    return (
        _tr("page de la plateforme"),
        _tr("application mobile de la plateforme"),
        _tr("outil de gestion de la page"),
    )


def consequence_of_doing(operation: str) -> str:
    """What «C’est fait» sets off."""
    if operation == Action.WARN:
        return _tr("L’avertissement comptera à partir de maintenant.")
    return _tr("L’action sera inscrite comme faite, avec votre nom et l’heure.")


def consequence_of_giving_up(operation: str) -> str:
    """What «Impossible» sets off."""
    if operation == Action.WARN:
        return _tr("L’avertissement sera retiré et ne comptera jamais. La décision reste inscrite.")
    return _tr("L’envoi sera fermé avec votre motif. La décision reste inscrite.")


def remaining(row: OutgoingRow, now: datetime) -> int:
    """Whole seconds of grace left, 0 when it is over."""
    return max(0, -int(-(row.not_before - now).total_seconds() // 1))


def outgoing_card(row: OutgoingRow, now: datetime, person: str) -> CardText:
    """The card of an item at the instant `now`, about `person` as the screen names them."""
    level, shape = delivery.state_mark(row.state)
    word, place = operation_word(row.operation), platform_name(row.platform)
    state = delivery.state_word(row.state)
    note = _remark(row, now)
    over = row.state in FINAL_STATES
    spoken = _tr("{word}, {who}, {place}, {state}. {excerpt}").format(
        word=word, who=one_line(person), place=place, state=note or state, excerpt=one_line(row.excerpt)
    )
    return CardText(
        place=place,
        who=one_line(person),
        account="",
        age=_age(row, now),
        excerpt=one_line(row.excerpt),
        level=level_of(row.operation) if not over else level,
        chips=(
            ChipText(level_of(row.operation), ROUTE_SHAPE, word),
            *(() if row.state is OutgoingState.BY_HAND else (ChipText(level, shape, _short(row.state)),)),
        ),
        remarks=note,
        done=False,
        spoken=spoken,
    )


def _age(row: OutgoingRow, now: datetime) -> str:
    if row.state is OutgoingState.GRACE:
        return _tr("dans {left}\u00a0s").format(left=remaining(row, now))
    return dates.age(row.done_at or row.not_before, now)


def _short(state: OutgoingState) -> str:
    """The state on a chip."""
    return {
        OutgoingState.GRACE: _tr("Annulable"),
        OutgoingState.WAITING: _tr("En attente"),
        OutgoingState.SENDING: _tr("Envoi en cours"),
        OutgoingState.UNKNOWN: _tr("Réponse perdue"),
        OutgoingState.BY_HAND: _tr("À la main"),
        OutgoingState.DONE: _tr("Fait"),
        OutgoingState.ALREADY: _tr("Déjà fait"),
        OutgoingState.REFUSED: _tr("Refusé"),
        OutgoingState.FAILED: _tr("Échec"),
        OutgoingState.CANCELLED: _tr("Annulé"),
    }[state]


def _remark(row: OutgoingRow, now: datetime) -> str:
    """What presses, or why it waits, in a few words."""
    until = delivery.deadline(row.planned)
    if until is not None and row.state not in FINAL_STATES:
        return delivery.short_deadline(until, now)
    if row.state is OutgoingState.WAITING and row.retry_at is not None and row.retry_at > now:
        return _tr("prochain essai {when}").format(when=delivery.when(row.retry_at, now))
    if row.state is OutgoingState.GRACE:
        return _tr("délai d’annulation")
    return _tr("à faire") if row.state is OutgoingState.BY_HAND else ""


def group_word(group: Group) -> str:
    """The name of a group of items."""
    return {
        Group.BY_HAND: _tr("À faire à la main"),
        Group.TROUBLE: _tr("À surveiller"),
        Group.WAITING: _tr("En attente"),
        Group.SENT: _tr("Envoyés"),
    }[group]


def group_hint(group: Group) -> str:
    """What stands in it, in one sentence."""
    return {
        Group.BY_HAND: _tr(
            "La plateforme ne l’offre pas à Vigie\u00a0: une personne le fait, puis le confirme."
        ),
        Group.TROUBLE: _tr("Refusé, en échec ou sans réponse\u00a0: une personne choisit la suite."),
        Group.WAITING: _tr(
            "Vigie s’en occupe, dès que le délai d’annulation et la plateforme le permettent."
        ),
        Group.SENT: _tr("Ce qui est terminé, avec la réponse des plateformes."),
    }[group]


def empty_words(group: Group) -> tuple[str, str]:
    """What is empty, and why."""
    return {
        Group.BY_HAND: (
            _tr("Rien à faire à la main"),
            _tr("Ce que les plateformes n’offrent pas à Vigie apparaitra ici, étape par étape."),
        ),
        Group.TROUBLE: (
            _tr("Rien à surveiller"),
            _tr("Un refus, un échec ou une réponse perdue apparaitrait ici, avec la raison."),
        ),
        Group.WAITING: (
            _tr("Rien en attente"),
            _tr("Tout ce qui a été décidé est parti. Les prochains envois apparaitront ici."),
        ),
        Group.SENT: (
            _tr("Rien d’envoyé encore"),
            _tr("Ce qui est fait apparaitra ici, avec la réponse des plateformes."),
        ),
    }[group]


def state_title(row: OutgoingRow) -> str:
    """What has become of an item, as a sentence."""
    platform = platform_name(row.platform)
    return {
        OutgoingState.GRACE: _tr("Rien n’est encore parti\u00a0: la décision peut être annulée."),
        OutgoingState.WAITING: _tr("Vigie s’en occupe."),
        OutgoingState.SENDING: _tr("L’envoi est en cours."),
        OutgoingState.UNKNOWN: _tr("La réponse de {platform} s’est perdue\u00a0: c’est peut-être fait."),
        OutgoingState.BY_HAND: _tr("C’est à faire à la main."),
        OutgoingState.DONE: _tr("C’est fait."),
        OutgoingState.ALREADY: _tr("C’était déjà fait, ou il n’y avait plus rien à faire."),
        OutgoingState.REFUSED: _tr("{platform} a refusé."),
        OutgoingState.FAILED: _tr("Vigie a essayé plusieurs fois, sans y arriver."),
        OutgoingState.CANCELLED: _tr("L’envoi a été fermé sans avoir été fait."),
    }[row.state].format(platform=platform)


def trouble_hint(row: OutgoingRow) -> str:
    """What each of the three ways out does."""
    if row.state is OutgoingState.UNKNOWN:
        return _tr(
            "«\u00a0Réessayer\u00a0» regarde d’abord sur la plateforme si c’est fait\u00a0: rien ne part "
            "deux fois."
        )
    return _tr(
        "«\u00a0Réessayer\u00a0» redemande à la plateforme; «\u00a0Faire à la main\u00a0» montre les étapes."
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("OutboxWords", text)
