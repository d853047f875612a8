"""What the policy recommends for a verdict: actions by rules and ladder (art. 7), and the queue's order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from console.domain.decisions import SANCTIONS, Action, combinable
from console.domain.messages import Channel
from console.domain.verdicts import Finding, Route, Severity
from console.netiquette.model import Context
from console.netiquette.policy import Policy

COPIES = "copies"
"""Detector of a repetition by others: `repetition` itself sees what its author repeats."""
_ORDER = (
    Action.DELETE,
    Action.HIDE,
    Action.REPORT,
    Action.BAN,
    Action.WARN,
    Action.REDIRECT_311,
    Action.REPLY,
    Action.ESCALATE,
    Action.KEEP,
    Action.NO_REPLY,
)
_ROUTE_ACTION = {
    Route.SERVICE_311: Action.REDIRECT_311,
    Route.COMPLAINT_311: Action.REDIRECT_311,
    Route.ILLEGAL_311: Action.REDIRECT_311,
    Route.QUESTION: Action.REPLY,
    Route.EMERGENCY: Action.REPLY,
}
_ROUTE_PRIORITY = {
    Route.NONE: 5,
    Route.QUESTION: 25,
    Route.SERVICE_311: 30,
    Route.COMPLAINT_311: 35,
    Route.ILLEGAL_311: 45,
    Route.EMERGENCY: 97,
}


def recommend(
    policy: Policy, findings: Sequence[Finding], route: Route, context: Context
) -> tuple[Action, ...]:
    """Actions that go together, in the order in which they would be carried out.

    Nothing found: never a sanction. A cry for help is answered before its form is corrected.
    """
    if route is Route.EMERGENCY and all(finding.severity < Severity.MEDIUM for finding in findings):
        findings = ()
    wanted = {action for finding in findings for action in _suggested(policy, finding)}
    if Action.WARN in wanted:
        if not any(policy.rules[finding.rule].warns for finding in findings):
            wanted.discard(Action.WARN)
        elif context.delivered_warnings >= policy.ladder.warnings_before_ban:
            wanted = wanted - {Action.WARN} | {Action.BAN}
    routed = _ROUTE_ACTION.get(route)
    if routed is not None:
        wanted.add(routed)
    return _together(wanted, context)


def _suggested(policy: Policy, finding: Finding) -> Iterable[Action]:
    """The rule's actions; who wrote once what many wrote has repeated nothing and is not warned for it."""
    actions = policy.rules[finding.rule].actions
    if COPIES in finding.detectors and finding.rule not in finding.detectors:
        return (action for action in actions if action is not Action.WARN)
    return actions


def _together(wanted: set[Action], context: Context) -> tuple[Action, ...]:
    if not wanted:
        return (Action.NO_REPLY if context.channel is Channel.PRIVATE else Action.KEEP,)
    if Action.DELETE in wanted:
        wanted.discard(Action.HIDE)
    if wanted & SANCTIONS:
        wanted -= {Action.KEEP, Action.NO_REPLY, Action.ESCALATE}
        if wanted & {Action.WARN, Action.BAN}:
            wanted.discard(Action.REPLY)
    if Action.REDIRECT_311 in wanted:
        wanted.discard(Action.REPLY)
    kept: list[Action] = []
    for action in _ORDER:
        if action in wanted and combinable(frozenset((*kept, action))):
            kept.append(action)
    return tuple(kept)


def priority(policy: Policy, findings: Sequence[Finding], route: Route, context: Context) -> int:
    """0–100: danger to life or property first, then gravity times confidence, then what waits for an answer.

    A private message is read by the city alone and harms nobody meanwhile: it comes a little later.
    """
    base = _ROUTE_PRIORITY[route]
    if route is Route.EMERGENCY:
        return min(100, base + len(findings))
    strongest = 0.0
    for finding in findings:
        weight = policy.rules[finding.rule].priority
        strongest = max(strongest, weight * (0.4 + 0.6 * finding.confidence))
    score = max(strongest, base) + min(5, max(0, len(findings) - 1))
    if findings and context.delivered_warnings:
        score += min(4, 2 * context.delivered_warnings)
    if context.channel is Channel.PRIVATE:
        score -= 8 if findings else 3
    return round(max(0.0, min(95.0, score)))
