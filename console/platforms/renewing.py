"""Manners of platforms whose tokens run out within hours: renewed once, kept before they are used."""

from __future__ import annotations

from dataclasses import replace

from console.clock import Clock
from console.errors import AccessLostError
from console.platforms.http.manners import Manners
from console.platforms.http.tokens import renewed
from console.platforms.http.wire import Call, Wire
from console.services.platform_ports import Tokens, TokenStore


class RenewingManners(Manners):
    """The token goes into `Authorization: Bearer`; when it is no longer taken it is renewed."""

    def __init__(self, clock: Clock, store: TokenStore, client_id: str, token_url: str) -> None:
        super().__init__(clock)
        self._store, self._client_id, self._token_url = store, client_id, token_url
        self._tokens: Tokens | None = None

    @property
    def tokens(self) -> Tokens:
        """Those that are used now."""
        if self._tokens is None:
            self._tokens = self._store.read()
        return self._tokens

    def authorise(self, call: Call) -> Call:
        """The call with its bearer token (RFC 6750)."""
        bearer = {"Authorization": f"Bearer {self.tokens.access}"}
        return replace(call, headers={**call.headers, **bearer})

    def renew(self, wire: Wire) -> bool:
        """Take the tokens that another connector of the account renewed meanwhile, else renew them.

        A refresh token that rotates is good for one use: of two that try, the second looks again.
        """
        used = self.tokens.access
        if self._taken_over(used):
            return True
        try:
            self._tokens = renewed(wire, self._token_url, self._store, self._client_id, self.clock)
        except AccessLostError:
            if self._taken_over(used):
                return True
            raise
        return True

    def secrets(self) -> tuple[str, ...]:
        """What must not stand in a receipt or a log."""
        held = self.tokens
        return tuple(filter(None, (held.access, held.refresh, held.client_secret)))

    def _taken_over(self, used: str) -> bool:
        stored = self._store.read()
        if stored.access == used:
            return False
        self._tokens = stored
        return True
