"""What is told to the person: errors in French with a next step, news, and the toast that can undo.

Nothing here is modal. `Notices` holds no widget: the window shows what it says (`ui.widgets.notices`).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from console.catalogue import Catalogue
from console.errors import CancelledError, EnvironmentProblemError, VigieError

log = logging.getLogger(__name__)


class Tone(StrEnum):
    """How a notice looks: word, icon and colour."""

    INFO = "info"
    DONE = "done"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Notice:
    """Shown in the page until closed or replaced. `code` is "" for news."""

    tone: Tone
    title: str
    next: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Toast:
    """Said at the foot of the window. `until` is the end of the grace period that is counted down;
    None shows it for a few seconds. `undo` is what «Annuler» does."""

    text: str
    until: datetime | None = None
    undo: Callable[[], object] | None = None


class Notices(QObject):
    """Says errors and news. An unexpected error is logged with its stack and shown once."""

    noticed = Signal(object)
    """A `Notice` for the window."""
    toasted = Signal(object)
    """A `Toast` for the window."""
    cleared = Signal()
    """What was said no longer holds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = Catalogue.load()
        self._bugs: set[str] = set()

    def error(self, error: BaseException) -> None:
        """Say any exception. A cancellation by the person says nothing; a bug is said once."""
        if isinstance(error, CancelledError):
            return
        notice = self.explain(error)
        if isinstance(error, VigieError):
            log.info("told the person: %s", error.code)
        else:
            log.error("unexpected error", exc_info=error)
            place = _place(error)
            if place in self._bugs:
                return
            self._bugs.add(place)
        self.noticed.emit(notice)

    def explain(self, error: BaseException) -> Notice:
        """The notice for an exception, for pages that show it in their own place."""
        if isinstance(error, VigieError):
            said = self._catalogue.say(error)
            grave = isinstance(error, EnvironmentProblemError)
            return Notice(Tone.PROBLEM if grave else Tone.WARNING, said.title, said.next, error.code)
        said = self._catalogue.error("internal", {"code": type(error).__name__})
        return Notice(Tone.PROBLEM, said.title, said.next, "internal")

    def info(self, title: str, following: str = "", tone: Tone = Tone.INFO) -> None:
        """Say news in the page."""
        self.noticed.emit(Notice(tone, title, following))

    def toast(
        self, text: str, until: datetime | None = None, undo: Callable[[], object] | None = None
    ) -> None:
        """Say what was just done, with the way back."""
        self.toasted.emit(Toast(text, until, undo))

    def clear(self) -> None:
        """What was said no longer holds: take it away."""
        self.cleared.emit()

    def catch_all(self) -> None:
        """Say what escapes from slots and event handlers, too. PySide hands those to `sys.excepthook`."""

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, KeyboardInterrupt):
                sys.__excepthook__(kind, error, trace)
            else:
                self.error(error.with_traceback(trace))

        sys.excepthook = hook


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}@{where}"
