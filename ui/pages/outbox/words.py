"""French of what is to be carried out: titles, steps, means and consequences, by operation."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from console.domain.decisions import Action
from console.services.rows import OutgoingRow, OutgoingState
from ui import dates
from ui.models.acts import level_of
from ui.models.card import CardText, ChipText, platform_name
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


def steps(row: OutgoingRow, person: str, *, link: bool) -> tuple[str, ...]:
    """What to do on the platform, in order."""
    platform, who, account = platform_name(row.platform), isolated(person), one_line(row.account)
    find = _tr("Ouvrez le message avec le bouton «\u00a0Ouvrir le message\u00a0».")
    if not link:
        find = _tr("Sur {platform}, retrouvez le message de {who} sur le compte {account}.").format(
            platform=platform, who=who, account=account or platform
        )
    act = {
        Action.HIDE: _tr("Masquez-le."),
        Action.DELETE: _tr("Supprimez-le. La preuve reste dans Vigie."),
        Action.REPORT: _tr("Signalez-le avec l’outil de signalement de {platform}."),
        Action.BAN: _tr("Bannissez {who} du compte."),
        "unhide": _tr("Réaffichez-le."),
        "unban": _tr("Levez le bannissement de {who}."),
    }
    told = [find]
    if row.operation in act:
        told.append(act[row.operation].format(platform=platform, who=who))
    if row.text:
        send = _tr("Copiez le texte, puis envoyez-le à {who}.")
        if row.operation == Action.BAN:
            send = _tr("Copiez l’avis, puis envoyez-le à {who} avant de bannir.")
            told.insert(1, send.format(who=who))
        else:
            told.append(send.format(who=who))
    told.append(_tr("Revenez ici, dites comment, puis confirmez avec «\u00a0C’est fait\u00a0»."))
    return tuple(told)


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
    in_grace = row.state is OutgoingState.GRACE
    left = remaining(row, now)
    when = _tr("dans {left}\u00a0s").format(left=left) if in_grace else dates.age(row.not_before, now)
    state = _tr("délai d’annulation") if in_grace else _tr("à faire")
    word, place = operation_word(row.operation), platform_name(row.platform)
    level = level_of(row.operation)
    spoken = _tr("{word}, {who}, {place}, {state}. {excerpt}").format(
        word=word, who=one_line(person), place=place, state=state, excerpt=one_line(row.excerpt)
    )
    return CardText(
        place=place,
        who=one_line(person),
        account="",
        age=when,
        excerpt=one_line(row.excerpt),
        level=level,
        chips=(ChipText(level, ROUTE_SHAPE, word),),
        remarks=state,
        done=False,
        spoken=spoken,
    )


def heading(rows: tuple[OutgoingRow, ...]) -> str:
    """«3 à faire · 2 dans le délai d’annulation»."""
    grace = sum(1 for row in rows if row.state is OutgoingState.GRACE)
    by_hand = len(rows) - grace
    parts = [_tr("{count} à faire").format(count=dates.number(by_hand))]
    if grace:
        parts.append(_tr("{count} dans le délai d’annulation").format(count=dates.number(grace)))
    return " · ".join(parts)


def _tr(text: str) -> str:
    return QCoreApplication.translate("OutboxWords", text)
