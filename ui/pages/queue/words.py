"""French of the queue page that depends on data: decisions, toasts, a person's history, the rungs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QCoreApplication

from console.catalogue import Catalogue
from console.domain.decisions import SANCTIONS, Action
from console.domain.ids import RuleId
from console.domain.messages import Channel, Message, Platform
from console.domain.verdicts import Route
from console.services.policy import RuleView
from console.services.rows import CaseDetail, PersonEvent
from ui import dates
from ui.models.card import platform_name, rule_title
from ui.models.delivery import means_word
from ui.models.display_text import one_line

ORDER = (
    Action.KEEP, Action.REPLY, Action.HIDE, Action.WARN, Action.DELETE, Action.REPORT,
    Action.REDIRECT_311, Action.NO_REPLY, Action.ESCALATE, Action.BAN,
)  # fmt: skip
"""The buttons, row by row."""


def button_word(action: Action) -> str:
    """The short word on a button."""
    return {
        Action.KEEP: _tr("Conserver"),
        Action.REPLY: _tr("Répondre"),
        Action.HIDE: _tr("Masquer"),
        Action.WARN: _tr("Avertir"),
        Action.DELETE: _tr("Supprimer"),
        Action.REPORT: _tr("Signaler"),
        Action.REDIRECT_311: _tr("Vers le 311"),
        Action.NO_REPLY: _tr("Sans réponse"),
        Action.ESCALATE: _tr("Soumettre"),
        Action.BAN: _tr("Bannir"),
    }[action]


def together(words: Iterable[str]) -> str:
    """«masquer, signaler et avertir»."""
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    return _tr("{first} et {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def acts(actions: Iterable[Action]) -> str:
    """«masquer et avertir»."""
    label = Catalogue.load().label
    return together(label("action", each) for each in sorted(actions, key=ORDER.index))


def sentence(words: str) -> str:
    """The first letter raised."""
    return words[:1].upper() + words[1:]


def done_words(actions: Iterable[Action]) -> str:
    """What the toast says once a decision is on disk."""
    said = {
        Action.KEEP: _tr("message conservé"),
        Action.HIDE: _tr("message masqué"),
        Action.DELETE: _tr("message supprimé"),
        Action.REPORT: _tr("signalement prêt"),
        Action.REPLY: _tr("réponse prête"),
        Action.WARN: _tr("avertissement prêt"),
        Action.REDIRECT_311: _tr("renvoi au 311 prêt"),
        Action.NO_REPLY: _tr("message classé sans réponse"),
        Action.ESCALATE: _tr("dossier soumis à la supervision"),
        Action.BAN: _tr("bannissement prêt"),
    }
    return sentence(", ".join(said[each] for each in sorted(actions, key=ORDER.index))) + "."


def overtaken_words(detail: CaseDetail) -> str:
    """«Noa a décidé ce message à 14 h 05: masqué.»"""
    decision = detail.decision
    if decision is None or not detail.decided_by:
        return _tr("Ce dossier vient d’être réglé ailleurs.")
    return _tr("{who} a décidé ce message à {time}\u00a0: {acts}.").format(
        who=one_line(detail.decided_by), time=dates.clock_time(decision.at), acts=past_words(decision.actions)
    )


def place_line(detail: CaseDetail) -> str:
    """«Facebook · commentaire public · 14 nov. 2026, 13 h 31 · visible»."""
    message = detail.message
    label = Catalogue.load().label
    parts = [
        platform_name(message.platform),
        label("channel", message.channel),
        dates.moment(message.posted_at),
        visibility(detail),
    ]
    return " · ".join(part for part in parts if part)


def visibility(detail: CaseDetail) -> str:
    """Who sees the message now, as far as the console knows."""
    message = detail.message
    if message.deleted_at is not None:
        return _tr("supprimé sur la plateforme")
    decided = detail.decision.actions if detail.decision is not None else ()
    if Action.DELETE in decided:
        return _tr("suppression décidée")
    if Action.HIDE in decided:
        return _tr("masquage décidé")
    return "" if message.channel is Channel.PRIVATE else _tr("visible")


def post_line(detail: CaseDetail) -> str:
    """«Publication de la Ville · 14 nov. 2026 · « Le conseil adopte le budget »»."""
    post = detail.post
    if post is None:
        return ""
    parts = [_tr("Publication de la Ville")]
    if post.posted_at is not None:
        parts.append(dates.short_date(post.posted_at))
    if post.text.strip():
        parts.append(f"«\u00a0{one_line(post.text)}\u00a0»")
    return " · ".join(parts)


def ordinal(rank: int) -> str:
    """«1er», «2e»."""
    return "1er" if rank == 1 else f"{rank}e"


def warnings_word(count: int) -> str:
    """«1 avertissement», «2 avertissements»."""
    if count == 1:
        return _tr("1 avertissement")
    return _tr("{count} avertissements").format(count=count)


def event_level(event: PersonEvent) -> int:
    """The severity whose colour and shape the event's dot has."""
    if event.undone:
        return 1
    if event.warning_rank:
        return 2
    if Action.BAN in event.actions:
        return 4
    return 3 if SANCTIONS & set(event.actions) else 0


