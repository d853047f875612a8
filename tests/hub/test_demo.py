"""`vigie hub demo`, as a newcomer starts it: without a display, then with two windows, on the same folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from console.paths import RESOURCES

WAITING = 77
"""Messages of the demonstration less the two that are decided."""
COMMAND = [sys.executable, "-m", "ui.entry", "hub", "demo", "--home"]


def environment(platform: str) -> dict[str, str]:
    """As in a terminal; `platform` is Qt's, or nothing where there is no display."""
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "VIGIE_AT_REST")
    kept = {key: value for key, value in os.environ.items() if key not in left_out}
    kept |= {"PYTHONPATH": str(RESOURCES.parent), "COLUMNS": "100"}
    return kept | ({"QT_QPA_PLATFORM": platform} if platform else {})


def servers(home: Path) -> list[psutil.Process]:
    """PostgreSQL's processes on the folder."""
    found = psutil.process_iter(["cmdline"])
    return [each for each in found if str(home) in " ".join(each.info["cmdline"] or ())]


@pytest.fixture
def hub_home() -> Iterator[Path]:
    """Not below pytest's own folder, which is shut to the user as whom the server works under root."""
    folder = Path(tempfile.mkdtemp(prefix="vigie-demo-"))
    yield folder / "essai"
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a process of Windows at once")
def test_two_desks_meet_in_one_command_and_again(hub_home: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, str(hub_home)],
        env=environment(""),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for line in ("Inès Gagnon", "Mathieu Roy"):
        (row,) = [each for each in done.stdout.splitlines() if line in each]
        assert [int(cell) for cell in row.split("│")[3:5]] == [WAITING, 2]
    pictures = {each.name: each.stat().st_size for each in tmp_path.glob("*.png")}
    assert set(pictures) == {"vigie-poste-1.png", "vigie-poste-2.png"}
    assert min(pictures.values()) > 50_000
    assert servers(hub_home) == []
    # The second start finds the database, draws new passwords and joins two new desks.
    with subprocess.Popen(
        [*COMMAND, str(hub_home)],
        env=environment("offscreen"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        while "Ctrl-C" not in (line := demo.stdout.readline()):
            assert line, demo.communicate()
        first, _second = two_windows(demo)
        # One window is closed: the other goes on.
        first.terminate()
        first.wait(20)
        assert demo.poll() is None
        demo.send_signal(signal.SIGTERM)
        said, errors = demo.communicate(timeout=60)
    assert (demo.returncode, errors) == (0, "")
    assert "terminé" in said
    assert servers(hub_home) == []


def two_windows(demo: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes of both windows, as soon as they are there."""
    while True:
        assert demo.poll() is None
        windows = [each for each in psutil.Process(demo.pid).children() if "ui.entry" in each.cmdline()]
        if len(windows) == 2:
            return windows
