"""What a desk knows of the hub and of other desks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from console.services.facts import DecisionMade
from console.store.codes import STANDING_CODES
from console.store.schema.base import metadata, need, words
from console.store.types import Coded, Instant, Json

shared_events = Table(
    "shared_events",
    metadata,
    Column("event_id", Text, primary_key=True),
    need("own", Boolean),
    need("kind", Text),
    need("subject", Text),
    words("decision"),
    Column("seq", BigInteger),
    need("standing", Coded(STANDING_CODES)),
    words("code"),
    Column("accepted_at", Instant),
    need("desk", Text),
    need("sequence", Integer),
    words("previous"),
    words("sha256"),
    words("body"),
    words("matter"),
    words("seal"),
    Index("ix_shared_events_seq", "seq"),
    Index("ix_shared_events_subject", "subject"),
    Index("ix_shared_events_kind", "kind", "standing"),
    Index("ix_shared_events_desk", "desk", "sequence"),
    Index("ix_shared_events_decision", "decision", sqlite_where=text("decision <> ''")),
    sqlite_with_rowid=False,
)
"""Events that came from other desks, whole (`body` is the canonical text that is hashed), and for the
desk's own ones (their words are in `journal`) what the hub said. `decision` is the one that the event
makes, takes back or answers. `seq` is the place in the order of the hub, once there is one."""

content_places = Table(
    "content_places",
    metadata,
    Column("message", Integer, ForeignKey("messages.pk"), primary_key=True),
    need("seq", BigInteger),
)
"""The place in the hub's order of a message's present text."""

edits = Table(
    "edits",
    metadata,
    Column("seq", BigInteger, primary_key=True),
    need("message", Integer, ForeignKey("messages.pk")),
    need("revision", Integer),
    Index("ix_edits_message", "message"),
)
"""Where in the hub's order texts became others (`revision` by the hub's count, from 2 on): a decided case
waits again from there."""

unsent = Table(
    "unsent",
    metadata,
    Column("message", Integer, primary_key=True),
)
"""Messages whose present text the hub does not have; triggers fill it while the desk is a member."""

contested = Table(
    "contested",
    metadata,
    Column("decision", Text, primary_key=True),
    need("message", Integer, ForeignKey("messages.pk")),
    need("event_id", Text),
    need("actor", Text),
    need("at", Instant),
    Column("accepted_at", Instant),
    need("code", Text),
    need("fact", Json[DecisionMade](DecisionMade)),
    Column("settled_at", Instant),
    words("settled_by"),
    words("outcome"),
    words("word"),
    Index("ix_contested_message", "message"),
)
"""Decisions that something came before of: they are not carried out; a person looks at both."""

peer_desks = Table(
    "peer_desks",
    metadata,
    Column("id", Text, primary_key=True),
    words("name"),
    words("staff"),
    need("public_key", LargeBinary),
)
"""Other desks of the hub and the keys that sign their files."""
