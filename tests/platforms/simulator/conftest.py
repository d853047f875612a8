"""The simulator at a still clock, and a polite client for each of Meta's two platforms."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from console.clock import FixedClock
from console.domain.messages import FACEBOOK, INSTAGRAM, Platform
from console.platforms.simulator.running import Simulator, running

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Spares each client the reading of the authorities' certificates; everything here is plain HTTP."""
START = datetime(2026, 10, 5, 14, 30, tzinfo=UTC)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """All platforms, at half past two on a Monday; the clock stands still."""
    with running(clock=FixedClock(START)) as simulator:
        yield simulator


def client_of(sim: Simulator, platform: Platform) -> httpx.Client:
    """A client that proves itself with the account's token."""
    headers = {"Authorization": f"Bearer {sim.tokens(platform).access}"}
    return httpx.Client(base_url=sim.base_url(platform), headers=headers, trust_env=False, verify=NO_TLS)


@pytest.fixture
def facebook(sim: Simulator) -> Iterator[httpx.Client]:
    with client_of(sim, FACEBOOK) as client:
        yield client


@pytest.fixture
def instagram(sim: Simulator) -> Iterator[httpx.Client]:
    with client_of(sim, INSTAGRAM) as client:
        yield client
