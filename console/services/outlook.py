"""How an outbox item would be carried out: what the platform can do, and whether its account is connected."""

from __future__ import annotations

from collections.abc import Callable

from console.clock import Clock
from console.domain.delivery_plan import NOT_CONNECTED, PlannedAct, acts_left, plan
from console.domain.ids import AccountId
from console.domain.messages import Platform
from console.domain.platforms import Abilities, Ability, Act, Result, Target
from console.services.delivery_ports import Addressee, Dispatch
from console.services.platform_ports import ConnectionState
from console.services.ports import Database, UnitOfWork
from console.services.rows import OutgoingState

_AT_ONCE = 200
SETTLED = frozenset({Result.DONE, Result.ALREADY, Result.GONE})
NOTICES = frozenset({Act.MESSAGE, Act.REPLY})
TOLD = frozenset({"warn", "ban"})
"""Operations that need the person to be told: that the message has gone does not settle these."""
_NOTHING = Ability(api=False)


def _no_abilities(_platform: Platform) -> Abilities:
    return {}


def _nobody() -> frozenset[AccountId]:
    return frozenset()


def _permalink(target: Target) -> str:
    return target.permalink


class Outlook:
    """Plans over one `Database`. `abilities` says what a platform can do (none without connectors);
    `elsewhere` which accounts other desks of the hub collect; `link` where a person finds a message on its
    platform."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        abilities: Callable[[Platform], Abilities] = _no_abilities,
        elsewhere: Callable[[], frozenset[AccountId]] = _nobody,
        link: Callable[[Target], str] = _permalink,
    ) -> None:
        self._db, self._clock = db, clock
        self._abilities, self._elsewhere, self._link = abilities, elsewhere, link

    def connected(self, to: Addressee) -> bool:
        """Whether a console sends for this account: this one, also when it has to be connected again first,
        or another desk's."""
        if to.connection not in (None, ConnectionState.DISCONNECTED):
            return True
        return to.account in self._elsewhere()

    def link(self, to: Addressee) -> str:
        """Where a person finds the message; empty when nothing leads there."""
        return self._link(to.target)

    def planned(self, to: Addressee, operation: str, text: str) -> tuple[PlannedAct, ...]:
        """All acts of an operation, as they would be done now."""
        abilities, now = self._abilities(to.target.platform), self._clock.now()
        return plan(operation, to.target, text, abilities, self.connected(to), now, to.message_used)

    def left(self, item: Dispatch) -> tuple[PlannedAct, ...]:
        """The acts of an item that are not settled yet."""
        return acts_left(self.planned(item.to, item.operation, item.text), settled(item))

    def ability(self, item: Dispatch, act: Act) -> Ability:
        """How the item's platform does an act."""
        target = item.to.target
        return self._abilities(target.platform).get((act, target.channel), _NOTHING)

    def end_grace(self) -> int:
        """Move items whose grace has ended on: to be sent, or to a person. Returns how many."""
        now, moved = self._clock.now(), 0
        while due := self._db.reads.in_grace(now, _AT_ONCE):
            with self._db.write() as work:
                moved += sum(self._take_on(work, item) for item in due)
        return moved + self._strand()

    def _strand(self) -> int:
        """What waits for an account that was disconnected here goes to a person."""
        moved = 0
        for item in self._db.reads.stranded(_AT_ONCE):
            if self.connected(item.to):
                continue
            with self._db.write() as work:
                fresh = work.dispatch(item.id)
                if fresh is not None and fresh.state is OutgoingState.WAITING:
                    now = self._clock.now()
                    work.put_outgoing(item.id, OutgoingState.BY_HAND, now, code=NOT_CONNECTED)
                    moved += 1
        return moved

    def _take_on(self, work: UnitOfWork, item: Dispatch) -> bool:
        fresh = work.dispatch(item.id)
        if fresh is None or fresh.state is not OutgoingState.GRACE:
            return False
        first = next(iter(self.left(fresh)), None)
        state, code = OutgoingState.WAITING, ""
        if first is not None and not first.by_api:
            # That nothing is connected needs no word: so it has always been at this desk.
            state, code = OutgoingState.BY_HAND, "" if first.note == NOT_CONNECTED else first.note
        work.put_outgoing(item.id, state, self._clock.now(), code=code)
        return True


def settled(item: Dispatch) -> tuple[Act, ...]:
    """Acts on which the platform's answer leaves nothing to do."""
    return tuple(
        each.act
        for each in item.attempts
        if each.result is Result.DONE
        or (each.result in SETTLED and not (each.act in NOTICES and item.operation in TOLD))
    )
