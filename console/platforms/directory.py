"""All platforms that Vigie knows. A connector is loaded when an account of its platform is used."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from console.clock import Clock, SystemClock
from console.domain.messages import FACEBOOK, INSTAGRAM, LINKEDIN, TIKTOK, YOUTUBE, Platform, X
from console.domain.platforms import Abilities
from console.errors import ValidationError
from console.platforms.abilities import abilities_of
from console.services.platform_ports import Connection, Connector, SignIn, TokenStore

_CONNECTORS = {
    FACEBOOK: "facebook:Facebook",
    INSTAGRAM: "instagram:Instagram",
    YOUTUBE: "youtube:YouTubeConnector",
    X: "x:XConnector",
    LINKEDIN: "linkedin:LinkedInConnector",
    TIKTOK: "tiktok:TikTokConnector",
}
"""Module and class, each made as `Class(connection, tokens, clock, ca_file=…)`."""


class Directory:
    """Fulfils `console.services.platform_ports.PlatformDirectory`."""

    def __init__(self, clock: Clock | None = None, ca_file: Callable[[], str] = str) -> None:
        """`ca_file`: a certificate authority of the city's network (PEM), or "" for the system's."""
        self._clock, self._ca_file = clock or SystemClock(), ca_file

    def abilities(self, platform: Platform) -> Abilities:
        """What can be done there; for an unknown platform everything is by hand."""
        return abilities_of(platform)

    def connect(self, connection: Connection, tokens: TokenStore) -> Connector:
        """A connector for a connected account. Code `platform.unknown`."""
        named = _CONNECTORS.get(connection.platform)
        if named is None:
            raise ValidationError("platform.unknown", platform=connection.platform)
        module, _, name = named.partition(":")
        made = getattr(import_module(f"console.platforms.{module}"), name)
        ca_file = connection.settings.get("ca_file") or self._ca_file()
        return cast(Connector, made(connection, tokens, self._clock, ca_file=ca_file))

    def sign_in(self, platform: Platform) -> SignIn:
        """How an account of the platform is connected. Code `platform.unknown`."""
        from console.platforms.signing_in import sign_in

        return sign_in(platform, self._ca_file())
