"""One engine for all tests of speed: building it takes longer than they do."""

from __future__ import annotations

import pytest

from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine(shipped())
