"""Where things are: the program's own resources and the person's files."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
"""Read-only files of the program; the same folder in a checkout and in the frozen program."""


def home() -> Path:
    """The folder of this desk's data: `VIGIE_HOME`, else the system's place for such data."""
    chosen = os.environ.get("VIGIE_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("Vigie", appauthor=False))
