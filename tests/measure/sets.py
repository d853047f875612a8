"""The public sets in `../shared/data`, where they are; no text of them is in the project.

TSV, UTF-8, one header line; `\\\\`, `\\t`, `\\n` are escapes inside fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

SHARED = Path(__file__).resolve().parents[3] / "shared"
DATA = SHARED / "data"
EXAMPLES = SHARED / "eval" / "examples.jsonl"
_GOLD = Path(__file__).resolve().parents[1] / "gold"
OPEN, CLOSED = _GOLD / "open.jsonl", _GOLD / "closed.jsonl"
"""Annotated messages of our own: to read, and to score only."""

_ESCAPE = re.compile(r"\\([\\tn])")
_MEANS = {"\\": "\\", "t": "\t", "n": "\n"}


class Row(NamedTuple):
    """One text with its labels."""

    id: str
    text: str
    label: str
    columns: Mapping[str, str]


def rows(name: str, folder: Path = DATA) -> Iterator[Row]:
    """The rows of one set. Raises `FileNotFoundError`."""
    with (folder / f"{name}.tsv").open(encoding="utf-8", newline="\n") as lines:
        header = next(lines).rstrip("\n").split("\t")
        for line in lines:
            fields = [_unescaped(field) for field in line.rstrip("\n").split("\t")]
            columns = dict(zip(header, fields, strict=False))
            yield Row(columns["id"], columns["text"], columns["label"], columns)


def _unescaped(field: str) -> str:
    return _ESCAPE.sub(lambda match: _MEANS[match.group(1)], field)
