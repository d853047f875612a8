"""Deciding and undoing: what is stored, what would go out, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.domain.cases import CaseState
from console.domain.decisions import Action, BanException
from console.domain.messages import Account, AccountType
from console.domain.roles import Role
from console.domain.sanctions import Rung
from console.errors import VigieError
from console.services.rows import HistoryFilter, OutgoingState
from tests.desks import GRACE, Desk


def code_of(caught: pytest.ExceptionInfo[VigieError]) -> str:
    """The stable code of what was raised."""
    return caught.value.code


def test_a_decision_is_stored_with_its_warning_outbox_and_journal(desk: Desk) -> None:
    message = desk.receive("m1")
    before = len(list(desk.db.reads.journal()))
    made = desk.decide(message, Action.HIDE, Action.WARN)
    detail = desk.detail(message)
    assert detail.state is CaseState.DECIDED
    assert detail.decision is not None
    assert detail.decision.actions == (Action.WARN, Action.HIDE)
    assert detail.decision.suggested == (Action.HIDE, Action.WARN)
    assert [each.delivery for each in detail.warnings] == [None]
    assert {name for _, name in desk.outgoing()} == {"hide", "warn"}
    assert made.send_at == desk.clock.now() + timedelta(seconds=30)
    links = list(desk.db.reads.journal())
    assert [link.event.kind for link in links[before:]] == ["decision.made"]
    assert links[-1].event.payload["reason"] == "Insulte une personne."


def test_keeping_sends_nothing(desk: Desk) -> None:
    assert desk.decide(desk.receive("m1"), Action.KEEP).send_at is None
    assert desk.outgoing() == []


def test_undo_within_grace_leaves_nothing_to_send_and_the_case_as_it_was(desk: Desk) -> None:
    message = desk.receive("m1")
    desk.decide(message, Action.HIDE, Action.WARN)
    desk.services.decisions.undo(desk.moderator)
    detail = desk.detail(message)
    assert detail.state is CaseState.PENDING
    assert desk.outgoing() == []
    assert detail.standing.rung is Rung.FIRST_WARNING
    assert not detail.standing.undelivered
    (row,) = desk.services.history.page(desk.moderator, HistoryFilter()).rows
    assert row.undone_at == desk.clock.now()


def test_undo_goes_back_several_levels_in_order(desk: Desk) -> None:
    messages = [desk.receive(f"m{number}") for number in range(4)]
    for message in messages:
        desk.decide(message, Action.KEEP)
        desk.clock.advance(timedelta(seconds=1))
    undone = []
    for _ in messages:
        changes = desk.services.decisions.undo(desk.moderator)
        undone += changes.messages
    assert undone == messages[::-1]
    with pytest.raises(VigieError) as caught:
        desk.services.decisions.undo(desk.moderator)
    assert code_of(caught) == "undo.nothing"


def test_undo_after_the_hide_was_carried_out_asks_for_the_inverse(desk: Desk) -> None:
    message = desk.receive("m1")
    desk.decide(message, Action.HIDE, Action.WARN)
    desk.carry_out_all()
    desk.services.decisions.undo(desk.moderator)
    assert [name for _, name in desk.outgoing()] == ["unhide"]
    assert desk.detail(message).standing.counted == ()


def test_a_deletion_that_was_carried_out_cannot_be_undone(desk: Desk) -> None:
    message = desk.receive("m1")
    desk.decide(message, Action.DELETE)
    desk.carry_out_all()
    with pytest.raises(VigieError) as caught:
        desk.services.decisions.undo(desk.moderator)
    assert code_of(caught) == "undo.closed"
    assert desk.detail(message).state is CaseState.DECIDED


def test_nobody_undoes_a_colleagues_decision_but_supervision(desk: Desk) -> None:
    made = desk.decide(desk.receive("m1"), Action.KEEP)
    with pytest.raises(VigieError) as caught:
        desk.services.decisions.undo(desk.colleague, made.decision)
    assert code_of(caught) == "undo.not_yours"
    desk.services.decisions.undo(desk.supervisor, made.decision)


def test_a_warning_counts_from_its_delivery(desk: Desk) -> None:
    message = desk.receive("m1")
    desk.decide(message, Action.WARN)
    assert desk.detail(message).standing.rung is Rung.FIRST_WARNING
    ((item, _),) = desk.outgoing()
    with pytest.raises(VigieError) as caught:
        desk.services.outbox.confirm(desk.moderator, item, "message privé")
    assert code_of(caught) == "outbox.grace"
    desk.carry_out_all()
    assert desk.detail(message).standing.rung is Rung.SECOND_WARNING
    with pytest.raises(VigieError) as caught:
        desk.services.outbox.confirm(desk.moderator, item, "message privé")
    assert code_of(caught) == "outbox.not_waiting"


def test_giving_up_a_warning_means_that_it_never_counts(desk: Desk) -> None:
    message = desk.receive("m1")
    desk.decide(message, Action.WARN)
    ((item, _),) = desk.outgoing()
    desk.clock.advance(GRACE)
    desk.services.outbox.give_up(desk.moderator, item, "Compte fermé.")
    assert desk.outgoing() == []
    standing = desk.detail(message).standing
    assert (standing.counted, standing.undelivered) == ((), ())


def test_two_delivered_warnings_then_the_ban_is_signed_by_another_person(desk: Desk) -> None:
    desk.warn_and_deliver("m1")
    third = desk.receive("m3")
    with pytest.raises(VigieError) as caught:
        desk.decide(third, Action.BAN)
    assert code_of(caught) == "ban.warnings_missing"
    desk.warn_and_deliver("m2")
    consequence = desk.services.decisions.consequence(desk.moderator, third, frozenset({Action.BAN}))
    assert (consequence.blocked, consequence.needs_signature) == (None, True)
    desk.decide(third, Action.HIDE, Action.BAN)
    assert desk.detail(third).state is CaseState.AWAITING_SIGNATURE
    assert [name for _, name in desk.outgoing()] == ["hide"], "the ban waits, the words do not"
    (waiting,) = desk.services.escalations.open(desk.supervisor)
    desk.services.escalations.sign(desk.supervisor, waiting.id)
    assert desk.detail(third).state is CaseState.DECIDED
    assert {name for _, name in desk.outgoing()} == {"hide", "ban"}
    assert desk.services.escalations.open(desk.supervisor) == ()


def test_who_proposes_a_ban_does_not_sign_it(desk: Desk) -> None:
    desk.warn_and_deliver("m1")
    desk.warn_and_deliver("m2")
    desk.decide(desk.receive("m3"), Action.BAN, by=desk.supervisor)
    (waiting,) = desk.services.escalations.open(desk.supervisor)
    with pytest.raises(VigieError) as caught:
        desk.services.escalations.sign(desk.supervisor, waiting.id)
    assert code_of(caught) == "ban.same_person"
    with pytest.raises(VigieError) as caught:
        desk.services.escalations.sign(desk.moderator, waiting.id)
    assert code_of(caught) == "permission.denied"


def test_the_exception_needs_a_written_reason_and_always_a_signature(desk: Desk) -> None:
    message = desk.receive("m1")
    empty = desk.request(message, Action.BAN, exception=BanException(" "))
    with pytest.raises(VigieError) as caught:
        desk.services.decisions.decide(desk.moderator, empty)
    assert code_of(caught) == "ban.exception_reason_missing"
    written = desk.request(message, Action.BAN, exception=BanException("Menace de mort."))
    desk.services.decisions.decide(desk.moderator, written)
    assert desk.detail(message).state is CaseState.AWAITING_SIGNATURE
    assert desk.outgoing() == []


def test_a_refused_ban_takes_the_decision_back(desk: Desk) -> None:
    message = desk.receive("m1")
    written = desk.request(message, Action.HIDE, Action.BAN, exception=BanException("Menace de mort."))
    desk.services.decisions.decide(desk.moderator, written)
    (waiting,) = desk.services.escalations.open(desk.supervisor)
    desk.services.escalations.refuse(desk.supervisor, waiting.id, "Un avertissement suffit.")
    assert desk.detail(message).state is CaseState.RETURNED
    assert desk.outgoing() == []
    (mine,) = desk.services.escalations.mine(desk.moderator)
    assert mine.answer == "Un avertissement suffit."


def test_an_edit_meanwhile_is_noticed_and_reopens_what_was_decided(desk: Desk) -> None:
    message = desk.receive("m1", text="Bonjour")
    stale = desk.request(message, Action.KEEP)
    assert desk.receive("m1", text="Gang de pourris") == message
    with pytest.raises(VigieError) as caught:
        desk.services.decisions.decide(desk.moderator, stale)
    assert code_of(caught) == "case.changed"
    desk.decide(message, Action.KEEP)
    desk.receive("m1", text="Encore autre chose")
    detail = desk.detail(message)
    assert detail.state is CaseState.PENDING
    assert detail.message.text == "Encore autre chose"
    assert {each.text for each in detail.snapshots} >= {"Bonjour", "Gang de pourris"}


def test_a_message_is_decided_once(desk: Desk) -> None:
    message = desk.receive("m1")
    desk.decide(message, Action.KEEP)
    with pytest.raises(VigieError) as caught:
        desk.decide(message, Action.KEEP, by=desk.colleague)
    assert code_of(caught) == "case.already_decided"


def test_accounts_out_of_scope_allow_no_sanction(desk: Desk) -> None:
    message = desk.receive("m1")
    account = desk.detail(message).account
    outside = Account(account.id, account.platform, account.name, AccountType.OUT_OF_SCOPE)
    with desk.db.write() as work:
        work.put_account(outside)
    with pytest.raises(VigieError) as caught:
        desk.decide(message, Action.HIDE)
    assert code_of(caught) == "scope.no_sanction"
    desk.decide(message, Action.KEEP)


def test_no_redirect_before_the_coordinates_are_filled(desk: Desk) -> None:
    message = desk.receive("m1")
    with pytest.raises(VigieError) as caught:
        desk.decide(message, Action.REDIRECT_311)
    assert code_of(caught) == "redirect.coordinates_missing"


def test_a_refused_decision_leaves_nothing_behind(desk: Desk) -> None:
    message = desk.receive("m1")
    before = list(desk.db.reads.journal())
    for actions in ({Action.BAN}, {Action.HIDE, Action.DELETE}, {Action.REDIRECT_311}):
        with pytest.raises(VigieError):
            desk.decide(message, *actions)
    assert list(desk.db.reads.journal()) == before
    assert desk.detail(message).state is CaseState.PENDING
    assert desk.db.reads.outgoing(frozenset(OutgoingState), 10) == ()


def test_auditors_decide_nothing(desk: Desk) -> None:
    message = desk.receive("m1")
    desk.services.access.switch(desk.admin.staff.id)
    auditor = desk.services.access.introduce("Robin", Role.AUDITOR)
    with pytest.raises(VigieError) as caught:
        desk.decide(message, Action.KEEP, by=auditor)
    assert code_of(caught) == "permission.denied"


def test_the_ladder_is_said_before(desk: Desk) -> None:
    desk.warn_and_deliver("m1")
    message = desk.receive("m2")
    said = desk.services.decisions.consequence(desk.moderator, message, frozenset({Action.HIDE, Action.WARN}))
    assert said.rung is Rung.SECOND_WARNING
    assert said.notices == ("hide.facebook", "warn.second")
    alone = desk.services.decisions.consequence(desk.moderator, message, frozenset({Action.HIDE}))
    assert "hide.silent" in alone.notices


def test_drafts_name_the_article_and_leave_open_what_only_the_city_knows(desk: Desk) -> None:
    message = desk.receive("m1")
    draft = desk.services.decisions.draft(desk.moderator, message, Action.WARN)
    assert "article 4" in draft.text
    for field in draft.open_fields:
        assert f"{{{field}}}" in draft.text
    desk.warn_and_deliver("m2")
    second = desk.services.decisions.draft(desk.moderator, message, Action.WARN)
    assert "bannissement" in second.text
    assert second.template != draft.template


def test_the_journal_holds_after_all_of_it(desk: Desk) -> None:
    desk.warn_and_deliver("m1")
    desk.warn_and_deliver("m2")
    desk.decide(desk.receive("m3"), Action.BAN)
    desk.services.decisions.undo(desk.moderator)
    assert desk.services.history.verify(lambda _done, _total: None) is None
