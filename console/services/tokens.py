"""The tokens of connected accounts: in the keyring under the connection's name, nowhere else."""

from __future__ import annotations

import msgspec

from console.errors import AccessLostError
from console.services.platform_ports import Connection, Tokens
from console.services.secret_ports import Secrets

_PART = 1_000
_GOES_ON = "…"
"""At the end of a part that is not the last; JSON of tokens ends with a brace."""


class KeptTokens:
    """Fulfils `TokenStore`: the JSON of `Tokens` under `Connection.secret_name`.

    Windows keeps no secret above 1,280 characters (`CRED_MAX_CREDENTIAL_BLOB_SIZE`), and some platforms give
    tokens of a thousand: what is longer goes on under the same name with a number, the last part first, so
    that whatever interrupts writing leaves no half that passes for whole.

    Errors of the keyring (`secret.*`) come through; tokens that are not there, or are no tokens, are
    `AccessLostError("platform.token")`: somebody connects again.
    """

    def __init__(self, secrets: Secrets, connection: Connection) -> None:
        self._secrets, self._name, self._account = secrets, connection.secret_name, connection.account

    def read(self) -> Tokens:
        """The tokens as last written."""
        kept, number = self._secrets.get(self._name), 1
        while kept is not None and kept.endswith(_GOES_ON):
            number += 1
            kept = kept.removesuffix(_GOES_ON) + (self._secrets.get(f"{self._name}#{number}") or "")
        if kept is not None:
            try:
                return msgspec.json.decode(kept, type=Tokens)
            except msgspec.MsgspecError:
                pass  # its words could hold a part of the secret
        raise AccessLostError("platform.token", account=self._account)

    def write(self, tokens: Tokens) -> None:
        """Keep them; on disk when this returns."""
        whole = msgspec.json.encode(tokens).decode()
        parts = [whole[start : start + _PART] for start in range(0, len(whole), _PART)]
        for number in range(len(parts), 1, -1):
            more = _GOES_ON if number < len(parts) else ""
            self._secrets.put(f"{self._name}#{number}", parts[number - 1] + more)
        self._secrets.put(self._name, parts[0] + (_GOES_ON if len(parts) > 1 else ""))
        self._drop_from(len(parts) + 1)

    def forget(self) -> None:
        """There are none any more."""
        self._secrets.drop(self._name)
        self._drop_from(2)

    def _drop_from(self, number: int) -> None:
        """Parts of longer tokens that were here before."""
        while self._secrets.get(f"{self._name}#{number}") is not None:
            self._secrets.drop(f"{self._name}#{number}")
            number += 1
