"""Connected accounts, every try at carrying something out, and pictures that were removed before."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from console.domain.platforms import Act, Result
from console.services.platform_ports import Budget
from console.store.codes import CONNECTION_CODES
from console.store.schema.base import metadata, need, words
from console.store.types import Coded, Instant, Json

connections = Table(
    "connections",
    metadata,
    Column("account", Integer, ForeignKey("accounts.pk"), primary_key=True),
    need("external_id", Text),
    need("state", Coded(CONNECTION_CODES)),
    words("code"),
    Column("connected_at", Instant),
    need("scopes", Json[tuple[str, ...]](tuple[str, ...])),
    Column("expires_at", Instant),
    words("client_id"),
    words("base_url"),
    need("settings", Json[dict[str, str]](dict[str, str])),
    words("cursor"),
    Column("collected_at", Instant),
    Column("waits_until", Instant),
    Column("looked_at", Instant),
    need("budgets", Json[tuple[Budget, ...]](tuple[Budget, ...])),
)
"""How an account of the city is connected at this desk; its tokens are in the keyring. `cursor`: how far
its messages were read; moves with the messages in one transaction. `waits_until`: the platform asked to
wait. `looked_at`: messages posted before were looked at again for edits and deletions."""

attempts = Table(
    "attempts",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("item", Text, ForeignKey("outgoing.id")),
    need("act", Json[Act](Act)),
    need("begun_at", Instant),
    Column("ended_at", Instant),
    Column("result", Json[Result](Result)),
    words("request_id"),
    words("external_id"),
    Column("status", SmallInteger, nullable=False, server_default=text("'0'")),
    words("code"),
    words("answer"),
    Column("read_back", Boolean, nullable=False, server_default=text("'0'")),
    Index("ix_attempts_item", "item", "pk"),
    sqlite_autoincrement=True,
)
"""One row a call that was to change something on a platform: on disk before the call is made. A row
without `ended_at` is a call whose answer nobody knows. `result` stays empty when the answer was lost or
said nothing about the act (`code` says what)."""

known_pictures = Table(
    "known_pictures",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", Text, primary_key=True),
    words("label"),
    need("message", Text),
    need("noted_at", Instant),
    need("noted_by", Text),
    sqlite_with_rowid=False,
)
"""Perceptual hashes (64 bits, signed) of pictures that a moderator removed, and the rule they broke."""
