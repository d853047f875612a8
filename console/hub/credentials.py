"""What a member keeps in the keyring: password, seal secret, and the keys of the files between desks."""

from __future__ import annotations

import msgspec

from console.errors import SecretLockedError
from console.services.secret_ports import Secrets
from console.services.sharing_ports import HubAddress


class Credentials(msgspec.Struct, frozen=True):
    """All of a member's secrets at one desk, in hex but for the password. Never logged."""

    password: str
    secret: str
    """Seals the member's events (HMAC)."""
    carry_key: str
    """Encrypts files between the desks of one hub."""
    signing_key: str
    """Ed25519 private key of this desk: signs its files."""

    def __repr__(self) -> str:
        return "Credentials(…)"


def name_of(address: HubAddress) -> str:
    """Under which name the keyring keeps them."""
    return f"hub:{address.host}:{address.port}/{address.database}/{address.login}"


def load(secrets: Secrets, address: HubAddress) -> Credentials:
    """Codes `secret.*`, `hub.secret_missing`: the keyring has none (another account, a new machine)."""
    found = secrets.get(name_of(address))
    if found is None:
        raise SecretLockedError("hub.secret_missing", login=address.login)
    try:
        return msgspec.json.decode(found, type=Credentials)
    except msgspec.MsgspecError as error:
        raise SecretLockedError("hub.secret_missing", login=address.login) from error


def keep(secrets: Secrets, address: HubAddress, credentials: Credentials) -> None:
    """Put them into the keyring. Codes `secret.*`."""
    secrets.put(name_of(address), msgspec.json.encode(credentials).decode())
