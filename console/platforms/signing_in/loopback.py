"""The answer of the browser, taken on a loopback address of this machine (RFC 8252, section 7.3)."""

from __future__ import annotations

import html
import os
import queue
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

from console.catalogue import Catalogue
from console.errors import CancelledError, EnvironmentProblemError, ExpectedError

HOST = "127.0.0.1"
"""An IP literal: `localhost` may lead elsewhere."""
PATIENCE = 300.0
"""Seconds that a person has in the browser."""
_TICK = 0.2
_PAGE = (
    '<!doctype html><html lang="fr-CA"><meta charset="utf-8"><title>Vigie</title>'
    '<body style="font-family:sans-serif;margin:3em"><p>{words}</p></body></html>'
)


class Loopback:
    """Listens on one port until the browser comes back. Code `signin.port` when the port is taken."""

    def __init__(self, port: int = 0, path: str = "/") -> None:
        self._path = path
        self._found: queue.SimpleQueue[Mapping[str, str]] = queue.SimpleQueue()
        try:
            self._server = _Server((HOST, port), _handler(path, self._found))
        except OSError as error:
            raise EnvironmentProblemError("signin.port", port=port) from error
        self._server.timeout = _TICK

    @property
    def address(self) -> str:
        """What the platform sends the browser back to."""
        return f"http://{HOST}:{self._server.server_port}{self._path}"

    def wait(self, stop: Callable[[], bool], patience: float = PATIENCE) -> Mapping[str, str]:
        """The parameters of the answer. Codes `signin.cancelled`, `signin.late`."""
        until = time.monotonic() + patience
        while True:
            if stop():
                raise CancelledError("signin.cancelled")
            if time.monotonic() > until:
                raise ExpectedError("signin.late")
            self._server.handle_request()
            try:
                return self._found.get_nowait()
            except queue.Empty:
                continue

    def __enter__(self) -> Loopback:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    # A thread for each connection: browsers open some in advance and say nothing on them.
    daemon_threads = True
    block_on_close = False
    # On Windows "reuse" would let another program listen on the same port.
    allow_reuse_address = os.name != "nt"


def _handler(path: str, found: queue.SimpleQueue[Mapping[str, str]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            given = dict(parse_qsl(asked.query))
            if asked.path != path or not ({"code", "error"} & set(given)):
                self.send_error(404)
                return
            label = "done" if "code" in given else "refused"
            words = Catalogue.load().label("signin", label)
            body = _PAGE.format(words=html.escape(words)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(body)
            found.put(given)

        def log_message(self, *_: object) -> None:
            """Addresses hold the code: nothing is logged."""

    return Handler
