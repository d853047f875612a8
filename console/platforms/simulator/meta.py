"""What Facebook and Instagram share: the Graph API's host, tokens, limits, dispatch by object and edge."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from console.platforms.simulator.api import Ask, PlatformApi, Reply, Route
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.ids import letters
from console.platforms.simulator.meta_fields import GraphError, Node, asked_fields, gone
from console.platforms.simulator.world import World
from console.services.platform_ports import Tokens

PAGE_ID = "100200300400500"
USER_ID = "10158000000000001"
_HOUR = timedelta(hours=1)
_FULL = 20_000
"""Calls an hour, unless a test sets another number."""

_WRONG: dict[Fault, GraphError] = {
    Fault.TRANSIENT: GraphError(
        2,
        "An unexpected error has occurred. Please retry your request later.",
        status=500,
        transient=True,
    ),
    Fault.TOKEN_EXPIRED: GraphError(190, "Error validating access token: Session has expired", subcode=463),
    Fault.PERMISSION: GraphError(200, "Permissions error", status=403),
    Fault.BLOCKED: GraphError(368, "The action attempted has been deemed abusive or is otherwise disallowed"),
    Fault.GONE: gone("0"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """An object that an identifier names."""

    kind: str
    """`page`, `user`, `post`, `comment`, `conversation`, `message`, `instagram`"""
    thing: Any
    node: Node


EdgeHandler = Callable[[Ask, Found], Any]


@dataclass(frozen=True, slots=True)
class Serves:
    """Who serves a call, and the scopes it demands (each of them)."""

    handler: EdgeHandler
    scopes: tuple[str, ...] = ()


class GraphApi(PlatformApi):
    """The Graph API under one prefix. `edges` and `objects` are filled by the platform."""

    usage_type: ClassVar[str] = "pages"
    rate_code: ClassVar[int] = 80001

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.edges: dict[tuple[str, str, str], Serves] = {}
        """(method, kind, edge) → who serves it; the edge is empty for the object itself."""
        self.errors: dict[Fault, GraphError] = dict(_WRONG)
        """Form of each fault; a test may put another code there."""
        self.errors[Fault.RATE_LIMITED] = GraphError(self.rate_code, "There have been too many calls")
        self.calls_an_hour = _FULL
        self._calls: deque[datetime] = deque()
        self._shut_until: datetime | None = None
        self.page_token = f"EAAPage{letters(self.platform + '/page', 40)}"
        self.user_token = f"EAAUser{letters(self.platform + '/user', 40)}"
        """A short-lived one, as a person copies it from the platform's tools."""
        world.grant(self.platform, self.page_token, self.scopes, kind="page", subject=PAGE_ID)
        world.grant(
            self.platform,
            self.user_token,
            self.scopes,
            subject=USER_ID,
            lives=2 * _HOUR,
        )

    def routes(self) -> Sequence[Route]:
        """By object and edge; `meta_accounts` adds its own."""
        from console.platforms.simulator import meta_accounts

        own = [
            Route(method, rule, self._guarded(self._serve))
            for method in ("GET", "POST", "DELETE")
            for rule in ("/<object>", "/<object>/<edge>")
        ]
        signing = [
            Route("GET", "/oauth/access_token", self._guarded(meta_accounts.exchange), open=True),
            Route("GET", "/debug_token", self._guarded(meta_accounts.debug)),
            Route("GET", "/", self._guarded(self._several)),
        ]
        return own + signing

    @abstractmethod
    def find(self, ask: Ask, identifier: str) -> Found:
        """What the identifier names; raises the answer for what is gone."""

    def tokens(self) -> Tokens:
        """The Page's token, which has no end."""
        return Tokens(self.page_token)

    def pasted(self) -> str:
        """That of a person: the Page's own is had with it."""
        return self.user_token

    def quota(self, **values: Any) -> None:
        """`left`: calls of this hour; `limit`: calls an hour."""
        self._forget(self.world.clock.now())
        if "limit" in values:
            self.calls_an_hour = int(values["limit"])
        if "left" in values:
            self.calls_an_hour = len(self._calls) + int(values["left"])
        self._shut_until = None

    def before(self, ask: Ask) -> Reply | None:
        """Token, then limits."""
        ask.grant = self.world.grant_of(self.platform, _access(ask))
        if ask.grant is None:
            return self._token_refused(ask).reply()
        self._forget(ask.now)
        if self._shut_until is None and len(self._calls) >= self.calls_an_hour:
            self._shut_until = ask.now + _HOUR
        if self._shut_until is not None:
            # Who keeps asking waits longer.
            self._shut_until += timedelta(minutes=1)
            return GraphError(self.rate_code, "There have been too many calls").reply()
        self._calls.append(ask.now)
        return None

    def after(self, ask: Ask, reply: Reply) -> Reply:
        """Add the trace and the usage, which rises with the calls."""
        trace = "A" + letters(f"trace/{self.world.next_number()}", 22)
        if isinstance(reply.body, dict) and "error" in reply.body:
            reply.body["error"]["fbtrace_id"] = trace
        limited = reply.status == 400 and reply.body["error"]["code"] in (4, 17, 32, 613, 80001)
        wait = 0
        if self._shut_until is not None:
            wait = max(1, round((self._shut_until - ask.now).total_seconds() / 60))
        elif limited:
            wait = 5
        percent = min(100, 100 * len(self._calls) // max(1, self.calls_an_hour))
        usage = {
            "type": self.usage_type,
            "call_count": 100 if limited else percent,
            "total_cputime": percent // 2,
            "total_time": percent // 3,
            "estimated_time_to_regain_access": wait,
        }
        reply.headers |= {
            "x-fb-trace-id": trace,
            "x-fb-request-id": letters(trace, 20),
            "facebook-api-version": "v26.0",
            "X-Business-Use-Case-Usage": json.dumps({self.external_id: [usage]}),
        }
        return reply

    def wrong(self, fault: Fault, ask: Ask) -> Reply:
        """As `errors` says."""
        return self.errors[fault].reply()

    def unknown(self, ask: Ask) -> Reply:
        """A path that does not exist."""
        return GraphError(2500, f"Unknown path components: {ask.path}").reply()

    def _forget(self, now: datetime) -> None:
        if self._shut_until is not None and self._shut_until <= now:
            self._shut_until = None
            self._calls.clear()
        while self._calls and self._calls[0] <= now - _HOUR:
            self._calls.popleft()

    def _token_refused(self, ask: Ask) -> GraphError:
        access = _access(ask)
        if not access:
            return GraphError(104, "An access token is required to request this resource.")
        known = self.world.grants.get(access)
        if known is not None and known.revoked:
            return GraphError(190, "The user has not authorized application", subcode=458)
        if known is not None and known.platform == self.platform:
            return self.errors[Fault.TOKEN_EXPIRED]
        return GraphError(190, "Invalid OAuth access token - Cannot parse access token")

    def _guarded(self, handler: Callable[[Ask], Any]) -> Callable[[Ask], Reply]:
        def serve(ask: Ask) -> Reply:
            try:
                answer = handler(ask)
            except GraphError as error:
                return error.reply()
            return answer if isinstance(answer, Reply) else Reply(body=answer)

        return serve

    def _serve(self, ask: Ask) -> Any:
        edge = ask.args.get("edge", "")
        found = self.find(ask, ask.args["object"])
        serves = self.edges.get((ask.method, found.kind, edge))
        if serves is None:
            raise (
                GraphError(2500, f"Unknown path components: /{edge}") if edge else gone(ask.args["object"])
            )
        self.demand(ask, serves.scopes)
        return serves.handler(ask, found)

    def demand(self, ask: Ask, scopes: Sequence[str]) -> None:
        """Refuse who lacks a scope."""
        missing = [name for name in scopes if ask.grant is None or name not in ask.grant.scopes]
        if missing and ask.method == "GET":
            raise GraphError(10, f"This endpoint requires the '{missing[0]}' permission", status=403)
        if missing:
            raise GraphError(200, f"If posting, requires {missing[0]} permission", status=403)

    def _several(self, ask: Ask) -> Mapping[str, Any]:
        """`/?ids=a,b`: one that is gone spoils the whole call."""
        wanted = [one for one in str(ask.params.get("ids", "")).split(",") if one]
        if not wanted:
            raise GraphError(100, "The parameter ids is required")
        fields = asked_fields(ask)
        shown = {}
        for identifier in wanted:
            found = self.find(ask, identifier)
            shown[identifier] = found.node.show(ask, found.thing, fields)
        return shown


def show(ask: Ask, found: Found) -> dict[str, Any]:
    """Serve an object itself."""
    return found.node.show(ask, found.thing, asked_fields(ask))


def _access(ask: Ask) -> str:
    bearer = ask.headers.get("authorization", "")
    if bearer.startswith("Bearer "):
        return bearer.removeprefix("Bearer ")
    return str(ask.params.get("access_token", ""))
