"""What every demonstration needs: a folder that goes with it, an end in order, windows, words, pictures."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from rich.console import Console

from console.bootstrap import AT_REST
from console.catalogue import Catalogue
from console.errors import VigieError
from console.launch import Launch, OpenWindow
from console.secrets.handed import VARIABLE, as_line
from console.secrets.in_memory import MemorySecrets

_PLACE = "VIGIE_WINDOW_PLACE"


@contextmanager
def passing_folder() -> Iterator[Path]:
    """A folder that goes with the demonstration."""
    made = Path(tempfile.mkdtemp(prefix="vigie-demo-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def ends_in_order() -> Iterator[None]:
    """Being told to end (SIGTERM) is Ctrl-C: servers stop, the folder goes. Ctrl-C is no error here."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    finally:
        signal.signal(signal.SIGTERM, before)


def this_program(*arguments: str) -> list[str]:
    """The command that starts this very program, frozen or not."""
    frozen = getattr(sys, "frozen", False)
    return [sys.executable, *arguments] if frozen else [sys.executable, "-m", "ui.entry", *arguments]


def window(home: Path, secrets: MemorySecrets, place: str = "") -> subprocess.Popen[bytes]:
    """A process that shows the window of the desk in `home`; `place`: «left» or «right» of the screen."""
    said = {"VIGIE_HOME": str(home), AT_REST: "plain", VARIABLE: "stdin", _PLACE: place}
    process = subprocess.Popen(  # noqa: S603  this very program
        this_program(),
        stdin=subprocess.PIPE,
        env=os.environ | said,
        start_new_session=True,  # Ctrl-C is for this process, which ends the windows in order
    )
    assert process.stdin is not None  # noqa: S101  a pipe was asked for
    process.stdin.write(as_line(secrets))
    process.stdin.close()
    return process


def until_closed(windows: Iterable[Callable[[], subprocess.Popen[bytes]]]) -> None:
    """Start the windows and wait until every one is closed; whatever ends the waiting closes those that
    are left."""
    running: list[subprocess.Popen[bytes]] = []
    try:
        for start in windows:
            with _undisturbed():
                running.append(start())
        for process in running:
            process.wait()
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Being told to end waits for the end of the block: a process that has just been started is known by
    then, and ends too."""
    asked: list[int] = []
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {each: signal.signal(each, lambda number, _frame: asked.append(number)) for each in numbers}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    if asked:
        raise KeyboardInterrupt


def picture(screen: Console, open_window: OpenWindow, launch: Launch) -> None:
    """Write a picture of a desk's window where there is no display, or say why not."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        open_window(launch)
        say(screen, "picture_written", path=launch.picture)
    except (VigieError, OSError, ImportError) as error:
        reason = Catalogue.load().say(error).title if isinstance(error, VigieError) else error
        say(screen, "picture_failed", reason=reason)


def until(
    holds: Callable[[], bool], listen: Callable[[Callable[[object], object]], object], patience: float
) -> bool:
    """Wait until `holds`, asked again whenever `listen` calls back; False when nothing moved in `patience`
    seconds."""
    moved = Event()
    listen(lambda _changes: moved.set())
    while not holds():
        if not moved.wait(patience):
            return False
        moved.clear()
    return True


def say(screen: Console, name: str, **facts: object) -> None:
    """A sentence of the catalogue's group `cli`."""
    screen.print(label(name).format(**facts), markup=False)


def label(name: str) -> str:
    """A word of the catalogue's group `cli`."""
    return Catalogue.load().label("cli", name)
