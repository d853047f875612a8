"""The engine: a message and its context go in, a verdict comes out.

The way: `text.document.build` → every registered detector → protections → log-odds a rule →
calibrated confidence → findings at or above the policy's thresholds → explanations, route, actions,
priority. Built once, no state between messages, safe to share between threads, deterministic.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from itertools import islice

from console.domain.decisions import Action
from console.domain.ids import RuleId
from console.domain.messages import Channel
from console.domain.verdicts import Finding, Route, Span, Verdict
from console.netiquette.asking import Asking
from console.netiquette.combine import LIKENESS, Weighed, choose_route, load_calibration, merge_spans, weigh
from console.netiquette.detectors import DETECTORS, build_detectors
from console.netiquette.detectors.desk import DeskDetector
from console.netiquette.explain import Explanations
from console.netiquette.learned.desk import DeskLayer
from console.netiquette.model import Context, Detector, Evidence, Likeness, RouteHint, Shield
from console.netiquette.policy import Policy
from console.netiquette.recommend import priority, recommend
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document, build

ENGINE = "1.0"
"""Grows when the code judges differently; the data's own state is added to the version."""

_AT_ONCE = 64
"""Messages that are prepared together."""
_CRITICISM = "criticism"
_IDENTIFIERS = RuleId("personal_information")
_PUBLIC_ONLY = frozenset({RuleId("private_discussion"), RuleId("off_topic")})
"""Rules that a private message cannot break: it has neither a post nor readers."""


