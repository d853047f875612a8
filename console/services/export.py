"""Decisions as files that stand alone: CSV for people, JSON for machines and for proof.

CSV opens with a double click in Excel as it is set up in Québec: semicolons (the comma is the
decimal sign there), UTF-8 with a byte-order mark, CRLF (RFC 4180), every cell quoted and harmless
(`cells.harmless`), local time as well as UTC. JSON holds the same with stable English keys, every
span and both texts word for word.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from console.catalogue import Catalogue
from console.domain.decisions import SANCTIONS
from console.domain.ids import RuleId
from console.services.cells import harmless
from console.services.platform_rows import AttemptRow
from console.services.rows import DecisionDetail

JSON_FORMAT = "vigie-decisions"
JSON_VERSION = 1


@dataclass(frozen=True, slots=True)
class RuleName:
    """How a rule is called on paper, for decisions that rest on a rule the engine had not found."""

    article: str
    title: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What turns codes into French: labels, rules in force, and the city's time zone."""

    catalogue: Catalogue
    rules: Mapping[RuleId, RuleName]
    zone: ZoneInfo

    def article(self, detail: DecisionDetail, rule: RuleId) -> str:
        """The article that the verdict named; else the one in force; else ""."""
        for finding in detail.verdict.findings:
            if finding.rule == rule:
                return finding.article
        return self.rules[rule].article if rule in self.rules else ""

    def rule(self, rule: RuleId) -> str:
        """The rule's French title, with its stable id."""
        return f"{self.rules[rule].title} ({rule})" if rule in self.rules else rule

    def local(self, at: datetime | None) -> str:
        """An instant as tables show it (2025-06-24 14:30); "" for None."""
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M") if at else ""


Column = Callable[[DecisionDetail, Wording], str]


def _rules(detail: DecisionDetail, wording: Wording) -> str:
    return ", ".join(wording.rule(rule) for rule in detail.decision.rules)


def _articles(detail: DecisionDetail, wording: Wording) -> str:
    numbers = dict.fromkeys(wording.article(detail, rule) for rule in detail.decision.rules)
    return ", ".join(number for number in numbers if number)


def _findings(detail: DecisionDetail, wording: Wording) -> str:
    return " | ".join(
        f"{wording.rule(each.rule)}, art. {each.article}, "
        f"{wording.catalogue.label('severity', str(int(each.severity)))}, "
        f"{_decimal(each.confidence)}, {_words(detail.judged_text, each.spans)}"
        for each in detail.verdict.findings
    )


