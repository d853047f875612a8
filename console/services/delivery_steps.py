"""The steps of carrying one outbox item out, each one transaction: nothing is known only in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

from console.clock import Clock
from console.domain.decisions import Action
from console.domain.delivery_plan import MESSAGE_USED
from console.domain.ids import AccountId, OutgoingId
from console.domain.platforms import Ability, Act, Receipt, Result
from console.domain.roles import Actor
from console.domain.sanctions import Delivery
from console.services.casework import UNBAN, Step, still_holds
from console.services.delivery_ports import Dispatch
from console.services.facts import OutboxDone, OutboxTroubled, ReceiptFact, payload_of
from console.services.outlook import NOTICES, SETTLED, TOLD, Outlook
from console.services.platform_rows import AttemptRow
from console.services.ports import Database, UnitOfWork
from console.services.rows import OutgoingState

AT_FIRST, LONGEST = timedelta(minutes=1), timedelta(minutes=30)
TRIES, PATIENCE = 8, timedelta(hours=24)
GONE = "by_hand.gone"
OTHER_BAN = "other_ban"
"""How a ban's end was carried out when another ban of the same person holds: not at all."""
GOING = frozenset({OutgoingState.WAITING, OutgoingState.SENDING, OutgoingState.UNKNOWN})
"""States that the console goes on from."""
_NOT_TRIED = frozenset(
    {
        "platform.unreachable",
        "platform.rate_limited",
        "platform.credits",
        "platform.token",
        "platform.permission",
        "platform.blocked",
    }
)
"""After these the act was not tried: a line that is away for days must not make everything fail."""


class Ending(Enum):
    """How an item's turn ended."""

    SENT = auto()
    BY_HAND = auto()
    WAITING = auto()
    TROUBLE = auto()
    SKIPPED = auto()
    """Nothing was done: it has to wait for something else, or its decision no longer stands."""


def back_off(item: str, tries: int) -> timedelta:
    """How long to wait after so many failures: 1, 2, 4… at most 30 minutes, up to a fifth more or less.

    The spread comes from the item's id, so that many items do not come back in the same second.
    """
    dice = hashlib.sha256(f"{item}/{tries}".encode()).digest()
    spread = 0.8 + 0.4 * int.from_bytes(dice[:4], "big") / 2**32
    doubled = 1 << min(max(tries - 1, 0), 5)
    return min(AT_FIRST * doubled, LONGEST) * spread


class Resting:
    """Accounts, and acts of accounts, that are left alone for a while. Only saves calls: what waits has its
    time in the file as well."""

    def __init__(self) -> None:
        self._until: dict[tuple[AccountId, Act | None], tuple[datetime, str]] = {}
        self._failures: dict[AccountId, int] = {}

    def ask(self, account: AccountId, act: Act, now: datetime) -> tuple[datetime, str] | None:
        """Until when, and why; None when it may be called."""
        found = [self._until.get((account, each)) for each in (None, act)]
        return max((each for each in found if each is not None and each[0] > now), default=None)

    def rest(self, account: AccountId, act: Act | None, until: datetime, code: str) -> None:
        """Such acts have to wait; for None, all of the account."""
        self._until[account, act] = (until, code)

    def away(self, account: AccountId) -> timedelta:
        """The platform cannot be reached once more: for how long to leave it alone."""
        failures = self._failures[account] = self._failures.get(account, 0) + 1
        return back_off(account, failures)

    def reached(self, account: AccountId) -> None:
        """It answered."""
        self._failures.pop(account, None)
        self._until.pop((account, None), None)


def tries_of(attempts: Sequence[AttemptRow]) -> int:
    """How often a call was made that brought nothing definite."""
    return sum(1 for each in attempts if each.result is None and each.code not in _NOT_TRIED)


