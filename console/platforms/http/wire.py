"""The line itself: one request goes out, one answer comes back, or it is clear how far the request got.

Nothing of a request but its method and path is ever logged: what stands after the `?`, the headers and
the bodies hold tokens and citizens' words.
"""

from __future__ import annotations

import logging
import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import certifi
import httpx

from console import __version__
from console.errors import ConfigurationError

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
WHOLE_SECONDS = 60.0
"""Longest that an answer may take to come in, however steadily it drips."""
MAX_ANSWER = 20_000_000
"""Bytes of an answer, unpacked; the largest page of a platform is under 1 MB."""

for _chatty in ("httpx", "httpcore"):
    # At INFO httpx writes whole addresses, with their tokens, into the technical log.
    logging.getLogger(_chatty).setLevel(logging.WARNING)


class NotSentError(Exception):
    """The connection failed before anything of the request went out."""


class LostError(Exception):
    """The request went out, at least in part, and no whole answer came back."""


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One request. Has no `repr`: it holds the token."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True
    """Whether doing it twice does no more than doing it once."""

    @property
    def reads(self) -> bool:
        """Whether it only looks."""
        return self.method == "GET"

    def __repr__(self) -> str:
        return f"Call({self.method} {self.path})"


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it came: header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def trust(ca_file: str = "") -> ssl.SSLContext:
    """Whom to believe: the system's authorities (`SSL_CERT_FILE` and `SSL_CERT_DIR` included), those of
    `certifi` where the system names none, and the city's own (`ca_file`, for a proxy that looks inside).

    Raises `ConfigurationError("platform.ca_file")`.
    """
    named = (os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))
    return _context(ca_file, *named)


@lru_cache(maxsize=8)
def _context(ca_file: str, named_file: str, named_folder: str) -> ssl.SSLContext:
    # Reading the authorities takes a tenth of a second; all lines of the program share them.
    context = ssl.create_default_context()
    if not (named_file or named_folder) and not context.cert_store_stats()["x509_ca"]:
        context.load_verify_locations(cafile=certifi.where())
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError("platform.ca_file", path=str(Path(ca_file).name)) from error
    return context


class Wire:
    """Connections to one platform. Proxies come from the environment (`HTTPS_PROXY`, `NO_PROXY`…)."""

    def __init__(self, base_url: str, ca_file: str = "", read_seconds: float = READ_SECONDS) -> None:
        self.base_url = base_url.rstrip("/")
        context = trust(ca_file)
        timeout = httpx.Timeout(read_seconds, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)
        who = {"User-Agent": f"Vigie/{__version__}"}
        self._kept = httpx.Client(headers=who, verify=context, timeout=timeout, follow_redirects=False)
        # A kept connection may have been closed by the other side just now; a write that must not be
        # repeated would then be in doubt for nothing. It gets a fresh connection each time.
        self._fresh = httpx.Client(
            headers=who,
            verify=context,
            timeout=timeout,
            follow_redirects=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def send(self, call: Call, limit: int = MAX_ANSWER) -> Raw:
        """The answer, whatever its status. Raises `NotSentError`, `LostError`."""
        client = self._kept if call.reads or call.repeatable else self._fresh
        url = call.path if call.path.startswith(("https://", "http://")) else self.base_url + call.path
        try:
            with client.stream(
                call.method,
                url,
                params=dict(call.params) or None,
                json=call.json,
                data=dict(call.form) if call.form is not None else None,
                headers=dict(call.headers),
            ) as response:
                content = _whole(response, limit)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Raw(response.status_code, headers, content)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise NotSentError(type(error).__name__) from None
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError, ValueError) as error:
            # An address that is none, a header that cannot be written: nothing left this machine.
            raise NotSentError(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise LostError(type(error).__name__) from None

    def close(self) -> None:
        """Close all connections."""
        self._kept.close()
        self._fresh.close()

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _whole(response: httpx.Response, limit: int) -> bytes:
    until = time.monotonic() + WHOLE_SECONDS
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > limit or time.monotonic() > until:
            raise LostError("too much" if size > limit else "too slow")
        parts.append(part)
    return b"".join(parts)
