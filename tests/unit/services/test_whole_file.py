"""A file is there whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from console.services.whole_file import whole_file


def test_it_appears_whole_and_only_the_owner_may_read_it(tmp_path: Path) -> None:
    to = tmp_path / "décisions.csv"
    with whole_file(to, bom=True) as file:
        file.stream.write("un\r\ndeux\n")
        assert not to.exists()
        digest = file.settle()
        assert not to.exists()
    assert to.read_bytes() == b"\xef\xbb\xbfun\r\ndeux\n"
    assert digest == hashlib.sha256(to.read_bytes()).hexdigest()
    assert list(tmp_path.iterdir()) == [to]
    if os.name == "posix":
        assert stat.S_IMODE(to.stat().st_mode) == 0o600


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt])
def test_stopping_half_way_leaves_the_older_file_and_nothing_else(
    tmp_path: Path, stop: type[BaseException]
) -> None:
    to = tmp_path / "décisions.json"
    to.write_text("ancien", encoding="utf-8")

    def write_and_stop() -> None:
        with whole_file(to) as file:
            file.stream.write("nouveau" * 10_000)
            file.settle()
            raise stop

    with pytest.raises(stop):
        write_and_stop()
    assert to.read_text(encoding="utf-8") == "ancien"
    assert list(tmp_path.iterdir()) == [to]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "absent" / "x.csv"):
        pytest.fail("nothing to write into")


def test_a_place_taken_by_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    to = tmp_path / "dossier.csv"
    to.mkdir()
    with pytest.raises(IsADirectoryError if os.name == "posix" else PermissionError), whole_file(to) as file:
        file.stream.write("x")
    assert list(tmp_path.iterdir()) == [to]


_ENDLESS = """
import sys
from pathlib import Path
from console.services.whole_file import whole_file
with whole_file(Path(sys.argv[1])) as file:
    file.stream.write("nouveau" * 10_000)
    file.settle()
    print("half way", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX")
def test_a_killed_program_leaves_the_older_file_and_its_remains_go_after_a_day(tmp_path: Path) -> None:
    to = tmp_path / "décisions.csv"
    to.write_text("ancien", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", _ENDLESS, str(to)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half way\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert to.read_text(encoding="utf-8") == "ancien"
    (left,) = (each for each in tmp_path.iterdir() if each != to)
    with whole_file(to) as file:
        file.stream.write("plus tard")
    assert left.exists(), "a younger one may be somebody else's, being written"
    yesterday = time.time() - 25 * 3_600
    os.utime(left, (yesterday, yesterday))
    with whole_file(to) as file:
        file.stream.write("demain")
    assert list(tmp_path.iterdir()) == [to]
