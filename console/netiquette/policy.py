"""The policy as data, validated: articles, rules, ladder, routes, calendar, coordinates, templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from console.domain.decisions import Action
from console.domain.ids import RuleId
from console.domain.sanctions import LadderSettings
from console.domain.verdicts import PolicyVersion, Severity


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the nétiquette (number "1" to "10") or a section of the policy ("politique-…").

    `reference` names it inside a sentence («l’article 4 de la nétiquette»). `official` is the city's own
    wording where an administrator gave it; it is then shown in place of the summary.
    """

    number: str
    title: str
    summary: str
    official: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the annotation guide, in the policy's French.

    `threshold` is the confidence from which a finding is shown; `warns` says whether a removal may
    come with a warning (campaign content: no, R27); `priority` 0–100 is the base of the queue's order.
    """

    id: RuleId
    article: str
    title: str
    explanation: str
    severity: Severity
    actions: tuple[Action, ...]
    threshold: float
    warns: bool
    priority: int
    ground: str = ""
    """Completes «votre commentaire ne respecte pas l’article 4 : …» in letters."""
    advice: str = ""
    """What is welcome instead, said in letters."""


@dataclass(frozen=True, slots=True)
class Template:
    """A reply, warning, ban notice or delay message with `{placeholders}`.

    `action`, `rule`, `rung` and `route` say when it is offered (empty: any); `rung` is a `Rung` value or
    "exception" (immediate ban). `revised` is the date of its last revision, so that an old one can be
    flagged (R17).
    """

    id: str
    action: Action
    title: str
    body: str
    revised: date
    rule: RuleId | None = None
    rung: str = ""
    route: str = ""
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening days (0 Monday … 6 Sunday); hours and extra closed days are blank until the city fills them."""

    time_zone: str
    open_days: frozenset[int]
    opens: str
    closes: str
    closed_days: frozenset[date]


@dataclass(frozen=True, slots=True)
class Contact:
    """A line of the 311's coordinates, shown when its `coordinate` is filled. `reaches`: one can write or
    call there (opening hours alone do not answer a redirect, R20)."""

    coordinate: str
    text: str
    reaches: bool


@dataclass(frozen=True, slots=True)
class Phrases:
    """Pieces of French that fill placeholders: a greeting, what was done, what a platform is called."""

    greeting: str
    greeting_named: str
    kinds: Mapping[str, str]
    platforms: Mapping[str, str]
    measures: Mapping[Action, str]
    other_grounds: str
    other_ground: str
    ban_until: str
    months: tuple[str, ...]
    first_of_month: str
    date: str
    date_at_hour: str
    date_at_time: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One loaded version of the rules."""

    version: PolicyVersion
    adopted: date | None
    revision_due_years: int
    articles: Mapping[str, Article]
    rules: Mapping[RuleId, Rule]
    ladder: LadderSettings
    calendar: Calendar
    coordinates: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    """Domains, election periods, candidates, council and staff; see `policy_lists`."""
    templates: tuple[Template, ...]
    placeholders: Mapping[str, str]
    """Every placeholder that templates may use → its French description."""
    phrases: Phrases
