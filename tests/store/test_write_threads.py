"""Units of work of several threads, one after the other; readers beside them see whole states only."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from console.domain.cases import CaseState
from console.domain.journal import first_break
from console.errors import ConflictError
from console.services.rows import QueueFilter
from console.store.turns import Turns
from tests.builders import NOW, DeskFile, judged
from tests.store.file_state import check


def test_writers_of_eight_threads_all_get_their_turn(desk: DeskFile) -> None:
    def write(number: int) -> None:
        for each in range(15):
            with desk.db.write() as work:
                work.take_in([judged(f"fil {number}, message {each}")], NOW)
                work.append(desk.event("test", f"{number}-{each}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert desk.db.reads.matches(QueueFilter(), 1000) == 120
    assert desk.db.reads.last_arrival() == 120
    assert first_break(desk.db.reads.journal(), desk.db.reads.journal_head()) is None
    check(desk.db.path)


def test_readers_see_counters_and_rows_of_the_same_instant(desk: DeskFile) -> None:
    done = threading.Event()

    def read() -> int:
        looks = 0
        while not done.is_set() or looks < 20:
            # Two messages come in each unit of work: an odd number would be half of one.
            assert desk.db.reads.counts(desk.actor().staff.id).pending % 2 == 0
            assert desk.db.reads.matches(QueueFilter(), 1000) % 2 == 0
            looks += 1
        return looks

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for number in range(40):
            desk.take_in(f"un {number}", f"deux {number}")
        done.set()
        assert all(reader.result() >= 20 for reader in readers)


def test_of_two_decisions_at_once_the_second_sees_the_first(desk: DeskFile) -> None:
    (case,) = desk.take_in("à décider")
    start = threading.Barrier(2)

    def decide() -> str:
        start.wait()
        with desk.db.write() as work:
            if work.case(case).state is not CaseState.PENDING:
                return "late"
            time.sleep(0.02)  # the other one is at the door meanwhile
            work.set_state(case, CaseState.DECIDED)
            return "first"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(each.result() for each in (pool.submit(decide), pool.submit(decide)))
    assert outcomes == ["first", "late"]
    check(desk.db.path)


def test_a_unit_of_work_within_another_is_an_error_not_a_standstill(desk: DeskFile) -> None:
    with desk.db.write(), pytest.raises(RuntimeError, match="already open"):
        desk.db.write().__enter__()
    assert desk.take_in("et la suite")


def test_unknown_ids_are_conflicts_with_a_code(desk: DeskFile) -> None:
    def code(ask: str) -> str:
        with pytest.raises(ConflictError) as error, desk.db.write() as work:
            getattr(work, ask)("inconnu")
        return error.value.code

    assert code("case") == "case.unknown"
    assert code("decision") == "decision.unknown"
    assert code("outgoing") == "outbox.unknown"
    assert code("escalation") == "escalation.unknown"


def test_turns_are_taken_in_the_order_of_asking() -> None:
    turns, order, asked = Turns(), list[int](), threading.Semaphore(0)

    def ask(number: int) -> None:
        asked.release()
        with turns:
            order.append(number)

    threads = []
    with turns:
        for number in range(6):
            thread = threading.Thread(target=ask, args=(number,))
            thread.start()
            asked.acquire()
            while len(turns._waiting) <= number:
                time.sleep(0.001)
            threads.append(thread)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 5]
    with turns:
        pass


def test_a_turn_is_passed_on_after_an_error() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns:
        raise ZeroDivisionError
    with turns:
        pass
