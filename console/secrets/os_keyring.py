"""The operating system's keyring (Secret Service, KWallet, macOS Keychain, Windows Credential Manager).

Over `keyring` 25, which has three ways of losing or exposing a secret without a word: its `null` backend
drops what it is given, `fail` has none, and `keyrings.alt` writes plain text into a file. None of them
counts as a keyring here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from console.errors import SecretLockedError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "Vigie"
_REFUSED = ("keyring.backends.null", "keyring.backends.fail", "keyrings.alt")


class OsKeyring:
    """Fulfils `console.services.secret_ports.Secrets`. May be slow, and may ask the person to unlock it."""

    passing = False

    @property
    def kind(self) -> str:
        """The backend's class, for example `SecretService.Keyring`; "" when there is none."""
        try:
            return _name(self._backends()[0])
        except SecretLockedError:
            return ""

    def get(self, name: str) -> str | None:
        """See `Secrets.get`."""
        for backend in self._backends():
            with _said(backend):
                found = backend.get_password(_SERVICE, name)
            if found is not None:
                return str(found)
        return None

    def put(self, name: str, secret: str) -> None:
        """See `Secrets.put`."""
        backend = self._backends()[0]
        with _said(backend):
            backend.set_password(_SERVICE, name, secret)
            kept = backend.get_password(_SERVICE, name)
        if kept != secret:
            raise SecretLockedError("secret.failed", keyring=_name(backend))

    def drop(self, name: str) -> None:
        """See `Secrets.drop`."""
        for backend in self._backends():
            with _said(backend):
                if backend.get_password(_SERVICE, name) is not None:
                    backend.delete_password(_SERVICE, name)

    def _backends(self) -> list[KeyringBackend]:
        """Those that keep secrets, best first. Code `secret.no_keyring`."""
        # Imported here: 50 ms that a verdict on the command line need not wait for.
        import keyring
        from keyring.backends.chainer import ChainerBackend

        chosen = keyring.get_keyring()
        # The chain would fall through to a backend that is refused: its links are looked at one by one.
        links = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
        kept = [each for each in links if not _refused(each)]
        if not kept:
            raise SecretLockedError("secret.no_keyring")
        return kept


def _refused(backend: KeyringBackend) -> bool:
    # A subclass of a refused one is refused, too.
    return any(kind.__module__.startswith(_REFUSED) for kind in type(backend).__mro__)


def _name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__.rsplit('.', 1)[-1]}.{type(backend).__qualname__}"


@contextmanager
def _said(backend: KeyringBackend) -> Iterator[None]:
    from keyring.errors import KeyringLocked, NoKeyringError

    try:
        yield
    except KeyringLocked as error:
        raise SecretLockedError("secret.locked") from error
    except NoKeyringError as error:
        raise SecretLockedError("secret.no_keyring") from error
    except Exception as error:
        # `KeyringError`, and more: backends speak to D-Bus and to systems of their own, and let the
        # errors of those through.
        raise SecretLockedError("secret.failed", keyring=_name(backend)) from error
