"""Renewing a token that ran out (RFC 6749, section 6): kept on disk before it is used."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from urllib.parse import quote

from console.clock import Clock
from console.errors import AccessLostError, OfflineError
from console.platforms.http.shape import Record
from console.platforms.http.wire import Call, LostError, NotSentError, Wire
from console.services.platform_ports import Tokens, TokenStore


def renewed(wire: Wire, url: str, store: TokenStore, client_id: str, clock: Clock) -> Tokens:
    """New tokens for old ones, already written to the store.

    A client that has a secret proves itself by HTTP Basic: X takes nothing else, Google this too. Raises
    `OfflineError("platform.unreachable")`, `AccessLostError("platform.token")`: a person signs in again.
    """
    old = store.read()
    if not old.refresh:
        raise AccessLostError("platform.token", reason="no_refresh_token")
    form = {"grant_type": "refresh_token", "refresh_token": old.refresh, "client_id": client_id}
    headers = _basic(client_id, old.client_secret) if old.client_secret else {}
    try:
        raw = wire.send(Call("POST", url, form=form, headers=headers, repeatable=False))
    except (NotSentError, LostError):
        raise OfflineError("platform.unreachable") from None
    try:
        body = Record(json.loads(raw.content))
    except (ValueError, RecursionError):
        body = Record(None)
    if raw.status in (400, 401, 403):
        raise AccessLostError("platform.token", reason=body.word("error")[:100])
    access = body.text("access_token")
    if raw.status != 200 or not access:
        raise OfflineError("platform.unreachable")
    lasts = body.number("expires_in")
    ends = clock.now() + timedelta(seconds=lasts) if lasts and 0 < lasts < 10**9 else None
    tokens = Tokens(access, body.text("refresh_token") or old.refresh, ends, old.client_secret)
    store.write(tokens)
    return tokens


def _basic(client_id: str, secret: str) -> dict[str, str]:
    """RFC 6749, section 2.3.1: both are form-encoded first."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return {"Authorization": "Basic " + b64encode(pair.encode()).decode()}
