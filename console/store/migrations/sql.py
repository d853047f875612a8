"""Running the SQL files that lie beside the revisions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from alembic import op


def run(path: Path) -> None:
    """Execute every statement of a file, in the migration's transaction."""
    for statement in statements(path.read_text(encoding="utf-8")):
        op.get_bind().exec_driver_sql(statement)


def statements(script: str) -> Iterator[str]:
    """Split at the semicolons that end a statement (those inside triggers do not)."""
    pending = ""
    for line in script.splitlines():
        if line.startswith("--"):
            continue
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            yield pending.strip().removesuffix(";")
            pending = ""
    if pending.strip():
        raise ValueError(f"unfinished statement: {pending[:80]}")
