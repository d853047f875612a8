"""Numbers become visible in order, however transactions overlap; and the hub wakes whoever listens."""

from __future__ import annotations

from contextlib import closing
from threading import Event, Thread

import psycopg

from tests.hub.conftest import Hub
from tests.hub.desk import Content, Desk
from tests.hub.test_server_chain import said_by

_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
_WITHOUT_A_TURN = """
CREATE OR REPLACE FUNCTION vigie.take_turn() RETURNS void LANGUAGE plpgsql AS 'BEGIN END'
"""


def _seqs(connection: psycopg.Connection, cursor: int) -> list[int]:
    rows = connection.execute("SELECT seq FROM vigie.feed() WHERE seq > %s ORDER BY seq", (cursor,))
    return [row[0] for row in rows]


def _read_between_overlapping_writers(hub: Hub) -> tuple[list[int], list[int]]:
    """(what a reader sees while the first writer is slow to commit, what its cursor gives it later)."""
    slow, quick = Desk(hub.connect("marie", autocommit=False)), hub.desk("noah")
    slow.join()
    slow.connection.commit()
    reader = hub.connect("solange")
    slow.contents(Content("premier", "1"))
    committed = Event()

    def write() -> None:
        quick.contents(Content("second", "2"))
        committed.set()

    other = Thread(target=write)
    other.start()
    with closing(hub.admin()) as watch:
        # Either the second writer has committed over the first, or it stands in the queue for its turn.
        while not committed.is_set():
            row = watch.execute(_WAITING).fetchone()
            if row is not None and row[0]:
                break
    early = _seqs(reader, 0)
    cursor = max(early, default=0)
    slow.connection.commit()
    other.join()
    return early, _seqs(reader, cursor)


def test_a_cursor_never_steps_over_a_late_commit(hub: Hub) -> None:
    early, later = _read_between_overlapping_writers(hub)
    assert early + later == [1, 2]


def test_without_the_turn_it_would(hub: Hub) -> None:
    """The trap is real: the same run without the lock loses the first writer's message for good."""
    hub.admin().execute(_WITHOUT_A_TURN)
    early, later = _read_between_overlapping_writers(hub)
    assert early == [2]
    assert later == []


def test_many_writers_and_a_reader_that_never_looks_back(hub: Hub) -> None:
    writers = [hub.desk(login) for login in ("marie", "noah", "solange", "simon")]
    stop = Event()
    seen: list[int] = []

    def write(desk: Desk, name: int) -> None:
        for number in range(10):
            desk.contents(*(Content("x", f"{name}/{number}/{part}") for part in range(3)))
            desk.put([desk.link("desk.taken", desk.staff, {})])

    def read() -> None:
        connection = hub.connect("victor")
        while True:
            last = stop.is_set()
            seen.extend(_seqs(connection, seen[-1] if seen else 0))
            if last:
                return

    reader = Thread(target=read)
    threads = [Thread(target=write, args=(desk, name)) for name, desk in enumerate(writers)]
    reader.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    reader.join()
    assert seen == list(range(1, 4 * 10 * 4 + 1))


def test_an_older_snapshot_does_not_judge(hub: Hub) -> None:
    marie = hub.desk("marie")
    marie.connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with marie.connection.transaction():
        marie.connection.execute("SELECT count(*) FROM vigie.feed()")
        assert said_by(lambda: marie.contents(Content("x", "1")))[0] == "hub.isolation"


def test_listeners_are_woken_once_a_transaction(hub: Hub) -> None:
    listener = hub.connect("noah")
    listener.execute("LISTEN vigie")
    marie = hub.desk("marie")
    message = Content("x", "1")
    with marie.connection.transaction():
        marie.contents(message)
        marie.put([marie.link("desk.taken", marie.staff, {}), marie.link("desk.taken", marie.staff, {})])
        marie.call("claim", message.id, marie.id, 60)
        marie.call("seen", marie.id)
        marie.call("seen", marie.id)
    heard = [note.payload for note in listener.notifies(timeout=5, stop_after=4)]
    assert sorted(heard) == ["claims", "feed", "presence", "staff"]
    assert not list(listener.notifies(timeout=0.05))
