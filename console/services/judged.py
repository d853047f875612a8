"""A message with its verdict: what is stored, and what desks send each other."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.messages import IncomingMessage
from console.domain.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """An incoming message with its verdict, ready to be stored. `sha256` is of the text (UTF-8)."""

    incoming: IncomingMessage
    sha256: str
    verdict: Verdict | None
    """None for the city's own messages: stored as context, case closed."""
    similar: int = 0
    bands: tuple[int, ...] = ()
    """Near-duplicate band keys (signed 64-bit)."""
