"""The policy as the screen shows it: articles, rules, templates, official wording, coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.clock import Clock
from console.domain.ids import RuleId
from console.domain.roles import Actor
from console.domain.verdicts import PolicyVersion
from console.services.ports import Database


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article: our faithful summary, and the city's official wording where an administrator gave it."""

    number: str
    title: str
    summary: str
    official: str
    rules: tuple[RuleId, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as shown on chips and cards. `title` is short French («Menace», «Publicité»)."""

    id: RuleId
    article: str
    title: str
    explanation: str
    severity: int
    warns: bool


class PolicyDesk:
    """Reads the policy in force; administrators adapt official wording, coordinates and calendar."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def version(self) -> PolicyVersion:
        """Label and hash of the version in force."""
        raise NotImplementedError

    def articles(self) -> tuple[ArticleView, ...]:
        """All articles in order, then the sections of the policy that carry rules."""
        raise NotImplementedError

    def article(self, number: str) -> ArticleView:
        """One article by its number as findings name it."""
        raise NotImplementedError

    def rules(self) -> Mapping[RuleId, RuleView]:
        """Every rule by id."""
        raise NotImplementedError

    def coordinates(self) -> Mapping[str, str]:
        """Directory entries (311 telephone, hours, website…) in fixed order; blank until filled."""
        raise NotImplementedError

    def set_coordinate(self, actor: Actor, key: str, value: str) -> None:
        """Fill a coordinate. Needs MANAGE_SETTINGS. Journalled."""
        raise NotImplementedError

    def set_official_wording(self, actor: Actor, wording: Mapping[str, str]) -> PolicyVersion:
        """Put the city's official wording (article number → text) in place of the summaries.

        Makes a new policy version (its hash covers the wording). Needs MANAGE_POLICY. Journalled.
        """
        raise NotImplementedError
