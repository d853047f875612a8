"""Carrying out decisions over a platform's interface: what every kind of answer makes of an item."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.decisions import Action
from console.domain.ids import account_id
from console.domain.messages import FACEBOOK
from console.domain.platforms import Act, Result
from console.domain.roles import Role
from console.domain.sanctions import Rung
from console.errors import ConflictError, PermissionDeniedError
from console.services.facts import OutboxDone, read
from console.services.platform_ports import ConnectionState
from console.services.rows import OutgoingRow, OutgoingState
from tests.conftest import ExpectedLogs
from tests.delivering import Fate, Sender, connect, open_sender

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    """A desk with a connected Facebook account."""
    with open_sender(tmp_path) as opened:
        yield opened


def item(sender: Sender, operation: str) -> OutgoingRow:
    """The newest item of an operation, wherever it is."""
    actor = sender.desk.moderator
    rows = (*sender.outbox.sent(actor), *sender.outbox.waiting(actor))
    return max((row for row in rows if row.operation == operation), key=lambda row: row.id)


def kinds(sender: Sender) -> list[str]:
    """What the journal says of sending."""
    journal = sender.desk.db.reads.journal()
    return [link.event.kind for link in journal if link.event.kind.startswith("outbox.")]


def test_a_decision_is_carried_out_with_receipts_and_the_warning_counts(sender: Sender) -> None:
    message = sender.desk.receive("m1")
    sender.desk.decide(message, Action.HIDE, Action.WARN)
    assert sender.round(grace=False).sent == 0, "not within the grace"
    report = sender.round()
    assert (report.sent, report.by_hand, report.waiting, report.trouble) == (2, 0, 0, 0)
    assert report.next_at is None
    assert message in report.changes.messages
    assert sender.remote.done == [(Act.HIDE, "m1"), (Act.MESSAGE, "m1")]
    assert sender.desk.detail(message).standing.rung is Rung.SECOND_WARNING
    (warning,) = sender.desk.detail(message).warnings
    assert warning.delivery is not None
    assert (warning.delivery.means, warning.delivery.proof) == ("api.message", "r1")
    told = item(sender, "warn")
    assert (told.state, told.proof, told.done_by) == (OutgoingState.DONE, "api.message · r1", "Camille")
    (attempt,) = told.attempts
    assert (attempt.act, attempt.result, attempt.request_id, attempt.status) == (
        Act.MESSAGE,
        Result.DONE,
        "req2",
        200,
    )
    assert [row.attempts for row in sender.desk.detail(message).outgoing] == [
        item(sender, "hide").attempts,
        told.attempts,
    ]


def test_the_journal_holds_the_receipts(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.WARN)
    sender.round()
    (done,) = [e.event for e in sender.desk.db.reads.journal() if e.event.kind == "outbox.done"]
    fact = read(done.kind, done.payload)
    assert isinstance(fact, OutboxDone)
    assert (fact.means, fact.state) == ("api.message", OutgoingState.DONE)
    assert [(each.act, each.request_id, each.external_id) for each in fact.receipts] == [
        (Act.MESSAGE, "req1", "r1")
    ]


def test_what_the_platform_has_no_call_for_goes_to_a_person_at_once(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.HIDE, Action.REPORT)
    report = sender.round()
    row = item(sender, "report")
    assert (row.state, row.code) == (OutgoingState.BY_HAND, "by_hand.report")
    assert [(each.act, each.by_api) for each in row.planned] == [(Act.REPORT, False)]
    assert report.sent == 1, "what a person does by hand holds nothing up"
    assert sender.outbox.trouble(sender.desk.moderator) == 0


def test_without_a_connection_everything_is_by_hand_as_ever(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1", account="Bibliothèque"), Action.HIDE)
    sender.round()
    assert item(sender, "hide").state is OutgoingState.BY_HAND
    assert sender.remote.calls == []


def test_an_account_that_is_disconnected_leaves_its_items_to_people(sender: Sender) -> None:
    sender.remote.fates.append(Fate.AWAY)
    sender.desk.decide(sender.desk.receive("m1"), Action.HIDE)
    sender.round()
    db, secrets = sender.desk.db, sender.accounts._secrets
    connect(db, secrets, account_id(FACEBOOK, "Ville"), state=ConnectionState.DISCONNECTED)
    sender.round()
    assert (item(sender, "hide").state, item(sender, "hide").code) == (
        OutgoingState.BY_HAND,
        "by_hand.not_connected",
    )


@pytest.mark.parametrize("fate", [Fate.LOST, Fate.BROKEN])
def test_a_lost_answer_to_a_text_is_looked_up_before_anything_else(sender: Sender, fate: Fate) -> None:
    message = sender.desk.receive("m1")
    sender.desk.decide(message, Action.WARN)
    sender.remote.fates.append(fate)
    assert sender.round().trouble == 1
    row = item(sender, "warn")
    assert (row.state, row.code) == (OutgoingState.UNKNOWN, "platform.uncertain")
    assert sender.desk.detail(message).standing.counted == ()
    sender.round(grace=False)
    assert len(sender.remote.calls) == 1, "not at once"
    sender.desk.clock.advance(MINUTE)
    sender.round()
    row = item(sender, "warn")
    assert row.state is OutgoingState.DONE
    assert sender.remote.texts("m1") == [(Act.MESSAGE, row.text)]
    assert [(each.result, each.read_back) for each in row.attempts] == (
        [(Result.DONE, True)] if fate is Fate.LOST else [(None, True), (Result.DONE, False)]
    )
    assert len(sender.desk.detail(message).standing.counted) == 1
    assert kinds(sender) == ["outbox.unknown", "outbox.done"]


def test_what_may_be_repeated_is_simply_done_again(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.HIDE)
    sender.remote.fates.append(Fate.LOST)
    sender.round()
    row = item(sender, "hide")
    assert (row.state, row.code) == (OutgoingState.WAITING, "platform.uncertain")
    assert row.retry_at is not None
    assert timedelta(seconds=48) <= row.retry_at - sender.desk.clock.now() <= timedelta(seconds=72)
    sender.desk.clock.advance(2 * MINUTE)
    sender.round()
    row = item(sender, "hide")
    assert row.state is OutgoingState.DONE, "it was the console that did it, though the answer is «already»"
    assert [each.result for each in row.attempts] == [None, Result.ALREADY]


def test_where_the_platform_cannot_tell_a_person_decides(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.WARN)
    sender.remote.fates.append(Fate.LOST)
    sender.remote.tells = False
    sender.rounds()
    row = item(sender, "warn")
    assert (row.state, row.retry_at) == (OutgoingState.UNKNOWN, None)
    assert len(sender.remote.texts("m1")) == 1
    assert sender.outbox.trouble(sender.desk.moderator) == 1
    assert sender.outbox.waiting(sender.desk.moderator)[0].id == row.id
    sender.outbox.again(sender.desk.moderator, row.id)
    sender.rounds(3)
    assert len(sender.remote.texts("m1")) == 1, "asked again, it still cannot tell: nothing is sent twice"
    sender.outbox.confirm(sender.desk.moderator, row.id, "vu sur la plateforme")
    assert item(sender, "warn").state is OutgoingState.DONE


def test_a_platform_that_is_away_keeps_items_waiting_however_long(sender: Sender) -> None:
    for number in (1, 2, 3):
        sender.desk.decide(sender.desk.receive(f"m{number}"), Action.HIDE)
    sender.remote.fates.extend([Fate.AWAY] * 60)
    report = sender.round()
    assert (report.waiting, len(sender.remote.calls)) == (3, 1), "one call says it for all"
    row = item(sender, "hide")
    assert (row.state, row.code) == (OutgoingState.WAITING, "platform.unreachable")
    assert report.next_at == row.retry_at
    sender.rounds(50, timedelta(hours=1))
    assert {row.state for row in sender.outbox.waiting(sender.desk.moderator)} == {OutgoingState.WAITING}
    assert all(len(row.attempts) <= 1 for row in sender.outbox.waiting(sender.desk.moderator))
    sender.rounds(12)
    assert sender.remote.hidden == {"m1", "m2", "m3"}


def test_a_rate_limit_is_respected_for_such_acts_alone(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.WARN)
    sender.desk.decide(sender.desk.receive("m2"), Action.WARN)
    sender.desk.decide(sender.desk.receive("m3"), Action.HIDE)
    sender.remote.fates.append(Fate.LIMITED)
    report = sender.round()
    assert (report.waiting, report.sent) == (2, 1)
    until = sender.desk.clock.now() + timedelta(minutes=7)
    waiting = sender.outbox.waiting(sender.desk.moderator)
    assert {(row.retry_at, row.code) for row in waiting} == {(until, "platform.rate_limited")}
    sender.desk.clock.advance(timedelta(minutes=6))
    sender.round(grace=False)
    assert len(sender.remote.calls) == 2
    sender.desk.clock.advance(MINUTE)
    assert sender.round(grace=False).sent == 2


def test_a_token_that_is_no_longer_taken_stops_the_account_not_the_items(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.HIDE)
    sender.desk.decide(sender.desk.receive("m2"), Action.HIDE)
    sender.remote.token = False
    sender.round()
    (row, *_) = (each for each in sender.accounts.rows(sender.desk.moderator) if each.connection)
    assert row.connection is not None
    assert row.connection.state is ConnectionState.EXPIRED
    assert len(sender.remote.calls) == 1
    sender.rounds(3)
    assert {each.state for each in sender.outbox.waiting(sender.desk.moderator)} == {OutgoingState.WAITING}
    sender.remote.token = True
    connect(sender.desk.db, sender.accounts._secrets, row.account.id)
    assert sender.round().sent == 2


def test_a_refusal_is_shown_with_the_platforms_code(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.WARN)
    sender.remote.refuses = {Act.MESSAGE}
    assert sender.round().trouble == 1
    row = item(sender, "warn")
    assert (row.state, row.code, row.attempts[0].status) == (OutgoingState.REFUSED, "100", 400)
    assert kinds(sender) == ["outbox.refused"]
    sender.remote.refuses = set()
    sender.outbox.again(sender.desk.moderator, row.id)
    assert sender.round().sent == 1


def test_a_refusal_that_was_to_be_expected_is_a_task_by_hand(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.HIDE)
    sender.remote.refuses = {Act.HIDE}
    assert sender.round().by_hand == 1
    assert item(sender, "hide").state is OutgoingState.BY_HAND


def test_after_eight_tries_it_has_failed(sender: Sender, expected_logs: ExpectedLogs) -> None:
    expected_logs.expect("an act met a bug")
    sender.desk.decide(sender.desk.receive("m1"), Action.HIDE)
    sender.remote.fates.extend([Fate.BUG] + [Fate.BROKEN] * 20)
    sender.rounds(20, timedelta(minutes=37))
    row = item(sender, "hide")
    assert (row.state, len(row.attempts)) == (OutgoingState.FAILED, 8)
    assert kinds(sender) == ["outbox.failed"]
    sender.remote.fates.clear()
    sender.outbox.again(sender.desk.moderator, row.id)
    assert sender.round().sent == 1


def test_after_a_day_it_has_failed(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.HIDE)
    sender.remote.fates.extend([Fate.BROKEN] * 20)
    sender.rounds(3, timedelta(hours=13))
    assert item(sender, "hide").state is OutgoingState.FAILED


def test_nothing_left_to_act_on_is_no_failure_but_a_warning_needs_to_be_read(sender: Sender) -> None:
    message = sender.desk.receive("m1")
    sender.desk.decide(message, Action.HIDE, Action.WARN)
    sender.remote.gone.add("m1")
    sender.round()
    assert item(sender, "hide").state is OutgoingState.ALREADY
    row = item(sender, "warn")
    assert (row.state, row.code) == (OutgoingState.BY_HAND, "by_hand.gone")
    assert sender.desk.detail(message).standing.counted == ()


def test_items_of_a_message_keep_their_order(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.HIDE, Action.WARN)
    sender.desk.decide(sender.desk.receive("m2"), Action.HIDE, Action.WARN)
    sender.remote.fates.append(Fate.BROKEN)
    sender.round()
    assert sender.remote.done == [(Act.HIDE, "m2"), (Act.MESSAGE, "m2")]
    assert item(sender, "hide").retry_at is None
    sender.rounds(2)
    assert sender.remote.done[2:] == [(Act.HIDE, "m1"), (Act.MESSAGE, "m1")]


def test_a_window_that_closes_while_waiting_changes_the_way(sender: Sender) -> None:
    sender.desk.decide(sender.desk.receive("m1"), Action.WARN)
    sender.remote.fates.extend([Fate.AWAY] * 2)
    sender.round()
    (planned,) = item(sender, "warn").planned
    assert planned.act is Act.MESSAGE
    sender.desk.clock.advance(timedelta(days=8))
    (planned,) = item(sender, "warn").planned
    assert planned.act is Act.REPLY
    sender.round()
    sender.rounds(2)
    assert [act for act, _ in sender.remote.texts("m1")] == [Act.REPLY]


def test_the_last_try_comes_before_the_window_closes(sender: Sender) -> None:
    message = sender.desk.receive("m1")
    sender.desk.clock.advance(timedelta(days=7) - timedelta(minutes=12))
    sender.desk.decide(message, Action.WARN)
    sender.remote.fates.extend([Fate.AWAY] * 4)
    for _ in range(40):
        sender.round()
    assert [act for act, _ in sender.remote.texts("m1")] == [Act.MESSAGE]


def test_the_notice_goes_out_before_the_ban_and_once(sender: Sender) -> None:
    desk = sender.desk
    for number in (1, 2):
        desk.decide(desk.receive(f"m{number}"), Action.WARN)
    sender.round()
    third = desk.receive("m3")
    desk.decide(third, Action.BAN)
    (waiting,) = desk.services.escalations.open(desk.supervisor)
    desk.services.escalations.sign(desk.supervisor, waiting.id)
    sender.remote.fates.extend([Fate.FINE, Fate.BROKEN])
    sender.round()
    assert item(sender, "ban").state is OutgoingState.WAITING
    sender.rounds(2)
    row = item(sender, "ban")
    assert (row.state, row.proof) == (OutgoingState.DONE, "api.message · r3")
    assert sender.remote.done[-2:] == [(Act.MESSAGE, "m3"), (Act.BAN, "m3")]
    assert sender.remote.banned == {"personne-1"}


def test_taking_back_reverses_what_went_out_and_says_what_stays(sender: Sender) -> None:
    desk = sender.desk
    desk.decide(desk.receive("m1"), Action.HIDE, Action.WARN)
    sender.round()
    changes = desk.services.decisions.undo(desk.moderator)
    assert changes.facts == {"stays": "warn"}
    assert sender.remote.hidden == {"m1"}
    sender.round()
    assert sender.remote.hidden == set()
    assert item(sender, "unhide").state is OutgoingState.DONE


def test_taking_back_reverses_what_may_have_gone_out(sender: Sender) -> None:
    desk = sender.desk
    desk.decide(desk.receive("m1"), Action.HIDE)
    sender.remote.fates.append(Fate.LOST)
    sender.round()
    desk.services.decisions.undo(desk.moderator)
    sender.rounds(3)
    assert sender.remote.hidden == set()
    assert sender.states() == {"hide": "cancelled", "unhide": "done"}


def test_what_waits_and_was_not_tried_is_only_cancelled(sender: Sender) -> None:
    desk = sender.desk
    desk.decide(desk.receive("m1"), Action.HIDE)
    sender.remote.fates.append(Fate.AWAY)
    sender.round()
    desk.services.decisions.undo(desk.moderator)
    sender.rounds(3)
    assert sender.states() == {"hide": "cancelled"}


def test_a_deletion_whose_answer_was_lost_is_not_taken_back(sender: Sender) -> None:
    desk = sender.desk
    desk.decide(desk.receive("m1"), Action.DELETE)
    sender.remote.fates.append(Fate.LOST)
    sender.round()
    with pytest.raises(ConflictError, match=r"undo\.closed"):
        desk.services.decisions.undo(desk.moderator)


def test_a_person_may_take_over_and_give_up(sender: Sender) -> None:
    desk, actor = sender.desk, sender.desk.moderator
    message = desk.receive("m1")
    desk.decide(message, Action.HIDE, Action.WARN)
    sender.remote.fates.append(Fate.AWAY)
    sender.round()
    hide, warn = item(sender, "hide"), item(sender, "warn")
    with pytest.raises(ConflictError, match=r"outbox\.not_waiting"):
        sender.outbox.again(actor, hide.id)
    sender.outbox.by_hand(actor, hide.id)
    sender.rounds(2)
    assert item(sender, "hide").state is OutgoingState.BY_HAND
    assert sender.remote.hidden == set()
    sender.outbox.confirm(actor, hide.id, "page de la plateforme")
    with pytest.raises(ConflictError, match=r"outbox\.not_waiting"):
        sender.outbox.by_hand(actor, warn.id)
    assert [row.operation for row in sender.outbox.sent(actor)] == ["hide", "warn"]


def test_only_who_may_deliver_sends(sender: Sender) -> None:
    sender.desk.services.access.switch(sender.desk.admin.staff.id)
    auditor = sender.desk.services.access.introduce("Robin", Role.AUDITOR)
    with pytest.raises(PermissionDeniedError):
        sender.delivery.run(auditor, lambda: False)


def test_stopping_leaves_the_rest_for_the_next_round(sender: Sender) -> None:
    for number in (1, 2, 3):
        sender.desk.decide(sender.desk.receive(f"m{number}"), Action.HIDE)
    sender.desk.clock.advance(MINUTE)
    report = sender.delivery.run(sender.desk.moderator, lambda: len(sender.remote.calls) >= 1)
    assert (report.sent, len(sender.remote.calls)) == (1, 1)
    assert sender.round().sent == 2
