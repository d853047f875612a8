"""Connecting the city's accounts: sign in, check, lose, resume, disconnect. Tokens stay in the keyring."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from console.clock import Clock
from console.domain.ids import AccountId, MessageId
from console.domain.messages import KNOWN_PLATFORMS, Account, Platform
from console.domain.platforms import Abilities
from console.domain.roles import Actor, Permission
from console.errors import AccessLostError, ConflictError, ValidationError, VigieError
from console.services.access import Access
from console.services.account_names import CONNECTED, account_for
from console.services.casework import Step
from console.services.connecting_ports import Backlog, StoredConnection
from console.services.connectors import Connectors
from console.services.pictures import is_picture, thumbnail
from console.services.platform_ports import (
    Candidate,
    ClientApp,
    Connection,
    ConnectionState,
    Connector,
    PlatformDirectory,
    SignInKind,
    Tokens,
)
from console.services.platform_rows import AccountRow
from console.services.ports import Database
from console.services.rows import ChangeSet
from console.services.secret_ports import Secrets
from console.services.sharing_ports import HubLine
from console.services.tokens import KeptTokens

log = logging.getLogger(__name__)

SOON = timedelta(days=7)
"""How long before its end a token is announced as ending."""

LOST = {
    "platform.token": ConnectionState.EXPIRED,
    "platform.permission": ConnectionState.FORBIDDEN,
    "platform.blocked": ConnectionState.BLOCKED,
}
"""What an account becomes when its platform no longer accepts who calls."""


class Accounts:
    """Use cases over one `Database`. Changing needs CONNECT_ACCOUNTS, reading READ_QUEUE."""

    def __init__(
        self, db: Database, clock: Clock, secrets: Secrets, directory: PlatformDirectory, line: HubLine
    ) -> None:
        self._db, self._clock, self._line = db, clock, line
        self._secrets, self._directory = secrets, directory
        self._connectors = Connectors(secrets, directory)

    # --- reading -------------------------------------------------------------------------------

    def rows(self, actor: Actor) -> tuple[AccountRow, ...]:
        """Every account, by platform and name."""
        now = self._clock.now()
        actor.require(Permission.READ_QUEUE, now)
        stored = {each.connection.account: each for each in self._db.reads.connections()}
        backlog, elsewhere = self._db.reads.backlog(), self._held_elsewhere()
        return tuple(
            self._row(each, stored.get(each.id), backlog.get(each.id, Backlog()), elsewhere, now)
            for each in self._db.reads.accounts()
        )

    def _row(
        self,
        account: Account,
        stored: StoredConnection | None,
        backlog: Backlog,
        elsewhere: dict[AccountId, str],
        now: datetime,
    ) -> AccountRow:
        connection = stored.connection if stored else None
        ends = connection.expires_at if connection is not None else None
        waits = stored.waits_until if stored else None
        return AccountRow(
            account=account,
            connection=connection,
            abilities=self._directory.abilities(account.platform),
            collected_at=stored.collected_at if stored else None,
            waits_until=waits if waits is not None and waits > now else None,
            budgets=self._connectors.budgets(account.id) or (stored.budgets if stored else ()),
            expires_soon=ends is not None and ends - now <= SOON,
            held_by=elsewhere.get(account.id, ""),
            waiting=backlog.waiting,
            trouble=backlog.trouble,
        )

    def _held_elsewhere(self) -> dict[AccountId, str]:
        return {each.account: each.name for each in self._line.collectors() if each.desk != self._db.desk}

    def platforms(self) -> tuple[Platform, ...]:
        """Those that accounts can be connected of."""
        return KNOWN_PLATFORMS

    def abilities(self, platform: Platform) -> Abilities:
        """What can be done on a platform, by Vigie or by hand."""
        return self._directory.abilities(platform)

    def sign_in_kind(self, platform: Platform) -> SignInKind:
        """How accounts of a platform are connected. Code `platform.unknown`."""
        return self._directory.sign_in(platform).kind

    def scopes(self, platform: Platform) -> tuple[str, ...]:
        """What Vigie asks for. Code `platform.unknown`."""
        return self._directory.sign_in(platform).scopes

    def picture(self, actor: Actor, message: MessageId, index: int) -> bytes:
        """A small PNG of a message's attachment (blocking; off the UI thread).

        Codes `case.unknown`, `platform.media` (no picture there), `picture.unreadable`,
        `account.not_connected`, those of `Connector`.
        """
        actor.require(Permission.READ_QUEUE, self._clock.now())
        account, attachments = self._db.reads.attachments(message)
        if not 0 <= index < len(attachments) or not is_picture(attachments[index]):
            raise ValidationError("platform.media")
        with closing(self._connectors.open(self._connected(account).connection)) as connector:
            return thumbnail(connector.media(attachments[index].url))

    # --- connecting ----------------------------------------------------------------------------

    def sign_in(
        self,
        actor: Actor,
        platform: Platform,
        app: ClientApp,
        open_url: Callable[[str], object],
        stop: Callable[[], bool],
    ) -> tuple[Candidate, ...]:
        """Through the system's browser (blocking); see `SignIn.in_browser`."""
        actor.require(Permission.CONNECT_ACCOUNTS, self._clock.now())
        return self._directory.sign_in(platform).in_browser(app, open_url, stop)

    def pasted(self, actor: Actor, platform: Platform, app: ClientApp, token: str) -> tuple[Candidate, ...]:
        """By a pasted token (blocking); see `SignIn.pasted`."""
        actor.require(Permission.CONNECT_ACCOUNTS, self._clock.now())
        return self._directory.sign_in(platform).pasted(app, token)

    def connect(self, actor: Actor, platform: Platform, app: ClientApp, candidate: Candidate) -> ChangeSet:
        """Keep the tokens in the keyring, then the account and its connection, journalled.

        An account that was connected before is known by the platform's id, whatever it is called now.
        Codes `secret.*`.
        """
        now = self._clock.now()
        actor.require(Permission.CONNECT_ACCOUNTS, now)
        account = account_for(self._db, platform, candidate)
        given = candidate.tokens
        connection = Connection(
            account=account.id,
            platform=platform,
            name=account.name,
            external_id=candidate.external_id,
            state=ConnectionState.CONNECTED,
            connected_at=now,
            scopes=self.scopes(platform),
            # What can be renewed without a person has no end that concerns one.
            expires_at=None if given.refresh else given.expires_at,
            client_id=app.client_id,
            base_url=app.base_url,
            settings=dict(candidate.settings),
        )
        # First the keyring: a connection without tokens would be lost at its first use.
        KeptTokens(self._secrets, connection).write(
            Tokens(given.access, given.refresh, given.expires_at, app.client_secret or given.client_secret)
        )
        facts = {"platform": platform, "name": account.name, "external_id": candidate.external_id}
        with self._db.write() as work:
            work.put_account(account)
            work.put_connection(connection)
            Step(work, actor, now).journal(CONNECTED, account.id, facts)
        return _changed()

    def check(self, actor: Actor, account: AccountId) -> AccountRow:
        """Ask the platform who the token is and what it may do (blocking), and note it.

        A lost access is noted and no error; others are those of `Connector`. Code `account.not_connected`.
        """
        actor.require(Permission.CONNECT_ACCOUNTS, self._clock.now())
        connection = self._known(account).connection
        try:
            with closing(self._connectors.open(connection)) as connector:
                health = connector.check()
        except AccessLostError as error:
            self.lost(account, error)
            return self._row_of(actor, account)
        with self._db.write() as work:
            stored = work.connection_of(account)
            if stored is not None and stored.connection.external_id == connection.external_id:
                before = stored.connection.state
                # Only a person may go on where the platform asked to stop (`resume`).
                blocked = before if before is ConnectionState.BLOCKED else None
                found = replace(
                    stored.connection,
                    state=blocked or ConnectionState.CONNECTED,
                    code="account.scopes_missing" if health.missing else "",
                    scopes=health.scopes or stored.connection.scopes,
                    expires_at=health.expires_at or stored.connection.expires_at,
                )
                work.put_connection(found)
        return self._row_of(actor, account)

    def disconnect(self, actor: Actor, account: AccountId) -> ChangeSet:
        """Make the token void where the platform can, forget it, journalled (blocking).

        A platform that cannot be reached keeps nobody from disconnecting. Code `account.not_connected`.
        """
        now = self._clock.now()
        actor.require(Permission.CONNECT_ACCOUNTS, now)
        connection = self._known(account).connection
        revoked = self._revoke(connection)
        self._connectors.drop(account)
        KeptTokens(self._secrets, connection).forget()
        with self._db.write() as work:
            work.put_connection(replace(connection, state=ConnectionState.DISCONNECTED, code=""))
            facts = {"platform": connection.platform, "name": connection.name, "revoked": revoked}
            Step(work, actor, now).journal("account.disconnected", account, facts)
        return _changed()

    def _revoke(self, connection: Connection) -> bool:
        try:
            with closing(self._connectors.open(connection)) as connector:
                connector.revoke()
        except VigieError as error:
            log.info("a token could not be revoked: %s", error.code)
            return False
        return True

    def resume(self, actor: Actor, account: AccountId) -> ChangeSet:
        """A person says that an account whose platform asked to stop may be used again, journalled."""
        now = self._clock.now()
        actor.require(Permission.CONNECT_ACCOUNTS, now)
        connection = self._known(account).connection
        if connection.state is not ConnectionState.BLOCKED:
            return ChangeSet()
        with self._db.write() as work:
            work.put_connection(replace(connection, state=ConnectionState.CONNECTED, code=""))
            work.put_wait(account, None, ())
            facts = {"platform": connection.platform, "name": connection.name}
            Step(work, actor, now).journal("account.resumed", account, facts)
        return _changed()

    # --- for those who collect and deliver -----------------------------------------------------

    def connector(self, account: AccountId) -> Connector:
        """The calling thread's connector of an account, kept until the connection changes.

        Codes `account.not_connected`, `AccessLostError` with the code by which it was lost, `secret.*`.
        """
        return self._connectors.of(self._connected(account).connection)

    def takes_turn(self, account: AccountId) -> bool:
        """Whether this desk collects the account now (blocking). Raises `OfflineError` without a line."""
        return self._line.lease_account(account)

    def release(self) -> None:
        """Close the connectors of the calling thread."""
        self._connectors.release()

    def lost(self, account: AccountId, error: AccessLostError) -> None:
        """Note that the platform no longer accepts who calls, once; journalled by whoever has the desk."""
        state = LOST.get(error.code, ConnectionState.EXPIRED)
        actor = Access(self._db, self._clock).current()
        with self._db.write() as work:
            stored = work.connection_of(account)
            if stored is None or stored.connection.state is not ConnectionState.CONNECTED:
                return
            connection = stored.connection
            work.put_connection(replace(connection, state=state, code=error.code))
            if actor is not None:
                facts = {"platform": connection.platform, "name": connection.name, "code": error.code}
                Step(work, actor, self._clock.now()).journal("account.lost", account, facts)

    def close(self) -> None:
        """Close every connector."""
        self._connectors.close()

    # --- ---------------------------------------------------------------------------------------

    def _row_of(self, actor: Actor, account: AccountId) -> AccountRow:
        return next(each for each in self.rows(actor) if each.account.id == account)

    def _known(self, account: AccountId) -> StoredConnection:
        """A connection in any state but «disconnected». Code `account.not_connected`."""
        with self._db.write() as work:
            stored = work.connection_of(account)
        if stored is None or stored.connection.state is ConnectionState.DISCONNECTED:
            raise ConflictError("account.not_connected", account=account)
        return stored

    def _connected(self, account: AccountId) -> StoredConnection:
        stored = self._known(account)
        if stored.connection.state is not ConnectionState.CONNECTED:
            raise AccessLostError(stored.connection.code or "platform.token", account=account)
        return stored


def _changed() -> ChangeSet:
    """Accounts are in no set of their own: whoever lists them reads them again."""
    return ChangeSet(counts=True, outgoing=True)
