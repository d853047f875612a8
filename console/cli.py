"""The command line. The window is opened by whoever has it (`ui.entry`): `open_window` is given."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from console import __version__, arguments, logs, paths
from console.catalogue import Catalogue
from console.errors import VigieError
from console.hub.grammar import MEMBER_TASKS
from console.launch import Launch, OpenWindow
from console.services.secret_ports import Secrets

_LOG = logging.getLogger(__name__)
_BROKEN_JOURNAL = 65


def main(argv: Sequence[str] | None, open_window: OpenWindow) -> int:
    """Run one command and return its exit status; errors are one line in French on standard error."""
    _speak_utf8()
    try:
        return _run(arguments.parse(argv, __version__), open_window)
    except VigieError as error:
        _leave_broken_output()
        return _say(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _leave_broken_output()
        return 141
    except Exception as error:
        _LOG.exception("unexpected error")
        sys.stderr.write(f"vigie: {Catalogue.load().error('internal', {'code': type(error).__name__})}\n")
        return VigieError.exit_code


def _leave_broken_output() -> None:
    """Where standard output takes nothing more (its reader has left, its disk is full), what is still on the
    way is dropped: Python would complain once more when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(given: argparse.Namespace, open_window: OpenWindow) -> int:
    without_desk = {"verdict": _verdict, "evaluate": _evaluate, "train": _train}
    if given.command in without_desk:
        # Needs no desk, no log, no store: only the engine.
        return without_desk[given.command](given)
    if given.command == "demo" and given.platforms:
        from console.demonstration import connected_desk

        return connected_desk.serve()
    home = given.home or paths.home()
    logs.configure(home / "journaux")
    if given.self_test:
        from console import selftest

        return selftest.run(open_window)
    on_desk = {"import": _import, "journal": _verify, "collect": _collect, "desk": _desk, "learn": _learn}
    if given.command in on_desk:
        return on_desk[given.command](home, given)
    if given.command == "demo":
        from console.demonstration import connected_desk

        return connected_desk.run(given.home, open_window if not has_display() else None)
    if given.command == "hub":
        return _hub(home, given, open_window)
    launch = Launch(home, given.sample, given.import_file, plain=given.plain, secrets=_handed_over())
    if has_display():
        return open_window(launch)
    from console import terminal

    return terminal.run(launch, given.picture, open_window)


def _verdict(given: argparse.Namespace) -> int:
    from console.services.verdicts import run

    return run(given.input, given.output)


def _evaluate(given: argparse.Namespace) -> int:
    from console import evaluation_report

    return evaluation_report.run(given.gold, given.errors)


def _train(given: argparse.Namespace) -> int:
    from console import train_commands

    return train_commands.run(given)


def _collect(home: Path, given: argparse.Namespace) -> int:
    from console import collect_commands

    return collect_commands.run(given, home, _handed_over())


def _learn(home: Path, given: argparse.Namespace) -> int:
    from console import learn_commands

    return learn_commands.run(given, home, _handed_over())


def _desk(home: Path, given: argparse.Namespace) -> int:
    from console import desk_commands

    return desk_commands.run(given, home)


def _hub(home: Path, given: argparse.Namespace, open_window: OpenWindow) -> int:
    if given.task == "demo":
        from console.demonstration import shared_desks

        return shared_desks.run(given.home, open_window if not has_display() else None)
    if given.task in MEMBER_TASKS:
        from console import member_commands

        return member_commands.run(given, home, _handed_over())
    from console.hub import commands

    return commands.run(given)


def _handed_over() -> Secrets | None:
    if "VIGIE_SECRETS" not in os.environ:
        return None
    from console.secrets.handed import handed_over

    return handed_over()


def has_display() -> bool:
    """Whether a window can be shown. Windows and macOS always can; elsewhere X11 or Wayland is needed."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _import(home: Path, given: argparse.Namespace) -> int:
    from console import terminal
    from console.bootstrap import open_services

    # A command that ends soon makes no line to the hub: the desk sends at its next occasion.
    services = open_services(home, plain=given.plain, online=False)
    try:
        status = terminal.import_file(services, given.file, given.mapping)
        terminal.say_protection(services)
        return status
    finally:
        services.close()


def _verify(home: Path, _given: argparse.Namespace) -> int:
    from console.bootstrap import STORE, at_rest
    from console.services.history import verify_journal
    from console.store.database import open_reads

    labels = Catalogue.load()
    checked = 0

    def progress(done: int, _total: int | None) -> None:
        nonlocal checked
        checked = done

    # Whoever verifies need not interrupt whoever works: the desk may be open in its window.
    with open_reads(home / STORE, at_rest(home).known_key()) as reads:
        broken = verify_journal(reads, progress)
        others = reads.peer_breaks()
    if broken is None:
        sys.stdout.write(labels.label("cli", "journal_ok").format(count=checked) + "\n")
    else:
        reason = labels.label("journal_break", broken.reason)
        said = labels.label("cli", "journal_broken").format(sequence=broken.sequence, reason=reason)
        sys.stdout.write(said + "\n")
    for each in others:
        name = "journal_peer_gap" if each.incomplete else "journal_peer_broken"
        reason = labels.label("journal_break", each.reason)
        said = labels.label("cli", name).format(desk=each.name, sequence=each.sequence, reason=reason)
        sys.stdout.write(said + "\n")
    whole = broken is None and all(each.incomplete for each in others)
    return 0 if whole else _BROKEN_JOURNAL


def _say(error: VigieError) -> int:
    sys.stderr.write(f"vigie: {Catalogue.load().say(error)}\n")
    return error.exit_code


def _speak_utf8() -> None:
    """French needs it even where the console's code page is another (Windows, LANG=C)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
