"""Column types: instants, coded enumerations and typed JSON. What leaves the store is domain data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import BigInteger, Dialect, SmallInteger, Text
from sqlalchemy.types import TypeDecorator

E = TypeVar("E", bound=Enum)
T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC; `ValueError` for a naive time, which is a bug of the caller."""
    if at.tzinfo is None:
        raise ValueError("a naive datetime cannot be stored")
    return (at - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """The aware UTC time of `to_micros`."""
    return _EPOCH + timedelta(microseconds=value)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime kept as integer microseconds since 1970: exact, small, and sorts."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Datetime to microseconds."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Microseconds to datetime."""
        return None if value is None else from_micros(value)


class Coded(TypeDecorator[E], Generic[E]):
    """An enumeration kept as a small integer, so that indexes over a million rows stay small.

    The numbers are part of the file format: they are never reused or changed, only added to.
    """

    impl = SmallInteger
    cache_ok = True

    def __init__(self, codes: Mapping[E, int]) -> None:
        super().__init__()
        self.codes = tuple(codes.items())
        self._to_code = dict(codes)
        self._from_code = {code: member for member, code in codes.items()}

    def process_bind_param(self, value: E | None, dialect: Dialect) -> int | None:
        """Member to code."""
        return None if value is None else self._to_code[value]

    def process_result_value(self, value: int | None, dialect: Dialect) -> E | None:
        """Code to member."""
        return None if value is None else self._from_code[value]


class Json(TypeDecorator[T], Generic[T]):
    """A value of one Python type kept as JSON text, checked by msgspec on the way out."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(kind)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        """Value to JSON."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        """JSON to value."""
        return None if value is None else self._decoder.decode(value)
