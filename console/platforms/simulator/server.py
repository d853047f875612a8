"""The HTTP server of all simulated platforms: one port on loopback, one prefix a platform."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from threading import Condition, Event, Thread
from typing import Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from console.platforms.simulator import pictures
from console.platforms.simulator.api import Ask, Call, PlatformApi, Reply
from console.platforms.simulator.faults import Armed, Fault, Faults
from console.platforms.simulator.world import World

_SERVER_ERROR = b"<!DOCTYPE html><html><title>Error 500</title><p>Something went wrong.</p></html>"
_LOST = (Fault.REFUSED_CONNECTION, Fault.ANSWER_LOST)

Page = Callable[[Request], Response]


class Application:
    """The WSGI application. Every call is served under the world's lock: one at a time."""

    def __init__(self, world: World, apis: Sequence[PlatformApi], faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.calls: list[Call] = []
        self.stopping = Event()
        self.pages: dict[str, Page] = {}
        """Pages that are of no platform, by path."""
        self._apis = {api.prefix: api for api in apis}
        self._routes = {api.prefix: tuple(api.routes()) for api in apis}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        # Read whole now: what is left of a body would be taken for the next request of the connection.
        request.get_data(cache=True, parse_form_data=False)
        first, slash, rest = request.path[1:].partition("/")
        api = self._apis.get(f"/{first}")
        if api is None:
            return self._page(request)(environ, start)
        reply, lost, delay = self._serve(api, request, f"{slash}{rest}" or "/")
        if delay:
            self.stopping.wait(delay)
        if lost:
            _drop(environ)
        response = Response(reply.encoded(), reply.status, reply.headers, content_type=reply.content_type)
        if reply.status == 204:
            del response.headers["Content-Type"]
        return response(environ, start)

    def _serve(self, api: PlatformApi, request: Request, path: str) -> tuple[Reply, bool, float]:
        with self.world.lock:
            armed = self.faults.take(api.platform, request.method, path)
            ask = self._ask(api, request, path)
            reply = self._answer(api, ask, armed)
            fault = armed.fault if armed is not None else None
            lost = fault in _LOST
            self.calls.append(
                Call(
                    api.platform,
                    ask.method,
                    path,
                    0 if lost else reply.status,
                    ask.now,
                    ask.done,
                    fault,
                )
            )
            if ask.paged:
                self._shift(ask)
            return reply, lost, armed.delay if armed is not None else 0.0

    def _answer(self, api: PlatformApi, ask: Ask, armed: Armed | None) -> Reply:
        fault = armed.fault if armed is not None else None
        if fault is Fault.REFUSED_CONNECTION:
            return Reply()
        if fault is Fault.SERVER_ERROR:
            return Reply(500, _SERVER_ERROR, content_type="text/html; charset=utf-8")
        if fault is Fault.REDIRECT:
            return Reply(302, b"", {"Location": "https://ailleurs.example/"}, "text/html")
        if fault not in (None, Fault.ANSWER_LOST, Fault.GARBAGE, Fault.SLOW):
            assert fault is not None  # noqa: S101 (for the type checker)
            return api.after(ask, api.wrong(fault, ask))
        reply = api.after(ask, self._dispatch(api, ask))
        if fault is Fault.GARBAGE:
            return Reply(200, reply.encoded()[:-1] + b',"', reply.headers, reply.content_type)
        return reply

    def _dispatch(self, api: PlatformApi, ask: Ask) -> Reply:
        routes = self._routes[api.prefix]
        urls = _map(tuple((one.method, one.rule) for one in routes)).bind("simulator")
        try:
            rule, args = urls.match(ask.path, ask.method, return_rule=True)
        except RequestRedirect as redirect:
            return Reply(redirect.code, b"", {"Location": redirect.new_url}, "text/html")
        except MethodNotAllowed:
            return api.unknown(ask)
        except HTTPException:
            return api.unknown(ask)
        route = routes[rule.endpoint]
        ask.args = {name: str(value) for name, value in args.items()}
        refused = None if route.open else api.before(ask)
        return refused if refused is not None else route.handler(ask)

    def _ask(self, api: PlatformApi, request: Request, path: str) -> Ask:
        root = request.host_url.rstrip("/")
        return Ask(
            platform=api.platform,
            method=request.method,
            path=path,
            url=root + api.prefix + path,
            root=root,
            args={},
            query=request.args.to_dict(),
            form=request.form.to_dict(),
            json=request.get_json(silent=True) if request.is_json else None,
            raw=str(request.environ.get("REQUEST_URI", "")).partition("?")[0].removeprefix(api.prefix),
            headers={name.lower(): value for name, value in request.headers.items()},
            world=self.world,
            faults=self.faults,
            now=self.world.clock.now(),
        )

    def _shift(self, ask: Ask) -> None:
        """What people write while the list is being read."""
        posts = self.world.posts(ask.platform)
        post = ask.read or (posts[-1] if posts else None)
        if post is None:
            return
        for _ in range(self.faults.shifts(ask.platform)):
            number = self.world.next_number()
            person = self.world.person(ask.platform, f"Passant {number % 7}")
            self.world.comment(post, person, f"Commentaire arrivé pendant la lecture ({number})")

    def _page(self, request: Request) -> Response:
        if request.path.startswith("/images/") and request.path.endswith(".png"):
            name = request.path.removeprefix("/images/").removesuffix(".png")
            return Response(pictures.png(name), content_type="image/png")
        page = self.pages.get(request.path)
        return page(request) if page is not None else Response("404", 404)


class Server:
    """Serves an application on loopback, until `stop`; can be started again on the same port."""

    def __init__(self, application: Application, port: int = 0) -> None:
        self._application = application
        self._port = port
        self._server: BaseWSGIServer | None = None
        self._thread: Thread | None = None
        self._open: set[socket.socket] = set()
        self._change = Condition()

    @property
    def root(self) -> str:
        """`http://127.0.0.1:PORT`"""
        return f"http://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        """Which it got."""
        return self._port

    def start(self) -> None:
        """Listen."""
        self._application.stopping.clear()
        server = make_server(
            "127.0.0.1", self._port, self._application, threaded=True, request_handler=_handler(self)
        )
        self._server, self._port = server, server.port
        self._thread = Thread(target=server.serve_forever, args=(0.02,), name="simulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port and every connection; wait until nothing of it runs."""
        if self._server is None or self._thread is None:
            return
        self._application.stopping.set()
        self._server.shutdown()
        self._thread.join()
        with self._change:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._change.wait_for(lambda: not self._open, timeout=10)
        self._server = self._thread = None

    def opened(self, connection: socket.socket) -> None:
        """A client came (called by the handler)."""
        with self._change:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """It went."""
        with self._change:
            self._open.discard(connection)
            self._change.notify_all()


def _handler(owner: Server) -> type[WSGIRequestHandler]:
    class Quiet(WSGIRequestHandler):
        """Logs no request (addresses hold tokens), and lets the server know its connections."""

        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            owner.opened(self.connection)

        def finish(self) -> None:
            try:
                super().finish()
            finally:
                owner.closed(self.connection)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    return Quiet


@lru_cache(maxsize=64)
def _map(rules: tuple[tuple[str, str], ...]) -> Map:
    """Kept for the next simulator: making one takes longer than many calls. Endpoints count the routes."""
    made = [Rule(rule, methods=[method], endpoint=at) for at, (method, rule) in enumerate(rules)]
    return Map(made, merge_slashes=False)


def _drop(environ: dict[str, Any]) -> None:
    """Close the connection at once, as a line that breaks does."""
    connection: socket.socket = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError
