"""French of learning from decisions: where it comes from, what is missing, what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from console.domain.learning import RuleFigures
from console.services.learning import LayerView, LearningState, Proposal
from ui import dates


def origin(layer: LayerView) -> str:
    """«Apprise de 52 messages décidés, du 3 oct. 2026 au 14 nov. 2026.»"""
    if dates.table_date(layer.first) == dates.table_date(layer.last):
        return _tr("Apprise de {n} messages décidés, le {day}.").format(
            n=dates.number(layer.decisions), day=dates.short_date(layer.last)
        )
    return _tr("Apprise de {n} messages décidés, du {first} au {last}.").format(
        n=dates.number(layer.decisions),
        first=dates.short_date(layer.first),
        last=dates.short_date(layer.last),
    )


def adopted(layer: LayerView) -> str:
    """Since when and by whom; "" when it is not in force."""
    if layer.adopted_at is None:
        return ""
    return _tr("Adoptée le {moment} par {who}.").format(
        moment=dates.moment(layer.adopted_at), who=layer.adopted_by or _tr("une autre personne")
    )


def lessons(state: LearningState) -> str:
    """How many decisions there are, and how many are missing."""
    there = _lessons(state.lessons).format(n=dates.number(state.lessons), needed=state.needed)
    if not state.missing:
        return there
    return f"{there} " + _tr("Il en manque {n}.").format(n=dates.number(state.missing))


def _lessons(number: int) -> str:
    if number == 0:
        return _tr(
            "Aucun message décidé ne peut encore instruire Vigie; il en faut {needed}, tous différents."
        )
    if number == 1:
        return _tr("{n} message décidé peut instruire Vigie; il en faut {needed}, tous différents.")
    return _tr("{n} messages décidés peuvent instruire Vigie; il en faut {needed}, tous différents.")


def outcome(proposal: Proposal, needed: int) -> tuple[str, str]:
    """Title and next step of a proposal that was not made."""
    if proposal.reason == "few":
        missing = max(0, needed - proposal.comparison.lessons)
        return (
            _tr("Pas encore assez de décisions\u00a0: il manque {n} messages différents.").format(n=missing),
            _tr("Continuez à décider; les messages presque pareils comptent pour un seul."),
        )
    if proposal.reason == "same":
        return (
            _tr("Les mêmes décisions donnent la version qui est déjà en vigueur."),
            _tr("Il n’y a rien à adopter."),
        )
    return (
        _tr("Rien n’est proposé\u00a0: ce qui serait appris ne se trompe pas moins que le moteur seul."),
        _tr("Essayez de nouveau quand d’autres décisions auront été prises."),
    )


def agreement(errors: int, messages: int) -> str:
    """«92 %», the share of messages on which the moderators and the engine agree."""
    return f"{round(100 * (messages - errors) / max(1, messages))}\u00a0%"


def change(before: str, after: str) -> str:
    """«79 % → 96 %», or one of them when nothing changed."""
    return before if before == after else f"{before}\u00a0→ {after}"


def cells(each: RuleFigures) -> tuple[str, str, str, str]:
    """Messages, agreement, false alarms and misses of one rule."""
    return (
        dates.number(each.messages),
        change(agreement(each.errors_before, each.messages), agreement(each.errors_after, each.messages)),
        change(str(each.alarms_before), str(each.alarms_after)),
        change(str(each.missed_before), str(each.missed_after)),
    )


def heads() -> tuple[str, str, str, str, str]:
    """The heads of the table."""
    return (_tr("Règle"), _tr("Messages"), _tr("Accord"), _tr("Fausses alertes"), _tr("Oublis"))


def too_few() -> str:
    """Stands for figures that would say nothing."""
    return _tr("trop peu de décisions")


def spoken(title: str, each: RuleFigures) -> str:
    """A row of the table in words, for a screen reader."""
    if not each.enough:
        return f"{title}\u00a0: {too_few()}"
    named = zip(heads()[1:], cells(each), strict=True)
    return f"{title}\u00a0: " + ", ".join(f"{name} {value}" for name, value in named)


def weights(words: Sequence[tuple[str, float]], *, raises: bool) -> str:
    """The words that raise a rule, or lower it: ««marionnettes» (+2,0)»; "" when there are none."""
    kept = [(word, weight) for word, weight in words if (weight > 0) is raises]
    return ", ".join(f"«\u00a0{word}\u00a0» ({_signed(weight)})" for word, weight in kept)


def _signed(weight: float) -> str:
    return f"{weight:+.1f}".replace(".", ",").replace("-", "\u2212")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Learning", text)
