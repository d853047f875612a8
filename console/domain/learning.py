"""How a learned layer compares with the engine alone, on decisions that it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass

FEWEST = 40
"""Different decided messages without which nothing is measured, and nothing offered."""


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """Of one rule: in how many different messages it was found or named by moderators, in how many of them
    they held it broken, false alarms and misses before and after. `enough` says whether there are enough
    decisions about it for anything to be learned."""

    rule: str
    messages: int
    broken: int
    alarms_before: int
    alarms_after: int
    missed_before: int
    missed_after: int
    enough: bool

    @property
    def errors_before(self) -> int:
        """Disagreements of the engine alone with the moderators."""
        return self.alarms_before + self.missed_before

    @property
    def errors_after(self) -> int:
        """Disagreements with the layer."""
        return self.alarms_after + self.missed_after


@dataclass(frozen=True, slots=True)
class Comparison:
    """`lessons` different decided messages; `rules` those that moderators spoke of."""

    lessons: int
    rules: tuple[RuleFigures, ...]

    @property
    def gain(self) -> int:
        """How many disagreements fewer."""
        return sum(each.errors_before - each.errors_after for each in self.rules)
