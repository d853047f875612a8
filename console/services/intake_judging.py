"""Judging what comes in, the same way whether a file brings it or a platform: known texts are left out,
the rest is judged in order, each message with what was written before it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from console.clock import Clock
from console.domain.messages import IncomingMessage, Platform
from console.domain.sanctions import LadderSettings
from console.domain.verdicts import Verdict
from console.services.intake_context import Surroundings
from console.services.ports import Database, Judge, JudgeContext, Judged, Known

Key = tuple[Platform, str, str]
"""Platform, account name, the platform's id of a message."""

SecondLook = Callable[[IncomingMessage, JudgeContext, Verdict], Verdict]
"""May add to a verdict what the words do not show."""


def key_of(message: IncomingMessage) -> Key:
    """What tells messages apart."""
    return message.platform, message.account, message.external_id


@dataclass(frozen=True, slots=True)
class Judging:
    """Judges batches; writes nothing."""

    db: Database
    judge: Judge
    clock: Clock
    ladder: LadderSettings
    second_look: SecondLook | None = None

    def judged(self, batch: Sequence[IncomingMessage]) -> list[Judged]:
        """Verdicts in the order of the batch, which holds each key once. Texts that are known are left
        out; the city's own words get no verdict, but others see them before theirs."""
        with self.db.write() as unit:
            known = unit.known([key_of(each) for each in batch])
        fresh = [(each, _sha256(each.text)) for each in batch]
        fresh = [(each, digest) for each, digest in fresh if not _same(known.get(key_of(each)), digest)]
        return self._verdicts(fresh, known) if fresh else []

    def _verdicts(
        self, fresh: Sequence[tuple[IncomingMessage, str]], known: Mapping[Key, Known]
    ) -> list[Judged]:
        messages = [each for each, _ in fresh]
        keys = [() if each.by_city else self.judge.bands(each.text) for each in messages]
        around = Surroundings(self.db.reads, messages, keys, self.clock.now(), self.ladder)
        emergency = self.db.reads.emergency()
        urgent = emergency is not None and emergency.active
        judged = []
        for (message, digest), bands in zip(fresh, keys, strict=True):
            before = around.of(message, key_of(message) in known)
            if message.by_city:
                judged.append(Judged(message, digest, None))
                continue
            context = JudgeContext(
                before.author_recent, before.similar_recent, before.delivered_warnings, urgent
            )
            verdict = self.judge.judge(message, context)
            if self.second_look is not None:
                verdict = self.second_look(message, context, verdict)
            similar = self.judge.similar(message.text, [each.text for each in before.similar_recent])
            judged.append(Judged(message, digest, verdict, similar, bands))
        return judged


def _same(known: Known | None, sha256: str) -> bool:
    return known is not None and known.sha256 == sha256


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
