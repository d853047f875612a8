"""Processes that are killed with SIGKILL while they say what is on the disk (POSIX)."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

Say = Callable[..., None]
"""Gives one acknowledgement, in words: what it says must be found again after any kill."""


def run_and_kill(work: Callable[..., None], arguments: Sequence[Any], after: int) -> list[str]:
    """Run `work(*arguments, say)` in a process, read `after` acknowledgements, kill it while it goes on.
    Returns all it said.

    The process is made from one that has imported everything and opened nothing, so that a start costs
    as little as a kill; no thread and no open file is inherited.
    """
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([work.__module__, "console.services.judging"])
    reading, writing = processes.Pipe(duplex=False)
    process = processes.Process(target=_speak, args=(work, tuple(arguments), writing))
    process.start()
    writing.close()
    with open(reading.fileno(), encoding="utf-8", closefd=False) as lines:
        said = [line for _ in range(after) if (line := lines.readline())]
        process.kill()
        # A last line may be cut by the kill; what was wholly said was on disk.
        said += list(lines)
    reading.close()
    process.join()
    assert process.exitcode in (-signal.SIGKILL, 0), "the process broke by itself; its traceback stands above"
    process.close()
    return [line.strip() for line in said if line.endswith("\n")]


def _speak(work: Callable[..., None], arguments: tuple[Any, ...], pipe: Connection) -> None:
    with open(pipe.fileno(), "w", encoding="utf-8", closefd=False) as lines:
        work(*arguments, lambda *words: print(*words, file=lines, flush=True))
