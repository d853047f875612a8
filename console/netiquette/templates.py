"""Which text fits a decision, and the text with its blanks filled. Pure.

What Vigie knows is filled in; what only a person or the city knows stays as `{placeholder}` and blocks
sending (`check_decision`). Braces inside a filled-in value become parentheses: they come from a name or a
setting and would otherwise look like a blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from console.domain.decisions import Action
from console.domain.ids import RuleId
from console.domain.messages import OTHER, Kind, Platform
from console.domain.sanctions import Rung
from console.domain.verdicts import Route
from console.errors import ValidationError
from console.netiquette.policy import Policy, Template
from console.netiquette.policy_texts import EXCEPTION, PLACEHOLDER, substitute

_MEASURES = (Action.HIDE, Action.DELETE, Action.REPORT)
_BRACES = str.maketrans("{}", "()")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a text is wanted for, and what is known. Empty means unknown; times are aware.

    `rules` are those the decision rests on, in the order chosen. `measures` are the other acts of the
    same decision (hide, delete, report). `warned_at` are the deliveries of the warnings that count,
    oldest first. A written `exception_reason` makes a ban an immediate one.
    """

    action: Action
    now: datetime
    rules: tuple[RuleId, ...] = ()
    rung: Rung = Rung.FIRST_WARNING
    route: Route = Route.NONE
    emergency: bool = False
    exception_reason: str = ""
    measures: frozenset[Action] = frozenset()
    person: str = ""
    kind: Kind = Kind.COMMENT
    platform: Platform = OTHER
    account: str = ""
    posted_at: datetime | None = None
    warned_at: tuple[datetime, ...] = ()
    ban_days: int | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A drafted text, the placeholders that stay open in it (each once, in their order), its template."""

    text: str
    open_fields: tuple[str, ...]
    template: Template


def draft_for(policy: Policy, situation: Situation) -> Filled:
    """The template that fits best, filled. Codes as `offers`, and `template.none` when there is none."""
    found = offers(policy, situation)
    if not found:
        raise ValidationError("template.none", action=situation.action)
    return fill(policy, found[0], situation)


def offers(policy: Policy, situation: Situation) -> tuple[Template, ...]:
    """Every template that fits the action, the best first, ties in the order of the file.

    A warning or ban notice is offered for the gravest of the rules that may warn. Codes:
    `decision.rule_missing` (a warning or ban without a rule), `template.never_warns` (rule).
    """
    if situation.action in (Action.WARN, Action.BAN):
        return _sanctions(policy, situation)
    chosen = (each for each in policy.templates if _fits(each, situation))
    return tuple(sorted(chosen, key=lambda each: -_closeness(each, situation)))


def gravest(policy: Policy, rules: tuple[RuleId, ...]) -> RuleId | None:
    """The gravest rule, the first chosen among equals; None without rules. Unknown ones are left out."""
    known = [rule for rule in rules if rule in policy.rules]
    return max(known, key=lambda rule: policy.rules[rule].severity, default=None)


def reachable(policy: Policy) -> bool:
    """Whether the directory holds a way to reach the 311; without one no redirect goes out (R20)."""
    return any(each.reaches and policy.coordinates.get(each.coordinate) for each in policy.phrases.contacts)


def fill(policy: Policy, template: Template, situation: Situation) -> Filled:
    """The body of `template` with everything that is known filled in.

    A known but empty value (no measure taken, no further rule) leaves no gap: its blank goes with the
    space before it, and a paragraph made of nothing else goes as a whole.
    """
    values = _values(policy, template, situation)
    paragraphs = (_paragraph(each, values) for each in template.body.split("\n\n"))
    text = "\n\n".join(each for each in paragraphs if each is not None)
    return Filled(text, tuple(dict.fromkeys(PLACEHOLDER.findall(text))), template)


def said_date(policy: Policy, at: datetime) -> str:
    """«24 juin 2025» in the city's zone; the first of a month is «1er»."""
    local, words = at.astimezone(ZoneInfo(policy.calendar.time_zone)), policy.phrases
    day = words.first_of_month if local.day == 1 else str(local.day)
    return substitute(
        words.date, {"day": day, "month": words.months[local.month - 1], "year": str(local.year)}
    )


def said_time(policy: Policy, at: datetime) -> str:
    """«24 juin 2025, à 14 h 30», on the hour «24 juin 2025, à 14 h», in the city's zone."""
    local, words = at.astimezone(ZoneInfo(policy.calendar.time_zone)), policy.phrases
    pattern = words.date_at_time if local.minute else words.date_at_hour
    pieces = {"date": said_date(policy, at), "hour": str(local.hour), "minute": f"{local.minute:02}"}
    return substitute(pattern, pieces)


