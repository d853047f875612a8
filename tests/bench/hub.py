"""What the shared database costs: one decision seen elsewhere, fifty desks at once, catching up, first load.

    python3 dev.py bench hub [--messages=20000] [--events=20000] [--rounds=40] [--desks=50]

A real PostgreSQL with its durability as installed (fsync, synchronous_commit), on this machine, through its
socket: no network is in the figures. Every figure has its floor from the same run: for one decision a bare
INSERT and NOTIFY that another connection sees; for fifty desks the same number of connections that each
commit a bare INSERT; for loading, the same pages fetched from the feed and thrown away. A figure fails when
it is over the limit beside it.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from console.bootstrap import wire
from console.clock import SystemClock
from console.domain.decisions import Action
from console.domain.ids import MessageId, new_id
from console.domain.messages import FACEBOOK, Channel, IncomingMessage, Kind
from console.hub.connection import HubAddress, connect
from console.hub.line import HubThread
from console.hub.member import HubMember
from console.hub.private_server import install, private_server
from console.hub.session import PAGE, Session
from console.hub.wire import PULL
from console.secrets.in_memory import MemorySecrets
from console.services.decisions import DecisionRequest
from console.services.judged import Judged
from console.services.services import Services
from console.services.sharing_ports import HubAddress as DeskAddress
from console.store.database import StoreDatabase, open_store
from tests.desks import insult_verdict
from tests.hub.desk import Content
from tests.hub.desk import Desk as MadeUp

PATIENCE = 60.0
DECISIONS_EACH = 20
SEEN_P95, LOADED_EACH, CAUGHT_UP_EACH, DECIDED_EACH_SECOND = 250.0, 1.5, 10.0, 50.0
"""Limits: ms (what still feels like «at once» at the other desk), ms a message (a million in 25 minutes), ms
an event (a week away, some 5,000 events, in a minute), and decisions a second: five times what fifty people
make who look at each message for five seconds."""


@dataclass(frozen=True)
class Line:
    """One line of the report. `of_limit`: 1.0 and more is over."""

    name: str
    figure: str
    floor: str
    limit: str
    of_limit: float


@dataclass
class Place:
    """The server of this run and who may work there."""

    address: HubAddress
    drawn: dict[str, str]
    folder: Path

    def connect(self, login: str) -> psycopg.Connection:
        """A member's connection."""
        there = HubAddress(self.address.host, self.address.database, login, self.address.port)
        return connect(there, self.drawn[login])


def main(arguments: list[str] | None = None) -> int:
    """Measure, print; the exit status says whether every limit held."""
    parser = argparse.ArgumentParser(prog="dev.py bench hub")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--desks", type=int, default=50)
    asked = parser.parse_args(arguments)
    lines: list[Line] = []
    for measure in (
        lambda place: seen(place, asked.rounds),
        lambda place: at_once(place, asked.desks),
        lambda place: loading(place, asked.messages, asked.events),
    ):
        with _place(asked.desks) as place:
            for line in measure(place):
                over = "  OVER" if line.of_limit >= 1 else ""
                print(f"{line.name:44}{line.figure:>34}{line.floor:>30}{line.limit:>16}"
                      f"{line.of_limit:6.0%}{over}", flush=True)  # fmt: skip
                lines.append(line)
    failed = sum(line.of_limit >= 1 for line in lines)
    print(f"\n{failed} over the limit" if failed else "\nevery limit held")
    return 1 if failed else 0


