"""A lock that serves in the order of asking, so that a long import cannot starve a decision."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class Turns:
    """Like `threading.Lock` as a context manager, but first come, first served. Not re-entrant."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._owner: int | None = None

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._owner is None:
                self._owner = me
                return
            if self._owner == me:
                # Would wait for itself for ever: two units of work of one thread are a bug.
                raise RuntimeError("a unit of work is already open in this thread")
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            turn.acquire()
        except BaseException:
            self._give_up(turn)
            raise
        with self._guard:
            self._owner = me

    def _give_up(self, turn: threading.Lock) -> None:
        # Interrupted while waiting (Ctrl-C): out of the line, or pass on a turn that just came.
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._pass_on()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._waiting:
            # Never free in between: nobody can jump the queue.
            self._owner = 0
            self._waiting.popleft().release()
        else:
            self._owner = None
