"""What people wrote, who and where, and what the engine found."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from console.domain.messages import Attachment, ThreadEntry
from console.domain.verdicts import Route, Verdict
from console.store.codes import ACCOUNT_TYPE_CODES, CHANNEL_CODES, KIND_CODES, ROUTE_CODES, STATE_CODES
from console.store.schema.base import metadata, need, words
from console.store.types import Coded, Instant, Json

watermark = Table(
    "watermark",
    metadata,
    Column("one", Integer, primary_key=True),
    need("arrival", BigInteger),
    CheckConstraint("one = 1", name="one"),
)
"""One row: the newest visible arrival number."""

counters = Table(
    "counters",
    metadata,
    Column("state", Coded(STATE_CODES), primary_key=True),
    Column("channel", Coded(CHANNEL_CODES), primary_key=True),
    Column("emergency", Boolean, primary_key=True),
    need("number", Integer),
    sqlite_with_rowid=False,
)
"""How many visible messages are in each state, by channel and by «route = emergency»."""

accounts = Table(
    "accounts",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("id", Text, unique=True),
    need("platform", Text),
    need("name", Text),
    need("type", Coded(ACCOUNT_TYPE_CODES)),
    Column("archived_at", Instant),
    Column("import_id", Text),
    UniqueConstraint("platform", "name"),
)
"""`import_id` is set while only a staged import knows the account: not shown yet."""

people = Table(
    "people",
    metadata,
    Column("number", Integer, primary_key=True),
    need("id", Text, unique=True),
    need("platform", Text),
    need("external_id", Text),
    words("name"),
    words("folded_name"),
    need("declared_warnings", Integer, server_default="0"),
    Column("merged_into", Integer, ForeignKey("people.number")),
    need("root", Integer),
    UniqueConstraint("platform", "external_id"),
    Index("ix_people_folded_name", "folded_name", "number"),
    Index("ix_people_root", "root"),
    Index("ix_people_merged_into", "merged_into", sqlite_where=text("merged_into IS NOT NULL")),
    sqlite_autoincrement=True,
)
"""One row an identity on a platform; `number` is shown in place of names and never reused.

Linking (reversible) sets `merged_into` of one row; `root` is the row at the top of its tree, itself
when not merged. Messages and warnings keep the row they came with: group by `root`. A person is
shown only when a visible message is theirs (a staged import may have brought the row).
"""

posts = Table(
    "posts",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("id", Text, unique=True),
    need("account", Integer, ForeignKey("accounts.pk")),
    need("external_id", Text),
    words("text"),
    Column("posted_at", Instant),
    words("permalink"),
    UniqueConstraint("account", "external_id"),
    sqlite_autoincrement=True,
)

rules = Table(
    "rules",
    metadata,
    Column("number", Integer, primary_key=True),
    need("id", Text, unique=True),
)
"""Small numbers for rule ids, given in order of appearance."""

verdicts = Table(
    "verdicts",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("message", Integer, ForeignKey("messages.pk")),
    need("revision", Integer),
    need("body", Json[Verdict](Verdict)),
    Index("ix_verdicts_message", "message"),
    sqlite_autoincrement=True,
)
"""`messages.verdict` points to the one in force, `decisions.verdict` to the one decided upon (no
foreign keys there: they would make a ring, and every replaced verdict would scan its parents)."""

messages = Table(
    "messages",
    metadata,
    Column("pk", Integer, primary_key=True),
    need("id", Text, unique=True),
    need("account", Integer, ForeignKey("accounts.pk")),
    need("external_id", Text),
    need("state", Coded(STATE_CODES)),
    need("priority", SmallInteger, server_default="0"),
    need("severity", SmallInteger, server_default="0"),
    need("route", Coded(ROUTE_CODES), server_default="0"),
    need("channel", Coded(CHANNEL_CODES)),
    need("kind", Coded(KIND_CODES)),
    need("rules", BigInteger, server_default="0"),
    need("criticism", Boolean, server_default="0"),
    need("similar", Integer, server_default="0"),
    need("by_city", Boolean, server_default="0"),
    need("posted_at", Instant),
    need("received_at", Instant),
    need("arrival", BigInteger),
    need("author", Integer, ForeignKey("people.number")),
    words("author_name"),
    Column("post", Integer, ForeignKey("posts.pk")),
    words("parent_external_id"),
    need("revision", Integer, server_default="1"),
    Column("edited_at", Instant),
    Column("deleted_at", Instant),
    Column("verdict", Integer),
    Column("decision", Text),
    need("sha256", Text),
    words("permalink"),
    Column("thread", Json[tuple[ThreadEntry, ...]](tuple[ThreadEntry, ...])),
    Column("attachments", Json[tuple[Attachment, ...]](tuple[Attachment, ...])),
    need("text", Text),
    UniqueConstraint("account", "external_id"),
    sqlite_autoincrement=True,
)
"""A message at its current revision with its case. `pk` grows with the id (ties of every sort).

`author_name` is the name as it stood on the message. `decision` is the standing decision's id.
Reopening gives a new `arrival`, so that the case waits behind the button like a new message.
"""

_FACETS = ("arrival", "account", "channel", "kind", "severity", "route", "rules", "author")
Index("ix_messages_priority", messages.c.state, messages.c.priority.desc(), messages.c.pk,
      messages.c.posted_at, *(messages.c[each] for each in _FACETS))  # fmt: skip
Index("ix_messages_posted", messages.c.state, messages.c.posted_at, messages.c.pk,
      *(messages.c[each] for each in _FACETS))  # fmt: skip
Index("ix_messages_arrival", messages.c.arrival, messages.c.state)
Index("ix_messages_author", messages.c.author, messages.c.posted_at)
Index("ix_messages_post", messages.c.post, messages.c.posted_at,
      sqlite_where=messages.c.post.is_not(None))  # fmt: skip
Index("ix_messages_parent", messages.c.account, messages.c.parent_external_id, messages.c.posted_at,
      sqlite_where=messages.c.parent_external_id != text("''"))  # fmt: skip
# All of the facets, so that the planner takes it for emergencies and never walks the big ones.
Index("ix_messages_emergency", messages.c.route, messages.c.state, messages.c.priority.desc(), messages.c.pk,
      messages.c.posted_at, *(messages.c[each] for each in _FACETS if each != "route"),
      sqlite_where=messages.c.route == text(str(ROUTE_CODES[Route.EMERGENCY])))  # fmt: skip

snapshots = Table(
    "snapshots",
    metadata,
    Column("message", Integer, ForeignKey("messages.pk"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    need("text", Text),
    need("sha256", Text),
    need("seen_at", Instant),
    sqlite_with_rowid=False,
)
"""Earlier texts of edited messages, word for word; the current text is in `messages`."""

findings = Table(
    "findings",
    metadata,
    Column("message", Integer, ForeignKey("messages.pk"), primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    need("rule", Integer, ForeignKey("rules.number")),
    need("article", Text),
    need("severity", SmallInteger),
    Index("ix_findings_rule", "rule", "message"),
    sqlite_with_rowid=False,
)
"""Chips of the verdict in force, in its order; the whole finding is in `verdicts.body`."""

bands = Table(
    "bands",
    metadata,
    Column("week", SmallInteger, primary_key=True),
    Column("band", BigInteger, primary_key=True),
    Column("message", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
"""Near-duplicate keys, by the week in which the message was posted (`week_of`).

The keys are as good as random: without the weeks every message of a long import would touch sixteen
pages all over the file. Who compares messages does so within a stretch of time anyway. An edited
message keeps its earlier keys: the engine compares the texts.
"""
