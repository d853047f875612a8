"""Decisions and what follows from them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from console.domain.decisions import Action, BanException
from console.store.codes import ESCALATION_KIND_CODES, OUTCOME_CODES, OUTGOING_CODES, STATE_CODES
from console.store.schema.base import metadata, need, words
from console.store.types import Coded, Instant, Json

decisions = Table(
    "decisions",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("id", Text, unique=True),
    need("message", Integer, ForeignKey("messages.pk")),
    need("account", Integer, ForeignKey("accounts.pk")),
    need("revision", Integer),
    Column("verdict", Integer),
    need("actions", Json[tuple[Action, ...]](tuple[Action, ...])),
    need("actions_mask", Integer),
    need("rules", Json[tuple[str, ...]](tuple[str, ...])),
    need("rules_mask", BigInteger),
    words("reason"),
    need("texts", Json[tuple[tuple[Action, str], ...]](tuple[tuple[Action, str], ...])),
    need("actor", Text),
    need("at", Instant),
    words("policy"),
    words("engine"),
    need("suggested", Json[tuple[Action, ...]](tuple[Action, ...])),
    words("note"),
    Column("exception", Json[BanException](BanException)),
    need("state_before", Coded(STATE_CODES)),
    Column("previous", Text),
    Column("undone_at", Instant),
    Column("undone_by", Text),
    Column("approved_at", Instant),
    Column("approved_by", Text),
    Index("ix_decisions_at", "at", "pk", "actor", "actions_mask", "rules_mask", "account", "undone_at"),
    Index("ix_decisions_actor", "actor", "at"),
    Index("ix_decisions_message", "message", "at"),
    sqlite_autoincrement=True,
)
"""Masks narrow a search (`ACTION_BITS` exactly, `rule_bit` with possible collisions).

`previous` is the message's standing decision before this one; an undo restores it. Staff have no
foreign key: decisions of other desks may arrive before their people do.
"""

warnings = Table(
    "warnings",
    metadata,
    Column("id", Text, primary_key=True),
    need("person", Integer, ForeignKey("people.number")),
    need("decision", Text, ForeignKey("decisions.id")),
    need("incident", Integer, ForeignKey("messages.pk")),
    need("platform", Text),
    need("rules", Json[tuple[str, ...]](tuple[str, ...])),
    need("issued_at", Instant),
    Column("delivered_at", Instant),
    words("delivery_means"),
    words("delivery_proof"),
    Column("withdrawn_at", Instant),
    Index("ix_warnings_person", "person"),
    Index("ix_warnings_decision", "decision"),
    Index("ix_warnings_incident", "incident"),
)

outgoing = Table(
    "outgoing",
    metadata,
    Column("id", Text, primary_key=True),
    need("decision", Text, ForeignKey("decisions.id")),
    need("message", Integer, ForeignKey("messages.pk")),
    need("operation", Text),
    words("text"),
    need("not_before", Instant),
    Column("warning", Text, ForeignKey("warnings.id")),
    need("state", Coded(OUTGOING_CODES)),
    Column("changed_at", Instant),
    Column("changed_by", Text),
    words("proof"),
    Column("retry_at", Instant),
    words("code"),
    Index("ix_outgoing_state", "state", "not_before"),
    Index("ix_outgoing_decision", "decision"),
    Index("ix_outgoing_message", "message"),
)
"""`changed_at`, `changed_by` and `proof` belong to the newest change of state. `retry_at`: not to be sent
before; `code`: why it waits, was refused, failed or is done by hand."""

escalations = Table(
    "escalations",
    metadata,
    Column("id", Text, primary_key=True),
    need("message", Integer, ForeignKey("messages.pk")),
    need("kind", Coded(ESCALATION_KIND_CODES)),
    need("outcome", Coded(OUTCOME_CODES)),
    need("submitted_at", Instant),
    need("submitted_by", Text),
    words("reason"),
    words("question"),
    need("suggested", Json[tuple[Action, ...]](tuple[Action, ...])),
    Column("decision", Text, ForeignKey("decisions.id")),
    Column("answered_at", Instant),
    Column("answered_by", Text),
    words("answer"),
    need("seen", Boolean, server_default="0"),
    Index("ix_escalations_outcome", "outcome", "submitted_at"),
    Index("ix_escalations_submitted_by", "submitted_by", "submitted_at"),
    Index("ix_escalations_message", "message"),
)

notes = Table(
    "notes",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("message", Integer, ForeignKey("messages.pk")),
    need("at", Instant),
    need("actor", Text),
    need("text", Text),
    Index("ix_notes_message", "message"),
)
