"""The engine's data files, read once: lexicons, explanations, models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from console.paths import RESOURCES


@dataclass(frozen=True, slots=True)
class Resources:
    """Where detectors find their data; `lexicon("x")` is resources/lexicon/x.yaml.

    `coordinates` are the city's own contact details of the policy (name, value): no personal information.
    """

    folder: Path = RESOURCES
    coordinates: tuple[tuple[str, str], ...] = ()

    def lexicon(self, name: str) -> Path:
        """The file of one lexicon."""
        return self.folder / "lexicon" / f"{name}.yaml"
