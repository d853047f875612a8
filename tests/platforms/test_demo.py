"""`vigie demo`, as a newcomer starts it: without a display, then with its window."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from console.paths import RESOURCES

COMMAND = [sys.executable, "-m", "ui.entry", "demo"]


def environment(platform: str) -> dict[str, str]:
    """As in a terminal; `platform` is Qt's, or nothing where there is no display."""
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "VIGIE_AT_REST")
    kept = {key: value for key, value in os.environ.items() if key not in left_out}
    kept |= {"PYTHONPATH": str(RESOURCES.parent), "COLUMNS": "160"}
    return kept | ({"QT_QPA_PLATFORM": platform} if platform else {})


def test_without_a_display_it_collects_decides_and_shows_the_receipts(tmp_path: Path) -> None:
    done = subprocess.run(
        COMMAND, env=environment(""), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    received = [line for line in done.stdout.splitlines() if "│" in line and "essai" in line]
    assert len(received) == 6
    assert all(int(line.split("│")[2]) > 0 for line in received)
    carried = [line.split("│")[2:5] for line in done.stdout.splitlines() if "│ fait" in line]
    assert {act.strip() for act, _state, _receipt in carried} == {"masquer", "répondre"}
    assert all(receipt.strip() for _act, _state, receipt in carried)
    assert (tmp_path / "vigie-demo.png").stat().st_size > 50_000


def platforms_and_window(demo: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes that the demonstration started, as soon as both are there."""
    while True:
        assert demo.poll() is None
        children = psutil.Process(demo.pid).children(recursive=True)
        if len(children) >= 2:
            return children


@contextmanager
def ended_whatever_happens(demo: subprocess.Popen[str]) -> Iterator[None]:
    """A test that fails leaves nothing running, and does not wait for what never ends."""
    try:
        yield
    except BaseException:
        demo.send_signal(signal.SIGTERM)
        raise


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a process of Windows at once")
def test_the_window_and_the_platforms_end_with_it(tmp_path: Path) -> None:
    command = [*COMMAND, "--home", str(tmp_path / "poste")]
    with (
        subprocess.Popen(
            command,
            env=environment("offscreen"),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as demo,
        ended_whatever_happens(demo),
    ):
        assert demo.stdout is not None
        said = demo.stdout.readline()
        wall = said.split()[-1]
        assert "masqué" in httpx.get(wall).text
        while "Ctrl-C" not in (line := demo.stdout.readline()):
            assert line, demo.communicate()
        children = platforms_and_window(demo)
        demo.send_signal(signal.SIGTERM)
        said, errors = demo.communicate(timeout=60)
    assert (demo.returncode, errors) == (0, "")
    assert "terminé" in said
    assert psutil.wait_procs(children, 20)[1] == []
    assert (tmp_path / "poste" / "vigie.db").exists()
