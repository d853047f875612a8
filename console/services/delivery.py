"""Carrying out what was decided: surely, once, in order, and with receipts.

Every call is on disk before it is made. Whatever stops the program afterwards, the next round finds a call
without an answer and asks the platform what became of it, before anything else happens to the item.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from console.clock import Clock
from console.domain.ids import AccountId, MessageId, OutgoingId, PersonId
from console.domain.roles import Actor, Permission
from console.errors import AccessLostError, OfflineError, VigieError
from console.services.delivery_ports import Dispatch
from console.services.delivery_steps import AT_FIRST, GOING, Ending, ItemSteps, Resting
from console.services.outlook import Outlook
from console.services.platform_ports import ConnectionState, Connector
from console.services.ports import Database
from console.services.rows import ChangeSet
from console.services.sending import Sending
from console.services.sharing_ports import HubLine, LineState

_AT_ONCE = 500
_SOON = timedelta(seconds=15)
"""When what could not be taken up this time (lent to another desk, not accepted yet) is looked at again."""


class DeliveryAccounts(Protocol):
    """What carrying out asks of `console.services.accounts.Accounts`."""

    def connector(self, account: AccountId) -> Connector:
        """Codes `account.not_connected`, those of `AccessLostError` and of the keyring."""
        ...

    def lost(self, account: AccountId, error: AccessLostError) -> object:
        """The platform no longer accepts this account."""
        ...


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """Outcome of one round. `waiting`: to be tried again; `trouble`: a person has to look. `next_at`: when
    something is due again, None when nothing waits."""

    sent: int = 0
    by_hand: int = 0
    waiting: int = 0
    trouble: int = 0
    next_at: datetime | None = None
    changes: ChangeSet = field(default_factory=ChangeSet)


class Delivery:
    """One round at a time over one `Database`; another thread that asks meanwhile gets an empty report."""

    def __init__(
        self, db: Database, clock: Clock, line: HubLine, accounts: DeliveryAccounts, outlook: Outlook
    ) -> None:
        self._db, self._clock, self._line = db, clock, line
        self._accounts, self._outlook = accounts, outlook
        self._resting = Resting()
        self._one = threading.Lock()

    def run(self, actor: Actor, stop: Callable[[], bool]) -> DeliveryReport:
        """Carry out everything that is due, as `actor`. `stop` is asked before every call to a platform.

        What a platform or a line refuses is recorded with its item; nothing of it is raised.
        """
        actor.require(Permission.DELIVER, self._clock.now())
        if not self._one.acquire(blocking=False):
            return DeliveryReport()
        try:
            return _Round(self, actor, stop).run()
        finally:
            self._one.release()


class _Round:
    def __init__(self, delivery: Delivery, actor: Actor, stop: Callable[[], bool]) -> None:
        self._db, self._clock, self._line = delivery._db, delivery._clock, delivery._line
        self._accounts, self._outlook = delivery._accounts, delivery._outlook
        self._resting, self._stop = delivery._resting, stop
        self._steps = ItemSteps(self._db, self._clock, actor, self._outlook)
        self._counts: dict[Ending, int] = dict.fromkeys(Ending, 0)
        self._messages: set[MessageId] = set()
        self._people: set[PersonId] = set()
        self._unconnected: set[AccountId] = set()

    def run(self) -> DeliveryReport:
        moved = self._outlook.end_grace()
        # The order of ids is that of deciding: an item's predecessor has had its turn before it.
        for item in self._db.reads.due(self._clock.now(), _AT_ONCE):
            if self._stop():
                break
            self._take(item)
        return self._report(moved)

    def _take(self, item: Dispatch) -> None:
        if item.to.account in self._unconnected:
            return
        with self._db.write() as work:
            fresh = work.dispatch(item.id)
            accepted = fresh is not None and work.is_accepted(fresh.decision)
        if fresh is None or fresh.blocked or not accepted or fresh.state not in GOING:
            self._counts[Ending.SKIPPED] += 1
            return
        connector = self._connector(fresh)
        if connector is not None:
            self._carry_out(fresh, connector)

    def _carry_out(self, item: Dispatch, connector: Connector) -> None:
        if not self._lent(item.id):
            self._counts[Ending.SKIPPED] += 1
            return
        shared = self._line.line().state is not LineState.ALONE
        lent = partial(self._lent, item.id)
        sending = Sending(self._steps, connector, self._accounts, self._resting, lent, shared)
        ending = sending.carry_out(item, self._stop)
        self._counts[ending] += 1
        if ending is Ending.SKIPPED:
            return
        self._messages.add(item.message)
        if item.warning is not None:
            with self._db.write() as work:
                head = work.case(item.message)
            self._people |= {head.person_id, head.shown_as}

    def _connector(self, item: Dispatch) -> Connector | None:
        account = item.to.account
        if item.to.connection is not ConnectionState.CONNECTED:
            return None  # lost in this round
        try:
            return self._accounts.connector(account)
        except AccessLostError as error:
            self._accounts.lost(account, error)
            ending = self._steps.put_off(item.id, None, error.code)
        except VigieError as error:
            ending = self._steps.put_off(item.id, self._clock.now() + AT_FIRST, error.code)
        self._counts[ending] += 1
        self._unconnected.add(account)
        return None

    def _lent(self, item: OutgoingId) -> bool:
        """Whether this desk may carry the item out now."""
        try:
            return self._line.lease_item(item)
        except OfflineError:
            return False  # without the hub nobody knows who else is at it

    def _report(self, moved: int) -> DeliveryReport:
        now, counts = self._clock.now(), self._counts
        next_at = self._db.reads.next_due(now)
        if counts[Ending.SKIPPED]:
            next_at = min(now + _SOON, next_at or now + _SOON)
        changed = bool(moved or self._messages)
        return DeliveryReport(
            sent=counts[Ending.SENT],
            by_hand=counts[Ending.BY_HAND],
            waiting=counts[Ending.WAITING],
            trouble=counts[Ending.TROUBLE],
            next_at=next_at,
            changes=ChangeSet(frozenset(self._messages), frozenset(self._people), outgoing=changed),
        )
