"""A small judge without resources: says what it saw, always the same for the same message."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from console.domain.ids import RuleId
from console.domain.messages import IncomingMessage
from console.domain.verdicts import Verdict
from console.services.ports import JudgeContext
from tests.builders import finding, verdict


@dataclass
class PlainJudge:
    """Finds an insult in «pourri»; same words, same key. Fulfils `console.services.ports.Judge`."""

    version: str = "juge-1"
    seen: dict[str, JudgeContext] = field(default_factory=dict)
    threads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prepared: int = 0

    def prepare(self) -> None:
        """Nothing depends on the policy."""
        self.prepared += 1

    def judge(self, message: IncomingMessage, context: JudgeContext) -> Verdict:
        """By one word; remembers the context by the message's id."""
        self.seen[message.external_id] = context
        self.threads[message.external_id] = tuple(each.text for each in message.thread)
        return verdict(finding()) if "pourri" in message.text else verdict()

    def bands(self, text: str) -> tuple[int, ...]:
        """One key: equal words."""
        digest = hashlib.sha256(" ".join(text.casefold().split()).encode()).digest()
        return (int.from_bytes(digest[:8], "big", signed=True),)

    def similar(self, text: str, others: Sequence[str]) -> int:
        """How many are equal but for spaces and capitals."""
        return sum(other.casefold().split() == text.casefold().split() for other in others)

    def with_picture(
        self, message: IncomingMessage, context: JudgeContext, opinion: Verdict, rule: RuleId, sure: float
    ) -> Verdict:
        """One more finding."""
        found = finding(rule, confidence=sure, detectors=("picture",))
        return replace(verdict(*opinion.findings, found), engine=self.version)
