"""The technical log: a rotating file in the desk's folder. Never a citizen's words in it."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from console.netiquette.masking import mask_logged

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class Masked(logging.Formatter):
    """What a program error carries along (a value in its message) is masked like an explanation."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, or the lines with the stack, without identifiers of a person."""
        return mask_logged(super().format(record))


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
    handler.setFormatter(Masked(_FORMAT))
    root.addHandler(handler)
