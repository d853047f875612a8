"""Messages put aside come back whole, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.messages import Attachment, ThreadEntry
from console.errors import EnvironmentProblemError
from console.services import intake_spool
from console.services.intake_spool import Spool
from tests.builders import NOW, message


def test_every_field_comes_back() -> None:
    given_ = message(
        "Allô 😡\u00a0l’été",
        thread=(ThreadEntry("Jo", "Déjà?", NOW),),
        attachments=(Attachment("a.jpg", "image/jpeg", "https://e.org"),),
        post_posted_at=NOW,
        by_city=True,
    )
    with Spool() as spool:
        spool.add(given_)
        assert list(spool.in_order()) == [given_]


@given(st.lists(st.none() | st.integers(-3, 3), max_size=30))
def test_oldest_first_ties_in_file_order_and_the_undated_after_the_one_before(
    hours: list[int | None],
) -> None:
    messages = [
        message(str(place), posted_at=None if each is None else NOW + timedelta(hours=each))
        for place, each in enumerate(hours)
    ]
    known: list[int] = []
    for each in hours:
        known.append(each if each is not None else known[-1] if known else -1000)
    expected = [messages[place] for place in sorted(range(len(hours)), key=lambda place: known[place])]
    with Spool() as spool:
        for each in messages:
            spool.add(each)
        assert len(spool) == len(hours)
        assert list(spool.in_order()) == expected


def test_a_large_import_goes_through_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_spool, "IN_MEMORY", 1000)
    messages = [
        message(f"{number} " + "a" * 200, posted_at=NOW - timedelta(hours=number)) for number in range(200)
    ]
    with Spool() as spool:
        for each in messages:
            spool.add(each)
        assert list(spool.in_order()) == messages[::-1]


def _fill(spool: Spool) -> None:
    for _ in range(2_000):
        spool.add(message("a" * 200))


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file may grow beyond 64 kB, as on a full disk."""
    resource = pytest.importorskip("resource")  # Unix only
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, small_disk: None) -> None:
    monkeypatch.setattr(intake_spool, "IN_MEMORY", 1000)
    with Spool() as spool, pytest.raises(EnvironmentProblemError) as caught:
        _fill(spool)
    assert caught.value.code == "import.no_room"
