"""Tables of docs/verdicts.md, between their markers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "verdicts.md"


def lines(name: str) -> list[str]:
    """What stands between the markers `name` of the page. Raises `ValueError` where they are missing."""
    return _parts(name)[1].splitlines()


def write(name: str, told: Iterable[str]) -> None:
    """Put `told` between the markers `name` of the page. Raises `ValueError` where they are missing."""
    lines_now = "\n".join(told)
    before, _, after = _parts(name)
    PAGE.write_text(f"{before}\n{lines_now}\n{after}", "utf-8")


def _parts(name: str) -> tuple[str, str, str]:
    """The page up to the first marker with it, between, and from the second marker on."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found, rest = PAGE.read_text("utf-8").partition(begin)
    between, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(name)
    return before + begin, between, end + after
