"""A staged import is nowhere until it is everywhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import ImportId
from console.domain.messages import FACEBOOK
from console.domain.sanctions import LadderSettings
from console.errors import ConflictError
from console.services.ports import Judged, Likeness
from console.services.rows import QueueFilter, Sort
from tests.builders import NOW, DeskFile, desk_file, finding, judged, message, verdict
from tests.store.file_state import check, rows_in


def stage(desk: DeskFile, *batches: Sequence[Judged]) -> ImportId:
    """Open an import and stage batches, each in a unit of work of its own."""
    with desk.db.write() as work:
        import_id = work.begin_import(NOW)
    for batch in batches:
        with desk.db.write() as work:
            work.stage(import_id, batch, NOW)
    return import_id


def some(number: int, name: str = "import") -> list[Judged]:
    """Messages with findings, by authors and under posts of their own, on an account of their own."""
    return [
        judged(
            message(
                f"{name} {each}: le déneigement tarde",
                account=f"Compte {name}",
                author_external_id=f"{name}-{each % 7}",
                author_name=f"Personne {each % 7}",
                post_external_id=f"{name}-post-{each % 3}",
                post_text="Avis",
            ),
            verdict(finding("insult")),
            bands=(each, -each - 1),
        )
        for each in range(number)
    ]


def seen(desk: DeskFile) -> dict[str, object]:
    """Everything that the screen could show."""
    reads, everything = desk.db.reads, QueueFilter(states=frozenset())
    return {
        "queue": [row.id for row in reads.queue(everything, Sort.OLDEST, None, 1000).rows],
        "matches": reads.matches(everything, 10_000),
        "search": reads.matches(replace(everything, text="deneigement"), 10_000),
        "counts": reads.counts(desk.actor().staff.id),
        "watermark": reads.last_arrival(),
        "arrivals": reads.arrivals(everything, 0),
        "people": [(row.number, row.name) for row in reads.people("", None, 1000).rows],
        "accounts": reads.accounts(),
        "by_rule": reads.matches(replace(everything, rules=frozenset({finding().rule})), 10_000),
    }


def test_nothing_is_seen_before_publishing_and_everything_after(desk: DeskFile) -> None:
    desk.take_in(judged("déjà là", verdict(finding())))
    before = seen(desk)
    import_id = stage(desk, some(20), some(10, "suite"))
    assert seen(desk) == before
    with desk.db.write() as work:
        done = work.publish_import(import_id, NOW)
    assert (done.added, done.updated, done.unchanged, done.reopened) == (30, 0, 0, 0)
    after = seen(desk)
    assert after["matches"] == 31
    assert after["search"] == 30
    assert after["arrivals"] == 31
    assert len(desk.db.reads.accounts()) == 3
    assert desk.db.reads.counts(desk.actor().staff.id).pending == 31
    check(desk.db.path)


def test_what_is_staged_is_context_for_the_engine(desk: DeskFile) -> None:
    batch = some(7)
    import_id = stage(desk, batch)
    reads, since = desk.db.reads, batch[0].incoming.posted_at
    assert since is not None
    assert reads.sharing_bands([Likeness((0,), since, NOW)], 10)[0]
    assert reads.recent_by_author([(FACEBOOK, "import-1")], since)
    key = (FACEBOOK, "Compte import", batch[0].incoming.external_id)
    with desk.db.write() as work:
        assert key in work.known([key])
    desk.db.drop_import(import_id)


def test_a_dropped_import_leaves_no_trace(desk: DeskFile) -> None:
    desk.take_in(judged("déjà là", verdict(finding())))
    before, rows = seen(desk), rows_in(desk.db.path)
    import_id = stage(desk, some(1200), some(5, "autre"))
    desk.db.drop_import(import_id)
    assert (seen(desk), rows_in(desk.db.path)) == (before, rows)
    check(desk.db.path)
    desk.db.drop_import(import_id)  # again: no error
    with pytest.raises(ConflictError) as error, desk.db.write() as work:
        work.publish_import(import_id, NOW)
    assert error.value.code == "import.gone"


def test_a_dropped_import_can_be_imported_again(desk: DeskFile) -> None:
    batch = some(10)
    desk.db.drop_import(stage(desk, batch))
    import_id = stage(desk, batch)
    with desk.db.write() as work:
        assert work.publish_import(import_id, NOW).added == 10
    check(desk.db.path)


def test_an_import_left_by_a_crash_is_gone_after_opening(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    with desk_file(path) as desk:
        desk.take_in("déjà là")
        rows, before = rows_in(path), seen(desk)
        stage(desk, some(50))
    with desk_file(path) as desk:
        assert (seen(desk), rows_in(path)) == (before, rows)
        check(path)
        stage(desk, some(1))  # another can begin


def test_a_big_import_left_by_a_crash_does_not_hold_up_the_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vigie.db"
    monkeypatch.setattr("console.store.database._PATIENCE", 0.0)
    with desk_file(path) as desk:
        left, mine = some(2000), judged("aussi arrivé par une autre porte")
        rows = rows_in(path)
        stage(desk, left, [mine])
    with desk_file(path) as desk:
        # Open while the rest is being forgotten: what comes in and what is decided is safe.
        (case,) = desk.take_in(mine)
        desk.decide(case)
        assert desk.db.reads.matches(QueueFilter(states=frozenset()), 10) == 1
    with desk_file(path) as desk:  # closed in the middle perhaps: it is taken up again
        while _import_is_running(desk):
            time.sleep(0.01)
        assert rows_in(path)["messages"] == rows["messages"] + 1
        assert rows_in(path)["bands"] == rows["bands"]
        check(path)


def _import_is_running(desk: DeskFile) -> bool:
    try:
        desk.db.drop_import(stage(desk))
    except ConflictError as error:
        return error.code == "import.running"
    return False


def test_known_messages_change_on_publishing_only(desk: DeskFile) -> None:
    one, same = judged("avant", verdict(finding())), judged("pareil")
    decided, other = desk.take_in(one, same)
    desk.decide(decided, Action.HIDE)
    renamed = replace(one.incoming, text="après", author_name="Nouveau Nom", author_warnings=2)
    import_id = stage(desk, [judged(renamed), same, judged("nouveau")])
    with desk.db.write() as work:
        assert work.case(decided).revision == 1
    detail = desk.db.reads.case_detail(decided, NOW, LadderSettings())
    assert (detail.author.name, detail.declared_warnings) == ("Zoé Tremblay", 0)
    with desk.db.write() as work:
        done = work.publish_import(import_id, NOW)
        assert work.case(decided).state is CaseState.PENDING
        assert work.case(other).revision == 1
    assert (done.added, done.updated, done.unchanged, done.reopened) == (1, 1, 1, 1)
    detail = desk.db.reads.case_detail(decided, NOW, LadderSettings())
    assert (detail.message.text, detail.author.name, detail.declared_warnings) == ("après", "Nouveau Nom", 2)
    check(desk.db.path)


def test_publishing_that_fails_publishes_nothing(desk: DeskFile) -> None:
    import_id = stage(desk, some(10))
    before = seen(desk)
    with pytest.raises(ZeroDivisionError):
        _publish_and_fail(desk, import_id)
    assert seen(desk) == before
    with desk.db.write() as work:
        work.publish_import(import_id, NOW)
    check(desk.db.path)


def _publish_and_fail(desk: DeskFile, import_id: ImportId) -> None:
    with desk.db.write() as work:
        work.publish_import(import_id, NOW)
        raise ZeroDivisionError


def test_a_message_twice_in_one_import_is_an_edit(desk: DeskFile) -> None:
    first = judged("avant")
    import_id = stage(desk, [first], [judged(replace(first.incoming, text="après"))])
    with desk.db.write() as work:
        work.publish_import(import_id, NOW)
    page = desk.db.reads.queue(QueueFilter(), Sort.OLDEST, None, 10)
    assert [(row.excerpt, row.revision) for row in page.rows] == [("après", 2)]
    check(desk.db.path)


def test_a_message_that_also_comes_by_itself_is_seen_at_once_and_kept(desk: DeskFile) -> None:
    batch = some(3)
    import_id = stage(desk, batch)
    fresh = judged(replace(batch[0].incoming, text="plus récent"))
    with desk.db.write() as work:
        taken = work.take_in([fresh, batch[1]], NOW)
    assert len(taken.added) == 2
    assert len(taken.updated) == 1
    assert desk.db.reads.matches(QueueFilter(), 10) == 2
    check(desk.db.path)
    desk.db.drop_import(import_id)
    assert desk.db.reads.matches(QueueFilter(), 10) == 2
    check(desk.db.path)


def test_new_messages_that_come_while_staging_stay_apart(desk: DeskFile) -> None:
    import_id = stage(desk, some(5))
    mark = desk.db.reads.last_arrival()
    desk.take_in("par une autre porte")
    assert desk.db.reads.arrivals(QueueFilter(), mark) == 1
    mark = desk.db.reads.last_arrival()
    with desk.db.write() as work:
        work.publish_import(import_id, NOW)
    assert desk.db.reads.arrivals(QueueFilter(), mark) == 5
    check(desk.db.path)


def test_one_import_at_a_time(desk: DeskFile) -> None:
    import_id = stage(desk)
    with pytest.raises(ConflictError) as error:
        stage(desk)
    assert error.value.code == "import.running"
    with desk.db.write() as work:
        assert work.publish_import(import_id, NOW).added == 0
    stage(desk)


def test_decisions_pass_between_the_batches_of_an_import(desk: DeskFile) -> None:
    (case,) = desk.take_in("à décider")
    with desk.db.write() as work:
        import_id = work.begin_import(NOW)
    stop, staged = threading.Event(), []

    def import_on() -> None:
        number = 0
        while not stop.is_set():
            with desk.db.write() as work:
                work.stage(import_id, some(300, f"lot{number}"), NOW)
            number += 1
            staged.append(number)

    thread = threading.Thread(target=import_on)
    thread.start()
    try:
        waits = []
        for _ in range(5):
            begun, batches = time.perf_counter(), len(staged)
            with desk.db.write() as work:
                work.add_note(case, "note", desk.actor().staff.id, NOW)
            waits.append((time.perf_counter() - begun, len(staged) - batches))
    finally:
        stop.set()
        thread.join()
    # In turn: at most the batch under way, and one that was already asked for, go first.
    assert all(batches <= 2 for _, batches in waits), waits
    desk.db.drop_import(import_id)
    check(desk.db.path)
