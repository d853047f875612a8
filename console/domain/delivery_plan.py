"""What carrying out a decision means on a platform: which acts, in which order, and by which way.

Pure. Asked before anybody decides (what would happen), when an item's grace ends (by the interface or by
hand), and again before every try: a window may have closed meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from console.domain.messages import Channel
from console.domain.platforms import Abilities, Ability, Act, Target, WindowOpens

TOO_LONG = "by_hand.too_long"
WINDOW_CLOSED = "by_hand.window_closed"
NOT_CONNECTED = "by_hand.not_connected"
NO_INTERFACE = "by_hand.platform"
MESSAGE_USED = "by_hand.message_used"


@dataclass(frozen=True, slots=True)
class PlannedAct:
    """One act to come. `note`: code in the catalogue's group `ability`, what the act does there or why a
    person does it; `deadline`: when its window closes (None: it has none)."""

    act: Act
    by_api: bool
    note: str
    deadline: datetime | None


_PLAIN = {
    "hide": Act.HIDE,
    "unhide": Act.UNHIDE,
    "delete": Act.DELETE,
    "report": Act.REPORT,
    "unban": Act.UNBAN,
}
_NOTHING = Ability(api=False, note=NO_INTERFACE)
"""For an act that the platform has no word for: a person sees what can be done."""


def plan(
    operation: str,
    target: Target,
    text: str,
    abilities: Abilities,
    connected: bool,
    now: datetime,
    message_used: bool = False,
) -> tuple[PlannedAct, ...]:
    """The acts of an outbox item, in the order in which they are done.

    `message_used`: the one private message that the platform allows for this comment was sent. Raises
    KeyError for an operation that is none.
    """
    asked = _Asked(target, text, abilities, connected, now, message_used)
    if operation in _PLAIN:
        return (asked.act(_PLAIN[operation]),)
    if operation in ("reply", "redirect_311"):
        return (asked.act(Act.MESSAGE if target.channel is Channel.PRIVATE else Act.REPLY),)
    if operation == "warn":
        return (asked.notice(),)
    if operation == "ban":
        # Whoever is banned hears nothing any more: the notice goes first.
        return (*((asked.notice(),) if text.strip() else ()), asked.act(Act.BAN))
    raise KeyError(operation)


def acts_left(planned: Sequence[PlannedAct], done: Sequence[Act]) -> tuple[PlannedAct, ...]:
    """What remains when `done` has happened. A notice that went out one way is not sent the other way."""
    said = any(act in _NOTICES for act in done)
    return tuple(each for each in planned if each.act not in done and not (said and each.act in _NOTICES))


_NOTICES = (Act.MESSAGE, Act.REPLY)


@dataclass(frozen=True, slots=True)
class _Asked:
    target: Target
    text: str
    abilities: Abilities
    connected: bool
    now: datetime
    message_used: bool

    def act(self, act: Act) -> PlannedAct:
        """The act as it can be done now."""
        ability = self._ability(act)
        deadline = self._deadline(ability)
        why = self._problem(act, ability, deadline)
        return PlannedAct(act, not why, why or ability.note, deadline)

    def notice(self) -> PlannedAct:
        """A text to the person: privately where that is possible, else under the message."""
        ways = (Act.MESSAGE,) if self.target.channel is Channel.PRIVATE else (Act.MESSAGE, Act.REPLY)
        planned = [self.act(way) for way in ways]
        # An account that is not connected changes who does it, not which way is taken.
        as_connected = replace(self, connected=True)
        for each in planned:
            if as_connected.act(each.act).by_api:
                return each
        for each in planned:
            if (each.act, self.target.channel) in self.abilities and each.note not in _CLOSED:
                return each
        return planned[-1]

    def _ability(self, act: Act) -> Ability:
        return self.abilities.get((act, self.target.channel), _NOTHING)

    def _deadline(self, ability: Ability) -> datetime | None:
        if ability.window is None:
            return None
        begun = self.target.posted_at
        if ability.opens is WindowOpens.LAST_INBOUND and self.target.last_inbound_at is not None:
            begun = max(begun, self.target.last_inbound_at)
        return begun + ability.window

    def _problem(self, act: Act, ability: Ability, deadline: datetime | None) -> str:
        """Why a person has to do it; empty when the interface can."""
        if not ability.api:
            return ability.note or NO_INTERFACE
        if deadline is not None and deadline <= self.now:
            return WINDOW_CLOSED
        if ability.once and act is Act.MESSAGE and self.message_used:
            return MESSAGE_USED
        if act in _NOTICES and not ability.fits(self.text):
            return TOO_LONG
        return "" if self.connected else NOT_CONNECTED


_CLOSED = (WINDOW_CLOSED, MESSAGE_USED)
