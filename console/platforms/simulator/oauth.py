"""The authorization servers of Google and X: code with PKCE, refresh, revocation.

RFC 6749, 7636 (PKCE), 7009 (revocation), 8252 (programs on a desktop).
The consent page asks nobody: it sends the browser back at once, with the code and the state.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote, urlencode, urlsplit

from console.domain.messages import Platform
from console.platforms.simulator.api import CLIENT_ID, CLIENT_SECRET, Ask, Reply
from console.platforms.simulator.things import Grant
from console.platforms.simulator.world import World
from console.services.platform_ports import Tokens

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_S256_LENGTH = 43


@dataclass(slots=True)
class Rules:
    """How one platform gives tokens out."""

    scopes: tuple[str, ...]
    access_life: timedelta
    code_life: timedelta
    rotating: bool
    """Each refresh gives a new refresh token and makes the old one void."""
    needs_secret: bool
    """Else the client proves itself by PKCE alone; a secret that is sent must be right all the same."""
    refresh_once: bool = False
    """Only the first consent gives a refresh token, unless the person is asked again (`prompt=consent`)."""
    callbacks: set[str] = field(default_factory=set)
    """Registered ones, matched exactly; none: any port and path of a loopback address."""


@dataclass(frozen=True, slots=True)
class _Code:
    redirect: str
    challenge: str
    scopes: tuple[str, ...]
    ends: datetime
    offline: bool


class OAuthError(Exception):
    """An error answer (RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status


class AuthorizationServer:
    """Gives out what `World.grants` holds, one grant an access token."""

    def __init__(self, world: World, platform: Platform, rules: Rules) -> None:
        self.rules = rules
        self._world = world
        self._platform = platform
        self._codes: dict[str, _Code] = {}
        self._families: dict[str, int] = {}
        """Which consent an access or refresh token comes from."""
        self._used: dict[str, int] = {}
        """The consent that a code was exchanged for."""
        self._consented = False

    def tokens(self) -> Tokens:
        """The newest that are taken now; given out when there are none."""
        grants = [g for g in self._grants() if self._world.grant_of(self._platform, g.access) and g.refresh]
        grant = grants[-1] if grants else self._give(self.rules.scopes, self._world.next_number(), True)
        return Tokens(grant.access, grant.refresh, grant.expires_at, CLIENT_SECRET)

    def authorize(self, ask: Ask) -> Reply:
        """Consent: a redirect to the callback with code and state; a page when the callback is not known."""
        asked = ask.query
        redirect = asked.get("redirect_uri", "")
        if asked.get("client_id") != CLIENT_ID:
            return _page(401, "invalid_client")
        if not self._knows(redirect):
            return _page(400, "redirect_uri_mismatch")
        state = asked.get("state", "")
        try:
            return _back(redirect, {"code": self._code(asked, redirect, ask.now), "state": state})
        except OAuthError as refused:
            return _back(redirect, {"error": refused.error, "state": state})

    def token(self, ask: Ask) -> Reply:
        """Exchange of a code, or of a refresh token, for an access token."""
        try:
            self._know_client(ask)
            match ask.form.get("grant_type"):
                case "authorization_code":
                    grant, first = self._exchange(ask.form, ask.now), True
                case "refresh_token":
                    grant, first = self._refresh(ask.form), False
                case _:
                    raise OAuthError("unsupported_grant_type", "Unknown grant_type.")
        except OAuthError as refused:
            return Reply(refused.status, {"error": refused.error, "error_description": refused.description})
        ask.did("token given")
        body = {
            "token_type": "Bearer",
            "expires_in": int(self.rules.access_life.total_seconds()),
            "access_token": grant.access,
            "scope": " ".join(sorted(grant.scopes)),
        }
        # Google sends the refresh token with the first exchange only; X a new one each time.
        if grant.refresh and (self.rules.rotating or first):
            body["refresh_token"] = grant.refresh
        return Reply(200, body, {"Cache-Control": "no-store"})

    def revoke(self, ask: Ask) -> Reply:
        """Make everything of a consent void, by any of its tokens (RFC 7009: an unknown one is no error)."""
        family = self._families.get(str(ask.params.get("token", "")))
        if family is not None:
            self._void(family)
            ask.did("token revoked")
        return Reply(200, {"revoked": True})

    def _grants(self) -> list[Grant]:
        return [g for g in self._world.grants.values() if g.platform == self._platform and not g.revoked]

    def _knows(self, redirect: str) -> bool:
        if self.rules.callbacks:
            return redirect in self.rules.callbacks
        parts = urlsplit(redirect)
        return parts.scheme == "http" and parts.hostname in _LOOPBACK

    def _code(self, asked: Mapping[str, str], redirect: str, now: datetime) -> str:
        if asked.get("response_type") != "code":
            raise OAuthError("unsupported_response_type", "Only code.")
        challenge = asked.get("code_challenge", "")
        if asked.get("code_challenge_method") != "S256" or len(challenge) != _S256_LENGTH:
            raise OAuthError("invalid_request", "PKCE with S256 is required.")
        scopes = tuple(asked.get("scope", "").split())
        if not scopes or not set(scopes) <= set(self.rules.scopes):
            raise OAuthError("invalid_scope", "Unknown scope.")
        offline = "offline.access" in scopes or asked.get("access_type") == "offline"
        if self.rules.refresh_once and self._consented and asked.get("prompt") != "consent":
            offline = False
        code = secrets.token_urlsafe(24)
        self._codes[code] = _Code(redirect, challenge, scopes, now + self.rules.code_life, offline)
        return code

    def _know_client(self, ask: Ask) -> None:
        sent, secret = ask.form.get("client_id", ""), ask.form.get("client_secret", "")
        kind, _, given = ask.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                pair = base64.b64decode(given).decode().partition(":")
            except ValueError:
                raise OAuthError("invalid_client", "The header is not readable.", 401) from None
            # Both are form-encoded before they are joined (RFC 6749, 2.3.1).
            sent, secret = unquote(pair[0]), unquote(pair[2])
        if sent != CLIENT_ID:
            raise OAuthError("invalid_client", "The OAuth client was not found.", 401)
        if secret != CLIENT_SECRET and (secret or self.rules.needs_secret):
            raise OAuthError("invalid_client", "The client secret is missing or wrong.", 401)

    def _exchange(self, asked: Mapping[str, str], now: datetime) -> Grant:
        given = asked.get("code", "")
        if given in self._used:
            # RFC 6749, 4.1.2: a code that comes twice may be stolen; what it gave is taken back.
            self._void(self._used[given])
        code = self._codes.pop(given, None)
        if code is None or now >= code.ends:
            raise OAuthError("invalid_grant", "The authorization code is not valid.")
        if asked.get("redirect_uri") != code.redirect:
            raise OAuthError("invalid_grant", "Not the redirect_uri of the request.")
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
            raise OAuthError("invalid_grant", "The code verifier does not match.")
        self._consented = self._consented or code.offline
        self._used[given] = self._world.next_number()
        return self._give(code.scopes, self._used[given], code.offline)

    def _refresh(self, asked: Mapping[str, str]) -> Grant:
        given = asked.get("refresh_token", "")
        old = [grant for grant in self._grants() if given and grant.refresh == given]
        if not old:
            raise OAuthError("invalid_grant", "The token was expired or revoked.")
        kept = "" if self.rules.rotating else given
        if self.rules.rotating:
            for grant in old:
                grant.refresh = ""
        family = self._families.get(given, self._world.next_number())
        return self._give(tuple(old[-1].scopes), family, True, kept)

    def _give(self, scopes: tuple[str, ...], family: int, offline: bool, refresh: str = "") -> Grant:
        access = secrets.token_urlsafe(32)
        refresh = refresh or (secrets.token_urlsafe(32) if offline else "")
        self._families[access] = family
        if refresh:
            self._families[refresh] = family
        return self._world.grant(
            self._platform, access, scopes, lives=self.rules.access_life, refresh=refresh
        )

    def _void(self, family: int) -> None:
        for grant in self._grants():
            if self._families.get(grant.access) == family:
                grant.revoked = True


def bearer(ask: Ask) -> str:
    """The token of the header `Authorization: Bearer …`; empty when there is none."""
    kind, _, token = ask.headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else ""


def _page(status: int, words: str) -> Reply:
    return Reply(status, words.encode(), content_type="text/plain; charset=utf-8")


def _back(redirect: str, facts: Mapping[str, str]) -> Reply:
    joint = "&" if "?" in redirect else "?"
    return Reply(302, b"", {"Location": f"{redirect}{joint}{urlencode(facts)}"}, "text/html")
