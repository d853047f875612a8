"""How grave an act is, for its colour and shape beside its word."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.decisions import Action

_LEVELS = {
    Action.BAN: 4,
    Action.DELETE: 3,
    Action.HIDE: 3,
    Action.WARN: 2,
    Action.REPORT: 2,
    Action.ESCALATE: 1,
    Action.REDIRECT_311: 1,
    Action.REPLY: 1,
}


def level_of(operation: str) -> int:
    """The severity 0–4 of an `Action` value or of an inverse operation (`unhide`, `unban`)."""
    return _LEVELS.get(Action(operation), 0) if operation in set(Action) else 1


def gravest(actions: Iterable[Action]) -> int:
    """The severity of the gravest act, 0 for none."""
    return max((level_of(each) for each in actions), default=0)
