"""The engine behind the `Judge` Protocol: incoming messages and what services know of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from console.domain.ids import RuleId
from console.domain.messages import IncomingMessage
from console.domain.verdicts import Finding, Verdict
from console.netiquette import likeness
from console.netiquette.engine import Engine
from console.netiquette.learned.desk import DeskLayer
from console.netiquette.model import Context, Earlier, Evidence
from console.netiquette.policy import Policy
from console.netiquette.recommend import priority, recommend
from console.services import ports


class EngineJudge:
    """One engine for one version of the policy, with what the desk has learned if anything is in force.
    Safe to share between threads."""

    def __init__(self, policy: Policy, layer: DeskLayer | None = None) -> None:
        engine = Engine(policy)
        self._engine = engine if layer is None else engine.with_desk(layer)

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

    def with_picture(
        self,
        message: IncomingMessage,
        context: ports.JudgeContext,
        verdict: Verdict,
        rule: RuleId,
        sure: float,
    ) -> Verdict:
        """See `Judge.with_picture`."""
        policy = self._engine.policy
        broken = policy.rules.get(rule)
        if broken is None:
            return verdict
        seen = Evidence(rule, 0.0, (), _PICTURE, f"{_PICTURE}.known")
        said = self._engine.explanations.explain(message.text, broken, (seen,), ())
        found = Finding(rule, broken.article, broken.severity, sure, (), said, (_PICTURE,))
        findings = sorted(
            (*_without(verdict.findings, rule), _joined(verdict.findings, found)),
            key=lambda each: (-each.severity, -each.confidence, each.rule),
        )
        around = context_of(message, context)
        return replace(
            verdict,
            findings=tuple(findings),
            actions=recommend(policy, findings, verdict.route, around),
            priority=priority(policy, findings, verdict.route, around),
            criticism=False,
        )


_PICTURE = "picture"


def _without(findings: tuple[Finding, ...], rule: RuleId) -> Iterator[Finding]:
    return (each for each in findings if each.rule != rule)


def _joined(findings: tuple[Finding, ...], found: Finding) -> Finding:
    """One finding a rule: what the words show already says why as well."""
    for each in findings:
        if each.rule == found.rule:
            return replace(
                each,
                confidence=max(each.confidence, found.confidence),
                explanation=f"{each.explanation} {found.explanation}",
                detectors=(*each.detectors, _PICTURE),
            )
    return found


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
    return tuple(Earlier(each.text, each.posted_at, each.post_external_id, each.author) for each in messages)
