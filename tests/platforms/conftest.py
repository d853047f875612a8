"""The simulated platforms over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from console.clock import FixedClock
from console.platforms.simulator.running import Simulator, running


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """A world of its own for each test, whose time stands still until the test moves it."""
    with running(FixedClock(datetime(2026, 10, 14, 15, 0, tzinfo=UTC))) as simulator:
        yield simulator