def event_words(event: PersonEvent, rules: Mapping[RuleId, RuleView]) -> tuple[str, str]:
    """What stands out in a line of a person's history, and the rest of the line."""
    named = [rule_in_words(rule, rules) for rule in event.rules]
    excerpt = f"«\u00a0{one_line(event.excerpt)}\u00a0»" if event.excerpt.strip() else ""
    if event.warning_rank:
        strong = _tr("{rank} avertissement").format(rank=ordinal(event.warning_rank))
        rest = ", " + together(named) if named else ""
        rest += " · " + _delivered(event)
    else:
        strong, rest = "", sentence(past_words(event.actions))
        rest += f" · {together(named)}" if named else ""
        rest += f" · {excerpt}" if excerpt else ""
    if event.undone:
        rest += " · " + _tr("annulé")
    return strong, rest


def past_words(actions: Iterable[Action]) -> str:
    """«masqué et signalé», of a message."""
    said: dict[Action, Callable[[], str]] = {
        Action.KEEP: lambda: _tr("conservé"),
        Action.HIDE: lambda: _tr("masqué"),
        Action.DELETE: lambda: _tr("supprimé"),
        Action.REPORT: lambda: _tr("signalé"),
        Action.REPLY: lambda: _tr("réponse donnée"),
        Action.WARN: lambda: _tr("avertissement donné"),
        Action.REDIRECT_311: lambda: _tr("redirigé vers le 311"),
        Action.NO_REPLY: lambda: _tr("classé sans réponse"),
        Action.ESCALATE: lambda: _tr("soumis à la supervision"),
        Action.BAN: lambda: _tr("bannissement"),
    }
    return together(said[each]() for each in sorted(actions, key=ORDER.index))


def rule_in_words(rule: RuleId, rules: Mapping[RuleId, RuleView]) -> str:
    """«insulte (art. 4)»."""
    view = rules.get(rule)
    title = rule_title(rule, rules).lower()
    return f"{title} ({article_word(view.article)})" if view else title


def article_word(article: str) -> str:
    """«art. 4»; sections of the policy that are no article keep their name."""
    return f"art.\u00a0{article}" if article.isdigit() else article


def language_name(code: str) -> str:
    """The language in French; its code when it is a rare one."""
    return {
        "fr": _tr("français"), "en": _tr("anglais"), "es": _tr("espagnol"), "ar": _tr("arabe"),
        "pt": _tr("portugais"), "it": _tr("italien"), "de": _tr("allemand"), "ht": _tr("créole haïtien"),
        "ru": _tr("russe"), "zh": _tr("chinois"), "uk": _tr("ukrainien"), "und": _tr("indéterminée"),
    }.get(code, code)  # fmt: skip


def route_word(route: Route) -> str:
    """Where the message should go, "" for nowhere."""
    return "" if route is Route.NONE else sentence(Catalogue.load().label("route", route))


def opens_in(platform: Platform) -> str:
    """The tooltip of the button that opens the permalink."""
    return _tr("Ouvrir dans {platform}").format(platform=platform_name(platform))


def attachment_words(message: Message) -> tuple[str, ...]:
    """Names of what is attached; the media itself is never fetched here."""
    return tuple(
        one_line(f"{each.name} ({each.media_type})" if each.media_type else each.name)
        for each in message.attachments
    )


def _delivered(event: PersonEvent) -> str:
    if event.delivered_at is None:
        return _tr("pas encore remis")
    when = dates.long_date(event.delivered_at, year=False)
    if event.delivery_means:
        means = means_word(event.delivery_means)
        return _tr("remis par {means} le {date}").format(means=means[:1].lower() + means[1:], date=when)
    return _tr("remis le {date}").format(date=when)


def _tr(text: str) -> str:
    return QCoreApplication.translate("QueueWords", text)
