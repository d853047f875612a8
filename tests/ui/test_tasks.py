"""Work off the UI thread: order, late results, failures, cancellation, and an end without leftovers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from console.errors import CancelledError, ConflictError
from tests.conftest import ExpectedLogs
from ui.tasks import TaskRunner


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.shutdown()


def _wait(qtbot: QtBot, runner: TaskRunner) -> None:
    qtbot.waitUntil(lambda: runner.pending == 0, timeout=5000)


def test_work_leaves_the_ui_thread_and_its_result_comes_back_to_it(runner: TaskRunner, qtbot: QtBot) -> None:
    here = threading.get_ident()
    seen: list[tuple[bool, bool]] = []
    runner.read(
        threading.get_ident, lambda there: seen.append((there != here, threading.get_ident() == here))
    )
    _wait(qtbot, runner)
    assert seen == [(True, True)]


def test_a_newer_request_of_a_lane_makes_the_older_one_late(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, held, got = QObject(), threading.Event(), []
    runner.read(lambda: (held.wait(5), "old")[1], got.append, owner=owner, lane="rows")
    runner.read(lambda: "new", got.append, owner=owner, lane="rows")
    runner.read(lambda: "other lane", got.append, owner=owner, lane="counts")
    qtbot.waitUntil(lambda: len(got) == 2, timeout=5000)
    held.set()
    _wait(qtbot, runner)
    assert sorted(got) == ["new", "other lane"]


def test_a_late_failure_is_not_told(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, told = QObject(), []
    runner.failed.connect(told.append)
    held = threading.Event()

    def fail() -> None:
        held.wait(5)
        raise ConflictError("case.changed")

    runner.read(fail, owner=owner, lane="detail")
    runner.drop(owner, "detail")
    held.set()
    _wait(qtbot, runner)
    assert told == []


def test_writes_keep_their_order_and_reads_do_not_wait_for_them(runner: TaskRunner, qtbot: QtBot) -> None:
    held, order = threading.Event(), []
    runner.write(lambda: (held.wait(5), order.append(1)))
    for number in range(2, 6):
        runner.write(lambda number=number: order.append(number))
    with qtbot.waitSignal(runner.busy_changed):
        runner.read(lambda: order.append(0))
    qtbot.waitUntil(lambda: order == [0], timeout=5000)
    held.set()
    _wait(qtbot, runner)
    assert order == [0, 1, 2, 3, 4, 5]


def test_a_failed_write_is_told_even_when_its_widget_is_gone(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, told, held = QObject(), [], threading.Event()
    runner.failed.connect(told.append)

    def fail() -> None:
        held.wait(5)
        raise ConflictError("case.already_decided")

    runner.write(fail, told.append, told.append, owner=owner)
    _destroy(owner)
    held.set()
    _wait(qtbot, runner)
    assert [error.code for error in told] == ["case.already_decided"]


def test_nothing_is_given_to_a_widget_that_is_gone(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, got, held = QObject(), [], threading.Event()
    runner.read(lambda: held.wait(5), got.append, got.append, owner=owner)
    _destroy(owner)
    held.set()
    _wait(qtbot, runner)
    assert got == []


def test_long_work_reports_and_stops_where_it_is_told(runner: TaskRunner, qtbot: QtBot) -> None:
    reached, on, steps, failures = threading.Event(), threading.Event(), [], []

    def work(advance: Callable[[int, int | None], None]) -> None:
        advance(1, 3)
        reached.set()
        on.wait(5)
        advance(2, 3)
        raise AssertionError("the work went on after it was stopped")

    ticket = runner.long(work, None, failures.append, advance=lambda done, total: steps.append((done, total)))
    qtbot.waitUntil(lambda: steps == [(1, 3)], timeout=5000)
    assert reached.is_set()
    ticket.cancel()
    on.set()
    _wait(qtbot, runner)
    assert [type(error) for error in failures] == [CancelledError]
    assert steps == [(1, 3)]


def test_a_write_that_was_done_before_the_word_to_stop_came_is_told(runner: TaskRunner, qtbot: QtBot) -> None:
    got, held = [], threading.Event()
    ticket = runner.long(lambda _advance: (held.wait(5), "imported")[1], got.append)
    ticket.cancel()
    held.set()
    _wait(qtbot, runner)
    assert got == ["imported"]


def test_shutdown_finishes_writes_and_leaves_no_thread(qtbot: QtBot, expected_logs: ExpectedLogs) -> None:
    expected_logs.expect("after shutdown")
    runner, written, delivered = TaskRunner(), [], []
    for number in range(20):
        runner.write(lambda number=number: written.append(number), delivered.append)
    runner.read(lambda: "read", delivered.append)
    runner.shutdown()
    assert written == list(range(20))
    assert delivered == []
    assert not [each for each in threading.enumerate() if each.name.startswith("vigie")]
    runner.write(lambda: written.append(99))
    runner.shutdown()
    assert 99 not in written


def test_shutdown_stops_long_work(qtbot: QtBot) -> None:
    runner, started, stopped = TaskRunner(), threading.Event(), threading.Event()

    def work(advance: Callable[[int, int | None], None]) -> None:
        try:
            while True:
                started.set()
                advance(0, None)
        except CancelledError:
            stopped.set()
            raise

    runner.long(work, writes=False)
    assert started.wait(5)
    runner.shutdown()
    assert stopped.is_set()


def test_synchronously_everything_happens_in_place(qtbot: QtBot) -> None:
    runner, got = TaskRunner(synchronous=True), []
    runner.read(QThread.currentThread, got.append)
    runner.write(lambda: "written", got.append)
    assert got == [runner.thread(), "written"]
    assert runner.pending == 0
    runner.shutdown()


def test_reports_of_progress_do_not_flood_the_ui_thread(runner: TaskRunner, qtbot: QtBot) -> None:
    steps: list[int] = []

    def work(advance: Callable[[int, int | None], None]) -> None:
        for row in range(100_000):
            advance(row + 1, 100_000)

    runner.long(work, advance=lambda done, _total: steps.append(done))
    _wait(qtbot, runner)
    assert steps[-1] == 100_000
    assert len(steps) < 200


def _destroy(thing: QObject) -> None:
    shiboken6.delete(thing)