class Engine:
    """Judges messages by one version of the policy.

    Raises `ConfigurationError` while it is built if a data file is missing or wrong.
    """

    def __init__(
        self, policy: Policy, resources: Resources | None = None, detectors: tuple[str, ...] = DETECTORS
    ) -> None:
        self.policy = policy
        resources = resources or Resources(coordinates=tuple(policy.coordinates.items()))
        self.resources = replace(resources, lists=policy.lists)
        self.explanations = Explanations(self.resources)
        self._calibration = load_calibration(self.resources)
        self._detectors = build_detectors(self.resources, detectors)
        self._asking = Asking(self._detectors, self.resources)
        self._quiet: dict[tuple[Route, Channel], tuple[tuple[Action, ...], int]] = {}
        self.version = f"{ENGINE}+{_fingerprint(self.resources)}"

    def with_desk(self, layer: DeskLayer) -> Engine:
        """This engine with what a desk has learned; its name is part of the version. Everything else is
        shared. Only for an engine without a layer."""
        other = copy(self)
        other._detectors = (*self._detectors, DeskDetector(layer))
        other.version = f"{self.version}+desk.{layer.id[:8]}"
        return other

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """The layers at work."""
        return self._detectors

    def judge(self, message: str | Document, context: Context) -> Verdict:
        """The verdict on one message."""
        document = build(message) if isinstance(message, str) else message
        evidence, hints, shields, likeness = self._seen(document, context)
        return self._verdict(document, context, weigh(evidence, shields, likeness), shields, hints)

    def judge_many(self, pairs: Iterable[tuple[str | Document, Context]]) -> list[Verdict]:
        """The verdicts on many messages, in their order: those of `judge`, sooner.

        A detector may have `prepare(documents, contexts)`: it is called for 64 messages at a time, before any
        of them is judged, and leaves what it works out for all of them at once on the documents.
        """
        verdicts: list[Verdict] = []
        waiting = iter(pairs)
        while some := list(islice(waiting, _AT_ONCE)):
            documents = [build(each) if isinstance(each, str) else each for each, _ in some]
            contexts = [context for _, context in some]
            for detector in self._detectors:
                prepare = getattr(detector, "prepare", None)
                if prepare is not None:
                    prepare(documents, contexts)
            verdicts += map(self.judge, documents, contexts)
        return verdicts

    def weighed(self, message: str, context: Context) -> list[Weighed]:
        """Every rule that anything speaks for, with its log-odds before calibration."""
        evidence, _, shields, likeness = self._seen(build(message), context)
        return [each for each in weigh(evidence, shields, likeness) if each.evidence]

    def confidence(self, rule: RuleId, log_odds: float) -> float:
        """What log-odds (of `weighed`) mean for a rule: a share between 0 and 1."""
        return self._calibration.confidence(rule, log_odds)

    def _seen(
        self, document: Document, context: Context
    ) -> tuple[list[Evidence], list[RouteHint], list[Shield], Likeness | None]:
        evidence: list[Evidence] = []
        likeness: Likeness | None = None
        hints: list[RouteHint] = []
        shields: list[Shield] = []
        public = context.channel is Channel.COMMENT
        if self._asking.detectors is not self._detectors:
            self._asking = Asking(self._detectors, self.resources)
        for detector in self._asking.asked(document, context):
            for each in detector.detect(document, context):
                if isinstance(each, Evidence):
                    if public or each.rule not in _PUBLIC_ONLY:
                        evidence.append(each)
                elif isinstance(each, RouteHint):
                    hints.append(each)
                elif isinstance(each, Shield):
                    shields.append(each)
                else:
                    likeness = each
        return evidence, hints, shields, likeness

    def _verdict(
        self,
        document: Document,
        context: Context,
        weighed: Sequence[Weighed],
        shields: Sequence[Shield],
        hints: Sequence[RouteHint],
    ) -> Verdict:
        findings = self._findings(document, weighed) if weighed else []
        route, _ = choose_route(hints, [finding.rule for finding in findings])
        if findings:
            actions = recommend(self.policy, findings, route, context)
            urgency = priority(self.policy, findings, route, context)
        else:
            actions, urgency = self._without_findings(route, context)
        return Verdict(
            findings=tuple(findings),
            route=route,
            language=document.language,
            actions=actions,
            priority=urgency,
            policy=self.policy.version,
            engine=self.version,
            criticism=not findings and any(shield.reason.startswith(_CRITICISM) for shield in shields),
        )

    def _without_findings(self, route: Route, context: Context) -> tuple[tuple[Action, ...], int]:
        """Actions and priority where nothing was found: they depend on nothing but route and channel."""
        key = (route, context.channel)
        known = self._quiet.get(key)
        if known is None:
            known = (recommend(self.policy, (), route, context), priority(self.policy, (), route, context))
            self._quiet[key] = known
        return known

    def _findings(self, document: Document, weighed: Sequence[Weighed]) -> list[Finding]:
        private = [
            span
            for each in weighed
            if each.rule == _IDENTIFIERS
            for seen in each.evidence
            for span in seen.spans
        ]
        found = [self._finding(document, each, private) for each in weighed]
        return sorted(
            (finding for finding in found if finding is not None),
            key=lambda finding: (-finding.severity, -finding.confidence, finding.rule),
        )

    def _finding(self, document: Document, weighed: Weighed, private: Sequence[Span]) -> Finding | None:
        rule = self.policy.rules.get(weighed.rule)
        if rule is None or not weighed.evidence:
            return None
        confidence = self._calibration.confidence(rule.id, weighed.log_odds)
        if confidence < rule.threshold:
            return None
        shown = _telling(weighed.evidence)
        spans = merge_spans(span for each in shown for span in each.spans)
        return Finding(
            rule=rule.id,
            article=rule.article,
            severity=rule.severity,
            confidence=confidence,
            spans=spans,
            explanation=self.explanations.explain(document.original, rule, shown, spans, private),
            detectors=tuple(dict.fromkeys(each.detector for each in weighed.evidence)),
        )


def _telling(evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """What is shown and explained: likeness only where nothing else has words to point at."""
    return [each for each in evidence if each.detector != LIKENESS and each.spans] or evidence


def _fingerprint(resources: Resources) -> str:
    """Eight hexadecimal digits over the data that the verdicts rest on."""
    digest = hashlib.sha256()
    for folder in ("lexicon", "frames", "model"):
        for path in sorted((resources.folder / folder).rglob("*")):
            if path.is_file():
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name in ("calibration.yaml", "explanations.yaml"):
        digest.update((resources.folder / name).read_bytes())
    return digest.hexdigest()[:8]
