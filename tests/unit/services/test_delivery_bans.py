"""Bans with an end, what is said before deciding, and the rows that the screen shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.decisions import Action, BanException
from console.domain.ids import MessageId
from console.domain.messages import FACEBOOK, Channel
from console.domain.platforms import Act
from console.services.consequences import Consequence
from console.services.decisions import Decisions
from console.services.rows import OutgoingState
from tests.delivering import Fate, Sender, open_sender

DAYS = 30


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    """A desk with a connected Facebook account, in a city that bans for a month."""
    with open_sender(tmp_path) as opened:
        preferences, admin = opened.desk.services.preferences, opened.desk.admin
        preferences.set_ladder(admin, replace(preferences.ladder(), ban_days=DAYS))
        yield opened


def ban(sender: Sender, name: str = "m1") -> MessageId:
    """Propose and sign a ban of the same person, with a hide that goes at once."""
    desk = sender.desk
    message = desk.receive(name)
    request = desk.request(message, Action.HIDE, Action.BAN, exception=BanException("Menace de mort."))
    desk.services.decisions.decide(desk.moderator, request)
    (waiting,) = desk.services.escalations.open(desk.supervisor)
    desk.services.escalations.sign(desk.supervisor, waiting.id)
    return message


def operations(sender: Sender) -> list[str]:
    """What waits."""
    return [row.operation for row in sender.outbox.waiting(sender.desk.moderator)]


def test_a_ban_with_an_end_is_lifted_on_its_day(sender: Sender) -> None:
    ban(sender)
    assert sorted(operations(sender)) == ["ban", "hide"], "the end rests"
    report = sender.round()
    assert sender.remote.banned == {"personne-1"}
    assert report.next_at is not None
    assert report.next_at > sender.desk.clock.now() + timedelta(days=DAYS - 1)
    assert operations(sender) == []
    sender.desk.clock.advance(timedelta(days=DAYS - 1))
    sender.round()
    assert sender.remote.banned == {"personne-1"}
    sender.desk.clock.advance(timedelta(days=1))
    sender.round()
    assert sender.remote.banned == set()
    assert sender.states()["unban"] == "done"


def test_taking_back_a_ban_forgets_its_end(sender: Sender) -> None:
    ban(sender)
    sender.round()
    sender.desk.services.decisions.undo(sender.desk.supervisor, sender.desk.detail(_m1(sender)).decision.id)
    sender.round()
    assert sender.remote.banned == set()
    sender.desk.clock.advance(timedelta(days=DAYS + 1))
    sender.round()
    unbans = [row for row in sender.outbox.sent(sender.desk.moderator) if row.operation == "unban"]
    assert sorted(str(row.state) for row in unbans) == ["cancelled", "done"]


def test_taking_back_a_ban_that_has_ended_lifts_nothing_again(sender: Sender) -> None:
    ban(sender)
    sender.round()
    sender.desk.clock.advance(timedelta(days=DAYS))
    sender.round()
    before = len(sender.remote.done)
    sender.desk.services.decisions.undo(sender.desk.supervisor, sender.desk.detail(_m1(sender)).decision.id)
    sender.round()
    assert [act for act, _ in sender.remote.done[before:]] == [Act.UNHIDE]


def test_a_ban_that_is_given_up_takes_its_end_along(sender: Sender) -> None:
    ban(sender)
    sender.remote.refuses = {Act.BAN}
    sender.round()
    (row,) = [each for each in sender.outbox.waiting(sender.desk.moderator) if each.operation == "ban"]
    assert row.state is OutgoingState.REFUSED
    sender.outbox.give_up(sender.desk.moderator, row.id, "Compte fermé.")
    sender.desk.clock.advance(timedelta(days=DAYS + 1))
    sender.round()
    assert operations(sender) == []
    assert sender.states()["unban"] == "cancelled"


def test_the_end_waits_for_a_ban_that_a_person_has_not_done_yet(sender: Sender) -> None:
    ban(sender)
    sender.remote.fates.extend([Fate.FINE, Fate.AWAY])
    sender.round()
    (row,) = [each for each in sender.outbox.waiting(sender.desk.moderator) if each.operation == "ban"]
    sender.outbox.by_hand(sender.desk.moderator, row.id)
    sender.desk.clock.advance(timedelta(days=DAYS + 1))
    sender.round()
    assert sorted(operations(sender)) == ["ban", "unban"]
    sender.outbox.confirm(sender.desk.moderator, row.id, "page de la plateforme")
    sender.remote.banned.add("personne-1")
    sender.round()
    assert sender.remote.banned == set()


def test_what_would_happen_is_said_before_deciding(sender: Sender) -> None:
    desk = sender.desk
    decisions = Decisions(
        desk.db, desk.clock, desk.services.policy, desk.services.preferences, sender.outlook
    )
    message = desk.receive("m1")

    def ways(*actions: Action, **texts: str) -> list[tuple[Action, list[tuple[Act, bool, str]]]]:
        said: Consequence = decisions.consequence(
            desk.moderator,
            message,
            frozenset(actions),
            texts={Action(name): text for name, text in texts.items()},
        )
        return [
            (action, [(each.act, each.by_api, each.note) for each in planned])
            for action, planned in said.planned
        ]

    assert ways(Action.KEEP) == []
    assert ways(Action.WARN, Action.HIDE) == [
        (Action.HIDE, [(Act.HIDE, True, "hide.facebook")]),
        (Action.WARN, [(Act.MESSAGE, True, "message.once_week")]),
    ]
    assert ways(Action.REPLY, reply="a" * 8_001) == [(Action.REPLY, [(Act.REPLY, False, "by_hand.too_long")])]
    assert ways(Action.BAN) == [(Action.BAN, [(Act.MESSAGE, True, "message.once_week"), (Act.BAN, True, "")])]
    elsewhere = desk.receive("m2", account="Bibliothèque")
    said = decisions.consequence(desk.moderator, elsewhere, frozenset({Action.HIDE}))
    ((_, (planned,)),) = said.planned
    assert (planned.by_api, planned.note) == (False, "by_hand.not_connected")


def test_rows_say_channel_way_and_trouble_first(sender: Sender) -> None:
    desk = sender.desk
    desk.decide(desk.receive("m1"), Action.WARN)
    desk.decide(desk.receive("m2"), Action.HIDE)
    sender.remote.fates.extend([Fate.LOST, Fate.AWAY])
    sender.round()
    rows = sender.outbox.waiting(desk.moderator)
    assert [(row.operation, row.state) for row in rows] == [
        ("warn", OutgoingState.UNKNOWN),
        ("hide", OutgoingState.WAITING),
    ]
    assert {row.channel for row in rows} == {Channel.COMMENT}
    assert {row.platform for row in rows} == {FACEBOOK}
    assert [each.act for each in rows[0].planned] == [Act.MESSAGE]


def undo(sender: Sender, message: str) -> None:
    """A supervisor takes the newest decision on the message back."""
    decided = sender.desk.detail(message).decision
    assert decided is not None
    sender.desk.services.decisions.undo(sender.desk.supervisor, decided.id)


def test_undoing_one_of_two_bans_leaves_the_person_banned(sender: Sender) -> None:
    first, second = ban(sender, "m1"), ban(sender, "m2")
    sender.round()
    undo(sender, first)
    sender.round()
    assert sender.remote.banned == {"personne-1"}, "the other decision still wants it"
    undo(sender, second)
    sender.round()
    assert sender.remote.banned == set()


def test_the_second_ban_taken_back_before_it_went_lifts_what_the_first_left(sender: Sender) -> None:
    first = ban(sender, "m1")
    sender.round()
    second = ban(sender, "m2")
    undo(sender, first)
    undo(sender, second)
    sender.round()
    assert sender.remote.banned == set()


def test_the_end_of_a_ban_lifts_no_later_ban(sender: Sender) -> None:
    ban(sender, "m1")
    sender.round()
    sender.desk.clock.advance(timedelta(days=DAYS - 1))
    ban(sender, "m2")
    sender.round()
    sender.desk.clock.advance(timedelta(days=1))
    sender.round()
    assert sender.remote.banned == {"personne-1"}
    sender.desk.clock.advance(timedelta(days=DAYS))
    sender.round()
    assert sender.remote.banned == set()


def _m1(sender: Sender) -> str:
    return next(row.message_id for row in sender.outbox.sent(sender.desk.moderator))
