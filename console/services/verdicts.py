"""`vigie verdict`: judge a stream of messages, file to file or in a pipe. Needs no desk and no store."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO

from console.errors import EnvironmentProblemError, UsageError, ValidationError
from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
from console.services.whole_file import whole_file
from console.services.wire import LONGEST_LINE, Run

_PIPE = "-"
_SOME_FAILED = 1
_AT_ONCE = 64
"""Lines of a file that are judged together."""


def run(source: str, target: str) -> int:
    """Judge every line of `source` into `target` (either may be "-"). 1 when a line could not be judged.

    A file is written whole or not at all; a pipe or a device gets each line at once and is never replaced.
    Codes `import.missing`, `verdict.unreadable`, `verdict.same_file`, `verdict.unwritable`,
    `verdict.cut_short`. `BrokenPipeError` passes through.
    """
    if _PIPE not in (source, target) and Path(source).resolve() == Path(target).resolve():
        raise UsageError("verdict.same_file", file=target)
    lines = _open(source)
    judging = Run(Engine(shipped()))
    with lines as stream, _undisturbed():
        guarded = _guarded(stream, source)
        if target == _PIPE or _flows(Path(target)):
            _pour(judging.answers(guarded), target)
        else:
            _write(judging.answers(guarded, _AT_ONCE), Path(target))
    return _SOME_FAILED if judging.failed else 0


@contextmanager
def _undisturbed() -> Iterator[None]:
    """The engine is half a million objects that stay: looking through them for what could go takes a sixth of
    the time of judging."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _open(source: str) -> nullcontext[IO[bytes]] | IO[bytes]:
    if source == _PIPE:
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(source).open("rb")
    except FileNotFoundError as error:
        raise ValidationError("import.missing", name=source) from error
    except OSError as error:
        raise EnvironmentProblemError("verdict.unreadable", file=source, detail=error.strerror) from error


def _guarded(stream: IO[bytes], source: str) -> Iterable[bytes]:
    """The stream's lines, cut where they are too long for a message, so that none fills the memory; a disk
    that stops answering is an error of its own."""
    try:
        while line := stream.readline(LONGEST_LINE + 2):
            yield line
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
    except OSError as error:
        raise EnvironmentProblemError("verdict.unreadable", file=source, detail=error.strerror) from error


def _flows(target: Path) -> bool:
    """Whether `target` is there and no file (a named pipe, a device, «/dev/stdout»)."""
    try:
        return not target.is_file() and target.exists() and not target.is_dir()
    except OSError:
        return False


def _pour(answers: Iterable[bytes], target: str) -> None:
    """Each line at once: the reader of a pipe may wait for it."""
    with _writing(target), _opened(target) as flow:
        for answer in answers:
            flow.write(answer)
            flow.flush()


def _opened(target: str) -> nullcontext[IO[bytes]] | IO[bytes]:
    return nullcontext(sys.stdout.buffer) if target == _PIPE else Path(target).open("wb")


@contextmanager
def _writing(target: str) -> Iterator[None]:
    """A full disk under a pipe's end: what was written stays, and is not all."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise EnvironmentProblemError("verdict.cut_short", file=target, detail=error.strerror) from error


def _write(answers: Iterable[bytes], target: Path) -> None:
    try:
        with whole_file(target.resolve()) as whole:  # a link stays a link
            for answer in answers:
                whole.stream.write(answer.decode())
    except OSError as error:
        raise EnvironmentProblemError(
            "verdict.unwritable", file=str(target), detail=error.strerror
        ) from error
