"""Connections, cursors, threads, and what is to be looked at again, on a real file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import AccountId, MessageId, RuleId, account_id
from console.domain.messages import FACEBOOK, YOUTUBE, Account, Attachment, Channel
from console.domain.roles import Role
from console.errors import ConflictError
from console.services.connecting_ports import Backlog, KnownPicture
from console.services.platform_ports import Budget, Connection, ConnectionState
from tests.builders import NOW, DeskFile, desk_file, message

CITY = account_id(FACEBOOK, "Ville")
CONNECTION = Connection(
    CITY,
    FACEBOOK,
    "Ville",
    "page-1",
    ConnectionState.CONNECTED,
    connected_at=NOW,
    scopes=("pages_read_engagement",),
    expires_at=NOW + timedelta(days=60),
    client_id="app-1",
    base_url="http://127.0.0.1:1/facebook",
    settings={"version": "v26.0"},
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskFile]:
    """A file that knows one account."""
    with desk_file(tmp_path / "vigie.db") as opened:
        with opened.db.write() as work:
            work.put_account(Account(CITY, FACEBOOK, "Ville"))
        yield opened


def test_a_connection_comes_back_as_it_was_put(desk: DeskFile) -> None:
    with desk.db.write() as work:
        assert work.connection_of(CITY) is None
        work.put_connection(CONNECTION)
        found = work.connection_of(CITY)
    assert found is not None
    assert found.connection == CONNECTION
    assert (found.cursor, found.collected_at, found.budgets) == ("", None, ())
    assert desk.db.reads.connections() == (found,)


def test_only_known_accounts_are_connected(desk: DeskFile) -> None:
    with pytest.raises(ConflictError, match=r"account\.unknown"), desk.db.write() as work:
        work.put_connection(replace(CONNECTION, account=AccountId("f" * 32)))
    with pytest.raises(ConflictError, match=r"account\.not_connected"), desk.db.write() as work:
        work.put_wait(CITY, NOW, ())


def test_the_cursor_stays_with_another_state_and_goes_with_another_page(desk: DeskFile) -> None:
    budget = Budget("units", 12.0, 10_000.0, NOW + timedelta(hours=3))
    with desk.db.write() as work:
        work.put_connection(CONNECTION)
        work.put_wait(CITY, NOW + timedelta(minutes=5), ())
        work.put_collected(CITY, '{"floor": 1}', NOW, (budget,))
        work.put_looked(CITY, NOW)
        work.put_connection(replace(CONNECTION, state=ConnectionState.EXPIRED, code="platform.token"))
        kept = work.connection_of(CITY)
    assert kept is not None
    assert kept.connection.state is ConnectionState.EXPIRED
    assert (kept.cursor, kept.collected_at, kept.waits_until) == ('{"floor": 1}', NOW, None)
    assert (kept.looked_at, kept.budgets) == (NOW, (budget,))
    with desk.db.write() as work:
        work.put_connection(replace(CONNECTION, external_id="page-2"))
        other = work.connection_of(CITY)
    assert other is not None
    assert (other.cursor, other.collected_at, other.looked_at) == ("", None, None)


def _posted(desk: DeskFile, minutes: int, **changes: object) -> MessageId:
    at = NOW - timedelta(days=2) + timedelta(minutes=minutes)
    return desk.take_in(message(f"Bonjour {minutes}", posted_at=at, **changes))[0]


def test_open_cases_and_fresh_decisions_are_looked_at_in_the_order_of_their_posting(desk: DeskFile) -> None:
    pending = _posted(desk, 4)
    held = _posted(desk, 3)
    fresh = _posted(desk, 2)
    old = _posted(desk, 1)
    gone = _posted(desk, 5)
    _posted(desk, 6, account="Ailleurs")
    _posted(desk, 7, by_city=True)
    desk.move(held, CaseState.HELD)
    desk.clock.advance(timedelta(days=-8))
    desk.decide(old, Action.HIDE)
    desk.clock.advance(timedelta(days=8))
    desk.decide(fresh, Action.HIDE)
    with desk.db.write() as work:
        work.mark_deleted(gone, NOW)
    since = NOW - timedelta(days=7)
    found = desk.db.reads.to_look_at(CITY, since, None, 10)
    assert [each.message for each in found] == [fresh, held, pending]
    first = desk.db.reads.to_look_at(CITY, since, None, 2)
    assert list(first) == list(found[:2])
    assert [each.message for each in desk.db.reads.to_look_at(CITY, since, first[-1].posted_at, 2)] == [
        pending
    ]


def test_messages_of_one_moment_are_never_parted(desk: DeskFile) -> None:
    made = {_posted(desk, 1) for _ in range(7)}
    later = _posted(desk, 2)
    found = desk.db.reads.to_look_at(CITY, NOW, None, 3)
    assert {each.message for each in found} == made
    rest = desk.db.reads.to_look_at(CITY, NOW, found[-1].posted_at, 3)
    assert [each.message for each in rest] == [later]


def test_threads_and_conversations_are_found_by_their_root(desk: DeskFile) -> None:
    _posted(desk, 1, external_id="c1")
    for minutes in (2, 3, 4):
        _posted(desk, minutes, external_id=f"r{minutes}", parent_external_id="c1")
    _posted(desk, 5, external_id="m1", channel=Channel.PRIVATE, post_external_id="talk")
    _posted(desk, 6, external_id="c2", post_external_id="talk")
    city = Account(CITY, FACEBOOK, "Ville")
    found = desk.db.reads.thread_parts(city, ["c1", "unknown"], ["talk"], 3)
    assert [each.external_id for each in found["c1"]] == ["r2", "r3", "r4"]
    assert [each.external_id for each in found["talk"]] == ["m1"]
    assert found["talk"][0].entry.text == "Bonjour 5"
    assert set(found) == {"c1", "talk"}
    assert (
        desk.db.reads.thread_parts(Account(account_id(YOUTUBE, "Ville"), YOUTUBE, "Ville"), ["c1"], [], 3)
        == {}
    )


def test_what_waits_is_counted_by_account(desk: DeskFile) -> None:
    assert desk.db.reads.backlog() == {}
    assert Backlog() == Backlog(0, 0)


def test_removed_pictures_are_noted_once_and_forgotten_with_the_decision(desk: DeskFile) -> None:
    picture = Attachment("a.jpg", "image/jpeg", "http://127.0.0.1:1/a.jpg")
    words = Attachment("a.pdf", "application/pdf", "http://127.0.0.1:1/a.pdf")
    shown = _posted(desk, 1, attachments=(picture,))
    removed = _posted(desk, 2, attachments=(words, picture))
    _posted(desk, 3)
    desk.decide(shown, Action.KEEP, rules=())
    decision = desk.decide(removed, Action.DELETE, rules=("insult", "violence"))
    (found,) = desk.db.reads.pictures_to_note(NOW - timedelta(days=7), 10)
    assert (found.message, found.attachment, found.account) == (removed, picture, CITY)
    assert found.rules == ("insult", "violence")
    note = KnownPicture(-5, RuleId("insult"), "a.jpg", removed, NOW, desk.actor(Role.MODERATOR).staff.id)
    with desk.db.write() as work:
        work.put_picture(note)
        work.put_picture(replace(note, label="b.jpg"))
    assert desk.db.reads.known_pictures() == (note,)
    assert desk.db.reads.pictures_to_note(NOW - timedelta(days=7), 10) == ()
    with desk.db.write() as work:
        assert work.forget_pictures() == 0
    desk.undo(decision)
    with desk.db.write() as work:
        work.change_message(work.message_pk(removed), decision=None)
        assert work.forget_pictures() == 1
    assert desk.db.reads.attachments(removed) == (CITY, (words, picture))
    with pytest.raises(ConflictError, match=r"case\.unknown"):
        desk.db.reads.attachments(MessageId("0" * 32))
