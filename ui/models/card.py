"""What a card of the queue says, in words: made once a row, painted many times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from console.catalogue import Catalogue
from console.domain.cases import OPEN_STATES, CaseState
from console.domain.decisions import Action
from console.domain.ids import RuleId
from console.domain.messages import Channel, Platform
from console.domain.verdicts import Route
from console.services.policy import RuleView
from console.services.rows import QueueRow
from ui import dates
from ui.models.display_text import one_line
from ui.models.tones import DANGER_SHAPE, ROUTE_SHAPE, SIMILAR_SHAPE, shape_of, word_of

_ACTS_IN_ORDER = (
    Action.DELETE, Action.HIDE, Action.BAN, Action.REPORT, Action.REDIRECT_311, Action.REPLY,
    Action.WARN, Action.KEEP, Action.NO_REPLY, Action.ESCALATE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChipText:
    """One chip: a severity 0–4 for its colours, a shape by name, and what stands beside it."""

    level: int
    shape: str
    text: str


@dataclass(frozen=True, slots=True)
class CardText:
    """A card in words. `level` is the severity 0–4 of its edge; `spoken` is for assistive technology."""

    place: str
    who: str
    account: str
    age: str
    excerpt: str
    level: int
    chips: tuple[ChipText, ...]
    remarks: str
    done: bool
    spoken: str
    claim: str = ""
    """«En cours chez Inès», while a colleague has it open."""


@dataclass(frozen=True, slots=True)
class CardContext:
    """What a card depends on beside its row."""

    rules: Mapping[RuleId, RuleView] = field(default_factory=dict)
    states: frozenset[CaseState] = OPEN_STATES
    """States that the list shows; a row that has left them is greyed and stays where it is."""
    masked: bool = False
    me: str = ""
    several_accounts: frozenset[Platform] = frozenset()
    """Platforms on which the city has more than one account: there the card names it."""


def shown_name(name: str, number: int, *, masked: bool) -> str:
    """The author as the screen shows them: by name, or by number with «masquer les noms»."""
    if masked or not name.strip():
        return _tr("Personne {number}").format(number=f"{number:04d}")
    return one_line(name)


def platform_name(platform: str) -> str:
    """The platform's own name."""
    return Catalogue.load().label("platform", platform)


def rule_title(rule: RuleId, rules: Mapping[RuleId, RuleView]) -> str:
    """The rule's short French title; its id when the policy no longer has it."""
    view = rules.get(rule)
    return view.title if view else str(rule)


def card_of(row: QueueRow, now: datetime, context: CardContext, claimed_by: str = "") -> CardText:
    """The card of `row` at the instant `now`; `claimed_by` has it open at another desk."""
    name = shown_name(row.author, row.author_number, masked=context.masked)
    place = platform_name(row.platform)
    if row.channel is Channel.PRIVATE:
        place = _tr("{platform}, privé").format(platform=place)
    done = row.state not in context.states
    outcome = outcome_of(row, context.me)
    chips = chips_of(row, context.rules)
    remarks = _remarks(row)
    claim = "" if done or not claimed_by else _tr("En cours chez {name}").format(name=one_line(claimed_by))
    return CardText(
        place=place,
        who=outcome if done and outcome else name,
        account=one_line(row.account) if row.platform in context.several_accounts and not done else "",
        age=dates.age(row.posted_at, now),
        excerpt=one_line(row.excerpt),
        level=4 if row.route is Route.EMERGENCY else row.severity,
        chips=chips,
        remarks=remarks,
        done=done,
        spoken=_spoken(row, now, name, place, outcome or claim, chips, remarks),
        claim=claim,
    )


