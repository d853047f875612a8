"""The engine behind the `Judge` Protocol: incoming messages and what services know of them."""

from __future__ import annotations

from collections.abc import Sequence

from console.domain.messages import IncomingMessage
from console.domain.verdicts import Verdict
from console.netiquette import likeness
from console.netiquette.engine import Engine
from console.netiquette.model import Context, Earlier
from console.netiquette.policy import Policy
from console.services import ports


class EngineJudge:
    """One engine for one version of the policy. Safe to share between threads."""

    def __init__(self, policy: Policy) -> None:
        self._engine = Engine(policy)

    @property
    def version(self) -> str:
        """The engine's version, its data included."""
        return self._engine.version

    def prepare(self) -> None:
        """Nothing: another policy means another judge (see `console.bootstrap`)."""

    def judge(self, message: IncomingMessage, context: ports.JudgeContext) -> Verdict:
        """The verdict on one message."""
        return self._engine.judge(message.text, context_of(message, context))

    def bands(self, text: str) -> tuple[int, ...]:
        """Near-duplicate keys; see `likeness.bands`."""
        return likeness.bands(text)

    def similar(self, text: str, others: Sequence[str]) -> int:
        """How many of `others` are the same message but for small changes."""
        return likeness.count_alike(text, others)


def context_of(message: IncomingMessage, context: ports.JudgeContext) -> Context:
    """The engine's context from what the message and the services say."""
    return Context(
        channel=message.channel,
        platform=message.platform,
        account=message.account,
        parent=message.post_text,
        thread=message.thread,
        author=message.author_external_id,
        author_name=message.author_name,
        delivered_warnings=max(context.delivered_warnings, message.author_warnings),
        posted_at=message.posted_at,
        author_recent=_earlier(context.author_recent),
        similar_recent=_earlier(context.similar_recent),
    )


def _earlier(messages: tuple[ports.Earlier, ...]) -> tuple[Earlier, ...]:
    return tuple(Earlier(each.text, each.posted_at, each.post_external_id) for each in messages)
