"""The line cut at any byte, or silent: nothing is lost, nothing is there twice, both desks agree."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from console.domain.decisions import Action
from console.errors import OfflineError
from console.hub import connection
from tests.hub.conftest import Hub
from tests.hub.desks import Seat, seat
from tests.hub.model import City
from tests.hub.proxy import DOWN, UP, Break, Proxy

EVERY_BYTE = "VIGIE_EVERY_BYTE"
"""Environment: cut at each of the thousands of offsets of an exchange (minutes), not at a sample of them."""
CUTS = 14


@pytest.fixture
def proxy(hub: Hub) -> Iterator[Proxy]:
    """A TCP line to the server."""
    with Proxy(Path(hub.address.host) / f".s.PGSQL.{hub.address.port}") as running:
        yield running


class Town:
    """Marie's desk behind the line, Noah's beside the server. Each day brings something both ways."""

    def __init__(self, hub: Hub, folder: Path, proxy: Proxy, stack: ExitStack) -> None:
        behind = Hub(replace(hub.address, host="127.0.0.1", port=proxy.port), hub.server)
        self.proxy, self.days = proxy, 0
        self.marie = seat(stack, behind, folder / "marie", "marie")
        self.noah = seat(stack, hub, folder / "noah", "noah")
        self.city = City(hub, folder, random.Random(1), seats=[self.marie, self.noah])

    def day(self) -> None:
        """Both take a message in and decide; both decide on Noah's of yesterday, which cannot both be."""
        self.days += 1
        yesterday = self.noah.receive(f"commun-{self.days}")
        self.noah.sync()
        here, there = self.marie.receive(f"m{self.days}"), self.noah.receive(f"n{self.days}")
        self.marie.decide(here, Action.HIDE, Action.WARN)
        self.noah.decide(there, Action.KEEP)
        self.noah.decide(yesterday, Action.HIDE)
        self.noah.sync()

    def size(self) -> dict[str, int]:
        """Bytes of a whole exchange of such a day."""
        self.day()
        self.marie.sync()
        return dict(self.proxy.passed)

    def agree(self) -> None:
        """Everything made is there, on both and in the hub."""
        self.proxy.breaks = None
        self.city.agreement()
        for one in (self.marie, self.noah):
            assert len(decisions(one)) == 3 * self.days


def decisions(one: Seat) -> list[str]:
    with one.db._reader.begin() as reading:
        return [row[0] for row in reading.exec_driver_sql("SELECT id FROM decisions")]


@pytest.fixture
def town(hub: Hub, tmp_path: Path, proxy: Proxy) -> Iterator[Town]:
    with ExitStack() as stack:
        yield Town(hub, tmp_path, proxy, stack)


def offsets(size: int) -> list[int]:
    """All, or a sample that is another each time; the first and the last bytes always."""
    if os.environ.get(EVERY_BYTE):
        return list(range(size))
    return sorted({0, 1, size - 1, *random.SystemRandom().sample(range(size), CUTS)})


@pytest.mark.timeout(0 if os.environ.get(EVERY_BYTE) else 120)
@pytest.mark.parametrize("direction", [UP, DOWN])
def test_the_line_may_be_cut_at_any_byte(town: Town, proxy: Proxy, direction: str) -> None:
    chosen = offsets(town.size()[direction])
    for number, offset in enumerate(chosen):
        # A new day now and then: what was cut is taken up again by another connection, cut in its turn.
        if number % 3 == 0:
            town.day()
        proxy.breaks = Break(direction, offset)
        before = proxy.broken
        with suppress(OfflineError):
            town.marie.sync()
            # Shorter than the first one: a part of it had come through before.
            assert proxy.broken == before, offset
    assert proxy.broken >= len(chosen) // 2
    town.agree()


def test_a_silent_line_is_given_up(town: Town, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "ANSWERS_WITHIN", 0.3)
    for share in (0.4, 0.55, 0.7):
        size = town.size()
        town.day()
        proxy.breaks = Break(DOWN, int(size[DOWN] * share), silent=True)
        assert code_of(town.marie.sync) == "hub.unreachable"
        proxy.breaks = None
    town.agree()


def test_a_line_silent_from_the_first_byte_is_given_up(
    town: Town, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CONNECTS_WITHIN", 2)
    town.day()
    proxy.breaks = Break(UP, 0, silent=True)
    assert code_of(town.marie.sync) == "hub.unreachable"
    town.agree()


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(OfflineError) as caught:
        call()
    return caught.value.code
