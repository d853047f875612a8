"""What this desk has learned from its decisions, and which of it is in force."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text

from console.store.schema.base import metadata, need
from console.store.types import Instant

layers = Table(
    "layers",
    metadata,
    Column("id", Text, primary_key=True),
    need("body", LargeBinary),
    need("figures", Text),
    need("engine", Text),
    need("decisions", Integer),
    need("first", Instant),
    need("last", Instant),
    need("made_at", Instant),
    need("made_by", Text),
    sqlite_with_rowid=False,
)
"""`id` is the SHA-256 of `body`. Nothing here is checked on the way out: a damaged layer must not keep the
engine from judging."""

adoptions = Table(
    "adoptions",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("layer", Text, ForeignKey("layers.id")),
    need("at", Instant),
    need("by", Text),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", Text),
    sqlite_autoincrement=True,
)
"""A stack: the newest that is not withdrawn is in force."""