def _decimal(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")


def _words(text: str, spans: Iterable[Any]) -> str:
    return " … ".join(f"«\u00a0{text[span.start : span.end]}\u00a0»" for span in spans)


def _names(group: str, codes: Iterable[str], wording: Wording) -> str:
    return ", ".join(wording.catalogue.label(group, str(code)) for code in codes)


def _texts(detail: DecisionDetail, wording: Wording) -> str:
    return "\n\n".join(
        f"[{wording.catalogue.label('action', action)}] {text}" for action, text in detail.decision.texts
    )


def _deliveries(detail: DecisionDetail, wording: Wording) -> str:
    return " | ".join(
        f"{wording.local(each.delivery.at)}, {each.delivery.means}, {each.delivery.proof}".rstrip(", ")
        for each in detail.warnings
        if each.delivery is not None
    )


def _iso(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z") if at else ""


COLUMNS: Mapping[str, Column] = {
    "decided_at": lambda each, wording: wording.local(each.decision.at),
    "decided_at_utc": lambda each, _: _iso(each.decision.at),
    "decided_by": lambda each, _: each.row.decided_by,
    "approved_by": lambda each, _: each.approved_by,
    "actions": lambda each, wording: _names("action", each.decision.actions, wording),
    "rules": _rules,
    "articles": _articles,
    "reason": lambda each, _: each.decision.reason,
    "exception": lambda each, _: each.decision.exception.reason if each.decision.exception else "",
    "note": lambda each, _: each.decision.note,
    "undone_at": lambda each, wording: wording.local(each.row.undone_at),
    "platform": lambda each, wording: _names("platform", [each.message.platform], wording),
    "account": lambda each, _: each.row.account,
    "channel": lambda each, wording: _names("channel", [each.message.channel], wording),
    "author": lambda each, _: each.row.author,
    "posted_at": lambda each, wording: wording.local(each.message.posted_at),
    "message": lambda each, _: each.judged_text,
    "revision": lambda each, _: str(each.decision.revision),
    "post": lambda each, _: each.post.text if each.post else "",
    "permalink": lambda each, _: each.message.permalink,
    "findings": _findings,
    "route": lambda each, wording: _names("route", [each.verdict.route], wording),
    "suggested": lambda each, wording: _names("action", each.decision.suggested, wording),
    "texts": _texts,
    "deliveries": _deliveries,
    "policy": lambda each, _: each.decision.policy,
    "engine": lambda each, _: each.decision.engine,
    "decision_id": lambda each, _: each.decision.id,
    "message_id": lambda each, _: each.message.external_id,
    "journal_sequence": lambda each, _: ", ".join(str(proof.sequence) for proof in each.proofs),
    "journal_sha256": lambda each, _: ", ".join(proof.sha256 for proof in each.proofs),
}
"""Columns in their order; the keys are those of the catalogue's group `export_column`."""


def write_csv(stream: IO[str], decisions: Iterable[DecisionDetail], wording: Wording) -> int:
    """One line a decision under a line of French titles. Returns the number of decisions."""
    table = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow([wording.catalogue.label("export_column", key) for key in COLUMNS])
    count = 0
    for detail in decisions:
        table.writerow([harmless(column(detail, wording)) for column in COLUMNS.values()])
        count += 1
    return count


def write_json(
    stream: IO[str], decisions: Iterable[DecisionDetail], wording: Wording, head: Mapping[str, Any]
) -> int:
    """One object: `head`, then `decisions`, one a line. Returns the number of decisions."""
    opening = json.dumps({"format": JSON_FORMAT, "version": JSON_VERSION, **head}, ensure_ascii=False)
    stream.write(f'{opening[:-1]}, "decisions": [')
    count = 0
    for detail in decisions:
        stream.write(",\n" if count else "\n")
        stream.write(json.dumps(_as_json(detail, wording), ensure_ascii=False))
        count += 1
    stream.write("\n]}\n")
    return count


def _as_json(detail: DecisionDetail, wording: Wording) -> dict[str, Any]:
    decision, row = detail.decision, detail.row
    return {
        "id": decision.id,
        "decided_at": _iso(decision.at),
        "decided_by": row.decided_by,
        "approved_by": detail.approved_by,
        "actions": [action.value for action in decision.actions],
        "sanction": bool(SANCTIONS & set(decision.actions)),
        "rules": [{"rule": rule, "article": wording.article(detail, rule)} for rule in decision.rules],
        "reason": decision.reason,
        "exception": decision.exception.reason if decision.exception else None,
        "note": decision.note,
        "suggested": [action.value for action in decision.suggested],
        "texts": {action.value: text for action, text in decision.texts},
        "undone_at": _iso(row.undone_at) or None,
        "message": _message(detail),
        "verdict": _verdict(detail),
        "policy": decision.policy,
        "engine": decision.engine,
        "warnings": [_warning(each) for each in detail.warnings],
        "outgoing": [
            {
                "operation": each.operation,
                "state": each.state.value,
                "text": each.text,
                "done_at": _iso(each.done_at) or None,
                "done_by": each.done_by,
                "proof": each.proof,
                "calls": [_call(attempt) for attempt in each.attempts],
            }
            for each in detail.outgoing
        ],
        "journal": [
            {
                "sequence": proof.sequence,
                "event": proof.event_id,
                "at": _iso(proof.at),
                "previous": proof.previous,
                "sha256": proof.sha256,
            }
            for proof in detail.proofs
        ],
    }


def _message(detail: DecisionDetail) -> dict[str, Any]:
    message = detail.message
    return {
        "id": message.id,
        "external_id": message.external_id,
        "platform": message.platform,
        "account": detail.row.account,
        "channel": message.channel.value,
        "kind": message.kind.value,
        "author": detail.row.author,
        "text": detail.judged_text,
        "revision": detail.decision.revision,
        "posted_at": _iso(message.posted_at),
        "received_at": _iso(message.received_at),
        "post": detail.post.text if detail.post else "",
        "permalink": message.permalink,
    }


def _verdict(detail: DecisionDetail) -> dict[str, Any]:
    verdict = detail.verdict
    return {
        "findings": [
            {
                "rule": each.rule,
                "article": each.article,
                "severity": int(each.severity),
                "confidence": each.confidence,
                "spans": [[span.start, span.end] for span in each.spans],
                "words": [detail.judged_text[span.start : span.end] for span in each.spans],
                "explanation": each.explanation,
                "detectors": list(each.detectors),
            }
            for each in verdict.findings
        ],
        "route": verdict.route.value,
        "language": {"code": verdict.language.code, "confidence": verdict.language.confidence},
        "priority": verdict.priority,
        "policy": {"label": verdict.policy.label, "sha256": verdict.policy.sha256},
        "engine": verdict.engine,
    }


def _call(attempt: AttemptRow) -> dict[str, Any]:
    """One call to a platform, with its receipt."""
    return {
        "act": attempt.act.value,
        "begun_at": _iso(attempt.begun_at),
        "ended_at": _iso(attempt.ended_at) or None,
        "result": attempt.result.value if attempt.result is not None else None,
        "request_id": attempt.request_id,
        "external_id": attempt.external_id,
        "status": attempt.status,
        "code": attempt.code,
        "answer": attempt.answer,
        "read_back": attempt.read_back,
    }


def _warning(warning: Any) -> dict[str, Any]:
    delivery = warning.delivery
    return {
        "id": warning.id,
        "rules": list(warning.rules),
        "issued_at": _iso(warning.issued_at),
        "delivered_at": _iso(delivery.at) if delivery else None,
        "means": delivery.means if delivery else "",
        "proof": delivery.proof if delivery else "",
        "withdrawn_at": _iso(warning.withdrawn_at) or None,
    }
