"""The tokens of connected accounts: in the keyring under the connection's name, nowhere else."""

from __future__ import annotations

import msgspec

from console.errors import AccessLostError
from console.services.platform_ports import Connection, Tokens
from console.services.secret_ports import Secrets


class KeptTokens:
    """Fulfils `TokenStore`: the JSON of `Tokens` under `Connection.secret_name`.

    Errors of the keyring (`secret.*`) come through; tokens that are not there, or are no tokens, are
    `AccessLostError("platform.token")`: somebody connects again.
    """

    def __init__(self, secrets: Secrets, connection: Connection) -> None:
        self._secrets, self._name, self._account = secrets, connection.secret_name, connection.account

    def read(self) -> Tokens:
        """The tokens as last written."""
        kept = self._secrets.get(self._name)
        if kept is not None:
            try:
                return msgspec.json.decode(kept, type=Tokens)
            except msgspec.MsgspecError:
                pass  # its words could hold a part of the secret
        raise AccessLostError("platform.token", account=self._account)

    def write(self, tokens: Tokens) -> None:
        """Keep them; on disk when this returns."""
        self._secrets.put(self._name, msgspec.json.encode(tokens).decode())

    def forget(self) -> None:
        """There are none any more."""
        self._secrets.drop(self._name)
