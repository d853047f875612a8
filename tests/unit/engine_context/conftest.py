"""One engine for all tests of this folder: it keeps no state between messages."""

from __future__ import annotations

import pytest

from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The shipped policy and data."""
    return Engine(shipped())
