"""Reading foreign JSON: what must be there raises when it is not, what may be missing is empty.

A platform that changes its answers gives `EnvironmentProblemError("platform.answer")`, never a bug.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from console.errors import EnvironmentProblemError


def misshapen(what: str) -> EnvironmentProblemError:
    """The error for an answer that is not of the documented form; `what`: the name that is wrong."""
    return EnvironmentProblemError("platform.answer", what=what)


def clean(text: str) -> str:
    """A text that every database and screen takes: no NUL, no half of a surrogate pair."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


class Record:
    """A JSON object. `Record(anything)` is an empty one when it is given something else."""

    def __init__(self, value: Any) -> None:
        self.there = isinstance(value, dict)
        self._value: Mapping[str, Any] = value if isinstance(value, dict) else {}

    def __contains__(self, name: str) -> bool:
        return name in self._value

    def raw(self, name: str) -> Any:
        """The value as it is; None when absent."""
        return self._value.get(name)

    def text(self, name: str) -> str:
        """A text, cleaned; empty when absent or of another kind."""
        value = self._value.get(name)
        return clean(value) if isinstance(value, str) else ""

    def id(self, name: str = "id") -> str:
        """An identifier that must be there: a text, or a whole number written out."""
        value = self._value.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str) or not clean(value).strip():
            raise misshapen(name)
        return clean(value).strip()

    def word(self, name: str) -> str:
        """An identifier or code that may be missing."""
        value = self._value.get(name)
        if isinstance(value, bool):
            return str(value).lower()
        return clean(str(value)).strip() if isinstance(value, int | str) else ""

    def number(self, name: str) -> int | None:
        """A whole number, also one written as a text."""
        value = self._value.get(name)
        if isinstance(value, bool):
            return None
        if isinstance(value, float):
            return int(value) if math.isfinite(value) else None
        if isinstance(value, str) and len(value) < 20 and value.strip().lstrip("-").isdecimal():
            return int(value)
        return value if isinstance(value, int) else None

    def truth(self, name: str) -> bool | None:
        """A truth, also as the text `"true"` (Instagram's `success`); None when it is neither."""
        value = self._value.get(name)
        if isinstance(value, str):
            return {"true": True, "false": False}.get(value.lower())
        return value if isinstance(value, bool) else None

    def record(self, name: str) -> Record:
        """An object inside; empty when absent."""
        return Record(self._value.get(name))

    def records(self, name: str) -> list[Record]:
        """The objects of a list that may be missing; anything else in it is not of the form."""
        value = self._value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise misshapen(name)
        return [_object(each, name) for each in value]

    def needed(self, name: str) -> list[Record]:
        """As `records`, for a list that must be there."""
        if not isinstance(self._value.get(name), list):
            raise misshapen(name)
        return self.records(name)

    def strings(self, name: str) -> tuple[str, ...]:
        """The texts of a list."""
        value = self._value.get(name)
        return (
            tuple(clean(each) for each in value if isinstance(each, str)) if isinstance(value, list) else ()
        )

    def items(self) -> Iterator[tuple[str, Any]]:
        """All there is."""
        return iter(self._value.items())

    def time(self, name: str) -> datetime | None:
        """An instant: ISO 8601 (also `+0000`), or seconds or milliseconds since 1970."""
        return instant(self._value.get(name))


def record(body: Any) -> Record:
    """The answer itself, which must be an object."""
    return _object(body, "")


def _object(value: Any, name: str) -> Record:
    found = Record(value)
    if not found.there:
        raise misshapen(name)
    return found


def instant(value: Any) -> datetime | None:
    """An aware instant in UTC from what platforms write; None for what is none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        if isinstance(value, str) and not value.isdecimal():
            at = datetime.fromisoformat(value)
            return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        seconds = float(value)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
