"""An account of X: OAuth 2.0 with PKCE. The callback must be registered with X, to the letter."""

from __future__ import annotations

from console.platforms.signing_in.browser import BrowserSignIn, Endpoints
from console.platforms.signing_in.calls import asked, bearer
from console.services.platform_ports import Candidate, ClientApp, Tokens

PORT = 8765
"""X compares the callback with the registered one exactly: `http://127.0.0.1:8765/`."""


class XSignIn(BrowserSignIn):
    """Fulfils `SignIn`."""

    scopes = (
        "tweet.read",
        "tweet.write",
        "tweet.moderate.write",
        "users.read",
        "dm.read",
        "dm.write",
        "mute.read",
        "mute.write",
        "offline.access",
    )
    basic = True

    def __init__(self, port: int = PORT, ca_file: str = "") -> None:
        super().__init__(port, ca_file)

    def endpoints(self, app: ClientApp) -> Endpoints:
        """X's, or all under one base address."""
        base = app.base_url.rstrip("/")
        return Endpoints(
            f"{base or 'https://x.com'}/i/oauth2/authorize",
            f"{base or 'https://api.x.com'}/2/oauth2/token",
            base or "https://api.x.com",
        )

    def candidates(self, api: str, tokens: Tokens) -> tuple[Candidate, ...]:
        """The one account that the person chose in the browser."""
        data = asked(
            api, self._ca_file, bearer(tokens), "/2/users/me", {"user.fields": "id,name,username"}
        ).record("data")
        name = data.text("name") or data.text("username")
        return (Candidate(data.id(), name, tokens, {"username": data.text("username")}),)
