"""The ladder of article 7: two delivered warnings, then ban on the next offence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from console.domain.ids import DecisionId, MessageId, PersonId, RuleId, WarningId
from console.domain.messages import Platform


class Rung(StrEnum):
    """What the next sanction of a person would be."""

    FIRST_WARNING = "first_warning"
    SECOND_WARNING = "second_warning"
    BAN = "ban"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Proof that a warning reached the person: when, by which means, and the receipt or witness."""

    at: datetime
    means: str
    proof: str


@dataclass(frozen=True, slots=True)
class IssuedWarning:
    """A warning about one incident. It counts only when delivered and not withdrawn."""

    id: WarningId
    person_id: PersonId
    decision_id: DecisionId
    incident: MessageId
    platform: Platform
    rules: tuple[RuleId, ...]
    issued_at: datetime
    delivery: Delivery | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LadderSettings:
    """Settings where the policy is silent (REQUIREMENTS, «Nétiquette»)."""

    warnings_before_ban: int = 2
    expire_after_days: int | None = None
    across_platforms: bool = True
    ban_days: int | None = None
    ban_needs_second_signature: bool = True
    immediate_ban_allowed: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's place on the ladder: the warnings that count, those still to be delivered, the rung."""

    counted: tuple[IssuedWarning, ...]
    undelivered: tuple[IssuedWarning, ...]
    rung: Rung


def standing(
    warnings: Iterable[IssuedWarning],
    at: datetime,
    settings: LadderSettings,
    platform: Platform | None = None,
) -> Standing:
    """The ladder at the instant `at`.

    Only distinct incidents count, once each, by their first delivery; expired and withdrawn
    warnings do not. With `across_platforms` off, only warnings of `platform` are seen.
    """
    seen: dict[MessageId, IssuedWarning] = {}
    undelivered = []
    for warning in sorted(warnings, key=lambda each: (each.issued_at, each.id)):
        if warning.withdrawn_at is not None and warning.withdrawn_at <= at:
            continue
        if not settings.across_platforms and platform is not None and warning.platform != platform:
            continue
        if warning.delivery is None or warning.delivery.at > at:
            undelivered.append(warning)
            continue
        expiry = settings.expire_after_days
        if expiry is not None and warning.delivery.at + timedelta(days=expiry) <= at:
            continue
        seen.setdefault(warning.incident, warning)
    counted = tuple(seen.values())
    waiting = tuple(each for each in undelivered if each.incident not in seen)
    return Standing(counted, waiting, _rung(len(counted), settings.warnings_before_ban))


def _rung(delivered: int, needed: int) -> Rung:
    if delivered >= needed:
        return Rung.BAN
    return Rung.FIRST_WARNING if delivered == 0 else Rung.SECOND_WARNING
