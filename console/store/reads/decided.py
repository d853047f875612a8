"""Decisions with all that explains and proves them, word for word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, select

from console.domain.ids import DecisionId, EscalationId
from console.domain.sanctions import IssuedWarning
from console.errors import ConflictError
from console.services.rows import DecisionDetail, JournalProof, OutgoingRow
from console.store.journal import link_of
from console.store.reads.case import (
    UNJUDGED,
    decision_of,
    message_of,
    message_query,
    post_of,
    snapshots_of,
    text_at,
)
from console.store.reads.conditions import plain
from console.store.reads.delivering import outgoing_of
from console.store.reads.history import rows_at
from console.store.tables import decisions, escalations, journal, messages, people, staff, verdicts, warnings
from console.store.writes.base import KEYS
from console.store.writes.registers import as_keys
from console.store.writes.sanctions import issued_warning

Each = TypeVar("Each")

_signer = staff.alias("signer")
_kept = people.alias("kept")
_given = select(KEYS.c.value)


def decision_detail(connection: Connection, decision: DecisionId) -> DecisionDetail:
    """One decision. Code `decision.unknown`."""
    found = decision_details(connection, [decision])
    if not found:
        raise ConflictError("decision.unknown", decision=decision)
    return found[0]


def decision_details(connection: Connection, asked: Sequence[DecisionId]) -> tuple[DecisionDetail, ...]:
    """The decisions of these ids in the order given, whatever their number in as many statements."""
    rows = {row.id: row for row in connection.execute(_DECISIONS, as_keys(asked))}
    written = _by(connection.execute(_MESSAGES, as_keys({row.message for row in rows.values()})), "pk")
    kept = snapshots_of(connection, list(written))
    lines = {line.decision_id: line for line in rows_at(connection, [row.pk for row in rows.values()])}
    proofs, sent = _proofs(connection, rows), _sent(connection, rows)
    issued = _warnings(connection, rows)
    details = []
    for identity in dict.fromkeys(asked):
        if identity not in rows:
            continue
        row = rows[identity]
        message = written[row.message]
        details.append(
            DecisionDetail(
                row=lines[identity],
                decision=decision_of(row, message.id),
                message=message_of(message, message.author_id),
                post=post_of(message),
                judged_text=text_at(message, row.revision, kept),
                verdict=row.body or UNJUDGED,
                proofs=tuple(proofs.get(identity, ())),
                outgoing=tuple(sent.get(identity, ())),
                warnings=tuple(issued.get(identity, ())),
                approved_by=row.signed_by or "",
            )
        )
    return tuple(details)


def _by(rows: Any, name: str) -> dict[Any, Row[Any]]:
    return {getattr(row, name): row for row in rows}


def _sent(connection: Connection, asked: Mapping[DecisionId, Any]) -> Mapping[DecisionId, list[OutgoingRow]]:
    found: dict[DecisionId, list[OutgoingRow]] = defaultdict(list)
    for row in outgoing_of(connection, list(asked)):
        found[row.decision_id].append(row)
    return found


def _warnings(
    connection: Connection, asked: Mapping[DecisionId, Any]
) -> Mapping[DecisionId, list[IssuedWarning]]:
    found: dict[DecisionId, list[IssuedWarning]] = defaultdict(list)
    for row in connection.execute(_WARNINGS, as_keys(asked)):
        found[row.decision].append(issued_warning(row))
    return found


def _proofs(
    connection: Connection, asked: Mapping[DecisionId, Any]
) -> Mapping[DecisionId, list[JournalProof]]:
    """Every journal entry that names one of the decisions, or the escalation that led to it."""
    led: dict[EscalationId, DecisionId] = {
        row.id: row.decision for row in connection.execute(_ESCALATIONS, as_keys(asked))
    }
    found: dict[DecisionId, list[JournalProof]] = defaultdict(list)
    for row in connection.execute(_JOURNAL, as_keys(asked)).mappings():
        link = link_of(row)
        named = link.event.payload.get("decision") or led.get(link.event.payload.get("escalation", ""))
        if named is not None and named in asked:
            proof = JournalProof(link.sequence, link.event.id, link.event.at, link.previous, link.sha256)
            found[named].append(proof)
    return found


_DECISIONS = (
    select(decisions, verdicts.c.body, _signer.c.name.label("signed_by"))
    .outerjoin_from(decisions, verdicts, verdicts.c.pk == decisions.c.verdict)
    .outerjoin(_signer, _signer.c.id == decisions.c.approved_by)
    .where(decisions.c.id.in_(_given))
)
_MESSAGES = (
    message_query()
    .add_columns(_kept.c.id.label("author_id"))
    .join(people, people.c.number == messages.c.author)
    .join(_kept, _kept.c.number == people.c.root)
    .where(messages.c.pk.in_(_given))
)
_ESCALATIONS = (
    select(escalations.c.id, escalations.c.decision)
    .join_from(decisions, escalations, escalations.c.message == decisions.c.message)
    .where(decisions.c.id.in_(_given), plain(escalations.c.decision) == decisions.c.id)
)
_JOURNAL = (
    select(journal)
    .where(
        journal.c.subject.in_(
            select(messages.c.id)
            .join_from(decisions, messages, messages.c.pk == decisions.c.message)
            .where(decisions.c.id.in_(_given))
        )
    )
    .order_by(journal.c.sequence)
)
_WARNINGS = (
    select(warnings, people.c.id.label("person_id"), messages.c.id.label("incident_id"))
    .join_from(warnings, people, people.c.number == warnings.c.person)
    .join(messages, messages.c.pk == warnings.c.incident)
    .where(warnings.c.decision.in_(_given))
    .order_by(warnings.c.issued_at, warnings.c.id)
)
