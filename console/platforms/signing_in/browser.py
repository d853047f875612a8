"""OAuth 2.0 in the system's browser: authorization code with PKCE S256 (RFC 6749, 7636, 8252)."""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from authlib.common.security import generate_token
from authlib.oauth2.client import OAuth2Client

from console.clock import SystemClock
from console.errors import (
    AccessLostError,
    OfflineError,
    PermissionDeniedError,
    UncertainError,
    ValidationError,
)
from console.platforms.http.client import Api
from console.platforms.http.shape import record
from console.platforms.http.wire import Wire
from console.platforms.signing_in.calls import Given
from console.platforms.signing_in.loopback import Loopback
from console.services.platform_ports import Candidate, ClientApp, SignInKind, Tokens

_VERIFIER = 64
"""Characters; RFC 7636 takes 43 to 128."""
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the platform is asked. With `ClientApp.base_url` all of it is there."""

    authorize: str
    token: str
    api: str


class BrowserSignIn(ABC):
    """Base of the sign-ins in the browser. Fulfils `SignIn`."""

    scopes: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    """More parameters of the authorization request."""
    basic = False
    """Whether a client with a secret proves itself in the header (X), not in the body (Google)."""

    def __init__(self, port: int = 0, ca_file: str = "") -> None:
        self._port, self._ca_file = port, ca_file

    @property
    def kind(self) -> SignInKind:
        """In the browser."""
        return SignInKind.BROWSER

    @abstractmethod
    def endpoints(self, app: ClientApp) -> Endpoints:
        """Where the platform is asked."""

    @abstractmethod
    def candidates(self, api: str, tokens: Tokens) -> tuple[Candidate, ...]:
        """The accounts behind the tokens."""

    def in_browser(
        self, app: ClientApp, open_url: Callable[[str], object], stop: Stop
    ) -> tuple[Candidate, ...]:
        """Open the browser, wait for the answer, exchange the code. More codes: `signin.client_empty`,
        `signin.no_account`."""
        if not app.client_id.strip():
            raise ValidationError("signin.client_empty")
        ends = self.endpoints(app)
        with Loopback(self._port) as loopback:
            client = OAuth2Client(
                None,
                client_id=app.client_id,
                redirect_uri=loopback.address,
                scope=" ".join(self.scopes),
                code_challenge_method="S256",
            )
            verifier = generate_token(_VERIFIER)
            address, state = client.create_authorization_url(
                ends.authorize, code_verifier=verifier, **dict(self.extra)
            )
            open_url(address)
            given = loopback.wait(stop)
            redirect = loopback.address
        # Somebody else's answer, or an old one, is not taken (RFC 6749, 10.12).
        if given.get("state") != state:
            raise ValidationError("signin.state")
        if "code" not in given:
            raise PermissionDeniedError("signin.denied", reason=given.get("error", "")[:100])
        tokens = self._exchanged(app, ends, given["code"], verifier, redirect)
        found = self.candidates(ends.api, tokens)
        if not found:
            raise ValidationError("signin.no_account")
        return found

    def pasted(self, app: ClientApp, token: str) -> tuple[Candidate, ...]:
        """Not the way of this platform. Code `signin.way`."""
        raise ValidationError("signin.way")

    def _exchanged(self, app: ClientApp, ends: Endpoints, code: str, verifier: str, redirect: str) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "client_id": app.client_id,
            "code_verifier": verifier,
        }
        headers = {}
        if app.client_secret and self.basic:
            headers = {"Authorization": _basic(app)}
        elif app.client_secret:
            form["client_secret"] = app.client_secret
        with Wire(ends.api, self._ca_file) as wire:
            try:
                answer = Api(wire, Given(headers)).send("POST", ends.token, form=form)
            except UncertainError:
                # The code is used up, but nothing on the platform changed: the person tries again.
                raise OfflineError("platform.unreachable") from None
        if not answer.ok:
            raise AccessLostError("platform.token", reason=answer.code)
        body = record(answer.body)
        access, lasts = body.id("access_token"), body.number("expires_in")
        ends_at = SystemClock().now() + timedelta(seconds=lasts) if lasts and 0 < lasts < 10**9 else None
        return Tokens(access, body.text("refresh_token"), ends_at, app.client_secret)


def _basic(app: ClientApp) -> str:
    return "Basic " + base64.b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()
