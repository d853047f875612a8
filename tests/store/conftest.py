"""What the tests of the store share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import DeskFile, desk_file


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskFile]:
    """An open desk's file with one person of each role."""
    with desk_file(tmp_path / "vigie.sqlite") as opened:
        yield opened
