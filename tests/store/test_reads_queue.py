"""The queue's pages against the same filter and sort over a plain list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.cases import CaseState
from console.domain.ids import AccountId, MessageId, PersonId, RuleId
from console.domain.messages import Channel, Kind
from console.domain.verdicts import Route
from console.services.ports import Reads
from console.services.rows import Cursor, QueueFilter, QueueRow, Sort
from console.store.reads import keys
from tests.builders import NOW, DeskFile, desk_file, finding, judged, message, verdict
from tests.store.queue_model import ACCOUNTS, RULES, WORDS, Known, Names, expected, fill

SIZE = 150


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DeskFile, list[Known], Names]]:
    """A store with random messages, an import that was never published among them."""
    with desk_file(tmp_path_factory.mktemp("queue") / "vigie.sqlite") as desk:
        known = fill(desk, SIZE)
        with desk.db.write() as work:
            started = work.begin_import(NOW)
            hidden = message("neige neige", author_external_id="a1", posted_at=NOW)
            work.stage(started, [judged(hidden, verdict(finding("hate", 4), priority=99))], NOW)
        rows = desk.db.reads.rows([row.id for row in known])
        authors = {card.author_id: row.author_key for card, row in zip(rows, known, strict=True)}
        accounts = {each.id: (each.platform, each.name) for each in desk.db.reads.accounts()}
        yield desk, known, Names(accounts, authors)


@st.composite
def filters(draw: st.DrawFn, names: Names) -> QueueFilter:
    """Any combination of conditions, each absent more often than not."""

    def some(values: list[object]) -> frozenset[object]:
        return draw(st.just(frozenset()) | st.frozensets(st.sampled_from(values), max_size=3))

    hours = st.none() | st.integers(0, 12).map(lambda ago: NOW - timedelta(hours=ago))
    typed = st.lists(st.sampled_from([*WORDS, "nei", "evenement", "COEUR", "zoé", "rien"]), max_size=2)
    ids = sorted(names.accounts)
    return QueueFilter(
        states=draw(st.just(QueueFilter().states) | st.frozensets(st.sampled_from(CaseState), max_size=7)),
        platforms=some([each for each, _ in ACCOUNTS]),
        accounts=some(ids),
        channels=some(list(Channel)),
        kinds=some([Kind.COMMENT, Kind.IMAGE, Kind.VIDEO]),
        rules=some([*RULES, "never_seen"]),
        severities=some([0, 2, 3, 4]),
        routes=some(list(Route)),
        author=draw(st.none() | st.sampled_from(sorted(names.authors)).map(PersonId)),
        posted_from=draw(hours),
        posted_to=draw(hours),
        text=draw(typed.map(" ".join)),
        arrived_before=draw(st.none() | st.integers(0, SIZE + 9)),
        emergency=draw(st.booleans()),
    )


def walk(reads: Reads, where: QueueFilter, sort: Sort, size: int) -> Iterator[tuple[QueueRow, ...]]:
    """All pages, one after the other."""
    after: Cursor | None = None
    while True:
        page = reads.queue(where, sort, after, size)
        yield page.rows
        after = page.next
        if after is None:
            return


@settings(max_examples=200)
@given(
    data=st.data(), sort=st.sampled_from(Sort), size=st.integers(1, 60), few=st.sampled_from([-1, 30, 4_000])
)
def test_paging_through_everything_is_filtering_and_sorting(
    filled: tuple[DeskFile, list[Known], Names], data: st.DataObject, sort: Sort, size: int, few: int
) -> None:
    desk, known, names = filled
    where = data.draw(filters(names))
    wanted = expected(known, where, sort, names)
    with mock.patch.object(keys, "FEW", few):
        pages = list(walk(desk.db.reads, where, sort, size))
        counted = desk.db.reads.matches(where, 10_000)
        capped = desk.db.reads.matches(where, 5)
    assert [row.id for page in pages for row in page] == wanted
    assert all(len(page) == size for page in pages[:-1])
    assert (counted, capped) == (len(wanted), min(5, len(wanted)))


@settings(max_examples=100)
@given(data=st.data(), since=st.integers(0, SIZE + 3), few=st.sampled_from([-1, 4_000]))
def test_arrivals_are_the_matching_rows_that_came_later(
    filled: tuple[DeskFile, list[Known], Names], data: st.DataObject, since: int, few: int
) -> None:
    desk, known, names = filled
    where = data.draw(filters(names))
    later = [row for row in known if row.arrival > since]
    with mock.patch.object(keys, "FEW", few):
        found = desk.db.reads.arrivals(where, since)
    assert found == len(expected(later, where, Sort.PRIORITY, names))


@settings(max_examples=25)
@given(data=st.data(), sort=st.sampled_from(Sort), size=st.integers(1, 15), seed=st.integers(0, 9))
def test_rows_that_change_between_pages_are_neither_doubled_nor_do_they_hide_others(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, sort: Sort, size: int, seed: int
) -> None:
    """While somebody pages, cases are decided, come back, and new messages arrive."""
    with desk_file(tmp_path_factory.mktemp("changing") / "vigie.sqlite") as desk:
        known = fill(desk, 40, seed)
        where = QueueFilter(
            emergency=data.draw(st.booleans()), arrived_before=desk.db.reads.last_arrival() + 1
        )
        names = Names({}, {})
        before = expected(known, where, sort, names)
        touched: set[MessageId] = set()
        seen: list[MessageId] = []
        for page in walk(desk.db.reads, where, sort, size):
            seen += [row.id for row in page]
            for row in data.draw(st.lists(st.sampled_from(known), max_size=4)):
                desk.move(row.id, data.draw(st.sampled_from([CaseState.DECIDED, CaseState.PENDING])))
                touched.add(row.id)
            desk.take_in(judged("nouveau", verdict(finding(severity=4), route=Route.EMERGENCY)))
        assert len(seen) == len(set(seen))
        assert set(before) - touched <= set(seen)
        assert [each for each in seen if each not in touched] == [
            each for each in before if each not in touched
        ]


def test_a_linked_person_is_filtered_as_one(desk: DeskFile) -> None:
    first, second, third = desk.take_in(
        *(judged(message(f"message {key}", author_external_id=key)) for key in ("a", "b", "c"))
    )
    a, b, _ = (row.author_id for row in desk.db.reads.rows([first, second, third]))
    with desk.db.write() as work:
        work.link_people(a, b)
    for person in (a, b):
        page = desk.db.reads.queue(QueueFilter(author=person), Sort.OLDEST, None, 10)
        assert {row.id for row in page.rows} == {first, second}
    both = desk.db.reads.rows([first, second])
    assert both[0].author_number == both[1].author_number


def test_rules_that_share_a_bit_are_told_apart(desk: DeskFile) -> None:
    """More rules than bits: the 63rd has the bit of the first."""
    names = [f"rule_{number}" for number in range(63)]
    ids = desk.take_in(*(judged(f"texte {name}", verdict(finding(name))) for name in names))
    for few in (-1, 4_000):
        with mock.patch.object(keys, "FEW", few):
            for place in (0, 62):
                where = QueueFilter(rules=frozenset({RuleId(names[place])}))
                page = desk.db.reads.queue(where, Sort.NEWEST, None, 10)
                assert [row.id for row in page.rows] == [ids[place]]


def test_an_unknown_account_or_person_matches_nothing(desk: DeskFile) -> None:
    desk.take_in("un message")
    for where in (QueueFilter(accounts=frozenset({AccountId("none")})), QueueFilter(author=PersonId("none"))):
        assert desk.db.reads.queue(where, Sort.NEWEST, None, 10).rows == ()
        assert desk.db.reads.matches(where, 10) == 0
        assert desk.db.reads.arrivals(where, 0) == 0


def test_a_reopened_case_waits_behind_the_frozen_list(desk: DeskFile) -> None:
    incoming = message("première version")
    (case,) = desk.take_in(judged(incoming))
    desk.decide(case)
    frozen = QueueFilter(arrived_before=desk.db.reads.last_arrival() + 1)
    desk.take_in(judged(replace(incoming, text="deuxième version, bien pire")))
    assert desk.db.reads.queue(frozen, Sort.NEWEST, None, 10).rows == ()
    assert desk.db.reads.arrivals(QueueFilter(), 1) == 1
    assert [row.id for row in desk.db.reads.queue(QueueFilter(), Sort.NEWEST, None, 10).rows] == [case]


def test_rows_come_in_the_order_asked_and_unknown_ones_are_left_out(desk: DeskFile) -> None:
    one, two, three = desk.take_in("un", "deux", "trois")
    asked = [three, MessageId("unknown"), one, three, two]
    assert [row.id for row in desk.db.reads.rows(asked)] == [three, one, two]


def test_a_card_shows_decision_warnings_and_a_short_excerpt(desk: DeskFile) -> None:
    long = "mot \n\t" * 200
    (case,) = desk.take_in(judged(long, verdict(finding("hate", 4), finding("insult", 2, article="5"))))
    made = desk.decide(case)
    desk.warn(case, made)
    (card,) = desk.db.reads.rows([case])
    assert card.excerpt.startswith("mot mot mot")
    assert len(card.excerpt) <= 280
    assert [(chip.rule, chip.article, chip.severity) for chip in card.chips] == [
        ("hate", "4", 4),
        ("insult", "5", 2),
    ]
    assert (card.warnings, card.decided_by, card.decided_actions) == (1, "Maude Gagnon", made.actions)


def test_a_card_counts_incidents_with_a_delivered_warning_that_stands(desk: DeskFile) -> None:
    first, second, third = desk.take_in("un", "deux", "trois")
    made = desk.decide(first)
    desk.warn(first, made)
    desk.warn(first, made)
    desk.warn(second, desk.decide(second), delivered=False)
    withdrawn = desk.warn(third, desk.decide(third))
    assert desk.db.reads.rows([first])[0].warnings == 2
    with desk.db.write() as work:
        work.withdraw_warning(withdrawn, NOW)
    assert desk.db.reads.rows([first])[0].warnings == 1
