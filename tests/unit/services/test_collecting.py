"""Taking in from a platform: as an import judges, in one transaction with the cursor, whatever kills it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import MessageId, message_id
from console.domain.messages import FACEBOOK, Attachment, IncomingMessage
from console.domain.roles import Role
from console.domain.sanctions import LadderSettings
from console.errors import AccessLostError, OfflineError, PermissionDeniedError, RateLimitedError
from console.services.collecting import LOOK_ROUND, Collecting, CollectReport
from console.services.intake import Intake
from console.services.picture_look import PictureMemory
from console.services.platform_ports import ConnectionState
from console.store.database import StoreDatabase
from tests.builders import NOW, DeskFile, desk_file, judged, message
from tests.judges import PlainJudge
from tests.unit.services.fake_platform import World, picture
from tests.unit.services.test_accounts import CITY, City, a_city


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Collector:
    """A city that collects from a world."""

    city: City
    judge: PlainJudge
    collecting: Collecting

    @property
    def desk(self) -> DeskFile:
        """The desk."""
        return self.city.desk

    @property
    def world(self) -> World:
        """The platform."""
        return self.city.directory.world

    def run(self, *, stop: bool = False) -> CollectReport:
        """Collect once, as a moderator."""
        return self.collecting.run(self.desk.actor(), CITY, lambda: stop)

    def kept(self) -> dict[str, tuple[str, bool]]:
        """External id → (text, gone) of everything that is visible."""
        found = {}
        for external_id in {each for each, _ in self.world.log}:
            with self.desk.db.write() as work:
                if not work.holds(_id(external_id)):
                    continue
            detail = self.desk.db.reads.case_detail(_id(external_id), NOW, _ladder())
            found[external_id] = (detail.message.text, detail.message.deleted_at is not None)
        return found

    def entries(self, kind: str = "collect.done") -> list[dict[str, Any]]:
        """Payloads of the journal."""
        links = self.desk.db.reads.journal()
        return [dict(link.event.payload) for link in links if link.event.kind == kind]


def _ladder() -> LadderSettings:
    return LadderSettings()


def _id(external_id: str) -> MessageId:
    return message_id(FACEBOOK, "Ville", external_id)


def _said(number: int, text: str = "", **changes: Any) -> IncomingMessage:
    at = NOW - timedelta(hours=5) + timedelta(minutes=number)
    given = {"external_id": f"c{number}", "posted_at": at, "author_external_id": f"u{number}"}
    return message(text or f"Bonjour numéro {number}", **(given | changes))


@contextmanager
def a_collector(folder: Path, world: World | None = None) -> Iterator[Collector]:
    """A connected city; `world` goes on where it was."""
    with a_city(folder) as city:
        if world is not None:
            city.directory.world = world
        if not city.desk.db.reads.connections():
            city.connect()
        city.secrets.put("platform:facebook/page-1", '{"access":"x"}')
        judge = PlainJudge()
        yield Collector(city, judge, Collecting(city.desk.db, judge, city.desk.clock, city.accounts))


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    """A connected city with an empty world."""
    with a_collector(tmp_path) as opened:
        yield opened


def test_everything_comes_once_and_is_counted(collector: Collector) -> None:
    for number in range(8):
        collector.world.say(_said(number, "Quel pourri" if number == 3 else ""))
    collector.world.say(_said(8, "Merci à toutes et à tous!", by_city=True))
    report = collector.run()
    assert (report.added, report.updated, report.gone, report.error) == (9, 0, 0, None)
    assert len(report.changes.messages) == 9
    assert collector.entries() == [
        {
            "platform": "facebook",
            "account": "Ville",
            "added": 9,
            "updated": 0,
            "reopened": 0,
            "gone": 0,
            "context_only": 1,
        }
    ]
    row = collector.city.row()
    assert row.collected_at == NOW
    assert row.budgets[0].name == "calls"
    again = collector.run()
    assert (again.added, again.updated, len(collector.entries())) == (0, 0, 1)
    detail = collector.desk.db.reads.case_detail(_id("c8"), NOW, _ladder())
    assert detail.state is CaseState.CLOSED
    assert detail.verdict.findings == ()


def test_what_comes_is_judged_as_an_import_judges_it(collector: Collector, tmp_path: Path) -> None:
    said = [
        _said(1, "Le parc est fermé"),
        _said(2, "Quel pourri", parent_external_id="c1", author_external_id="u9"),
        _said(3, "Quel pourri", parent_external_id="c1", author_external_id="u9"),
        _said(4, "le PARC est fermé", author_external_id="u9"),
    ]
    for each in reversed(said):
        collector.world.say(each)
    collector.world.page = 2
    collector.run()

    class Source:
        format, total = "test", len(said)

        def read(self) -> list[IncomingMessage]:
            return said

    with desk_file(tmp_path / "other" / "vigie.db") as other:
        judge = PlainJudge()
        intake = Intake(other.db, judge, None, other.clock)
        intake.take_in(other.actor(), Source(), lambda done, total: None)
        assert judge.seen == collector.judge.seen
        assert judge.threads == collector.judge.threads
    assert collector.judge.threads["c3"] == ("Le parc est fermé", "Quel pourri")


def test_a_thread_that_goes_on_tomorrow_knows_what_was_said_today(collector: Collector) -> None:
    collector.world.say(_said(1, "Le parc est fermé"))
    collector.world.say(_said(2, "Depuis quand?", parent_external_id="c1"))
    collector.run()
    collector.world.say(_said(3, "Depuis hier", parent_external_id="c1"))
    collector.run()
    assert collector.judge.threads["c3"] == ("Le parc est fermé", "Depuis quand?")


def test_edits_reopen_and_deletions_close(collector: Collector) -> None:
    for number in range(3):
        collector.world.say(_said(number))
    collector.run()
    collector.desk.decide(_id("c0"), Action.KEEP, rules=())
    collector.world.say(replace(_said(0), text="Quel pourri"))
    collector.world.remove("c1")
    report = collector.run()
    assert (report.added, report.updated, report.gone) == (0, 1, 1)
    assert collector.entries()[-1]["reopened"] == 1
    assert collector.entries("message.gone")
    states = {
        each: collector.desk.db.reads.case_detail(_id(each), NOW, _ladder()).state for each in ("c0", "c1")
    }
    assert states == {"c0": CaseState.PENDING, "c1": CaseState.CLOSED}


def test_what_lists_do_not_show_is_found_by_looking_again(collector: Collector) -> None:
    for number in range(130):
        collector.world.say(_said(number))
    collector.world.page = 100
    collector.run()
    collector.world.edit_unseen("c3", "Quel pourri")
    collector.world.remove("c120", seen=False)
    collector.desk.clock.advance(LOOK_ROUND)
    reports = [collector.run() for _ in range(5)]
    assert sum(each.updated for each in reports) == 1
    assert sum(each.gone for each in reports) == 1
    assert collector.kept()["c120"] == ("Bonjour numéro 120", True)
    looks = collector.world.calls.count("look")
    collector.run()
    assert collector.world.calls.count("look") == looks
    collector.desk.clock.advance(LOOK_ROUND)
    collector.run()
    assert collector.world.calls.count("look") == looks + 1


def test_pages_before_an_error_are_kept_and_the_platform_is_left_alone(collector: Collector) -> None:
    until = NOW + timedelta(minutes=10)

    def third(number: int) -> None:
        if number == 2:
            raise RateLimitedError("platform.rate_limited", until=until)

    for number in range(9):
        collector.world.say(_said(number))
    collector.world.before_page = third
    report = collector.run()
    assert isinstance(report.error, RateLimitedError)
    assert (report.added, len(report.changes.messages)) == (6, 6)
    assert collector.city.row().waits_until == until
    collector.world.before_page = lambda number: None
    calls = len(collector.world.calls)
    assert isinstance(collector.run().error, RateLimitedError)
    assert len(collector.world.calls) == calls
    collector.desk.clock.advance(timedelta(minutes=10))
    assert collector.run().added == 3
    assert collector.city.row().waits_until is None


def test_a_lost_access_is_noted_with_the_account(collector: Collector) -> None:
    collector.world.errors["fetch"] = AccessLostError("platform.permission")
    assert isinstance(collector.run().error, AccessLostError)
    row = collector.city.row()
    assert row.connection is not None
    assert row.connection.state is ConnectionState.FORBIDDEN
    with pytest.raises(AccessLostError):
        collector.run()
    assert collector.city.kinds().count("account.lost") == 1


def test_no_line_is_no_drama(collector: Collector) -> None:
    collector.world.errors["fetch"] = OfflineError("platform.unreachable")
    assert isinstance(collector.run().error, OfflineError)
    assert collector.entries() == []


def test_it_works_while_an_import_is_staged(collector: Collector) -> None:
    with collector.desk.db.write() as work:
        opened = work.begin_import(NOW)
    with collector.desk.db.write() as work:
        work.stage(opened, [judged(_said(1)), judged(_said(2))], NOW)
    collector.world.say(_said(1))
    collector.world.say(_said(3))
    collector.run()
    assert collector.kept().keys() >= {"c3"}
    with collector.desk.db.write() as work:
        work.publish_import(opened, NOW)
    collector.world.say(_said(2))
    collector.run()
    assert collector.kept().keys() == {"c1", "c2", "c3"}


def test_half_a_character_and_a_zero_do_not_stop_an_account(collector: Collector) -> None:
    collector.world.say(_said(1, "Oh \ud83d non\0!", author_name="\ud800"))
    assert collector.run().added == 1
    assert collector.kept()["c1"][0] == "Oh \ufffd non\ufffd!"


def test_only_who_may_take_in_collects(collector: Collector) -> None:
    with pytest.raises(PermissionDeniedError):
        collector.collecting.run(collector.desk.actor(Role.AUDITOR), CITY, lambda: False)


def test_whatever_kills_it_there_is_no_gap_and_nothing_twice(tmp_path: Path) -> None:
    """Killed before and after every commit, and before every page; each time opened again and gone on."""
    kills = 0
    with a_collector(tmp_path / "new"):
        pass
    for step in range(40):
        world = World(page=2)
        folder = shutil.copytree(tmp_path / "new", tmp_path / str(step))
        done = _live(world, folder, step)
        with a_collector(folder, world) as collector:
            collector.run()
            kept = collector.kept()
            added = sum(each["added"] for each in collector.entries())
        there = {each: (text.text, False) for each, text in world.there.items()}
        gone = {each: value for each, value in kept.items() if value[1]}
        assert {each: value for each, value in kept.items() if not value[1]} == there
        assert set(gone) <= {"c2"}
        assert added == len(kept)
        kills += not done
        if done:
            break
    assert kills > 8


def _live(world: World, folder: Path, step: int) -> bool:
    """People write, change and delete while it collects; the n-th boundary kills. True when none was left."""
    left = [step]

    def boundary(_number: int = 0) -> None:
        left[0] -= 1
        if left[0] < 0:
            left[0] = 1_000_000
            raise Killed

    for number in range(3):
        world.say(_said(number))
    try:
        with a_collector(folder, world) as collector:
            world.before_page = boundary
            _mortal(collector.desk.db, boundary)
            collector.run()
            world.say(replace(_said(1), text="Autrement dit"))
            world.remove("c2")
            world.say(_said(9))
            collector.run()
    except Killed:
        world.before_page = lambda number: None
        if "c2" in world.there:
            world.say(replace(_said(1), text="Autrement dit"))
            world.remove("c2")
            world.say(_said(9))
        return False
    world.before_page = lambda number: None
    return True


def _mortal(db: StoreDatabase, boundary: Any) -> None:
    """Every commit may be the last: before it is on disk, or after."""
    write = db.write

    @contextmanager
    def dying() -> Iterator[Any]:
        with write() as work:
            yield work
            boundary()
        boundary()

    db.write = dying


def test_a_picture_that_was_removed_is_known_when_it_comes_again(collector: Collector) -> None:
    world = collector.world
    world.pictures = {
        "http://p/1.jpg": picture(5),
        "http://p/2.jpg": picture(5, size=90, quality=40),
        "http://p/3.jpg": picture(6),
    }
    shown = [(Attachment(f"{n}.jpg", "image/jpeg", f"http://p/{n}.jpg"),) for n in range(5)]
    world.say(_said(1, attachments=shown[1]))
    collector.run()
    assert not any(each.startswith("media") for each in world.calls)
    memory = PictureMemory(collector.desk.db, collector.desk.clock, collector.city.accounts)
    decision = collector.desk.decide(_id("c1"), Action.DELETE, rules=("insult",))
    assert memory.note(collector.desk.actor(), lambda: False) == 1
    assert memory.note(collector.desk.actor(), lambda: False) == 0
    for number in (2, 3, 4):
        world.say(_said(number, attachments=shown[number]))
    collector.run()

    def pictured(external_id: str) -> bool:
        found = collector.desk.db.reads.case_detail(_id(external_id), NOW, _ladder()).verdict.findings
        return any(each.detectors == ("picture",) and each.rule == "insult" for each in found)

    assert [pictured(each) for each in ("c2", "c3", "c4")] == [True, False, False]
    collector.desk.undo(decision)
    with collector.desk.db.write() as work:
        work.change_message(work.message_pk(_id("c1")), decision=None)
    collector.desk.clock.advance(timedelta(minutes=5))
    memory.note(collector.desk.actor(), lambda: False)
    assert collector.desk.db.reads.known_pictures() == ()
