"""The technical log: a rotating file in the desk's folder. Never a citizen's words in it."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def configure(folder: Path) -> None:
    """Log to `folder`/vigie.log (1 MB, three kept). A folder that cannot be written is no reason to stop."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "vigie.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter(_FORMAT))
    root.addHandler(handler)
