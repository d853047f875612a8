"""A real line that a test can cut: TCP on the loopback, forwarded byte by byte to the server's socket."""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

UP, DOWN = "up", "down"
_AT_ONCE = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Break:
    """After so many bytes of one direction of a connection: cut it, or (`silent`) let nothing more through
    in either direction while both sides believe that it stands."""

    direction: str
    after: int
    silent: bool = False


@dataclass
class Proxy:
    """Use as a context manager. `passed` counts the bytes of the last connection."""

    server: Path
    breaks: Break | None = None
    passed: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Proxy:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ends, self._end = socket.socketpair()
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._end.close()
        for each in self._threads:
            each.join()
        self._ends.close()
        self._listening.close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listening.getsockname()[1])

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            ready, _, _ = select.select([self._listening, self._ends], [], [])
            if self._ends in ready:
                return
            desk, _ = self._listening.accept()
            self._start(self._forward, desk)

    def _forward(self, desk: socket.socket) -> None:
        hub = socket.socket(socket.AF_UNIX)
        with desk, hub, suppress(ConnectionError, FileNotFoundError):
            hub.connect(str(self.server))
            self.passed = passed = Counter()
            others = {desk: (hub, UP), hub: (desk, DOWN)}
            while True:
                ready, _, _ = select.select([desk, hub, self._ends], [], [])
                if self._ends in ready:
                    return
                for one in ready:
                    other, direction = others[one]
                    data = one.recv(65536)
                    if not data:
                        return
                    broken = self._broken(direction, passed, data)
                    if broken is None:
                        other.sendall(data)
                        passed[direction] += len(data)
                        continue
                    other.sendall(data[: broken.after - passed[direction]])
                    self.broken += 1
                    if broken.silent:
                        self._say_nothing(desk)
                    else:
                        for each in others:
                            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                    return

    def _broken(self, direction: str, passed: Counter[str], data: bytes) -> Break | None:
        broken = self.breaks
        if broken is None or broken.direction != direction:
            return None
        return broken if passed[direction] + len(data) > broken.after else None

    def _say_nothing(self, desk: socket.socket) -> None:
        """Swallow what comes until the desk gives up, or the test is over."""
        while True:
            ready, _, _ = select.select([desk, self._ends], [], [])
            if self._ends in ready or not desk.recv(65536):
                return
