"""`vigie verdict`: judge a stream of messages, file to file or in a pipe. Needs no desk and no store."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import IO

from console.errors import EnvironmentProblemError, UsageError, ValidationError
from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
from console.services.whole_file import whole_file
from console.services.wire import LONGEST_LINE, Run

_PIPE = "-"
_SOME_FAILED = 1


def run(source: str, target: str) -> int:
    """Judge every line of `source` into `target` (either may be "-"). 1 when a line could not be judged.

    A file is written whole or not at all. Codes `import.missing`, `verdict.unreadable`,
    `verdict.same_file`, `verdict.unwritable`. `BrokenPipeError` passes through.
    """
    if _PIPE not in (source, target) and Path(source).resolve() == Path(target).resolve():
        raise UsageError("verdict.same_file", file=target)
    lines = _open(source)
    judging = Run(Engine(shipped()))
    with lines as stream:
        answers = judging.answers(_guarded(stream, source))
        if target == _PIPE:
            _pour(answers)
        else:
            _write(answers, Path(target))
    return _SOME_FAILED if judging.failed else 0


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


def _pour(answers: Iterable[bytes]) -> None:
    """To standard output, each line at once: the reader of a pipe may wait for it."""
    for answer in answers:
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()


def _write(answers: Iterable[bytes], target: Path) -> None:
    try:
        with whole_file(target) as whole:
            for answer in answers:
                whole.stream.write(answer.decode())
    except OSError as error:
        raise EnvironmentProblemError(
            "verdict.unwritable", file=str(target), detail=error.strerror
        ) from error
