"""Running SQL files inside a migration."""

from __future__ import annotations

from pathlib import Path

from alembic import op


def run(script: str) -> None:
    """Execute a script of several statements as it is: no parameters, so that `%` means itself."""
    connection = op.get_bind().connection.driver_connection
    assert connection is not None  # noqa: S101  a migration runs over an open connection
    connection.execute(script)


def run_files(folder: Path) -> None:
    """Execute every SQL file of a folder, by name."""
    for path in sorted(folder.glob("*.sql")):
        run(path.read_text(encoding="utf-8"))
