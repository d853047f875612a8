"""Dates as the sources write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.platforms.files.dates import CITY_ZONE, DateError, Order, decide_order, read_date

EXPECTED = datetime(2025, 6, 24, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2025-06-24T18:30:00Z",
        "2025-06-24T18:30:00+00:00",
        "2025-06-24T18:30:00+0000",
        "2025-06-24T14:30:00-04:00",
        "2025-06-24T18:30:00.000000+00:00",
        "2025-06-24 18:30:00 UTC",
        "2025-06-24 14:30:00",
        "2025-06-24 14:30",
        "2025-06-24 14 h 30",
        "2025/06/24 14:30",
        "1750789800",
        "1750789800000",
        "1750789800000000",
        "1750789800.0",
        "24 juin 2025 à 14:30",
        "24 juin 2025, à 14 h 30",
        "le 24 juin 2025, à 14\u00a0h\u00a030",
        "mardi 24 juin 2025 à 14:30:00",
        "mar. 24 juin 2025 14h30",
        "June 24, 2025 at 2:30 PM",
        "Jun 24, 2025, 2:30:00\u202fPM",
        "Tuesday, June 24, 2025 2:30 p.m.",
        "24 Jun 2025 14:30",
        "24-Jun-2025 14:30",
        "Tue, 24 Jun 2025 18:30:00 +0000",
        "Tue, 24 Jun 2025 18:30:00 GMT",
        "Tue Jun 24 18:30:00 +0000 2025",
        "24/06/2025 14:30",
        "24.06.2025 14:30",
        "24-06-25 14:30",
        "6/24/2025 2:30 PM",
        "6/24/25, 14:30",
        "06/24/2025 14:30 EDT",
        " 2025-06-24 14:30:00 ",
    ],
)
def test_forms_of_one_instant(written: str) -> None:
    assert read_date(written) == EXPECTED


@pytest.mark.parametrize(
    ("written", "year", "month", "day"),
    [
        ("2025-06-24", 2025, 6, 24),
        ("1er juillet 2025", 2025, 7, 1),
        ("14 févr. 2025", 2025, 2, 14),
        ("3 août 2025", 2025, 8, 3),
        ("31 déc. 2024", 2024, 12, 31),
        ("Aug 3, 2025", 2025, 8, 3),
        ("12 May 2025", 2025, 5, 12),
        ("7/7/2025", 2025, 7, 7),
    ],
)
def test_days_without_a_time_are_the_citys_days(written: str, year: int, month: int, day: int) -> None:
    found = read_date(written)
    assert found is not None
    assert found.astimezone(CITY_ZONE) == datetime(year, month, day, tzinfo=CITY_ZONE)


@pytest.mark.parametrize(
    "written",
    [
        "hier",
        "24",
        "2025",
        "12345",
        "2025-13-01",
        "31/02/2025",
        "24 brumaire 2025",
        "25:61",
        "0",
        "-5",
        "xxxxxxxxxxxxxxxxxxxx",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1890-01-01",
        "99999999999999999999",
        "13 PM",
        "24/06/2025 13:00 PM",
        "2025-06-24T25:00",
        "१२/०६/२०२५",
        "1e9",
        "nan",
    ],
)
def test_what_is_no_date(written: str) -> None:
    with pytest.raises(DateError) as caught:
        read_date(written)
    assert caught.value.code == "import.row.date"


def test_nothing_is_no_date_and_no_error() -> None:
    assert read_date("") is None
    assert read_date("  ") is None


def test_an_ambiguous_day_is_never_guessed() -> None:
    with pytest.raises(DateError) as caught:
        read_date("03/04/2025")
    assert caught.value.code == "import.row.date_ambiguous"
    day, month = read_date("03/04/2025", Order.DAY), read_date("03/04/2025", Order.MONTH)
    assert day is not None
    assert month is not None
    assert (day.month, month.month) == (4, 3)


@pytest.mark.parametrize(
    ("values", "order", "example"),
    [
        (["03/04/2025", "24/06/2025"], Order.DAY, ""),
        (["03/04/2025", "06/24/2025"], Order.MONTH, ""),
        (["03/04/2025", "05/06/2025"], Order.UNKNOWN, "03/04/2025"),
        (["24/06/2025", "06/24/2025", "03/04/2025"], Order.UNKNOWN, ""),
        (["2025-06-24", "", "hier"], Order.UNKNOWN, ""),
        (["07/07/2025"], Order.UNKNOWN, ""),
    ],
)
def test_the_order_is_decided_by_rows_without_doubt(values: list[str], order: Order, example: str) -> None:
    assert decide_order(values) == (order, example)


def test_the_hour_that_comes_twice_in_november_is_the_first() -> None:
    assert read_date("2025-11-02 01:30:00") == datetime(2025, 11, 2, 5, 30, tzinfo=UTC)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_date(text)
    except DateError:
        return
    assert found is None or found.utcoffset() == timedelta(0)


@given(st.integers(631_238_400, 4_102_000_000))
def test_what_is_written_in_utc_comes_back(seconds: int) -> None:
    aware = datetime.fromtimestamp(seconds, UTC)
    assert read_date(aware.isoformat()) == aware
    assert read_date(aware.strftime("%a %b %d %H:%M:%S %z %Y")) == aware
