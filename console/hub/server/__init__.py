"""How the hub's schema has changed from version to version (Alembic). The rules live in the SQL files."""

from __future__ import annotations

SCHEMA = "vigie"
OWNER = "vigie_owner"
"""The role that owns every object; nobody works under it, administration takes it for a transaction."""

REVISIONS = ("0001", "0002")
"""All revisions in order. A hub that says anything else comes from a newer Vigie."""

HEAD = REVISIONS[-1]
VERSION = int(HEAD)
"""The same as a number, as `vigie.hello` and `vigie.schema_version` give it."""

OLDEST_SERVER = 140000
"""PostgreSQL 14: functions whose body is bound when they are made (SQL-standard form)."""