class ItemSteps:
    """What happens to items on this desk's disk, in the actor's name."""

    def __init__(self, db: Database, clock: Clock, actor: Actor, outlook: Outlook) -> None:
        self._db, self.clock, self._actor, self.outlook = db, clock, actor, outlook

    def begin(self, item: OutgoingId, act: Act) -> Dispatch | None:
        """On disk: a call is about to be made. None when the item is no longer to be sent."""
        now = self.clock.now()
        with self._db.write() as work:
            fresh = work.dispatch(item)
            if fresh is None or fresh.state not in GOING or fresh.blocked:
                return None
            if not work.is_accepted(fresh.decision):
                return None
            if fresh.operation == UNBAN and self._banned_otherwise(work, fresh, now):
                return None
            work.put_outgoing(item, OutgoingState.SENDING, now)
            work.begin_attempt(item, act, now)
            return work.dispatch(item)

    def _banned_otherwise(self, work: UnitOfWork, item: Dispatch, now: datetime) -> bool:
        """The end of a ban has come, but another decision wants the person banned: nothing is sent."""
        if not still_holds(work.twins(item.decision, Action.BAN)):
            return False
        step = Step(work, self._actor, now)
        work.set_outgoing(item.id, OutgoingState.ALREADY, now, self._actor.staff.id, OTHER_BAN)
        done = OutboxDone(
            item.id, item.decision, item.operation, OTHER_BAN, "", None, (), OutgoingState.ALREADY
        )
        step.journal("outbox.done", item.message, payload_of(done))
        return True

    def ended(self, item: OutgoingId, code: str) -> Dispatch | None:
        """On disk: the call said nothing about the act."""
        with self._db.write() as work:
            if work.dispatch(item) is None:
                return None
            work.end_attempt(item, self.clock.now(), code)
            return work.dispatch(item)

    def surely_not(self, item: OutgoingId) -> Dispatch | None:
        """On disk: looked up, the newest call did nothing."""
        with self._db.write() as work:
            if work.dispatch(item) is None:
                return None
            work.read_attempt(item, self.clock.now(), "not_done")
            return work.dispatch(item)

    def received(
        self, item: OutgoingId, receipt: Receipt, ability: Ability, *, found: bool = False
    ) -> tuple[Dispatch | None, Ending | None]:
        """On disk: the platform's answer and, in the same transaction, what it makes of the item.

        `found`: no call of this desk led to it (another desk's did). The ending is None when more acts
        are to come.
        """
        now = self.clock.now()
        with self._db.write() as work:
            step = Step(work, self._actor, now)
            if work.dispatch(item) is None:
                return None, Ending.SKIPPED
            if found:
                work.begin_attempt(item, receipt.act, receipt.at)
            work.keep_receipt(item, receipt)
            fresh = work.dispatch(item)
            if fresh is None or fresh.state not in GOING:
                return fresh, Ending.SKIPPED  # taken back meanwhile: its inverse follows
            ending = self._judge(step, fresh, receipt, ability)
            return fresh, ending

    def _judge(self, step: Step, item: Dispatch, receipt: Receipt, ability: Ability) -> Ending | None:
        if receipt.result is Result.REFUSED and ability.sure:
            self._trouble(step, item, receipt.act, OutgoingState.REFUSED, receipt.code, receipt.request_id)
            return Ending.TROUBLE
        note = _left_to_a_person(item, receipt, ability)
        if note:
            self._trouble(step, item, receipt.act, OutgoingState.BY_HAND, note, receipt.request_id)
            return Ending.BY_HAND
        if self.outlook.left(item):
            return None
        self._finish(step, item)
        return Ending.SENT

    def finish(self, item: OutgoingId) -> Ending:
        """On disk: every act is settled (the program ended between the last receipt and now)."""
        with self._db.write() as work:
            fresh = work.dispatch(item)
            if fresh is None or fresh.state not in GOING or self.outlook.left(fresh):
                return Ending.SKIPPED
            self._finish(Step(work, self._actor, self.clock.now()), fresh)
        return Ending.SENT

    def _finish(self, step: Step, item: Dispatch) -> None:
        settled = [each for each in item.attempts if each.result in SETTLED]
        told = next((each for each in settled if each.act in NOTICES and each.result is Result.DONE), None)
        means = f"api.{told.act}" if told is not None else "api"
        shown = told or (settled[-1] if settled else None)
        proof = (shown.external_id or shown.request_id) if shown is not None else ""
        state = OutgoingState.DONE if _by_us(item, settled) else OutgoingState.ALREADY
        said = " · ".join(part for part in (means, proof) if part)
        step.work.set_outgoing(item.id, state, step.now, step.actor.staff.id, said)
        if item.warning is not None:
            step.work.deliver_warning(item.warning, Delivery(step.now, means, proof))
        receipts = tuple(_receipt(each) for each in settled)
        done = OutboxDone(item.id, item.decision, item.operation, means, proof, item.warning, receipts, state)
        step.journal("outbox.done", item.message, payload_of(done))

    def by_hand(self, item: OutgoingId, act: Act, note: str) -> Ending:
        """On disk: a person does the rest."""
        return self._stop(item, act, OutgoingState.BY_HAND, note, Ending.BY_HAND)

    def put_off(self, item: OutgoingId, until: datetime | None, code: str) -> Ending:
        """On disk: not before `until` (None: as soon as nothing else stands in the way), and why."""
        with self._db.write() as work:
            fresh = work.dispatch(item)
            if fresh is None or fresh.state not in GOING:
                return Ending.SKIPPED
            work.put_outgoing(item, OutgoingState.WAITING, self.clock.now(), code=code, retry_at=until)
        return Ending.WAITING

    def look_later(self, item: OutgoingId, until: datetime | None, code: str) -> Ending:
        """On disk: an answer was lost, and the platform is asked at `until` (None: when a person says so)."""
        with self._db.write() as work:
            fresh = work.dispatch(item)
            if fresh is None or fresh.state not in GOING:
                return Ending.SKIPPED
            step = Step(work, self._actor, self.clock.now())
            if fresh.state is OutgoingState.UNKNOWN or not fresh.attempts:
                work.put_outgoing(item, OutgoingState.UNKNOWN, step.now, code=code, retry_at=until)
            else:
                act = fresh.attempts[-1].act
                self._trouble(step, fresh, act, OutgoingState.UNKNOWN, code, retry_at=until)
        return Ending.TROUBLE

    def fail(self, item: OutgoingId, act: Act, code: str) -> Ending:
        """On disk: tried too often."""
        return self._stop(item, act, OutgoingState.FAILED, code, Ending.TROUBLE)

    def _stop(self, item: OutgoingId, act: Act, state: OutgoingState, code: str, ending: Ending) -> Ending:
        with self._db.write() as work:
            fresh = work.dispatch(item)
            if fresh is None or fresh.state not in GOING:
                return Ending.SKIPPED
            self._trouble(Step(work, self._actor, self.clock.now()), fresh, act, state, code)
        return ending

    def _trouble(
        self,
        step: Step,
        item: Dispatch,
        act: Act,
        state: OutgoingState,
        code: str,
        request_id: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        step.work.put_outgoing(item.id, state, step.now, code=code, retry_at=retry_at)
        fact = OutboxTroubled(item.id, item.decision, item.operation, act, state, code, request_id)
        step.journal(f"outbox.{state}", item.message, payload_of(fact))


def _left_to_a_person(item: Dispatch, receipt: Receipt, ability: Ability) -> str:
    """Why the answer leaves the item to a person; empty when it does not."""
    if receipt.result in (Result.REFUSED, Result.BY_HAND):
        return receipt.code or ability.note or "by_hand.platform"
    if receipt.act not in NOTICES or item.operation not in TOLD or receipt.result is Result.DONE:
        return ""
    # A warning counts, and a ban begins, only when the person was told.
    return GONE if receipt.result is Result.GONE else MESSAGE_USED


def _by_us(item: Dispatch, settled: Sequence[AttemptRow]) -> bool:
    """Whether the console did any of it: also in a call whose answer was lost, and after which it was so."""
    lost = {each.act for each in item.attempts if each.lost}
    return any(each.result is Result.DONE or each.act in lost for each in settled)


def _receipt(attempt: AttemptRow) -> ReceiptFact:
    assert attempt.result is not None  # noqa: S101  settled attempts have one
    return ReceiptFact(
        act=attempt.act,
        result=attempt.result,
        at=attempt.ended_at or attempt.begun_at,
        request_id=attempt.request_id,
        external_id=attempt.external_id,
        status=attempt.status,
        code=attempt.code,
        answer=attempt.answer[:200],
        read_back=attempt.read_back,
    )
