"""The desk itself: people at work, settings, the journal, imports under way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from console.services.rows import SavedView
from console.store.codes import ROLE_CODES
from console.store.schema.base import metadata, need
from console.store.types import Coded, Instant, Json

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    need("value", Text),
    sqlite_with_rowid=False,
)
"""Facts of the file itself: `desk` (DeskId), `created_at` and `opened_at` (ISO), `fold` (version of the
search folding)."""

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    need("name", Text),
    need("role", Coded(ROLE_CODES)),
    Column("valid_until", Instant),
)

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    need("value", Json[Any](Any)),
    sqlite_with_rowid=False,
)

views = Table(
    "views",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("name", Text, unique=True),
    need("body", Json[SavedView](SavedView)),
)
"""Saved views in the order of `pk`."""

emergencies = Table(
    "emergencies",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("reason", Text),
    need("started_at", Instant, unique=True),
    need("started_by", Text),
    need("planned_end", Instant),
    Column("ended_at", Instant),
    Column("ended_by", Text),
)

journal = Table(
    "journal",
    metadata,
    Column("sequence", Integer, primary_key=True),
    need("event_id", Text, unique=True),
    need("kind", Text),
    need("subject", Text),
    need("actor", Text),
    need("desk", Text),
    need("at", Instant),
    need("payload", Text),
    need("previous", Text),
    need("sha256", Text),
    Index("ix_journal_subject", "subject"),
)
"""Append-only (triggers refuse UPDATE and DELETE) and hash-chained; `payload` is the JSON as hashed.

Read rows through `console.store.journal.link_of`.
"""

journal_head = Table(
    "journal_head",
    metadata,
    Column("one", Integer, primary_key=True),
    need("sequence", Integer),
    need("sha256", Text),
    CheckConstraint("one = 1", name="one"),
)
"""One row once anything was recorded: what the newest link is, so that a cut tail is noticed."""

imports = Table(
    "imports",
    metadata,
    Column("id", Text, primary_key=True),
    need("begun_at", Instant),
    need("last_arrival", BigInteger),
    need("tally", Json[list[tuple[int, int, bool, int]]](list[tuple[int, int, bool, int]])),
    need("added", Integer, server_default="0"),
    need("unchanged", Integer, server_default="0"),
    need("first_message", Integer),
    need("first_person", Integer),
    need("first_post", Integer),
)
"""Imports being staged: at most one. `tally` holds the counters that publishing will add (codes of
state and channel, emergency, number); `first_*` the first keys it may have brought, for dropping."""

import_changes = Table(
    "import_changes",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("import_id", Text, ForeignKey("imports.id")),
    need("payload", LargeBinary),
    Index("ix_import_changes_import_id", "import_id"),
)
"""What a staged import will change in rows that are already visible (msgpack), applied on publishing."""
