"""What moderators submit, how supervision answers, and what comes back."""

from __future__ import annotations

import pytest

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import EscalationId, MessageId
from console.errors import VigieError
from console.services.rows import EscalationOutcome
from tests.desks import Desk


def submit(desk: Desk, message: MessageId) -> EscalationId:
    """Hand a case over, as a moderator."""
    desk.services.escalations.submit(
        desk.moderator, message, 1, "Je doute.", "Est-ce une menace?", frozenset({Action.HIDE})
    )
    return next(
        row.id for row in desk.services.escalations.open(desk.supervisor) if row.message_id == message
    )


def test_a_submitted_case_leaves_the_queue_and_says_why(desk: Desk) -> None:
    message = desk.receive("m1")
    submit(desk, message)
    assert desk.detail(message).state is CaseState.ESCALATED
    (row,) = desk.services.escalations.open(desk.supervisor)
    assert (row.reason, row.question, row.suggested) == ("Je doute.", "Est-ce une menace?", (Action.HIDE,))
    assert row.submitted_by == "Camille"


def test_a_reason_is_needed(desk: Desk) -> None:
    message = desk.receive("m1")
    with pytest.raises(VigieError) as caught:
        desk.services.escalations.submit(desk.moderator, message, 1, " ", "", frozenset())
    assert caught.value.code == "escalation.reason_missing"


def test_it_comes_back_with_a_word_and_can_be_decided(desk: Desk) -> None:
    message = desk.receive("m1")
    desk.services.escalations.give_back(desk.supervisor, submit(desk, message), "Une insulte suffit.")
    detail = desk.detail(message)
    assert (detail.state, detail.returned_word) == (CaseState.RETURNED, "Une insulte suffit.")
    (mine,) = desk.services.escalations.mine(desk.moderator)
    assert (mine.outcome, mine.seen_by_submitter) == (EscalationOutcome.RETURNED, False)
    desk.services.escalations.mark_seen(desk.moderator, mine.id)
    assert desk.services.escalations.mine(desk.moderator)[0].seen_by_submitter
    desk.decide(message, Action.HIDE)
    assert desk.detail(message).state is CaseState.DECIDED


def test_supervision_decides_and_the_moderator_sees_why(desk: Desk) -> None:
    message = desk.receive("m1")
    escalation = submit(desk, message)
    request = desk.request(message, Action.HIDE)
    desk.services.escalations.decide(desk.supervisor, escalation, request, "Menace voilée.")
    assert desk.detail(message).state is CaseState.DECIDED
    (mine,) = desk.services.escalations.mine(desk.moderator)
    assert (mine.outcome, mine.answer, mine.answered_by) == (
        EscalationOutcome.DECIDED,
        "Menace voilée.",
        "Sacha",
    )


def test_a_refused_decision_leaves_the_escalation_open(desk: Desk) -> None:
    message = desk.receive("m1")
    escalation = submit(desk, message)
    with pytest.raises(VigieError):
        desk.services.escalations.decide(
            desk.supervisor, escalation, desk.request(message, Action.BAN), "Non."
        )
    (row,) = desk.services.escalations.open(desk.supervisor)
    assert row.outcome is EscalationOutcome.OPEN


def test_a_held_case_stays_on_the_supervisors_table(desk: Desk) -> None:
    message = desk.receive("m1")
    escalation = submit(desk, message)
    desk.services.escalations.hold(desk.supervisor, escalation)
    assert desk.detail(message).state is CaseState.HELD
    (row,) = desk.services.escalations.open(desk.supervisor)
    assert row.outcome is EscalationOutcome.HELD
    desk.services.escalations.decide(desk.supervisor, escalation, desk.request(message, Action.KEEP), "")
    assert desk.services.escalations.open(desk.supervisor) == ()


def test_undo_takes_a_submission_back_until_it_is_answered(desk: Desk) -> None:
    message = desk.receive("m1")
    submit(desk, message)
    desk.services.decisions.undo(desk.moderator)
    assert desk.detail(message).state is CaseState.PENDING
    assert desk.services.escalations.open(desk.supervisor) == ()
    desk.services.escalations.give_back(desk.supervisor, submit(desk, message), "À vous.")
    with pytest.raises(VigieError) as caught:
        desk.services.decisions.undo(desk.moderator)
    assert caught.value.code == "undo.nothing"


def test_an_answer_is_given_once(desk: Desk) -> None:
    escalation = submit(desk, desk.receive("m1"))
    desk.services.escalations.give_back(desk.supervisor, escalation, "À vous.")
    with pytest.raises(VigieError) as caught:
        desk.services.escalations.hold(desk.supervisor, escalation)
    assert caught.value.code == "escalation.answered"


def test_undoing_supervisions_decision_hands_the_case_to_a_moderator(desk: Desk) -> None:
    message = desk.receive("m1")
    escalation = submit(desk, message)
    desk.services.escalations.decide(desk.supervisor, escalation, desk.request(message, Action.HIDE), "Oui.")
    desk.services.decisions.undo(desk.supervisor)
    assert desk.detail(message).state is CaseState.RETURNED
    desk.decide(message, Action.KEEP)


def test_moderators_do_not_supervise(desk: Desk) -> None:
    escalation = submit(desk, desk.receive("m1"))
    for attempt in (
        lambda: desk.services.escalations.open(desk.moderator),
        lambda: desk.services.escalations.hold(desk.moderator, escalation),
        lambda: desk.services.escalations.give_back(desk.moderator, escalation, "Non."),
    ):
        with pytest.raises(VigieError) as caught:
            attempt()
        assert caught.value.code == "permission.denied"
