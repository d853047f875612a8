"""The engine's data files, read once: lexicons, explanations, models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from console.paths import RESOURCES


@dataclass(frozen=True, slots=True)
class Resources:
    """Where detectors find their data; `lexicon("x")` is resources/lexicon/x.yaml.

    `coordinates` are the city's own contact details of the policy (name, value): no personal information.
    `lists` are those of the policy (`policy_lists`); data read once by folder does not depend on them.
    """

    folder: Path = RESOURCES
    coordinates: tuple[tuple[str, str], ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    def lexicon(self, name: str) -> Path:
        """The file of one lexicon."""
        return self.folder / "lexicon" / f"{name}.yaml"
