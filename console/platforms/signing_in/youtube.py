"""A YouTube channel: Google's OAuth for installed programs."""

from __future__ import annotations

from console.platforms.signing_in.browser import BrowserSignIn, Endpoints
from console.platforms.signing_in.calls import asked, bearer
from console.services.platform_ports import Candidate, ClientApp, Tokens


class YouTubeSignIn(BrowserSignIn):
    """Fulfils `SignIn`. Google takes any loopback port."""

    scopes = ("https://www.googleapis.com/auth/youtube.force-ssl",)
    # Without both, Google gives a refresh token at the first consent only, or never.
    extra = (("access_type", "offline"), ("prompt", "consent"))

    def endpoints(self, app: ClientApp) -> Endpoints:
        """Google's, or all under one base address."""
        base = app.base_url.rstrip("/")
        if base:
            return Endpoints(f"{base}/o/oauth2/v2/auth", f"{base}/token", base)
        return Endpoints(
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://www.googleapis.com/youtube/v3",
        )

    def candidates(self, api: str, tokens: Tokens) -> tuple[Candidate, ...]:
        """The person's channels."""
        found = asked(api, self._ca_file, bearer(tokens), "/channels", {"part": "snippet", "mine": True})
        return tuple(
            Candidate(each.id(), each.record("snippet").text("title"), tokens)
            for each in found.records("items")
        )
