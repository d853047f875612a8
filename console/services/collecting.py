"""Taking in what people write on the city's accounts: page by page, each with its cursor in one transaction.

A page is on disk together with the place from which reading goes on, so that a kill at any instant leaves
neither a gap nor a message twice. What comes is judged exactly as an import is (`intake_judging`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from console.clock import Clock
from console.domain.ids import AccountId, MessageId, message_id
from console.domain.messages import Account, IncomingMessage
from console.domain.roles import Actor, Permission
from console.domain.sanctions import LadderSettings
from console.errors import AccessLostError, RateLimitedError, VigieError
from console.services.accounts import Accounts
from console.services.casework import Step
from console.services.connecting_ports import StoredConnection
from console.services.intake_context import threaded
from console.services.intake_gone import close_gone
from console.services.intake_judging import Judging
from console.services.picture_look import PictureLook
from console.services.platform_ports import Connector, FetchedPage
from console.services.ports import Database, Judge, TakenIn
from console.services.rows import ChangeSet

BATCH = 500
"""Messages that are stored at once: pages are gathered up to it, so that what was written first is judged
first although lists give the newest first."""
LOOKS = 50
"""Messages that are looked at again in one round; `Connector.look` takes as many."""
LOOK_BACK = timedelta(days=7)
"""How long after its decision a message is looked at again."""
LOOK_ROUND = timedelta(minutes=15)
"""All messages that are watched are looked at no more often: each look is paid for, in units or in money."""


@dataclass(frozen=True, slots=True)
class CollectReport:
    """What one run over an account brought."""

    account: AccountId
    added: int = 0
    updated: int = 0
    gone: int = 0
    seconds: float = 0.0
    changes: ChangeSet = field(default_factory=ChangeSet)
    error: VigieError | None = None
    """Why the platform did not let it end; what came before is stored."""


@dataclass(slots=True)
class _Tally:
    added: list[MessageId] = field(default_factory=list)
    updated: list[MessageId] = field(default_factory=list)
    gone: list[MessageId] = field(default_factory=list)

    def report(self, account: AccountId, seconds: float, error: VigieError | None) -> CollectReport:
        touched = frozenset((*self.added, *self.updated, *self.gone))
        changes = ChangeSet(messages=touched, counts=bool(touched))
        numbers = len(self.added), len(self.updated), len(self.gone)
        return CollectReport(account, *numbers, seconds, changes, error)


class Collecting:
    """Use cases over one `Database`. One run at a time for each account."""

    def __init__(
        self,
        db: Database,
        judge: Judge,
        clock: Clock,
        accounts: Accounts,
        ladder: Callable[[], LadderSettings] = LadderSettings,
    ) -> None:
        """`ladder` gives the city's settings of the day (`Preferences.ladder`)."""
        self._db, self._judge, self._clock = db, judge, clock
        self._accounts, self._ladder = accounts, ladder
        self._round_began: dict[AccountId, datetime] = {}

    def run(self, actor: Actor, account: AccountId, stop: Callable[[], bool]) -> CollectReport:
        """Collect what is new or changed, then look again at some of what is open (blocking).

        `stop` is asked between pages; what was read until then is stored. Needs IMPORT. Errors of the
        platform are in the report, and noted: a lost access with the account, a wish to wait with the
        connection. Codes raised: `permission.denied`, `account.not_connected`, `secret.*`, those of the
        store, and `AccessLostError` for an account that was lost before.
        """
        actor.require(Permission.IMPORT, self._clock.now())
        began, tally = time.monotonic(), _Tally()
        connector = self._accounts.connector(account)
        with self._db.write() as unit:
            stored = unit.connection_of(account)
        if stored is None:
            return tally.report(account, 0.0, None)
        run = _Run(self, actor, stored, connector, tally)
        error: VigieError | None = None
        try:
            self._respect(stored)
            self._judge.prepare()
            run.fetch(stop)
            if not stop():
                self._look(run, account)
        except RateLimitedError as asked:
            error = asked
            self._note_wait(account, connector, asked)
        except AccessLostError as lost:
            error = lost
            self._accounts.lost(account, lost)
        except VigieError as failed:
            if not _of_platform(failed):
                raise
            error = failed
        return tally.report(account, time.monotonic() - began, error)

    def _respect(self, stored: StoredConnection) -> None:
        """A wish to wait outlives the program that heard it."""
        until = stored.waits_until
        if until is not None and until > self._clock.now():
            raise RateLimitedError("platform.rate_limited", until=until)

    def _note_wait(self, account: AccountId, connector: Connector, asked: RateLimitedError) -> None:
        until = asked.facts.get("until")
        if isinstance(until, datetime):
            with self._db.write() as unit:
                unit.put_wait(account, until, connector.budgets())

    def _look(self, run: _Run, account: AccountId) -> None:
        now = self._clock.now()
        with self._db.write() as unit:
            stored = unit.connection_of(account)
        after = stored.looked_at if stored else None
        began = self._round_began.get(account)
        if after is None:
            if began is not None and now - began < LOOK_ROUND:
                return
            self._round_began[account] = now
        asked = self._db.reads.to_look_at(account, now - LOOK_BACK, after, LOOKS)
        seen: dict[str, IncomingMessage | None] = {}
        for start in range(0, len(asked), LOOKS):
            seen |= run.connector.look([each.external_id for each in asked[start : start + LOOKS]])
        run.looked(seen, asked[-1].posted_at if len(asked) >= LOOKS else None)


