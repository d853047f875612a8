"""Dates as the sources write them, read without guessing.

ISO 8601 (RFC 3339 and its looser cousins), epoch seconds to microseconds, RFC 2822, X's own
form, French and English month names, and numeric dates. A numeric date such as 03/04/2025 is
ambiguous by itself: the order is decided for a whole file from the rows that leave no doubt
(`decide_order`), else the row is reported. A time without a zone is the city's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

from console.platforms.files.values import RowError

CITY_ZONE = ZoneInfo("America/Toronto")
EARLIEST, LATEST = 1990, 2100


class Order(StrEnum):
    """What stands first in a numeric date."""

    DAY = "dmy"
    MONTH = "mdy"
    UNKNOWN = ""


class DateError(ValueError):
    """A date that cannot be read; `code` is the row's reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


UNREADABLE, AMBIGUOUS = "import.row.date", "import.row.date_ambiguous"

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juill juil july jul",
            "aout august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES = {"utc": 0, "gmt": 0, "z": 0, "est": -5, "hne": -5, "edt": -4, "hae": -4}

_TIME = (
    r"(?P<hour>\d{1,2})\s*(?:[:h]\s*(?P<minute>\d{2})(?:\s*[:m]\s*(?P<second>\d{2})(?:[.,]\d+)?)?|h(?=\s|$))"
    r"(?:\s*(?:s|min)(?=\s|$))?(?:\s*(?P<half>[ap])\.?\s?m\.?(?=\s|$))?"
)
_HOUR_ONLY = r"(?P<hour12>\d{1,2})\s*(?P<half12>[ap])\.?\s?m\.?"
_OFFSET = r"(?:\s*(?P<zone>utc|gmt|z|est|edt|hne|hae)?(?P<offset>[+-]\d{2}:?\d{2})?)"
_CLOCK = rf"(?:\s*,?\s*(?:a|at|t|-)?\s*(?:{_TIME}|{_HOUR_ONLY}){_OFFSET})?"
_DAY_NAME = r"(?:[a-z]{2,9}\.?\s*,?\s+)?"

_NUMERIC = re.compile(
    rf"(?P<one>\d{{1,2}})(?P<sign>[/.\-])(?P<two>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}|\d{{2}}){_CLOCK}$",
    re.ASCII,
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?P<sign>[/.\-])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}}){_CLOCK}$",
    re.ASCII,
)
_DAY_NAMED = re.compile(
    rf"{_DAY_NAME}(?:le\s+)?(?:{_DAY_NAME})(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?[\s\-]+"
    rf"(?P<month>[a-z]{{3,9}})\.?[\s\-,]+(?P<year>\d{{4}}){_CLOCK}$",
    re.ASCII,
)
_MONTH_NAMED = re.compile(
    rf"{_DAY_NAME}(?P<month>[a-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<year>\d{{4}}){_CLOCK}$",
    re.ASCII,
)
_X_STYLE = re.compile(
    r"[a-z]{3} (?P<month>[a-z]{3}) (?P<day>\d{1,2}) (?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2}) "
    r"(?P<offset>[+-]\d{4}) (?P<year>\d{4})$",
    re.ASCII,
)
_EPOCH = re.compile(r"-?\d{9,16}(?:\.\d+)?$", re.ASCII)
_MARKS = re.compile("[\u0300-\u036f]")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")


def read_date(value: str, order: Order = Order.UNKNOWN, zone: ZoneInfo = CITY_ZONE) -> datetime | None:
    """The instant in UTC, or None for an empty value.

    Raises `DateError` with `import.row.date` (not a date, or outside 1990–2100) or
    `import.row.date_ambiguous` (day and month could be swapped and `order` does not say).
    """
    plain = value.strip()
    if not plain:
        return None
    try:
        instant = _iso(plain, zone) or _epoch(plain) or _worded(plain, order, zone)
        if instant is not None and EARLIEST <= instant.year < LATEST:
            return instant.astimezone(UTC)
    except (OverflowError, OSError) as error:
        raise DateError(UNREADABLE) from error
    raise DateError(UNREADABLE)


def row_date(value: str, order: Order = Order.UNKNOWN) -> datetime | None:
    """`read_date` for a row of a file: raises `RowError` with the value as a fact."""
    try:
        return read_date(value, order)
    except DateError as error:
        raise RowError(error.code, value=value.strip()[:60]) from error


