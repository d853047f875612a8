"""How the desk's file has changed from version to version (Alembic)."""

from __future__ import annotations

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""All revisions in order. A file that says anything else comes from a newer Vigie."""

HEAD = REVISIONS[-1]
