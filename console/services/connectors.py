"""The connectors in use: one a thread and account, kept as long as the connection stays the same, because
the pace that a platform asks for is in it."""

from __future__ import annotations

import threading
from dataclasses import replace

from console.domain.ids import AccountId
from console.services.platform_ports import Budget, Connection, Connector, PlatformDirectory
from console.services.secret_ports import Secrets
from console.services.tokens import KeptTokens

_Key = tuple[AccountId, int]


class Connectors:
    """Opens connectors and closes what nobody uses any more. Safe to share between threads."""

    def __init__(self, secrets: Secrets, directory: PlatformDirectory) -> None:
        self._secrets, self._directory = secrets, directory
        self._guard = threading.Lock()
        self._kept: dict[_Key, tuple[Connection, Connector]] = {}

    def open(self, connection: Connection) -> Connector:
        """One of the caller's own, who closes it. Codes `platform.unknown`, `platform.token`, `secret.*`."""
        tokens = KeptTokens(self._secrets, connection)
        tokens.read()  # a keyring that is locked, or empty, is said before any call
        return self._directory.connect(connection, tokens)

    def of(self, connection: Connection) -> Connector:
        """The calling thread's, made at its first use. Codes of `open`."""
        key, same = (connection.account, threading.get_ident()), _same(connection)
        with self._guard:
            found = self._kept.get(key)
        if found is not None and found[0] == same:
            return found[1]
        fresh = self.open(connection)
        with self._guard:
            self._kept[key] = (same, fresh)
        if found is not None:
            found[1].close()
        return fresh

    def budgets(self, account: AccountId) -> tuple[Budget, ...]:
        """As the newest answers to any thread said; empty when nobody has one open."""
        with self._guard:
            found = [kept[1] for key, kept in self._kept.items() if key[0] == account]
        return found[-1].budgets() if found else ()

    def drop(self, account: AccountId) -> None:
        """The account is no longer connected: no thread may go on with its tokens."""
        self._close([key for key in self._kept if key[0] == account])

    def release(self) -> None:
        """Close those of the calling thread, which ends."""
        self._close([key for key in self._kept if key[1] == threading.get_ident()])

    def close(self) -> None:
        """Close all."""
        self._close(list(self._kept))

    def _close(self, keys: list[_Key]) -> None:
        with self._guard:
            closed = [self._kept.pop(key) for key in keys if key in self._kept]
        for _, connector in closed:
            connector.close()


def _same(connection: Connection) -> Connection:
    """What a connector depends on: connecting again makes another, a state or a new end of it does not."""
    return replace(connection, code="", scopes=(), expires_at=None, settings=dict(connection.settings))
