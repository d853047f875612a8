"""Templates filled for one case: what the composer starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from console.domain.decisions import Action
from console.domain.ids import RuleId
from console.netiquette.policy import Policy
from console.netiquette.templates import Situation, fill, offers
from console.services.rows import CaseDetail


@dataclass(frozen=True, slots=True)
class Draft:
    """A filled template. `open_fields` are the placeholders that only a person can fill."""

    text: str
    open_fields: tuple[str, ...]
    template: str
    title: str
    revised: date
    """When the template was last revised, so that an old one can be flagged (R17)."""


def situation_of(detail: CaseDetail, action: Action, rules: tuple[RuleId, ...], now: datetime) -> Situation:
    """What the case itself says. `rules` default to those that were found."""
    return Situation(
        action=action,
        now=now,
        rules=rules or tuple(finding.rule for finding in detail.verdict.findings),
        rung=detail.standing.rung,
        route=detail.verdict.route,
        person=detail.author.name,
        kind=detail.message.kind,
        platform=detail.message.platform,
        account=detail.account.name,
        posted_at=detail.message.posted_at,
        warned_at=tuple(each.delivery.at for each in detail.standing.counted if each.delivery),
    )


def drafts_for(policy: Policy, situation: Situation) -> tuple[Draft, ...]:
    """Every template that fits, the best first, filled with what is known."""
    found = []
    for template in offers(policy, situation):
        filled = fill(policy, template, situation)
        found.append(Draft(filled.text, filled.open_fields, template.id, template.title, template.revised))
    return tuple(found)
