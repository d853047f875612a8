"""`vigie collect` as a service runs it: a process of its own, a simulated platform, a signal at the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.bootstrap import STORE, open_services
from console.domain.messages import FACEBOOK
from console.domain.roles import Role
from console.paths import RESOURCES
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.running import Simulator, running
from console.secrets.in_memory import MemorySecrets
from console.services.platform_ports import Candidate, ClientApp
from console.services.rows import QueueFilter, Sort

ROOT = RESOURCES.parent


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    """The platforms, for all tests here."""
    with running() as opened:
        yield opened


def connected(home: Path, sim: Simulator) -> None:
    """A desk whose supervisor connected the simulated page; its secrets lie in the tests' keyring."""
    secrets = MemorySecrets()
    services = open_services(home, plain=True, secrets=secrets, online=False)
    try:
        me = services.access.introduce("Sacha", Role.SUPERVISOR)
        there = sim.connection(FACEBOOK)
        candidate = Candidate(there.external_id, there.name, sim.tokens(FACEBOOK), there.settings)
        app = ClientApp(there.client_id, base_url=sim.base_url(FACEBOOK))
        services.accounts.connect(me, FACEBOOK, app, candidate)
    finally:
        services.close()
    kept = {f"Vigie/{name}": secret for name, secret in secrets.all().items()}
    (home / "keyring.json").write_text(json.dumps(kept), "utf-8")


@contextmanager
def vigie(home: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own."""
    environment = {
        **os.environ,
        "VIGIE_HOME": str(home),
        "VIGIE_AT_REST": "plain",
        "VIGIE_TEST_KEYRING": str(home / "keyring.json"),
        "PYTHON_KEYRING_BACKEND": "tests.e2e.file_keyring.Keyring",
        "PYTHONPATH": str(ROOT),
        "LANG": "C",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "ui.entry", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def texts(home: Path) -> list[str]:
    """What waits in the queue."""
    services = open_services(home, plain=True, secrets=MemorySecrets(), online=False)
    try:
        return sorted(row.excerpt for row in services.queue.page(QueueFilter(), Sort.OLDEST, None, 50).rows)
    finally:
        services.close()


def test_once_over_every_account_then_on_and_on_until_told(tmp_path: Path, sim: Simulator) -> None:
    connected(tmp_path, sim)
    post = sim.world.publish(FACEBOOK, "La patinoire ouvre samedi.")
    person = sim.world.person(FACEBOOK, "Claude Bouchard")
    sim.world.comment(post, person, "À quelle heure?")
    with vigie(tmp_path, "collect") as once:
        said, complained = once.communicate(timeout=120)
    assert (once.returncode, complained) == (0, "")
    assert "1 ajoutés" in said
    assert "À quelle heure?" in texts(tmp_path)

    with vigie(tmp_path, "collect", "--watch", "--seconds", "5") as watching:
        assert watching.stdout is not None
        assert "Collecte en cours, 1 comptes" in watching.stdout.readline()
        sim.world.comment(post, person, "Merci beaucoup!")
        assert "ajoutés, modifiés ou disparus" in watching.stdout.readline()
        watching.send_signal(signal.SIGTERM)
        said, complained = watching.communicate(timeout=30)
    assert (watching.returncode, complained) == (0, "")
    assert "Collecte arrêtée" in said
    assert texts(tmp_path) == ["Merci beaucoup!", "À quelle heure?"]
    assert sim.tokens(FACEBOOK).access.encode() not in (tmp_path / STORE).read_bytes()


def test_a_lost_access_is_said_and_is_the_status(tmp_path: Path, sim: Simulator) -> None:
    connected(tmp_path, sim)
    sim.faults.next(FACEBOOK, "GET", "*", Fault.TOKEN_EXPIRED, times=20)
    with vigie(tmp_path, "collect") as once:
        said, complained = once.communicate(timeout=120)
    sim.faults.clear()
    assert once.returncode == 77
    assert sim.connection(FACEBOOK).name in said
    assert complained == ""


def test_a_desk_that_nobody_introduced_collects_and_decides_nothing(tmp_path: Path) -> None:
    (tmp_path / "keyring.json").write_text("{}")
    with vigie(tmp_path, "collect") as once:
        said, complained = once.communicate(timeout=120)
    assert (once.returncode, complained) == (0, "")
    assert "Aucun compte" in said
    services = open_services(tmp_path, plain=True, secrets=MemorySecrets(), online=False)
    try:
        me = services.access.current()
        assert me is not None
        assert (me.staff.role, me.staff.name) == (Role.COLLECTOR, "Collecte automatique")
    finally:
        services.close()


def test_a_wrong_interval_is_one_line_of_french(tmp_path: Path) -> None:
    with vigie(tmp_path, "collect", "--seconds", "1") as once:
        _, complained = once.communicate(timeout=60)
    assert once.returncode == 64
    assert complained.startswith("vigie: ")
