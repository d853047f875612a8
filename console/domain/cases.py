"""The life of a message in the console: states and their legal transitions."""

from __future__ import annotations

from enum import StrEnum

from console.errors import ConflictError


class CaseState(StrEnum):
    """Where a case stands. A case exists from the moment its message is taken in."""

    PENDING = "pending"
    """Awaits a moderator."""
    RETURNED = "returned"
    """A supervisor sent it back with a word; awaits a moderator."""
    ESCALATED = "escalated"
    """Submitted to supervision with a reason and a question."""
    HELD = "held"
    """A supervisor keeps it to decide personally."""
    AWAITING_SIGNATURE = "awaiting_signature"
    """A ban waits for a second person's signature."""
    DECIDED = "decided"
    CLOSED = "closed"
    """Nothing to decide: written by the city, or gone before anyone decided."""


OPEN_STATES = frozenset({CaseState.PENDING, CaseState.RETURNED})
SUPERVISED_STATES = frozenset({CaseState.ESCALATED, CaseState.HELD, CaseState.AWAITING_SIGNATURE})
UNDOABLE_STATES = SUPERVISED_STATES | {CaseState.DECIDED}
"""States in which the case's latest decision can still be taken back."""

_P, _R, _E = CaseState.PENDING, CaseState.RETURNED, CaseState.ESCALATED
_H, _A, _D, _C = CaseState.HELD, CaseState.AWAITING_SIGNATURE, CaseState.DECIDED, CaseState.CLOSED

TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    _P: frozenset({_D, _E, _A, _C}),
    _R: frozenset({_D, _E, _A, _C}),
    _E: frozenset({_D, _R, _H, _A, _C}),
    _H: frozenset({_D, _R, _A, _C}),
    _A: frozenset({_D, _R}),
    _D: frozenset({_P}),
    _C: frozenset({_P}),
}
"""Forward moves. An undo goes back to the state before, by an appended inverse event; an edit of
the message after a decision reopens the case (decided → pending)."""


def move(state: CaseState, to: CaseState) -> CaseState:
    """`to`, when the move is legal; otherwise `ConflictError("case.transition")`."""
    if to not in TRANSITIONS[state]:
        raise ConflictError("case.transition", state=state, to=to)
    return to
