"""Tables of docs/verdicts.md, between their markers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "verdicts.md"


def write(name: str, lines: Iterable[str]) -> None:
    """Put `lines` between the markers `name` of the page. Raises `ValueError` where they are missing."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text("utf-8")
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(name)
    told = "\n".join(lines)
    PAGE.write_text(f"{before}{begin}\n{told}\n{end}{after}", "utf-8")