def _sanctions(policy: Policy, situation: Situation) -> tuple[Template, ...]:
    if not situation.rules:
        raise ValidationError("decision.rule_missing")
    rules = tuple(rule for rule in situation.rules if rule in policy.rules and policy.rules[rule].warns)
    rule = gravest(policy, rules)
    if rule is None:
        raise ValidationError("template.never_warns", rule=situation.rules[0])
    if situation.action == Action.BAN:
        rung = EXCEPTION if situation.exception_reason.strip() else Rung.BAN.value
    else:
        # A third warning in place of a ban is a person's choice: the second's words still hold.
        first = situation.rung == Rung.FIRST_WARNING
        rung = Rung.FIRST_WARNING.value if first else Rung.SECOND_WARNING.value
    return tuple(
        each
        for each in policy.templates
        if each.action == situation.action and each.rule == rule and each.rung == rung
    )


def _fits(template: Template, situation: Situation) -> bool:
    if template.action != situation.action:
        return False
    if template.rule is not None and template.rule not in situation.rules:
        return False
    return situation.emergency or not template.emergency


def _closeness(template: Template, situation: Situation) -> int:
    """Danger before the emergency's delay, the delay before the route, the route before the rule."""
    routed = bool(template.route) and template.route == situation.route
    elsewhere = bool(template.route) and not routed
    return (
        16 * (routed and situation.route == Route.EMERGENCY)
        + 8 * template.emergency
        + 4 * routed
        + 2 * (template.rule is not None)
        - 4 * elsewhere
    )


def _paragraph(text: str, values: Mapping[str, str]) -> str | None:
    emptied = False

    def put(found: re.Match[str]) -> str:
        nonlocal emptied
        value = values.get(found["name"])
        if value is None:
            return found[0]
        if not value:
            emptied = True
            return ""
        return found["gap"] + value

    filled = _BLANK.sub(put, text)
    if emptied:
        filled = filled.strip(" ")
        return filled or None
    return filled


_BLANK = re.compile(r"(?P<gap> ?)\{(?P<name>[a-z][a-z0-9_]*)\}")


def _values(policy: Policy, template: Template, situation: Situation) -> dict[str, str]:
    """What is known, by placeholder. An absent key stays open in the text."""
    words = policy.phrases
    name = _inline(situation.person)
    known = {
        "salutation": words.greeting_named.replace("{nom}", name) if name else words.greeting,
        "type_message": words.kinds[situation.kind.value],
        "plateforme": words.platforms.get(situation.platform, words.platforms[OTHER]),
        "date_reponse": said_date(policy, situation.now),
        "mesure": " ".join(words.measures[each] for each in _MEASURES if each in situation.measures),
        "autres_motifs": _other_grounds(policy, template, situation.rules),
    }
    maybe = {key: _inline(value) for key, value in policy.coordinates.items()}
    maybe |= {
        "nom": name,
        "agent": _inline(situation.actor),
        "compte": _inline(situation.account),
        "motif_exception": situation.exception_reason.strip().translate(_BRACES),
        "coordonnees_311": _contacts(policy),
    }
    if situation.posted_at:
        maybe["date_message"] = said_time(policy, situation.posted_at)
    if situation.ban_days:
        until = said_date(policy, situation.now + timedelta(days=situation.ban_days))
        maybe["duree_bannissement"] = substitute(words.ban_until, {"date": until})
    for place, at in enumerate(situation.warned_at[:2], start=1):
        maybe[f"date_avertissement_{place}"] = said_date(policy, at)
    return known | {key: value for key, value in maybe.items() if value}


def _other_grounds(policy: Policy, template: Template, rules: tuple[RuleId, ...]) -> str:
    words, named = policy.phrases, []
    for rule in dict.fromkeys(rules):
        if rule in policy.rules and rule != template.rule:
            article = policy.articles[policy.rules[rule].article]
            pieces = {"reference": article.reference, "title": policy.rules[rule].title.lower()}
            named.append(substitute(words.other_ground, pieces))
    return substitute(words.other_grounds, {"grounds": "; ".join(named)}) if named else ""


def _contacts(policy: Policy) -> str:
    if not reachable(policy):
        return ""
    lines = (
        each.text.replace(f"{{{each.coordinate}}}", _inline(policy.coordinates[each.coordinate]))
        for each in policy.phrases.contacts
        if policy.coordinates.get(each.coordinate)
    )
    return "\n".join(lines)


def _inline(value: str) -> str:
    """One line, single spaces, no braces."""
    return " ".join(value.split()).translate(_BRACES)