def chips_of(row: QueueRow, rules: Mapping[RuleId, RuleView]) -> tuple[ChipText, ...]:
    """Danger first, then the rules found by falling gravity, then what else matters at a glance."""
    chips = []
    if row.route is Route.EMERGENCY:
        chips.append(ChipText(4, DANGER_SHAPE, _tr("Danger pour la vie")))
    for chip in row.chips:
        title = rule_title(chip.rule, rules)
        text = f"{chip.article} {title}" if chip.article.isdigit() else title
        chips.append(ChipText(chip.severity, shape_of(chip.severity), text))
    if not row.chips and row.route is not Route.EMERGENCY:
        word = _tr("Critique permise") if row.criticism else word_of(0)
        chips.append(ChipText(0, shape_of(0), word))
    if row.route in (Route.SERVICE_311, Route.COMPLAINT_311, Route.ILLEGAL_311):
        chips.append(ChipText(1, ROUTE_SHAPE, "311"))
    if row.similar > 1:
        text = _tr("{count} semblables").format(count=dates.number(row.similar))
        chips.append(ChipText(1, SIMILAR_SHAPE, text))
    return tuple(chips)


def outcome_of(row: QueueRow, me: str) -> str:
    """«Masqué par Marie Roy à 14 h 02», «Soumis à la supervision», or "" while it awaits a decision."""
    if row.state in OPEN_STATES:
        return ""
    if row.state is not CaseState.DECIDED or not row.decided_actions:
        return _STATES[row.state]()
    acts = sorted(row.decided_actions, key=_ACTS_IN_ORDER.index)
    words = _act(acts[0])
    if len(acts) > 1 and Action.WARN in acts[1:]:
        words = _tr("{act} avec avertissement").format(act=words)
    if row.decided_by:
        who = _tr("vous") if row.decided_by == me else one_line(row.decided_by)
        words = _tr("{act} par {who}").format(act=words, who=who)
    if row.decided_at is not None:
        words = _tr("{act} à {time}").format(act=words, time=dates.clock_time(row.decided_at))
    return words


def _act(action: Action) -> str:
    return {
        Action.KEEP: lambda: _tr("Conservé"),
        Action.REPLY: lambda: _tr("Réponse donnée"),
        Action.WARN: lambda: _tr("Avertissement donné"),
        Action.HIDE: lambda: _tr("Masqué"),
        Action.DELETE: lambda: _tr("Supprimé"),
        Action.REPORT: lambda: _tr("Signalé"),
        Action.BAN: lambda: _tr("Bannissement décidé"),
        Action.REDIRECT_311: lambda: _tr("Redirigé vers le 311"),
        Action.ESCALATE: lambda: _tr("Soumis à la supervision"),
        Action.NO_REPLY: lambda: _tr("Classé sans réponse"),
    }[action]()


_STATES = {
    CaseState.ESCALATED: lambda: _tr("Soumis à la supervision"),
    CaseState.HELD: lambda: _tr("Gardé par la supervision"),
    CaseState.AWAITING_SIGNATURE: lambda: _tr("Bannissement à signer"),
    CaseState.DECIDED: lambda: _tr("Traité"),
    CaseState.CLOSED: lambda: _tr("Fermé sans décision"),
}


def _remarks(row: QueueRow) -> str:
    words = []
    if row.state is CaseState.RETURNED:
        words.append(_tr("retourné"))
    if row.revision > 1:
        words.append(_tr("modifié"))
    if row.warnings == 1:
        words.append(_tr("1 avert."))
    elif row.warnings > 1:
        words.append(_tr("{count} avert.").format(count=row.warnings))
    return " · ".join(words)


def _spoken(
    row: QueueRow,
    now: datetime,
    name: str,
    place: str,
    outcome: str,
    chips: tuple[ChipText, ...],
    remarks: str,
) -> str:
    verdict = ", ".join(chip.text for chip in chips)
    gravity = _tr("gravité {word}").format(word=word_of(row.severity).lower()) if row.severity else ""
    heard = (
        outcome,
        f"{name}, {place}, {dates.spoken_age(row.posted_at, now)}",
        one_line(row.excerpt),
        ", ".join(part for part in (verdict, gravity) if part),
        remarks.replace(" · ", ", ").replace("avert.", _tr("avertissement remis")),
    )
    return ". ".join(part.rstrip(".") for part in heard if part) + "."


def _tr(text: str) -> str:
    return QCoreApplication.translate("Card", text)
