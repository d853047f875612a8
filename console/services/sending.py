"""One outbox item's turn: its acts in order over one connector, and what every kind of answer means."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from console.domain.ids import AccountId
from console.domain.platforms import Act, Receipt
from console.errors import AccessLostError, OfflineError, RateLimitedError, UncertainError, VigieError
from console.services.casework import GRACE
from console.services.delivery_ports import Dispatch
from console.services.delivery_steps import (
    AT_FIRST,
    PATIENCE,
    TRIES,
    Ending,
    ItemSteps,
    Resting,
    back_off,
    tries_of,
)
from console.services.outlook import NOTICES
from console.services.platform_ports import Connector
from console.services.rows import OutgoingState

log = logging.getLogger(__name__)

_NO_TIME_GIVEN = timedelta(minutes=5)
_UNCERTAIN = "platform.uncertain"

Turn = tuple[Dispatch | None, Ending | None]
"""The item as it is now, and how its turn ended (None: it goes on)."""


class Losing(Protocol):
    """Whoever must know that an account was lost."""

    def lost(self, account: AccountId, error: AccessLostError) -> object: ...


class Sending:
    """`lent` asks anew whether this desk may carry the item out (leases end); `shared`: other desks exist,
    one of which may have begun with the item and have been stopped."""

    def __init__(
        self,
        steps: ItemSteps,
        connector: Connector,
        accounts: Losing,
        resting: Resting,
        lent: Callable[[], bool],
        shared: bool,
    ) -> None:
        self._steps, self._connector, self._accounts = steps, connector, accounts
        self._resting, self._lent, self._shared = resting, lent, shared

    def carry_out(self, item: Dispatch, stop: Callable[[], bool]) -> Ending:
        """The item's acts, until all are settled or one of them has to wait or goes to a person."""
        going: Dispatch | None = item
        while going is not None:
            if stop():
                return Ending.SKIPPED
            going, ending = self._step(going)
            if ending is not None:
                return ending
        return Ending.SKIPPED

    def _step(self, item: Dispatch) -> Turn:
        newest = item.attempts[-1] if item.attempts else None
        if newest is not None and newest.lost and not self._repeatable(item, newest.act):
            return self._look(item, newest.act, newest.begun_at)
        left = self._steps.outlook.left(item)
        if not left:
            return item, self._steps.finish(item.id)
        act = left[0].act
        if newest is None and self._begun_elsewhere(item) and not self._repeatable(item, act):
            seen, ending = self._look_first(item, act)
            if ending is not None or seen is not item:
                return seen, ending
        if not left[0].by_api:
            return item, self._steps.by_hand(item.id, act, left[0].note)
        rest = self._resting.ask(item.to.account, act, self._now())
        if rest is not None:
            return item, self._steps.put_off(item.id, *rest)
        return self._call(item, act)

    def _call(self, item: Dispatch, act: Act) -> Turn:
        begun = self._steps.begin(item.id, act) if self._lent() else None
        if begun is None:
            return item, Ending.SKIPPED
        text = item.text if act in NOTICES else ""
        try:
            receipt = self._connector.carry_out(act, item.to.target, text)
        except UncertainError as error:
            return self._lost(item, act, error.code)
        except (OfflineError, RateLimitedError, AccessLostError) as error:
            self._steps.ended(item.id, error.code)
            return item, self._waits(item, act, error)
        except VigieError as error:
            log.warning("an act ended in an unforeseen way: %s", error.code)
            return self._lost(item, act, _UNCERTAIN)
        except Exception:
            log.exception("an act met a bug")
            return self._lost(item, act, "internal")
        return self._receive(item, receipt)

    def _receive(self, item: Dispatch, receipt: Receipt, *, found: bool = False) -> Turn:
        self._resting.reached(item.to.account)
        ability = self._steps.outlook.ability(item, receipt.act)
        return self._steps.received(item.id, receipt, ability, found=found)

    # --- what is not definite --------------------------------------------------------------------

    def _lost(self, item: Dispatch, act: Act, code: str) -> Turn:
        """Nobody knows what became of the call."""
        fresh = self._steps.ended(item.id, code)
        if fresh is None:
            return None, Ending.SKIPPED
        if not self._repeatable(item, act):
            return fresh, self._steps.look_later(item.id, self._now() + AT_FIRST, code)
        return fresh, self._try_later(fresh, act, code)

    def _try_later(self, item: Dispatch, act: Act, code: str) -> Ending:
        tries, now = tries_of(item.attempts), self._now()
        if tries >= TRIES or now - item.attempts[0].begun_at >= PATIENCE:
            return self._steps.fail(item.id, act, code)
        return self._steps.put_off(item.id, self._before_closing(item, now + back_off(item.id, tries)), code)

    def _before_closing(self, item: Dispatch, until: datetime) -> datetime:
        """`until`, or a last try a little before the window of the next act closes."""
        now = self._now()
        first = next(iter(self._steps.outlook.left(item)), None)
        if first is None or first.deadline is None or not now + 2 * AT_FIRST < first.deadline <= until:
            return until
        return first.deadline - AT_FIRST

    def _waits(self, item: Dispatch, act: Act, error: VigieError) -> Ending:
        """The act was not tried: when it is, and what else rests with it."""
        account, now = item.to.account, self._now()
        if isinstance(error, AccessLostError):
            ending = self._later(item, None, error.code)
            self._accounts.lost(account, error)
            return ending
        if isinstance(error, RateLimitedError):
            until = error.facts.get("until")
            until = until if isinstance(until, datetime) and until > now else now + _NO_TIME_GIVEN
            self._resting.rest(account, act, until, error.code)
            return self._later(item, until, error.code)
        until = self._before_closing(item, now + self._resting.away(account))
        self._resting.rest(account, None, until, error.code)
        return self._later(item, until, error.code)

    def _later(self, item: Dispatch, until: datetime | None, code: str) -> Ending:
        newest = item.attempts[-1] if item.attempts else None
        unsure = item.state is OutgoingState.UNKNOWN if newest is None else newest.lost
        if unsure and not (newest is not None and self._repeatable(item, newest.act)):
            return self._steps.look_later(item.id, until or self._now(), code)
        return self._steps.put_off(item.id, until, code)

    # --- looking -----------------------------------------------------------------------------------

    def _look(self, item: Dispatch, act: Act, since: datetime) -> Turn:
        """Ask the platform what became of a call whose answer nobody has."""
        try:
            receipt = self._connector.read_back(act, item.to.target, item.text, since)
        except UncertainError as error:
            return item, self._steps.look_later(item.id, None, error.code)
        except (OfflineError, RateLimitedError, AccessLostError) as error:
            return item, self._waits(item, act, error)
        except VigieError as error:
            return item, self._steps.look_later(item.id, None, error.code)
        except Exception:
            log.exception("looking up an act met a bug")
            return item, self._steps.look_later(item.id, None, "internal")
        if receipt is not None:
            return self._receive(item, receipt)
        fresh = self._steps.surely_not(item.id)
        if fresh is not None and tries_of(fresh.attempts) >= TRIES:
            return fresh, self._steps.fail(item.id, act, _UNCERTAIN)
        return fresh, None

    def _look_first(self, item: Dispatch, act: Act) -> Turn:
        """Whether another desk did it and was stopped before it could say so."""
        try:
            receipt = self._connector.read_back(act, item.to.target, item.text, item.not_before - GRACE)
        except UncertainError as error:
            if item.state is OutgoingState.UNKNOWN:
                return item, self._steps.look_later(item.id, None, error.code)
            # Nobody said that it was begun, and this platform never tells: it has to go out some day.
            return item, None
        except (OfflineError, RateLimitedError, AccessLostError) as error:
            return item, self._waits(item, act, error)
        return (item, None) if receipt is None else self._receive(item, receipt, found=True)

    def _begun_elsewhere(self, item: Dispatch) -> bool:
        return self._shared or item.state is OutgoingState.UNKNOWN

    def _repeatable(self, item: Dispatch, act: Act) -> bool:
        return self._steps.outlook.ability(item, act).repeatable

    def _now(self) -> datetime:
        return self._steps.clock.now()
