"""Every list comes from an index that has it in order: no scan of a table, no sorting of a million rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from unittest import mock

import pytest
from sqlalchemy import Engine, event

from console.domain.cases import CaseState
from console.domain.ids import RuleId, StaffId
from console.domain.messages import Channel, Kind, Platform
from console.domain.sanctions import LadderSettings
from console.domain.verdicts import Route
from console.services.rows import (
    EscalationOutcome,
    HistoryFilter,
    OutgoingState,
    QueueFilter,
    Sort,
)
from console.store.engine import raw_connection, read_engine
from console.store.reads import SqlReads, keys
from tests.builders import NOW, DeskFile
from tests.store.queue_model import fill

NEVER = -1
"""For `keys.FEW`: no condition leaves few enough rows for a lookup."""


@dataclass
class Planned:
    """Reads on an engine of their own, and how SQLite means to carry each statement out."""

    reads: SqlReads
    engine: Engine
    desk: DeskFile

    def plans(self, read: Callable[[], object], holding: str = "") -> list[str]:
        """The plan of each statement `holding` these words that `read` makes, its steps in lines."""
        seen: list[tuple[str, tuple[object, ...]]] = []

        def note(_c: object, _k: object, statement: str, given: tuple[object, ...], *_: object) -> None:
            seen.append((statement, given))

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            read()
        finally:
            event.remove(self.engine, "before_cursor_execute", note)
        with closing(raw_connection(self.desk.db.path, read_only=True)) as connection:
            return [
                "\n".join(step[3] for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", given))
                for statement, given in seen
                if statement.startswith("SELECT") and holding in statement
            ]


@pytest.fixture
def planned(desk: DeskFile) -> Iterator[Planned]:
    fill(desk, 30)
    engine = read_engine(desk.db.path)
    yield Planned(SqlReads(engine), engine, desk)
    engine.dispose()


def places(planned: Planned, where: QueueFilter, sort: Sort, *, next_page: bool = False) -> str:
    """The plan of the statement that finds the keys of a page."""
    reads = planned.reads
    after = reads.queue(QueueFilter(emergency=where.emergency), sort, None, 3).next if next_page else None
    with mock.patch.object(keys, "FEW", NEVER):
        plans = planned.plans(lambda: reads.queue(where, sort, after, 5), holding='AS "key"')
    return "\n".join(plans)


FACETS = (
    QueueFilter(platforms=frozenset({Platform("facebook")})),
    QueueFilter(channels=frozenset({Channel.PRIVATE})),
    QueueFilter(kinds=frozenset({Kind.REPLY})),
    QueueFilter(rules=frozenset({RuleId("insult")})),
    QueueFilter(severities=frozenset({3, 4})),
    QueueFilter(routes=frozenset({Route.QUESTION})),
    QueueFilter(posted_from=NOW - timedelta(days=2), posted_to=NOW),
    QueueFilter(arrived_before=20),
    QueueFilter(states=frozenset()),
    QueueFilter(states=frozenset({CaseState.DECIDED})),
)


def combined(one: QueueFilter, other: QueueFilter) -> QueueFilter:
    """Both conditions at once."""
    changed = {
        name: value
        for each in (one, other)
        for name in QueueFilter.__dataclass_fields__
        if (value := getattr(each, name)) != getattr(QueueFilter(), name)
    }
    return QueueFilter(**changed)


@pytest.mark.parametrize("next_page", [False, True])
@pytest.mark.parametrize("sort", list(Sort))
def test_the_default_list_and_every_filter_walk_a_covering_index_in_order(
    planned: Planned, sort: Sort, *, next_page: bool
) -> None:
    index = "ix_messages_priority" if sort is Sort.PRIORITY else "ix_messages_posted"
    pairs = [combined(one, other) for one, other in combinations(FACETS, 2)]
    for where in (QueueFilter(), *FACETS, *pairs):
        plan = places(planned, where, sort, next_page=next_page)
        walks = [line for line in plan.splitlines() if "messages" in line]
        assert walks, where
        assert all(f"SEARCH messages USING COVERING INDEX {index} (state=?" in line for line in walks), plan
        assert "TEMP B-TREE" not in plan
        assert "SCAN messages" not in plan


@pytest.mark.parametrize("sort", list(Sort))
def test_a_later_page_is_entered_at_its_place(planned: Planned, sort: Sort) -> None:
    plan = places(planned, QueueFilter(), sort, next_page=True)
    key = "priority" if sort is Sort.PRIORITY else "posted_at"
    assert f"(state=? AND {key}=? AND pk" in plan
    assert f"(state=? AND {key}{'>' if sort is Sort.OLDEST else '<'}?)" in plan


def test_dates_bound_a_walk_by_date(planned: Planned) -> None:
    where = QueueFilter(posted_from=NOW - timedelta(days=2), posted_to=NOW)
    assert "(state=? AND posted_at>? AND posted_at<?)" in places(planned, where, Sort.NEWEST)


@pytest.mark.parametrize(
    "where", [QueueFilter(emergency=True), QueueFilter(routes=frozenset({Route.EMERGENCY}))]
)
def test_emergencies_have_an_index_of_their_own(planned: Planned, where: QueueFilter) -> None:
    plan = places(planned, where, Sort.PRIORITY)
    assert "COVERING INDEX ix_messages_emergency (route=? AND state=?)" in plan
    assert "TEMP B-TREE" not in plan
    for sort in (Sort.NEWEST, Sort.OLDEST):
        assert "COVERING INDEX ix_messages_emergency (route=? AND state=?)" in places(planned, where, sort)


@pytest.mark.parametrize("sort", list(Sort))
def test_a_search_of_many_hits_is_done_once_along_the_walk(planned: Planned, sort: Sort) -> None:
    plan = places(planned, QueueFilter(text="neige", states=frozenset()), sort)
    assert plan.count("SCAN search VIRTUAL TABLE") == 1
    assert "TEMP B-TREE" not in plan
    assert "MATERIALIZE" not in plan


def test_few_rows_are_looked_up_by_their_own_index(planned: Planned) -> None:
    card = planned.reads.queue(QueueFilter(), Sort.NEWEST, None, 1).rows[0]
    for where, entry in (
        (QueueFilter(author=card.author_id), "INDEX ix_messages_author (author=?)"),
        (QueueFilter(rules=frozenset({RuleId("insult")})), "COVERING INDEX ix_findings_rule (rule=?)"),
        (QueueFilter(text="neige"), "SCAN search VIRTUAL TABLE"),
        (
            QueueFilter(posted_from=NOW - timedelta(hours=2)),
            "COVERING INDEX ix_messages_posted (state=? AND posted_at>?)",
        ),
    ):

        def read(where: QueueFilter = where) -> object:
            return planned.reads.queue(where, Sort.PRIORITY, None, 5)

        plans = planned.plans(read)
        assert any(entry in plan for plan in plans), (where, plans)
        assert not any("SCAN messages" in plan for plan in plans)


def test_no_read_scans_a_table_that_grows(planned: Planned) -> None:
    """Of the tables that grow with use, none is read from end to end by any read of the screen."""
    reads, desk = planned.reads, planned.desk
    card = reads.queue(QueueFilter(), Sort.NEWEST, None, 1).rows[0]
    made = desk.decide(card.id)
    actor = StaffId(made.actor)
    for read in (
        lambda: reads.rows([card.id]),
        lambda: reads.counts(actor),
        lambda: reads.arrivals(QueueFilter(), 20),
        lambda: reads.matches(QueueFilter(), 100),
        lambda: reads.case_detail(card.id, NOW, LadderSettings()),
        lambda: reads.decision_detail(made.id),
        lambda: reads.undoable(actor, 20),
        lambda: reads.summary(NOW, actor),
        lambda: reads.person_history(card.author_id),
        lambda: reads.outgoing(frozenset({OutgoingState.GRACE, OutgoingState.BY_HAND}), 500),
        lambda: reads.escalations(frozenset({EscalationOutcome.OPEN}), None, 200),
        lambda: reads.escalations(frozenset(EscalationOutcome), actor, 200),
        lambda: reads.history(HistoryFilter(text="insulte"), None, 100),
        lambda: reads.recent_by_author([(card.platform, "a1")], NOW - timedelta(days=1)),
        reads.journal_head,
    ):
        for plan in planned.plans(read):
            for table in ("messages", "decisions", "findings", "people", "warnings", "outgoing",
                          "escalations", "journal", "verdicts", "snapshots", "notes", "bands"):  # fmt: skip
                assert f"SCAN {table}\n" not in f"{plan}\n", plan


def test_past_decisions_come_in_order_from_one_covering_index(planned: Planned) -> None:
    reads = planned.reads
    for case in reads.queue(QueueFilter(), Sort.NEWEST, None, 4).rows:
        planned.desk.decide(case.id)
    after = reads.history(HistoryFilter(), None, 2).next
    for where in (
        HistoryFilter(),
        HistoryFilter(rules=frozenset({RuleId("insult")}), include_undone=False),
        HistoryFilter(staff=frozenset({StaffId("x")}), platforms=frozenset({Platform("facebook")})),
        HistoryFilter(decided_from=NOW - timedelta(days=9), decided_to=NOW + timedelta(days=9)),
    ):
        for place in (None, after):

            def read(where: HistoryFilter = where, place: object = place) -> object:
                return reads.history(where, place, 10)

            plan = next(plan for plan in planned.plans(read) if "ix_decisions_at" in plan)
            assert "COVERING INDEX ix_decisions_at" in plan
            assert "TEMP B-TREE" not in plan
