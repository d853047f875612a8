"""The hub restored from yesterday's backup: what was done today comes back from the desks."""

from __future__ import annotations

import random
import subprocess
from contextlib import ExitStack, closing
from pathlib import Path

from console.domain.decisions import Action
from console.hub import administration
from tests.hub.conftest import Hub
from tests.hub.databases import plain
from tests.hub.desks import Seat, seat
from tests.hub.model import City


def run(hub: Hub, program: str, *options: str) -> None:
    at = ["--host", hub.address.host, "--username", "postgres", "--no-password"]
    command = [str(hub.server.bin / program), *at, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def restore(hub: Hub, dump: Path) -> None:
    """As docs/deployment.md says."""
    name = hub.address.database
    hub.close()
    with closing(plain(hub.server.address)) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    run(hub, "pg_restore", "--dbname", name, "--exit-on-error", "--single-transaction", str(dump))
    administration.restored(hub.address, None)


def meet(first: Seat, second: Seat, key: str) -> None:
    """Both decide on one message; the first one's decision reaches the hub first."""
    message = first.receive(key)
    first.sync()
    second.sync()
    second.decide(message, Action.KEEP)
    first.decide(message, Action.HIDE, Action.WARN)
    first.sync()
    second.sync()


def contested(city: City) -> dict[str, set[tuple[str, str]]]:
    """Of each desk: contested decision, standing decision."""
    found = {}
    for one in city.seats:
        with one.db._reader.begin() as reading:
            query = "SELECT c.decision, m.decision FROM contested c JOIN messages m ON m.pk = c.message"
            found[one.address.login] = {(row[0], row[1]) for row in reading.exec_driver_sql(query)}
    return found


def test_a_hub_from_yesterday_gets_today_back(hub: Hub, tmp_path: Path) -> None:
    dump = tmp_path / "vigie.dump"
    with ExitStack() as stack:
        seats = [seat(stack, hub, tmp_path / login, login) for login in ("marie", "noah", "solange")]
        marie, noah, solange = seats
        city = City(hub, tmp_path, random.Random(1), seats=seats)
        meet(marie, noah, "hier")
        solange.decide(solange.receive("hier-2"), Action.HIDE, Action.WARN)
        city.meet()
        run(hub, "pg_dump", "--format=custom", "--file", str(dump), "--dbname", hub.address.database)
        meet(noah, marie, "aujourd’hui")
        meet(solange, noah, "ce soir")
        solange.carry_out_all()
        city.meet()
        before = contested(city)
        assert {login: len(pairs) for login, pairs in before.items()} == dict.fromkeys(before, 3)
        restore(hub, dump)
        # Those whose decision came second come back first: their pair must not meet the other way round.
        for one in (marie, noah, solange):
            one.decide(one.receive(f"depuis-{one.address.login}"), Action.KEEP)
            one.sync()
        city.agreement()
        assert contested(city) == before
        made = (
            "SELECT count(*), count(*) FILTER (WHERE status = 'accepted') FROM vigie.event"
            " WHERE kind = 'decision.made'"
        )
        assert hub.admin().execute(made).fetchone() == (10, 7)
