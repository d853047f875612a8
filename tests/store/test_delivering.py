"""How far carrying out has come: kept with every call, also while a case is taken back and replayed."""

from __future__ import annotations

from datetime import timedelta

from console.domain.decisions import Action
from console.domain.ids import MessageId, OutgoingId, new_id
from console.domain.platforms import Act, Receipt, Result
from console.services.facts import ReceiptFact
from console.services.ports import NewOutgoing, UnitOfWork
from console.services.rows import OutgoingState
from console.store.engine import read_engine
from console.store.reads import SqlReads
from tests.builders import NOW, DeskFile
from tests.store.queue_model import fill
from tests.store.test_reads_plans import Planned

LATER = NOW + timedelta(minutes=5)


def put(desk: DeskFile, *operations: str) -> tuple[MessageId, list[NewOutgoing]]:
    """A decided message with such items in the outbox."""
    (case,) = desk.take_in("Gang de pourris")
    made = desk.decide(case, Action.HIDE)
    items = [
        NewOutgoing(OutgoingId(new_id()), made.id, case, operation, "texte", NOW) for operation in operations
    ]
    with desk.db.write() as work:
        for item in items:
            work.add_outgoing(item)
    return case, items


def replay(work: UnitOfWork, desk: DeskFile, case: MessageId, items: list[NewOutgoing]) -> None:
    """What `console.services.replay` asks of the store, short."""
    made, before, _ = work.decision(items[0].decision_id)
    work.clear_case(case)
    work.add_decision(made, before)
    for item in items:
        work.add_outgoing(item)


def test_calls_and_progress_outlive_a_replay(desk: DeskFile) -> None:
    case, (hide, warn, report) = put(desk, "hide", "warn", "report")
    with desk.db.write() as work:
        work.begin_attempt(hide.id, Act.HIDE, NOW)
        work.keep_receipt(hide.id, Receipt(Act.HIDE, Result.DONE, NOW, "req1", status=200))
        work.set_outgoing(hide.id, OutgoingState.DONE, NOW, proof="api")
        work.put_outgoing(warn.id, OutgoingState.UNKNOWN, NOW, code="platform.uncertain", retry_at=LATER)
        work.begin_attempt(warn.id, Act.MESSAGE, NOW)
        work.put_outgoing(report.id, OutgoingState.BY_HAND, NOW, code="by_hand.report")
    before = desk.db.reads.dispatches([hide.id, warn.id, report.id])
    with desk.db.write() as work:
        replay(work, desk, case, [hide, warn, report])
        work.set_outgoing(hide.id, OutgoingState.DONE, NOW, proof="api")
        work.keep_receipts(hide.id, [ReceiptFact(Act.HIDE, Result.DONE, LATER, "another")])
        work.restore_progress(case)
    after = desk.db.reads.dispatches([hide.id, warn.id, report.id])
    assert after == before
    assert after[0].attempts[0].request_id == "req1", "what this desk was answered goes before what is told"


def test_news_of_others_hold_where_this_desk_did_nothing(desk: DeskFile) -> None:
    case, (warn, hide) = put(desk, "warn", "hide")
    with desk.db.write() as work:
        work.put_outgoing(warn.id, OutgoingState.WAITING, NOW)
        work.put_outgoing(hide.id, OutgoingState.BY_HAND, NOW, desk.actor().staff.id)
    with desk.db.write() as work:
        replay(work, desk, case, [warn, hide])
        work.put_outgoing(warn.id, OutgoingState.REFUSED, NOW, code="100")
        work.put_outgoing(hide.id, OutgoingState.REFUSED, NOW, code="100")
        work.restore_progress(case)
    states = [each.state for each in desk.db.reads.dispatches([warn.id, hide.id])]
    assert states == [OutgoingState.REFUSED, OutgoingState.BY_HAND]


def test_what_became_final_stays_final(desk: DeskFile) -> None:
    case, (warn,) = put(desk, "warn")
    with desk.db.write() as work:
        work.put_outgoing(warn.id, OutgoingState.SENDING, NOW)
        work.begin_attempt(warn.id, Act.MESSAGE, NOW)
    with desk.db.write() as work:
        replay(work, desk, case, [warn])
        work.set_outgoing(warn.id, OutgoingState.CANCELLED, NOW)
        work.restore_progress(case)
    (found,) = desk.db.reads.dispatches([warn.id])
    assert (found.state, len(found.attempts)) == (OutgoingState.CANCELLED, 1)


def test_an_item_that_did_not_come_back_leaves_nothing_behind(desk: DeskFile) -> None:
    case, (warn,) = put(desk, "warn")
    with desk.db.write() as work:
        work.begin_attempt(warn.id, Act.MESSAGE, NOW)
    with desk.db.write() as work:
        work.clear_case(case)
        work.restore_progress(case)
        assert work.dispatch(warn.id) is None


def test_calls_that_never_left_the_desk_are_one_row(desk: DeskFile) -> None:
    _, (warn,) = put(desk, "warn")
    for number in range(4):
        with desk.db.write() as work:
            work.begin_attempt(warn.id, Act.MESSAGE, NOW + timedelta(minutes=number))
            work.end_attempt(warn.id, NOW + timedelta(minutes=number), "platform.unreachable")
    with desk.db.write() as work:
        work.begin_attempt(warn.id, Act.MESSAGE, LATER)
        work.end_attempt(warn.id, LATER, "platform.uncertain")
        work.begin_attempt(warn.id, Act.MESSAGE, LATER)
    (found,) = desk.db.reads.dispatches([warn.id])
    assert [(each.begun_at, each.code, each.lost) for each in found.attempts] == [
        (LATER, "platform.uncertain", True),
        (LATER, "", True),
    ]


def test_no_read_of_the_outbox_scans_messages_or_calls(desk: DeskFile) -> None:
    fill(desk, 30)
    _, (warn, _) = put(desk, "warn", "unban")
    engine = read_engine(desk.db.path)
    reads = SqlReads(engine)
    planned = Planned(reads, engine, desk)
    for read in (
        lambda: reads.due(NOW, 10),
        lambda: reads.in_grace(NOW, 10),
        lambda: reads.stranded(10),
        lambda: reads.next_due(NOW),
        lambda: reads.dispatches([warn.id]),
        lambda: reads.waiting_outgoing(NOW, 10),
        lambda: reads.sent_outgoing(10),
        reads.trouble,
    ):
        for plan in planned.plans(read):
            assert "SCAN messages" not in plan
            assert "SCAN attempts" not in plan
            assert "SCAN inbound" not in plan
            assert "SCAN earlier" not in plan
    engine.dispose()
