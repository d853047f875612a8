"""The desk that tests of services work at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desks import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A real desk in a folder of its own."""
    with open_desk(tmp_path) as opened:
        yield opened
