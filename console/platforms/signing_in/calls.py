"""Calls that are made before an account is connected: definite answers only, errors as a connector's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from console.clock import Clock, SystemClock
from console.errors import AccessLostError
from console.platforms.http.client import Api
from console.platforms.http.manners import Answer, Manners
from console.platforms.http.shape import Record, misshapen, record
from console.platforms.http.wire import Call, Wire
from console.services.platform_ports import Tokens


class Given(Manners):
    """Plain HTTP with headers that a sign-in gives (the token in the way of its platform)."""

    def __init__(self, headers: Mapping[str, str], clock: Clock | None = None) -> None:
        super().__init__(clock or SystemClock())
        self._headers = dict(headers)

    def authorise(self, call: Call) -> Call:
        """The call with the headers."""
        return replace(call, headers={**self._headers, **call.headers})


class Held:
    """Tokens in memory, before there is a place for them. Fulfils `TokenStore`."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def read(self) -> Tokens:
        """What is held."""
        return self._tokens

    def write(self, tokens: Tokens) -> None:
        """Hold others."""
        self._tokens = tokens


def bearer(tokens: Tokens) -> dict[str, str]:
    """The header of RFC 6750."""
    return {"Authorization": f"Bearer {tokens.access}"}


def asked(
    base_url: str, ca_file: str, headers: Mapping[str, str], path: str, params: Mapping[str, object]
) -> Record:
    """The object that a GET gives. A refusal is a token that may not do it (`platform.permission`)."""
    with Wire(base_url, ca_file) as wire:
        return said_yes(Api(wire, Given(headers)).get(path, params))


def said_yes(answer: Answer) -> Record:
    """The object of an answer that says yes."""
    if answer.status == 403:
        raise AccessLostError("platform.permission", reason=answer.code)
    if not answer.ok:
        raise misshapen(answer.code or str(answer.status))
    return record(answer.body)