@contextmanager
def _place(desks: int) -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="vigie-bench-"))
    people = {f"poste{number}": (f"Poste {number}", "supervisor") for number in range(max(desks, 3))}
    try:
        with private_server(folder / "base") as (address, password):
            yield Place(address, install(address, password, people), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- one decision -------------------------------------------------------------------------------


def seen(place: Place, rounds: int) -> Iterator[Line]:
    """From the moment a decision is on one desk's disk until it is on the other's; two running threads."""
    with ExitStack() as ends:
        moved = threading.Condition()
        first, second = (_desk(ends, place, login, moved) for login in ("poste0", "poste1"))
        messages = _take_in(first[0], rounds)
        _until(moved, lambda: all(_holds(second[0], each) for each in messages[-1:]))
        took = []
        for message in messages:
            started = time.perf_counter()
            _keep(first[1], message)
            _until(moved, lambda message=message: _decided(second[0], message))
            took.append((time.perf_counter() - started) * 1_000)
    floor = _notify_floor(place, rounds)
    p50, p95 = _quantiles(took)
    yield Line(
        "a decision seen at another desk",
        f"p50 {p50:6.1f} ms  p95 {p95:6.1f} ms",
        f"bare {floor:.1f} ms, {p50 / floor:.1f}×",
        f"p95 {SEEN_P95:.0f} ms",
        p95 / SEEN_P95,
    )


def _notify_floor(place: Place, rounds: int) -> float:
    took = []
    with closing(_bare(place)) as writer, closing(_bare(place)) as listener:
        listener.execute("LISTEN bench")
        for _ in range(rounds):
            started = time.perf_counter()
            with writer.transaction():
                writer.execute("INSERT INTO public.bench (words) VALUES ('d')")
                writer.execute("NOTIFY bench")
            next(listener.notifies(timeout=PATIENCE, stop_after=1))
            took.append((time.perf_counter() - started) * 1_000)
    return statistics.median(took)


def _bare(place: Place) -> psycopg.Connection:
    address = place.address
    opened = psycopg.connect(
        host=address.host, port=address.port, dbname=address.database, user=address.login, autocommit=True
    )
    opened.execute("CREATE TABLE IF NOT EXISTS public.bench (id bigserial PRIMARY KEY, words text)")
    return opened


# --- fifty desks --------------------------------------------------------------------------------


def at_once(place: Place, desks: int) -> Iterator[Line]:
    """Each desk sends decisions one by one, as people make them; all at the same time."""
    with ExitStack() as ends:
        made = []
        for number in range(desks):
            desk = MadeUp(ends.enter_context(closing(place.connect(f"poste{number}")))).join()
            contents = [Content("Gang de pourris", f"{number}-{each}") for each in range(DECISIONS_EACH)]
            desk.contents(*contents)
            links = [desk.link("decision.made", each.id, _payload(each)) for each in contents]
            made.append((desk, links))
        rate = _together(
            [lambda desk=desk, links=links: [desk.put([link]) for link in links] for desk, links in made]
        )
        refused = place_value(place, "SELECT count(*) FROM vigie.event WHERE status <> 'accepted'")
        if refused:
            raise AssertionError(f"{refused} decisions were not accepted: the figure would say nothing")
    with ExitStack() as ends:
        bare = [ends.enter_context(closing(_bare(place))) for _ in range(desks)]
        insert = "INSERT INTO public.bench (words) VALUES ('d')"
        floor = _together(
            [lambda each=each: [each.execute(insert) for _ in range(DECISIONS_EACH)] for each in bare]
        )
    share = rate / floor
    yield Line(
        f"{desks} desks deciding at once",
        f"{rate:,.0f} decisions/s",
        f"bare {floor:,.0f}/s, {share:.0%} of it",
        f"{DECIDED_EACH_SECOND:.0f}/s",
        DECIDED_EACH_SECOND / rate,
    )


def _together(works: list[Callable[[], object]]) -> float:
    """Run all at once, in threads; how many a second."""
    barrier = threading.Barrier(len(works) + 1)

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        work()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for each in threads:
        each.start()
    barrier.wait()
    started = time.perf_counter()
    for each in threads:
        each.join()
    return len(works) * DECISIONS_EACH / (time.perf_counter() - started)


def place_value(place: Place, query: str) -> int:
    """One number, read by the administrator."""
    with closing(_bare(place)) as connection:
        row = connection.execute(query).fetchone()
        return int(row[0]) if row else 0


def _payload(content: Content) -> dict[str, object]:
    from tests.hub.test_server_decisions import decision

    return dict(decision(content, "keep"))


# --- loading ------------------------------------------------------------------------------------


def loading(place: Place, messages: int, events: int) -> Iterator[Line]:
    """A new desk's first load, then what a desk that was away has to take over."""
    with ExitStack() as ends:
        moved = threading.Condition()
        first, second = (_desk(ends, place, login, moved, runs=False) for login in ("poste0", "poste1"))
        known = _take_in(first[0], messages)
        with _session(place, "poste0", first) as session:
            started = time.perf_counter()
            while session.push():
                pass
            sending = (time.perf_counter() - started) * 1_000 / messages
        with _session(place, "poste1", second) as session:
            floor, took = _fetched(place, messages), _pulled(session)
        each = took / messages * 1_000
        yield Line(
            f"first load of {messages:,} messages",
            f"{each:.2f} ms each, {messages / took:,.0f}/s",
            f"fetched only {floor / messages * 1_000:.2f} ms, {took / floor:.0f}×",
            f"{LOADED_EACH} ms each",
            each / LOADED_EACH,
        )
        print(
            f"    (a million at this rate: {each * 1_000 / 60:.0f} min, extrapolated;"
            f" sending took {sending:.2f} ms each)"
        )
        decided = known[: min(events, len(known))]
        for message in decided:
            _keep(first[1], message)
        with _session(place, "poste0", first) as session:
            while session.push():
                pass
        with _session(place, "poste1", second) as session:
            floor, took = _fetched(place, len(decided)), _pulled(session)
        each = took / len(decided) * 1_000
        yield Line(
            f"catching up {len(decided):,} events",
            f"{each:.2f} ms each, {len(decided) / took:,.0f}/s",
            f"fetched only {floor / len(decided) * 1_000:.2f} ms, {took / floor:.0f}×",
            f"{CAUGHT_UP_EACH} ms each",
            each / CAUGHT_UP_EACH,
        )
        print(f"    (100,000 at this rate: {each * 100 / 60:.1f} min, extrapolated)")


def _pulled(session: Session) -> float:
    session.greet()
    started = time.perf_counter()
    while session.pull():
        pass
    return time.perf_counter() - started


def _fetched(place: Place, rows: int) -> float:
    """The last so many rows of the feed, page by page, thrown away."""
    with closing(place.connect("poste2")) as connection:
        row = connection.execute("SELECT vigie.hello(%s, 0)", (new_id(),)).fetchone()
        cursor = int(row[0]["max_seq"]) - rows if row else 0
        asked = {"desk": "", "limit": PAGE}
        started = time.perf_counter()
        while page := connection.execute(PULL.encode(), asked | {"cursor": cursor}).fetchall():
            cursor = page[-1][0]
        return time.perf_counter() - started


@contextmanager
def _session(place: Place, login: str, desk: tuple[StoreDatabase, Services, str]) -> Iterator[Session]:
    with closing(place.connect(login)) as connection:
        yield Session(desk[0], SystemClock(), connection, bytes.fromhex(desk[2]), lambda _changes: None)


# --- desks --------------------------------------------------------------------------------------


class _Still(HubMember):
    """A member whose exchange is measured step by step."""

    def start(self) -> None:
        """Nothing runs."""


def _desk(
    ends: ExitStack, place: Place, login: str, moved: threading.Condition, *, runs: bool = True
) -> tuple[StoreDatabase, Services, str]:
    """A joined desk: its store, its services, the secret that seals."""
    import json

    clock, secrets = SystemClock(), MemorySecrets()
    db = open_store(place.folder / login / "vigie.db", clock)
    member: HubThread = (HubMember if runs else _Still)(db, clock, secrets)

    def tell(_changes: object) -> None:
        with moved:
            moved.notify_all()

    member.listen(tell)
    services = wire(db, clock, line=member)
    ends.callback(services.close)
    there = DeskAddress(place.address.host, place.address.database, login, place.address.port)
    services.sharing.join(None, there, place.drawn[login], login)
    db.on_commit = member.wake
    (kept,) = secrets.all().values()
    return db, services, str(json.loads(kept)["secret"])


def _take_in(db: StoreDatabase, count: int) -> list[MessageId]:
    clock, found = SystemClock(), []
    for start in range(0, count, 500):
        batch = []
        for number in range(start, min(start + 500, count)):
            text = f"Gang de pourris, message {number} de la rue {number % 97}, et encore quelques mots."
            incoming = IncomingMessage(
                external_id=f"m{number}", text=text, platform=FACEBOOK, channel=Channel.COMMENT,
                kind=Kind.COMMENT, account="Ville", author_external_id=f"p{number % 500}",
                author_name=f"Personne {number % 500}", posted_at=clock.now(),
            )  # fmt: skip
            sha = hashlib.sha256(text.encode()).hexdigest()
            batch.append(Judged(incoming, sha, insult_verdict(text)))
        with db.write() as work:
            found += work.take_in(batch, clock.now()).added
    return found


def _keep(services: Services, message: MessageId) -> None:
    actor = services.access.current()
    assert actor is not None
    services.decisions.decide(actor, DecisionRequest(message, 1, frozenset({Action.KEEP})))


def _holds(db: StoreDatabase, message: MessageId) -> bool:
    with db.write() as work:
        return work.holds(message)


def _decided(db: StoreDatabase, message: MessageId) -> bool:
    with db.write() as work:
        return work.case(message).decision_id is not None


def _until(moved: threading.Condition, holds: Callable[[], bool]) -> None:
    with moved:
        if not moved.wait_for(holds, PATIENCE):
            raise TimeoutError("nothing came through the line")


def _quantiles(took: list[float]) -> tuple[float, float]:
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
