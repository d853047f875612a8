"""What the Graph API says of itself: the proof of a call, its errors, and how much is used (Facebook,
Instagram, Messenger; public documentation of v26.0)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from console.clock import Clock
from console.platforms.http.manners import Answer, Manners, Outcome, Said
from console.platforms.http.shape import Record
from console.platforms.http.wire import Call
from console.services.platform_ports import Budget, Tokens, TokenStore

GRAPH = "https://graph.facebook.com/v26.0"
READ, WRITE = "read", "write"

READ_STOPS, WRITE_STOPS = 85.0, 97.0
"""Percent. Reading stops first, so that what people decided can still be sent."""
_REST = {READ: timedelta(minutes=5), WRITE: timedelta(minutes=10)}
_WINDOW = timedelta(hours=1)
"""Over which the platform counts."""
_BLOCK = timedelta(minutes=30)
"""When a limit is reached and the answer does not say for how long: trying again lengthens it."""

_USAGE = ("x-business-use-case-usage", "x-app-usage", "x-page-usage", "x-ad-account-usage")
_LIMITS = {4, 17, 32, 613, 80001, 80002, 80006}
_PASSING = {1, 2}
_ROLE_LOST = 492
GONE = "100/33"
WINDOW_CLOSED = ("10/2018278", "10/2534022")
_SPOKEN = {GONE, *WINDOW_CLOSED}
"""Codes in which the subcode belongs to the meaning."""


class MetaManners(Manners):
    """Of one Page token. A page token is never renewed: it has no end, or a person pastes a new one."""

    def __init__(self, clock: Clock, store: TokenStore) -> None:
        super().__init__(clock)
        self._store = store
        self._tokens: Tokens | None = None

    @property
    def tokens(self) -> Tokens:
        """Those that are used now."""
        if self._tokens is None:
            self._tokens = self._store.read()
        return self._tokens

    def key(self, call: Call) -> str:
        """Reading and writing are slowed down apart."""
        return READ if call.reads else WRITE

    def authorise(self, call: Call) -> Call:
        """The token goes into the header, where no log of a proxy keeps it."""
        if "Authorization" in call.headers:
            # The app speaks for itself.
            return call
        tokens = self.tokens
        headers = {**call.headers, "Authorization": f"Bearer {tokens.access}"}
        params = dict(call.params)
        if tokens.client_secret:
            params["appsecret_proof"] = proof(tokens)
        return replace(call, headers=headers, params=params)

    def secrets(self) -> tuple[str, ...]:
        """Token and secret."""
        tokens = self.tokens
        return (tokens.access, tokens.client_secret)

    def request_id(self, answer: Answer) -> str:
        """`fbtrace_id` of an error, else the header."""
        trace = Record(answer.body).record("error").word("fbtrace_id")
        return trace or answer.headers.get("x-fb-trace-id", "") or answer.headers.get("x-fb-request-id", "")

    def said(self, call: Call, answer: Answer) -> Said:
        """By `code` and `error_subcode`."""
        error = Record(answer.body).record("error")
        number, sub = error.number("code"), error.number("error_subcode")
        if not error.there or number is None:
            # A page of a proxy, or a 500 without the documented form, is no answer of the platform.
            return Said() if 200 <= answer.status < 300 else Said(Outcome.TRANSIENT, str(answer.status))
        code = f"{number}/{sub}" if sub else str(number)
        if code in _SPOKEN:
            return Said(Outcome.REFUSED, code)
        if number in (190, 102):
            # Somebody may have pasted a new one meanwhile: it is read again next time.
            self._tokens = None
            return Said(Outcome.PERMISSION if sub == _ROLE_LOST else Outcome.TOKEN, code)
        if number == 368:
            return Said(Outcome.BLOCKED, code)
        if number in _LIMITS:
            return Said(Outcome.LIMITED, code, self._regained(answer))
        if number in _PASSING or error.truth("is_transient"):
            return Said(Outcome.TRANSIENT, code)
        if permission(code) and call.reads:
            return Said(Outcome.PERMISSION, code)
        return Said(Outcome.REFUSED, code)

    def note(self, call: Call, answer: Answer) -> None:
        """Percent used, of every kind that the headers name."""
        now = self.clock.now()
        worst = -1.0
        for kind, usage in _usages(answer):
            used = max(float(usage.number(name) or 0) for name in _COUNTS)
            worst = max(worst, used)
            self.pace.note(Budget("percent", used, 100.0, now + _WINDOW), kind)
        if worst >= WRITE_STOPS:
            self.pace.close(now + _REST[WRITE], WRITE)
        if worst >= READ_STOPS:
            self.pace.close(now + _REST[READ], READ)
        minutes = self._minutes(answer)
        if minutes:
            self.pace.close(now + timedelta(minutes=minutes))

    def _regained(self, answer: Answer) -> datetime:
        minutes = self._minutes(answer)
        return self.clock.now() + (timedelta(minutes=minutes) if minutes else _BLOCK)

    @staticmethod
    def _minutes(answer: Answer) -> int:
        found = [usage.number("estimated_time_to_regain_access") or 0 for _, usage in _usages(answer)]
        return min(max([0, *found]), 24 * 60)


_COUNTS = ("call_count", "total_cputime", "total_time")


def permission(code: str) -> bool:
    """Whether a code means that the right to do it is missing (10, 200–299)."""
    number = code.partition("/")[0]
    return code not in WINDOW_CLOSED and number.isdecimal() and (number == "10" or 200 <= int(number) < 300)


def proof(tokens: Tokens) -> str:
    """`appsecret_proof`: that the call comes from who knows the app's secret (HMAC-SHA256 of the token)."""
    return hmac.new(tokens.client_secret.encode(), tokens.access.encode(), hashlib.sha256).hexdigest()


def _usages(answer: Answer) -> Iterator[tuple[str, Record]]:
    for name in _USAGE:
        try:
            given = Record(json.loads(answer.headers.get(name, "")))
        except (ValueError, RecursionError):
            continue
        if any(count in given for count in _COUNTS):
            yield name, given
        for key, value in given.items():
            for each in value if isinstance(value, list) else ():
                usage = Record(each)
                if usage.there:
                    yield f"{key}/{usage.word('type')}", usage