@dataclass(frozen=True, slots=True)
class _Run:
    """One run over one account."""

    desk: Collecting
    actor: Actor
    stored: StoredConnection
    connector: Connector
    tally: _Tally

    def fetch(self, stop: Callable[[], bool]) -> None:
        """All pages, gathered into batches. Pages that were read before an error are stored."""
        gathered: list[FetchedPage] = []
        pages = iter(self.connector.fetch(self.stored.cursor))
        try:
            for page in pages:
                gathered.append(page)
                if stop():
                    break
                if sum(len(each.messages) for each in gathered) >= BATCH:
                    self._store_pages(gathered)
                    gathered = []
        except VigieError:
            self._store_pages(gathered)
            raise
        finally:
            _end(pages)
        self._store_pages(gathered)

    def _store_pages(self, pages: Sequence[FetchedPage]) -> None:
        if not pages:
            return
        seen: dict[str, IncomingMessage] = {}
        gone: dict[str, None] = {}
        for page in pages:
            for message in page.messages:
                seen[message.external_id] = message
                gone.pop(message.external_id, None)
            gone |= dict.fromkeys(page.gone)
        self._store(seen.values(), gone, cursor=pages[-1].cursor)

    def looked(self, seen: dict[str, IncomingMessage | None], until: datetime | None) -> None:
        """Store what a look found: other texts, and what is gone."""
        there = [message for message in seen.values() if message is not None]
        gone = [external_id for external_id, message in seen.items() if message is None]
        self._store(there, gone, looked=(until,))

    def _store(
        self,
        messages: Iterable[IncomingMessage],
        gone: Iterable[str],
        *,
        cursor: str | None = None,
        looked: tuple[datetime | None] | None = None,
    ) -> None:
        """Judge, then everything in one transaction: messages, who is gone, and how far this is."""
        desk, connection = self.desk, self.stored.connection
        account = Account(connection.account, connection.platform, connection.name)
        batch = threaded(desk._db.reads, account, [self._own(each) for each in messages])
        with closing(PictureLook(desk._db, desk._judge, self.connector)) as second_look:
            judging = Judging(desk._db, desk._judge, desk._clock, desk._ladder(), second_look)
            judged = judging.judged(batch)
        now = desk._clock.now()
        with desk._db.write() as unit:
            step = Step(unit, self.actor, now)
            taken = unit.take_in(judged, now) if judged else TakenIn((), (), ())
            left = [each for each in map(self._id, gone) if unit.holds(each) and close_gone(step, each)]
            if cursor is not None:
                unit.put_collected(account.id, cursor, now, self.connector.budgets())
            if looked is not None:
                unit.put_looked(account.id, looked[0])
            if taken.added or taken.updated or left:
                city = sum(each.verdict is None for each in judged)
                step.journal("collect.done", account.id, _facts(account, taken, left, city))
        self.tally.added += taken.added
        self.tally.updated += taken.updated
        self.tally.gone += left

    def _own(self, message: IncomingMessage) -> IncomingMessage:
        """Under the account's own name, and without what no database keeps."""
        connection = self.stored.connection
        dirty = {
            each.name: _clean(value)
            for each in fields(message)
            if isinstance(value := getattr(message, each.name), str) and _clean(value) != value
        }
        own: dict[str, Any] = {"platform": connection.platform, "account": connection.name}
        return replace(message, **(dirty | own))

    def _id(self, external_id: str) -> MessageId:
        connection = self.stored.connection
        return message_id(connection.platform, connection.name, external_id)


def _facts(account: Account, taken: TakenIn, gone: Sequence[MessageId], city: int) -> dict[str, Any]:
    return {
        "platform": account.platform,
        "account": account.name,
        "added": len(taken.added),
        "updated": len(taken.updated),
        "reopened": len(taken.reopened),
        "gone": len(gone),
        "context_only": city,
    }


def _clean(text: str) -> str:
    """Without NUL and halves of surrogate pairs, which JSON may hold and no UTF-8 database can."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def _of_platform(error: VigieError) -> bool:
    return error.code.startswith("platform.")


def _end(pages: Any) -> None:
    """A generator that is left early may hold a connection."""
    if hasattr(pages, "close"):
        pages.close()
