"""How the window is asked for: shared by the command line, its helpers and whoever opens the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Launch:
    """How the window is to be opened. `picture`: render without a display and write this PNG instead."""

    home: Path
    sample: bool
    import_file: Path | None
    picture: Path | None = None


OpenWindow = Callable[[Launch], int]
