"""Dates and times as Québec writes them (REQUIREMENTS of typography: «14 h 30», «24 juin 2025»).

Everything inside is UTC and aware; only here does an instant become the city's wall clock. Spaces
inside a time or a date do not break (U+00A0).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

CITY = ZoneInfo("America/Toronto")
"""Drummondville keeps the eastern time of the tz database's zone for Ontario and Québec."""

_SHORT = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "aout", "sept.", "oct.", "nov.", "déc.")
_LONG = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def local(at: datetime) -> datetime:
    """The instant on the city's clock."""
    return at.astimezone(CITY)


def clock_time(at: datetime) -> str:
    """«13 h 31», «14 h»."""
    there = local(at)
    minutes = f"\u00a0{there.minute:02d}" if there.minute else ""
    return f"{there.hour}\u00a0h{minutes}"


def short_date(at: datetime, *, year: bool = True) -> str:
    """«14 nov. 2026», «1er oct.»."""
    return _date(local(at).date(), _SHORT, year=year)


def long_date(at: datetime, *, year: bool = True) -> str:
    """«14 novembre 2026»."""
    return _date(local(at).date(), _LONG, year=year)


def table_date(at: datetime) -> str:
    """«2026-11-14», for columns."""
    return local(at).date().isoformat()


def moment(at: datetime) -> str:
    """«14 nov. 2026, 13 h 31»."""
    return f"{short_date(at)}, {clock_time(at)}"


def moment_in_day(at: datetime, now: datetime) -> str:
    """«13 h 31» today, «14 nov.» on another day, with the year when it is not this one."""
    there, here = local(at), local(now)
    if there.date() == here.date():
        return clock_time(at)
    return short_date(at, year=there.year != here.year)


def age(at: datetime, now: datetime) -> str:
    """How long ago, for a card: «à l’instant», «4 min», «1 h 12», then the date."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "à l’instant"
    if minutes < 60:
        return f"{minutes}\u00a0min"
    if now - at < timedelta(hours=24):
        return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02d}"
    return short_date(at, year=local(at).year != local(now).year)


def spoken_age(at: datetime, now: datetime) -> str:
    """The same in whole words, for a screen reader."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "à l’instant"
    if minutes < 60:
        return f"il y a {minutes} {'minute' if minutes == 1 else 'minutes'}"
    hours = minutes // 60
    if hours < 24:
        return f"il y a {hours} {'heure' if hours == 1 else 'heures'}"
    return f"le {long_date(at)}"


def number(value: int) -> str:
    """«1 284», grouped by no-break spaces."""
    return f"{value:,}".replace(",", "\u00a0")


def _date(day: date, months: tuple[str, ...], *, year: bool) -> str:
    which = "1er" if day.day == 1 else str(day.day)
    words = f"{which}\u00a0{months[day.month - 1]}"
    return f"{words}\u00a0{day.year}" if year else words
