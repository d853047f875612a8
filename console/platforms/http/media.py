"""Pictures of attachments: fetched without the token, and never more than a picture."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from console.errors import EnvironmentProblemError
from console.platforms.http.wire import Call, LostError, NotSentError, Wire

LARGEST = 10_000_000
"""Bytes."""
_HOPS = 3


def picture(wire: Wire, url: str) -> bytes:
    """The picture at an address that a platform gave. Raises `EnvironmentProblemError("platform.media")`.

    Over TLS only, except from the host of the interface itself (the simulator on this machine): an
    address in an answer must not make the desk ask around in the city's own network.
    """
    for _ in range(_HOPS):
        _allow(wire, url)
        try:
            raw = wire.send(Call("GET", url), LARGEST)
        except (NotSentError, LostError) as error:
            raise EnvironmentProblemError("platform.media", problem=str(error)) from None
        if raw.status in (301, 302, 303, 307, 308):
            url = urljoin(url, raw.headers.get("location", ""))
            continue
        kind = raw.headers.get("content-type", "").partition(";")[0].strip().lower()
        if raw.status != 200 or not kind.startswith("image/") or not raw.content:
            raise EnvironmentProblemError("platform.media", problem=f"{raw.status} {kind}"[:100])
        return raw.content
    raise EnvironmentProblemError("platform.media", problem="redirect")


def _allow(wire: Wire, url: str) -> None:
    try:
        wanted, known = urlsplit(url), urlsplit(wire.base_url)
        same = (wanted.scheme, wanted.hostname, wanted.port) == (known.scheme, known.hostname, known.port)
    except ValueError:
        raise EnvironmentProblemError("platform.media", problem="address") from None
    if not wanted.hostname or (wanted.scheme != "https" and not (same and wanted.scheme == "http")):
        raise EnvironmentProblemError("platform.media", problem="address")