def decide_order(values: Iterable[str]) -> tuple[Order, str]:
    """The order that the unambiguous numeric dates among `values` show, and an ambiguous example.

    `(UNKNOWN, example)` when every numeric date could be read both ways: somebody must say.
    `(UNKNOWN, "")` when there is no numeric date, or when the file contradicts itself: then each
    ambiguous row is reported for itself.
    """
    example, seen = "", set()
    for value in values:
        found = _NUMERIC.match(_normal(value)) if value[:1].isdigit() else None
        if found is None:
            continue
        one, two = int(found["one"]), int(found["two"])
        if one > 12 >= two:
            seen.add(Order.DAY)
        elif two > 12 >= one:
            seen.add(Order.MONTH)
        elif one != two:
            example = example or value.strip()
    if len(seen) == 1:
        return seen.pop(), ""
    return Order.UNKNOWN, "" if seen else example


def is_numeric_date(value: str) -> bool:
    """Whether the value has the form 3/4/2025, in whatever order."""
    return _NUMERIC.match(_normal(value)) is not None


def _iso(value: str, zone: ZoneInfo) -> datetime | None:
    if not (value[:4].isdigit() and len(value) >= 8 and value[4:5] == "-"):
        return None
    plain = value[:-4] + "Z" if value.endswith((" UTC", " GMT")) else value
    try:
        instant = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _epoch(value: str) -> datetime | None:
    if not _EPOCH.match(value):
        return None
    number = float(value)
    for scale in (1.0, 1e3, 1e6):
        seconds = number / scale
        if seconds < 4_102_444_800:  # 1 January 2100
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return None


def _worded(value: str, order: Order, zone: ZoneInfo) -> datetime | None:
    plain = _normal(value)
    for pattern in (_NUMERIC, _YEAR_FIRST, _DAY_NAMED, _MONTH_NAMED, _X_STYLE):
        found = pattern.match(plain)
        if found is not None:
            parts = found.groupdict()
            day = _numeric_day(parts, order) if pattern is _NUMERIC else _named_day(parts)
            return None if day is None else _compose(day, parts, zone)
    return None


def _numeric_day(parts: dict[str, str | None], order: Order) -> tuple[int, int, int]:
    one, two, year = int(parts["one"] or 0), int(parts["two"] or 0), int(parts["year"] or 0)
    year += 2000 if year < 100 else 0
    if one > 12 or (order is Order.DAY and two <= 12) or one == two:
        return year, two, one
    if two > 12 or order is Order.MONTH:
        return year, one, two
    raise DateError(AMBIGUOUS)


def _named_day(parts: dict[str, str | None]) -> tuple[int, int, int] | None:
    month = parts["month"] or ""
    number = int(month) if month.isdigit() else _MONTHS.get(month)
    return None if number is None else (int(parts["year"] or 0), number, int(parts["day"] or 0))


def _compose(day: tuple[int, int, int], parts: dict[str, str | None], zone: ZoneInfo) -> datetime | None:
    hour = int(parts.get("hour") or parts.get("hour12") or 0)
    half = parts.get("half") or parts.get("half12")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        instant = datetime(
            *day, hour, int(parts.get("minute") or 0), int(parts.get("second") or 0), tzinfo=zone
        )
    except ValueError:
        return None
    shift = _shift(parts.get("zone"), parts.get("offset"))
    return instant if shift is None else instant.replace(tzinfo=timezone(shift))


def _shift(name: str | None, offset: str | None) -> timedelta | None:
    if offset:
        sign = -1 if offset[0] == "-" else 1
        digits = offset[1:].replace(":", "")
        return min(timedelta(hours=int(digits[:2]), minutes=int(digits[2:])), timedelta(hours=23)) * sign
    return timedelta(hours=_ZONES[name]) if name else None


def _normal(value: str) -> str:
    """Lower case without accents, single plain spaces; punctuation stays, it tells the forms apart."""
    plain = value.lower()
    if not plain.isascii():
        plain = _MARKS.sub("", unicodedata.normalize("NFD", plain))
    return _SPACES.sub(" ", plain).strip()
