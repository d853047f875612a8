"""A disk that is full, the desk's or the hub's: it is said, nothing is lost, and there is room again."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from console.domain.decisions import Action
from console.errors import EnvironmentProblemError
from tests.hub.conftest import Hub
from tests.hub.databases import plain
from tests.hub.desks import Seat, seat
from tests.hub.model import City

as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small file system"
)


@pytest.fixture
def city(hub: Hub, tmp_path: Path) -> Iterator[City]:
    """Marie and Noah."""
    with ExitStack() as stack:
        seats = [seat(stack, hub, tmp_path / login, login) for login in ("marie", "noah")]
        yield City(hub, tmp_path, random.Random(1), seats=seats)


def decide(one: Seat, first: int, last: int, words: str = "") -> None:
    """Take so many messages in, and decide."""
    for number in range(first, last):
        message = one.receive(f"{one.address.login}-{number}", text=f"Gang de pourris {number} {words}")
        one.decide(message, Action.HIDE, Action.WARN)


def full(call: Callable[[], object]) -> str:
    with pytest.raises(EnvironmentProblemError) as caught:
        call()
    return caught.value.code


def test_a_full_disk_of_the_desk(city: City) -> None:
    marie, noah = city.seats

    def limit(pages: int) -> None:
        with marie.db.write() as work:
            now = work.connection.exec_driver_sql("PRAGMA page_count").scalar()
            work.connection.exec_driver_sql(f"PRAGMA max_page_count={now + pages}")

    decide(marie, 0, 2)
    decide(noah, 0, 60, "long " * 100)
    noah.sync()
    limit(20)
    assert full(marie.sync) == "store.disk_full"
    limit(10_000)
    marie.sync()
    city.agreement()
    assert city.hub.value("SELECT count(*) FROM vigie.event WHERE kind = 'decision.made'") == 62


def test_a_full_disk_of_the_hub_as_the_server_says_it(city: City) -> None:
    marie, noah = city.seats
    admin = city.hub.admin()
    admin.execute(
        "CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END$$"
    )
    for table in ("content", "event"):
        decide(marie, *((0, 2) if table == "content" else (2, 4)))
        admin.execute(
            f"CREATE TRIGGER full_disk BEFORE INSERT ON vigie.{table}"
            " FOR EACH ROW EXECUTE FUNCTION public.full_disk()"
        )
        assert full(marie.sync) == "hub.full"
        assert full(marie.sync) == "hub.full"
        admin.execute(f"DROP TRIGGER full_disk ON vigie.{table}")
        marie.sync()
        noah.sync()
    city.agreement()
    assert city.hub.value("SELECT count(*) FROM vigie.event WHERE kind = 'decision.made'") == 4


@pytest.fixture
def small_disk(hub: Hub) -> Iterator[Path]:
    """A file system of 1 MB that belongs to the server, with the hub's events on it."""
    place = Path(tempfile.mkdtemp(prefix="vigie-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        place.rmdir()
        pytest.skip("file systems cannot be mounted here")
    try:
        own = place / "space"
        own.mkdir()
        place.chmod(0o755)
        shutil.chown(own, hub.server.user or os.getuid())
        with closing(plain(hub.address)) as admin:
            admin.execute(f"CREATE TABLESPACE small LOCATION '{own}'")
            admin.execute("ALTER TABLE vigie.event SET TABLESPACE small")
        yield place
        with closing(plain(hub.address)) as admin:
            admin.execute("ALTER TABLE vigie.event SET TABLESPACE pg_default")
            admin.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", str(place)], check=True)
        place.rmdir()


@as_root
def test_a_disk_of_the_hub_that_is_really_full(small_disk: Path, city: City) -> None:
    marie, _noah = city.seats
    filler = small_disk / "filler"
    decide(marie, 0, 3)
    marie.sync()
    filler.write_bytes(b"x" * ((1 << 20) - 120_000))
    decide(marie, 3, 60)
    assert full(marie.sync) == "hub.full"
    filler.unlink()
    marie.sync()
    city.agreement()
    assert city.hub.value("SELECT count(*) FROM vigie.event WHERE kind = 'decision.made'") == 60
