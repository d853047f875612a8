"""A message is no longer on its platform: an open case ends, its words are kept."""

from __future__ import annotations

from console.domain.cases import OPEN_STATES, CaseState, move
from console.domain.ids import MessageId
from console.services.casework import Step


def close_gone(step: Step, message: MessageId) -> bool:
    """Mark it and close its case if nobody decided yet, with a journal entry. Code `case.unknown`.

    False when it was known to be gone: then nothing changes.
    """
    head = step.work.case(message)
    if head.deleted:
        return False
    step.work.mark_deleted(message, step.now)
    if head.state in OPEN_STATES:
        step.work.set_state(message, move(head.state, CaseState.CLOSED))
    step.journal("message.gone", message, {"sha256": head.sha256})
    return True
