"""Connected accounts, how far they were collected, and pictures that were removed before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from console.domain.ids import AccountId
from console.errors import ConflictError
from console.services.connecting_ports import KnownPicture, StoredConnection
from console.services.platform_ports import Budget, Connection
from console.store.reads.connecting import CONNECTIONS, stored_connection
from console.store.tables import accounts, connections, known_pictures, messages
from console.store.writes.base import Writes


class ConnectingWrites(Writes):
    """Fulfils `console.services.connecting_ports.ConnectingWrites`."""

    def put_connection(self, connection: Connection) -> None:
        """Add or change a connection. Code `account.unknown`."""
        pk = self._account_pk(connection.account)
        before = self.connection_of(connection.account)
        values: dict[str, Any] = {
            "external_id": connection.external_id,
            "state": connection.state,
            "code": connection.code,
            "connected_at": connection.connected_at,
            "scopes": connection.scopes,
            "expires_at": connection.expires_at,
            "client_id": connection.client_id,
            "base_url": connection.base_url,
            "settings": dict(connection.settings),
        }
        if before is None or before.connection.external_id != connection.external_id:
            # Another thing on the platform: what was read of the former one says nothing about it.
            values |= {"cursor": "", "collected_at": None, "waits_until": None, "looked_at": None}
            values["budgets"] = ()
        statement = upsert(connections).values(**{"account": pk, "budgets": (), **values})
        self.connection.execute(statement.on_conflict_do_update(index_elements=["account"], set_=values))

    def connection_of(self, account: AccountId) -> StoredConnection | None:
        """The connection of an account; None when it was never connected here."""
        row = self.connection.execute(CONNECTIONS.where(accounts.c.id == account)).one_or_none()
        return None if row is None else stored_connection(row)

    def put_collected(self, account: AccountId, cursor: str, at: datetime, budgets: Sequence[Budget]) -> None:
        """The messages up to this cursor are stored (in this transaction)."""
        values = {"cursor": cursor, "collected_at": at, "waits_until": None, "budgets": tuple(budgets)}
        self._change_connection(account, values)

    def put_wait(self, account: AccountId, until: datetime | None, budgets: Sequence[Budget]) -> None:
        """The platform asked not to be called before."""
        self._change_connection(account, {"waits_until": until, "budgets": tuple(budgets)})

    def put_looked(self, account: AccountId, until: datetime | None) -> None:
        """Messages posted up to then were looked at again; None: the round is over."""
        self._change_connection(account, {"looked_at": until})

    def put_picture(self, picture: KnownPicture) -> None:
        """Remember a removed picture; one that is known keeps its first mention."""
        values = {
            "hash": picture.hash,
            "rule": picture.rule,
            "label": picture.label,
            "message": picture.message,
            "noted_at": picture.noted_at,
            "noted_by": picture.noted_by,
        }
        self.connection.execute(upsert(known_pictures).values(values).on_conflict_do_nothing())

    def forget_pictures(self) -> int:
        """Drop pictures of messages whose decision was taken back."""
        undecided = select(messages.c.id).where(
            messages.c.id.in_(select(known_pictures.c.message)), messages.c.decision.is_(None)
        )
        gone = delete(known_pictures).where(known_pictures.c.message.in_(undecided))
        return self.connection.execute(gone).rowcount

    def _change_connection(self, account: AccountId, values: dict[str, Any]) -> None:
        found = select(accounts.c.pk).where(accounts.c.id == account).scalar_subquery()
        changed = self.connection.execute(
            update(connections).where(connections.c.account == found).values(**values)
        )
        if not changed.rowcount:
            raise ConflictError("account.not_connected", account=account)

    def _account_pk(self, account: AccountId) -> int:
        pk = self.connection.execute(select(accounts.c.pk).where(accounts.c.id == account)).scalar()
        if pk is None:
            raise ConflictError("account.unknown", account=account)
        return int(pk)
