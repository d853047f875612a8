"""What a verdict leaves in the tables beside itself: the queue's columns and the chips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select

from console.domain.ids import RuleId
from console.domain.verdicts import Route, Verdict
from console.store.bulk import BulkInsert
from console.store.codes import rule_bit
from console.store.tables import findings, rules
from console.store.writes.base import KEYS, Writes


class Findings:
    """Knows the numbers of rules within one transaction; rules not seen before get one."""

    def __init__(self, work: Writes) -> None:
        self._connection = work.connection
        rows = self._connection.execute(select(rules.c.id, rules.c.number))
        self._numbers: dict[RuleId, int] = {row.id: row.number for row in rows}

    def number(self, rule: RuleId) -> int:
        """The number of a rule."""
        if rule not in self._numbers:
            added = self._connection.execute(insert(rules).values(id=rule)).inserted_primary_key
            self._numbers[rule] = added[0] if added else 0
        return self._numbers[rule]

    def mask(self, named: tuple[RuleId, ...]) -> int:
        """The bits of these rules."""
        mask = 0
        for rule in named:
            mask |= rule_bit(self.number(rule))
        return mask

    def columns(self, verdict: Verdict | None) -> dict[str, Any]:
        """The columns of `messages` that follow from a verdict (None: the city's own words)."""
        if verdict is None:
            return NO_FINDINGS
        return {
            "priority": verdict.priority,
            "severity": verdict.severity,
            "route": verdict.route,
            "criticism": verdict.criticism,
            "rules": self.mask(tuple(finding.rule for finding in verdict.findings)),
        }

    def add(self, judged: Mapping[int, Verdict | None]) -> None:
        """Store the chips of new verdicts, by message key."""
        _ADD(
            self._connection,
            [
                (message, position, self.number(finding.rule), finding.article, int(finding.severity))
                for message, verdict in judged.items()
                if verdict is not None
                for position, finding in enumerate(verdict.findings)
            ],
        )

    def replace(self, judged: Mapping[int, Verdict | None]) -> None:
        """Put the chips of newer verdicts in place of those of earlier ones."""
        keys = msgspec.json.encode(list(judged)).decode()
        self._connection.execute(_FORGET, {"keys": keys})
        self.add(judged)


_ADD = BulkInsert(findings, "message", "position", "rule", "article", "severity")
_FORGET = delete(findings).where(findings.c.message.in_(select(KEYS.c.value)))
NO_FINDINGS: dict[str, Any] = {
    "priority": 0,
    "severity": 0,
    "route": Route.NONE,
    "criticism": False,
    "rules": 0,
}
