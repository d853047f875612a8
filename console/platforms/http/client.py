"""One account's calls: sent politely, repeated only where that does no harm, and judged."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from console.errors import (
    AccessLostError,
    EnvironmentProblemError,
    OfflineError,
    RateLimitedError,
    UncertainError,
    VigieError,
)
from console.platforms.http.manners import Answer, Manners, Outcome, Said
from console.platforms.http.pace import Breaker
from console.platforms.http.wire import Call, LostError, NotSentError, Raw, Wire

_LOG = logging.getLogger(__name__)
RETRIES = 3
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
"""Seconds."""

_ACCESS = {
    Outcome.TOKEN: "platform.token",
    Outcome.PERMISSION: "platform.permission",
    Outcome.BLOCKED: "platform.blocked",
}
Wait = Callable[[float], object]


class _FailedError(Exception):
    """One try came to nothing. `sent`: whether the platform may have done what was asked."""

    def __init__(self, sent: bool, why: str, broken: bool = False) -> None:
        super().__init__(why)
        self.sent, self.why, self.broken = sent, why, broken


class Api:
    """The calls of one connected account. Not thread-safe.

    Errors of every call are those of `Connector`. An answer that is a definite no comes back like any
    other (`Answer.ok` is False, `Answer.code` says why); tokens, blocks and limits raise.
    """

    def __init__(self, wire: Wire, manners: Manners, wait: Wait = time.sleep) -> None:
        """`wait`: pauses for a number of seconds; may return early to stop."""
        self.wire, self.manners = wire, manners
        self._wait = wait
        self._breaker = Breaker(manners.clock)

    def get(self, path: str, params: Mapping[str, object] | None = None) -> Answer:
        """Look. `path` follows the base address and starts with a stroke."""
        return self._do(Call("GET", path, _words(params)))

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        json: Any = None,
        form: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> Answer:
        """Write. What is not `repeatable` goes out once; when its answer is lost, broken, or says that
        the platform is in trouble: `UncertainError("platform.uncertain")`."""
        given = None if form is None else _words(form)
        return self._do(Call(method, path, _words(params), json, given, headers or {}, repeatable))

    def close(self) -> None:
        """Close the connections."""
        self.wire.close()

    def _do(self, call: Call) -> Answer:
        answer, said = self._asked(call)
        if said.outcome is Outcome.TOKEN and self.manners.renew(self.wire):
            # A refused call was not done: it may be made again whatever it is.
            answer, said = self._asked(call)
        if said.outcome is Outcome.LIMITED:
            until = said.until or self.manners.retry_after(answer)
            self.manners.pace.close(until, self.manners.key(call))
            raise RateLimitedError("platform.rate_limited", until=until)
        if said.outcome in _ACCESS:
            raise AccessLostError(_ACCESS[said.outcome], reason=said.code)
        return answer

    def _asked(self, call: Call) -> tuple[Answer, Said]:
        """Ask until there is a definite answer. Raises what is not one."""
        tries = 1 + (RETRIES if call.reads or call.repeatable else 0)
        sent = False
        for number in range(tries):
            if number:
                pause = min(FIRST_PAUSE * 2 ** (number - 1), LONGEST_PAUSE)
                # Jitter: desks that lost the line together do not come back together.
                self._wait(pause * random.uniform(0.5, 1.0))  # noqa: S311  spreads calls, no secret
            self._breaker.ask()
            self.manners.before(call)
            try:
                found = self._once(call)
            except _FailedError as failure:
                sent = sent or failure.sent
                last = failure
                if not call.reads and not call.repeatable:
                    break
            else:
                self._breaker.answered()
                return found
        self._breaker.failed()
        raise _given_up(call, sent, last)

    def _once(self, call: Call) -> tuple[Answer, Said]:
        try:
            raw = self.wire.send(self.manners.authorise(call))
        except NotSentError as error:
            _LOG.info("%s %s: not sent (%s)", call.method, call.path, error)
            raise _FailedError(False, str(error)) from None
        except LostError as error:
            _LOG.info("%s %s: no answer (%s)", call.method, call.path, error)
            raise _FailedError(True, str(error)) from None
        _LOG.info("%s %s: %d", call.method, call.path, raw.status)
        answer, broken = _read(raw)
        if not broken:
            self.manners.note(call, answer)
        said = self.manners.said(call, answer)
        answer = replace(answer, request_id=self.manners.request_id(answer), code=said.code)
        # A redirect is a portal of the network in the platform's place.
        if (broken and said.outcome is Outcome.FINE) or 300 <= raw.status < 400:
            raise _FailedError(True, "answer", broken=True)
        if said.outcome is Outcome.TRANSIENT:
            raise _FailedError(True, said.code)
        return answer, said


def _given_up(call: Call, sent: bool, last: _FailedError) -> VigieError:
    if sent and not call.reads:
        return UncertainError("platform.uncertain")
    if last.broken:
        return EnvironmentProblemError("platform.answer")
    return OfflineError("platform.unreachable")


def _read(raw: Raw) -> tuple[Answer, bool]:
    """The answer, and whether it should have been JSON and is not."""
    text = raw.content.decode("utf-8", errors="replace")
    if not text.strip():
        return Answer(raw.status, raw.headers, None, ""), False
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return Answer(raw.status, raw.headers, None, text), True
    return Answer(raw.status, raw.headers, body, text), False


def _words(params: Mapping[str, object] | None) -> dict[str, str]:
    """Values as they go over the line; None is left out, a truth is `true` or `false`."""
    found: dict[str, str] = {}
    for name, value in (params or {}).items():
        if value is not None:
            found[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return found
