"""How the window is asked for: shared by the command line, its helpers and whoever opens the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from console.services.secret_ports import Secrets


@dataclass(frozen=True, slots=True)
class Launch:
    """How the window is to be opened. `picture`: render without a display and write this PNG instead.
    `plain`: the person chooses a desk without encryption. `secrets`: instead of the system's keyring."""

    home: Path
    sample: bool
    import_file: Path | None
    picture: Path | None = None
    plain: bool = False
    secrets: Secrets | None = None


OpenWindow = Callable[[Launch], int]
