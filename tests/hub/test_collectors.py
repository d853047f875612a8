"""Who collects which account: one desk at a time; and a hub of the first version becomes this one."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.decisions import Action
from console.domain.ids import account_id, new_id
from console.domain.messages import FACEBOOK
from console.domain.roles import Permission, Role
from console.domain.sanctions import LadderSettings
from console.hub import administration, connection
from console.hub.connection import HubAddress
from console.services.rows import QueueFilter, Sort
from console.services.sharing_ports import LineState
from tests.hub.conftest import PASSWORD, Hub, Server
from tests.hub.databases import plain
from tests.hub.desk import Content, Desk, decision, derived, item
from tests.hub.desks import seat
from tests.hub.test_faults_server import running
from tests.hub.test_server_administration import empty as empty
from tests.hub.test_server_bans import set_ladder, warn
from tests.hub.test_server_chain import said_by

PAGE = account_id(FACEBOOK, "Ville")
MESSAGE = Content("Idiot", "1")


def test_one_desk_collects_an_account_until_its_lease_ends(hub: Hub) -> None:
    one, other = hub.desk("collecteur"), hub.desk("marie")
    assert one.call("lease_account", PAGE, one.id, 45) is True
    assert other.call("lease_account", PAGE, other.id, 45) is False
    assert one.call("lease_account", PAGE, one.id, 45) is True
    assert other.call("lease_account", account_id(FACEBOOK, "Loisirs"), other.id, 45) is True
    listed = "SELECT account, desk, name FROM vigie.collectors()"
    assert (PAGE, one.id, "Poste d'essai") in other.connection.execute(listed).fetchall()
    hub.admin().execute(
        "UPDATE vigie.account_lease SET until = clock_timestamp() WHERE account = %s", (PAGE,)
    )
    assert other.call("lease_account", PAGE, other.id, 45) is True
    assert one.call("lease_account", PAGE, one.id, 45) is False
    assert other.call("lease_account", PAGE, other.id, 0) is True
    assert one.call("lease_account", PAGE, one.id, 45) is True


def test_a_lease_lasts_what_was_asked_for(hub: Hub) -> None:
    one = hub.desk("marie")
    one.call("lease_account", PAGE, one.id, 45)
    left = "SELECT until - clock_timestamp() FROM vigie.account_lease"
    assert timedelta(seconds=40) < hub.value(left) <= timedelta(seconds=45)
    one.call("lease_account", PAGE, one.id, 10**6)
    assert hub.value(left) <= timedelta(hours=1)


def test_who_may_not_take_messages_in_collects_nothing(hub: Hub) -> None:
    agent, marie = hub.desk("agathe"), hub.desk("marie")
    with pytest.raises(Exception, match="permission denied"):
        agent.call("lease_account", PAGE, agent.id, 45)
    assert said_by(lambda: marie.call("lease_account", PAGE, agent.id, 45))[0] == "hub.not_joined"
    assert said_by(lambda: marie.call("lease_account", "x", marie.id, 45))[0] == "hub.malformed"


def test_lines_take_turns_and_say_who_collects(hub: Hub, tmp_path: Path) -> None:
    with running(hub, tmp_path / "a", "marie") as marie, running(hub, tmp_path / "b", "collecteur") as robot:
        for each in (marie, robot):
            each.until(lambda each=each: each.member.line().state is LineState.ONLINE)
        assert robot.member.lease_account(PAGE) is True
        assert marie.member.lease_account(PAGE) is False
        marie.until(lambda: bool(marie.member.collectors()))
        (lease,) = marie.member.collectors()
        assert (lease.account, lease.desk, lease.name) == (PAGE, robot.db.desk, "Poste de collecteur")


def test_a_collector_joins_and_rebuilds_what_it_carries_out(hub: Hub, tmp_path: Path) -> None:
    with ExitStack() as stack:
        marie = seat(stack, hub, tmp_path / "marie", "marie")
        robot = seat(stack, hub, tmp_path / "robot", "collecteur")
        assert robot.moderator.staff.role is Role.COLLECTOR
        assert not robot.moderator.may(Permission.DECIDE, robot.clock.now())
        message = robot.receive("m1")
        robot.sync()
        marie.sync()
        marie.decide(message, Action.HIDE, Action.WARN)
        marie.sync()
        robot.sync()
        assert {name for _, name in _items(robot)} == {"hide", "warn"}
        assert [row.id for row in robot.services.queue.page(QueueFilter(), Sort.NEWEST, None, 5).rows] == []


def _items(desk: object) -> list[tuple[str, str]]:
    decisions = desk.detail(next(iter(_messages(desk)))).decision
    with desk.db.write() as work:
        return [(item.id, item.operation) for item, _ in work.outgoing_of(decisions.id)]


def _messages(desk: object) -> list[str]:
    with desk.db.write() as work:
        return [event.event.subject for event in work.events_of_kinds(("decision.made",))]


def test_a_ban_for_a_time_brings_its_end_along(hub: Hub) -> None:
    marie = hub.desk("marie")
    set_ladder(hub, ban_needs_second_signature=False, ban_days=30)
    for key in ("1", "2"):
        warn(marie, key)
    message = Content("Encore", "last", person="x")
    marie.contents(message)
    items = [item("ban"), item("unban", seconds=30 * 86_400)]
    waits = decision(message, "ban", outgoing=items[1:])
    assert marie.send("decision.made", message.id, waits) == ("refused", "event.malformed")
    alone = decision(message, "hide", outgoing=[item("hide"), items[1]])
    assert marie.send("decision.made", message.id, alone) == ("refused", "event.malformed")
    made = decision(message, "ban", state="decided", outgoing=items, escalation=None)
    assert marie.send("decision.made", message.id, made) == ("accepted", None)
    assert marie.call("lease_item", items[0]["id"], marie.id, 60) is True
    assert marie.call("lease_item", items[1]["id"], marie.id, 60) is False


def test_a_signed_ban_brings_its_end_along(hub: Hub) -> None:
    marie, solange = hub.desk("marie"), hub.desk("solange")
    for key in ("1", "2"):
        warn(marie, key)
    message = Content("Encore", "last", person="x")
    marie.contents(message)
    made = decision(message, "ban")
    assert marie.send("decision.made", message.id, made) == ("accepted", None)
    answer = {
        "escalation": made["escalation"]["id"],
        "outcome": "signed",
        "state": "decided",
        "answer": "",
        "outgoing": [item("ban"), item("unban", seconds=86_400)],
    }
    assert solange.send("escalation.answered", message.id, answer) == ("accepted", None)
    assert hub.value("SELECT count(*) FROM vigie.outgoing WHERE message = %s", derived("message/last")) == 2


def test_a_hub_of_the_first_version_is_upgraded_with_all_it_holds(
    empty: HubAddress,
    hub_server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as old:
        old.setattr(administration, "HEAD", "0001")
        old.setattr(connection, "VERSION", 1)
        assert administration.init(empty, None, LadderSettings()).revision == "0001"
        with closing(plain(empty)) as admin:
            for login, role in (("marie", "moderator"), ("collecteur", "collector")):
                admin.execute(
                    "INSERT INTO vigie.staff (login, name, role) VALUES (%s, %s, %s)", (login, login, role)
                )
        with closing(_member(empty, "marie")) as opened:
            marie = Desk(opened).join()
            marie.contents(MESSAGE)
            assert marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "hide")) == ("accepted", None)
        with (
            closing(_member(empty, "collecteur")) as opened,
            pytest.raises(Exception, match="permission denied"),
        ):
            Desk(opened).join()
    done = administration.upgrade(empty, None)
    assert (done.revision, done.messages, done.events) == ("0002", 1, 1)
    with closing(_member(empty, "collecteur")) as opened:
        robot = Desk(opened).join()
        kinds = opened.execute("SELECT kind FROM vigie.feed() ORDER BY seq").fetchall()
        assert kinds == [("content",), ("event",)]
        assert robot.call("lease_account", PAGE, robot.id, 45) is True
        assert robot.send("message.gone", MESSAGE.id, {"sha256": "0" * 64}) == ("accepted", None)
    with closing(_member(empty, "marie")) as opened:
        marie.connection = opened
        assert marie.send("desk.taken", new_id(), {}) == ("accepted", None)


def _member(address: HubAddress, login: str):
    from dataclasses import replace

    return connection.connect(replace(address, login=login), PASSWORD)
