"""How X wants to be called: windows of 15 minutes for each endpoint, problems in answers of status 200,
calls that are paid for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from console.clock import Clock
from console.errors import RateLimitedError
from console.platforms.allowance import DayAllowance
from console.platforms.http.manners import LONGEST_WAIT as LONGEST
from console.platforms.http.manners import Answer, Outcome, Said
from console.platforms.http.shape import Record
from console.platforms.http.wire import Call
from console.platforms.renewing import RenewingManners
from console.platforms.x_forms import problem_of
from console.services.platform_ports import Budget, Connection, TokenStore

BASE_URL = "https://api.x.com"
WINDOW = timedelta(minutes=15)
_NO_CREDITS_FOR = timedelta(hours=1)
_MANY = 10**9
_ENDPOINTS = (
    (re.compile(r"/2/users/\d+/mentions"), "mentions"),
    (re.compile(r"/2/users/\d+/tweets"), "own"),
    (re.compile(r"/2/users/me"), "me"),
    (re.compile(r"/2/tweets/search/recent"), "search"),
    (re.compile(r"/2/tweets/\d+/hidden"), "hide"),
    (re.compile(r"/2/dm_conversations/with/\d+/messages"), "message"),
    (re.compile(r"/2/dm_(events|conversations.*)"), "private"),
    (re.compile(r"/2/tweets"), "posts"),
)
_BLOCKED = {"user-suspended", "account-suspended", "disallowed-resource-account-suspended"}
_ROLE = {"client-forbidden", "oauth1-permissions", "unsupported-authentication", "insufficient-scope"}


class XManners(RenewingManners):
    """Learns from `x-rate-limit-*` what is left of each window, and counts what is paid for."""

    request_id_header = "x-transaction-id"

    def __init__(self, clock: Clock, store: TokenStore, connection: Connection) -> None:
        base = connection.base_url.rstrip("/") or BASE_URL
        super().__init__(clock, store, connection.client_id, base + "/2/oauth2/token")
        self._settings = connection.settings
        limit = self._settings.get("calls_a_day", "")
        self._limit = int(limit) if limit.isascii() and limit.isdecimal() and len(limit) < 9 else None
        most = self._limit or _MANY
        # Four calls of five for reading at most: an act must still find one.
        self.count = DayAllowance(clock, "calls", most, most * 4 // 5, UTC, at_once=most)
        self._read_items = 0

    def key(self, call: Call) -> str:
        """The endpoint that counts the call."""
        named = (name for pattern, name in _ENDPOINTS if pattern.fullmatch(call.path))
        endpoint = next(named, call.path)
        return f"{call.method} {endpoint}"

    def before(self, call: Call) -> None:
        """Ask whether the call may be made, and count it."""
        super().before(call)
        self.count.ask(1)
        self.count.spend(1)

    def note(self, call: Call, answer: Answer) -> None:
        """What is left of the window of the call."""
        headers = Record(dict(answer.headers))
        limit, left = headers.number("x-rate-limit-limit"), headers.number("x-rate-limit-remaining")
        until = self._reset(answer)
        if not limit or left is None or until is None:
            return
        key = self.key(call)
        self.pace.note(Budget("percent", 100 * (limit - left) / limit, 100, until), key)
        if left <= 0:
            self.pace.close(until, key)

    def said(self, call: Call, answer: Answer) -> Said:
        """What the answer means. Raises `RateLimitedError("platform.credits")`: buying some takes time."""
        problem = problem_of(answer.body)
        if 200 <= answer.status < 300:
            # A write that was refused may come as a 200 with `errors` in place of `data`.
            refused = not call.reads and problem.errors and not Record(answer.body).raw("data")
            return Said(Outcome.REFUSED, problem.kind or "errors") if refused else Said()
        kind = problem.kind or f"http_{answer.status}"
        if answer.status == 402 or kind in {"credits", "credits-depleted"}:
            until = self.clock.now() + _NO_CREDITS_FOR
            raise RateLimitedError("platform.credits", until=until)
        if answer.status == 401:
            return Said(Outcome.TOKEN, kind)
        if answer.status == 429:
            return Said(Outcome.LIMITED, kind, self._reset(answer))
        if kind in _BLOCKED or (answer.status == 403 and "suspended" in problem.detail):
            return Said(Outcome.BLOCKED, kind)
        # For most of its 403 X has words only. One to somebody who only looks is about the account.
        if kind in _ROLE or (answer.status == 403 and (call.reads or "scope" in problem.detail)):
            return Said(Outcome.PERMISSION, kind)
        return Said(Outcome.TRANSIENT if answer.status >= 500 else Outcome.REFUSED, kind)

    def nearly_used(self, key: str, keep: float) -> bool:
        """Whether less than `keep` percent of an endpoint's window is left."""
        known = self.pace.budget("percent", key)
        return known is not None and 100 - known.used < keep

    def budgets(self) -> tuple[Budget, ...]:
        """Calls of the day, their cost where a price is set (`price_a_call`, dollars), the fullest window."""
        calls = replace(self.count.budget(), limit=self._limit)
        try:
            price = float(self._settings.get("price_a_call", ""))
        except ValueError:
            price = 0.0
        cost = (
            (Budget("cost", round(calls.used * price, 2), None, calls.resets_at),) if 0 < price < 1e6 else ()
        )
        return (calls, *cost, *self.pace.budgets())

    def _reset(self, answer: Answer) -> datetime | None:
        now = self.clock.now()
        seconds = Record(dict(answer.headers)).number("x-rate-limit-reset")
        if seconds is None or not 0 < seconds < 4_102_444_800:
            return None
        at = datetime.fromtimestamp(seconds, UTC)
        return min(max(at, now + timedelta(seconds=1)), now + LONGEST)
