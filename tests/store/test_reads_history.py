"""Past decisions, people and the desk's figures, against the same over plain lists."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.cases import OPEN_STATES, SUPERVISED_STATES, CaseState
from console.domain.decisions import Action, Decision
from console.domain.folding import fold
from console.domain.ids import DecisionId, MessageId, PersonId, RuleId, StaffId
from console.domain.messages import FACEBOOK, INSTAGRAM, Channel, Platform
from console.domain.roles import Role
from console.domain.verdicts import Route
from console.errors import ConflictError, ValidationError
from console.services.rows import Cursor, HistoryFilter, QueueFilter, Sort
from console.store.reads import history
from tests.builders import NOW, DeskFile, desk_file, judged, message
from tests.store.queue_model import fill

ROLES = (Role.MODERATOR, Role.SUPERVISOR)
RULES = ("insult", "hate", "violence")
REASONS = ("insulte envers une élue", "Évènement répété", "menace voilée", "")
TEXTS = ("la rue est belle", "un évenement", "menace sur la mairie")


@dataclass(frozen=True)
class Past:
    """A stored decision and what surrounds it."""

    made: Decision
    text: str
    author: str
    platform: Platform
    undone: bool


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DeskFile, list[Past]]]:
    """A hundred and twenty decisions, oldest first, some at the very same instant, some undone."""
    chance = random.Random(5)
    with desk_file(tmp_path_factory.mktemp("past") / "vigie.sqlite") as desk:
        told = []
        for number in range(120):
            text, platform = chance.choice(TEXTS), chance.choice((FACEBOOK, INSTAGRAM))
            author = chance.choice(("Zoé Tremblay", "Éric Roy"))
            incoming = message(f"{text} {number}", platform=platform, author_name=author)
            (case,) = desk.take_in(judged(incoming))
            desk.clock.advance(timedelta(hours=chance.choice((0, 0, 1, 5))))
            actions = chance.choice(((Action.HIDE,), (Action.HIDE, Action.WARN), (Action.KEEP,)))
            rules = tuple(chance.sample(RULES, chance.randrange(3)))
            role = chance.choice(ROLES)
            made = desk.decide(case, *actions, rules=rules, reason=chance.choice(REASONS), role=role)
            undone = chance.random() < 0.2
            if undone:
                desk.undo(made)
            told.append(Past(made, incoming.text, author, platform, undone))
        yield desk, told


@st.composite
def filters(draw: st.DrawFn, desk: DeskFile) -> HistoryFilter:
    """Any combination of conditions."""
    hours = st.none() | st.integers(0, 200).map(lambda later: NOW + timedelta(hours=later))
    people = st.sampled_from([desk.people[role].id for role in (*ROLES, Role.AUDITOR)])
    return HistoryFilter(
        text=draw(st.sampled_from(["", "", "", "évènement", "evenement", "menace", "rue", "zoé", "absent"])),
        actions=draw(st.frozensets(st.sampled_from([Action.HIDE, Action.WARN, Action.BAN]), max_size=2)),
        rules=draw(st.frozensets(st.sampled_from([*RULES, "unknown"]).map(RuleId), max_size=2)),
        platforms=draw(st.frozensets(st.sampled_from([FACEBOOK, INSTAGRAM]), max_size=2)),
        staff=draw(st.frozensets(people, max_size=2)),
        decided_from=draw(hours),
        decided_to=draw(hours),
        include_undone=draw(st.booleans()),
    )


def fits(each: Past, where: HistoryFilter) -> bool:
    """Whether a decision is what the filter asks for."""
    said = {*fold(each.made.reason).split()}
    written = {*fold(each.text).split()} | {*fold(each.author).split()}
    asked = set(fold(where.text).split())
    return all(
        (
            not asked or asked <= said or asked <= written,
            not where.actions or bool(where.actions & set(each.made.actions)),
            not where.rules or bool(where.rules & set(each.made.rules)),
            not where.platforms or each.platform in where.platforms,
            not where.staff or each.made.actor in where.staff,
            where.decided_from is None or each.made.at >= where.decided_from,
            where.decided_to is None or each.made.at < where.decided_to,
            where.include_undone or not each.undone,
        )
    )


@settings(max_examples=200)
@given(data=st.data(), size=st.integers(1, 50), few=st.sampled_from([-1, 4_000]))
def test_paging_through_the_history_is_filtering_it(
    past: tuple[DeskFile, list[Past]], data: st.DataObject, size: int, few: int
) -> None:
    desk, told = past
    where = data.draw(filters(desk))
    wanted = [each.made.id for each in reversed(told) if fits(each, where)]
    found: list[DecisionId] = []
    after: Cursor | None = None
    with mock.patch.object(history, "FEW", few):
        while True:
            page = desk.db.reads.history(where, after, size)
            found += [row.decision_id for row in page.rows]
            after = page.next
            if after is None:
                break
        assert desk.db.reads.history_matches(where) == len(wanted)
    assert found == wanted


def test_a_line_of_the_history_says_who_what_why_and_whether_it_stands(
    past: tuple[DeskFile, list[Past]],
) -> None:
    desk, told = past
    by_id = {each.made.id: each for each in told}
    for row in desk.db.reads.history(HistoryFilter(), None, 500).rows:
        each = by_id[row.decision_id]
        assert (row.actions, row.rules, row.reason, row.at) == (
            each.made.actions,
            each.made.rules,
            each.made.reason,
            each.made.at,
        )
        assert (row.platform, row.author, row.excerpt) == (each.platform, each.author, each.text)
        assert (row.undone_at is not None) == each.undone
        assert row.decided_by in ("Maude Gagnon", "Samuel Roy")


@given(data=st.data())
def test_details_come_in_the_order_asked_with_their_own_proofs(
    past: tuple[DeskFile, list[Past]], data: st.DataObject
) -> None:
    desk, told = past
    asked = data.draw(st.lists(st.sampled_from(told), unique_by=lambda each: each.made.id, max_size=12))
    details = desk.db.reads.decision_details([DecisionId("unknown"), *(each.made.id for each in asked)])
    assert [detail.decision for detail in details] == [each.made for each in asked]
    links = {link.sequence: link for link in desk.db.reads.journal()}
    for detail, each in zip(details, asked, strict=True):
        assert detail.judged_text == each.text
        kinds = [links[proof.sequence].event.kind for proof in detail.proofs]
        assert kinds == (["decision.made", "decision.undone"] if each.undone else ["decision.made"])
        for proof in detail.proofs:
            assert links[proof.sequence].event.payload["decision"] == each.made.id
            assert (proof.previous, proof.sha256) == (
                links[proof.sequence].previous,
                links[proof.sequence].sha256,
            )


def test_an_unknown_decision_is_said(desk: DeskFile) -> None:
    with pytest.raises(ConflictError, match=r"decision\.unknown"):
        desk.db.reads.decision_detail(DecisionId("nowhere"))


def test_only_what_still_stands_can_be_undone_newest_first(desk: DeskFile) -> None:
    cases = desk.take_in("un", "deux", "trois", "quatre", "cinq")
    made = [desk.decide(case) for case in cases]
    desk.undo(made[1])
    again = desk.decide(cases[2])
    desk.move(cases[3], CaseState.PENDING)
    by_supervisor = desk.decide(cases[0], role=Role.SUPERVISOR)
    mine, theirs = made[0].actor, by_supervisor.actor
    undoable = [row.decision_id for row in desk.db.reads.undoable(mine, 10)]
    assert undoable == [again.id, made[4].id]
    assert [row.decision_id for row in desk.db.reads.undoable(theirs, 10)] == [by_supervisor.id]
    assert desk.db.reads.undoable(mine, 1)[0].decision_id == again.id
    with desk.db.write() as work:
        assert work.latest_undoable(mine) == undoable[0]


def test_the_summary_counts_messages_once_and_leaves_undone_decisions_out(desk: DeskFile) -> None:
    one, two, three = desk.take_in("un", "deux", "trois")
    desk.decide(one)
    desk.clock.advance(timedelta(hours=1))
    since = desk.clock.now()
    desk.decide(one)
    actor = desk.decide(two).actor
    desk.undo(desk.decide(three))
    desk.decide(three, role=Role.SUPERVISOR)
    assert desk.db.reads.summary(since, actor) == 2
    assert desk.db.reads.summary(NOW, actor) == 2
    assert desk.db.reads.summary(since, StaffId("nobody")) == 0


@given(seed=st.integers(0, 20))
@settings(max_examples=10)
def test_the_figures_of_the_chips_are_those_of_the_rows(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    with desk_file(tmp_path_factory.mktemp("figures") / "vigie.sqlite") as desk:
        known = fill(desk, 60, seed)
        found = desk.db.reads.counts(StaffId("nobody"))
    waiting = [row for row in known if row.state in OPEN_STATES]
    assert (found.pending, found.emergencies, found.private, found.submitted) == (
        len(waiting),
        sum(row.route is Route.EMERGENCY for row in waiting),
        sum(row.channel is Channel.PRIVATE for row in waiting),
        sum(row.state in SUPERVISED_STATES for row in known),
    )


@given(size=st.integers(1, 9), typed=st.sampled_from(["", "zo", "tremblay", "zoe trem", "roy", "anne-marie"]))
def test_people_by_name_with_their_figures(
    crowd: tuple[DeskFile, Counter[str], dict[str, str]], size: int, typed: str
) -> None:
    desk, messages_of, names = crowd
    found = []
    after: Cursor | None = None
    while True:
        page = desk.db.reads.people(typed, after, size)
        found += page.rows
        after = page.next
        if after is None:
            break
    asked = fold(typed).split()
    wanted = {
        key
        for key, name in names.items()
        if all(any(word.startswith(part) for word in fold(name).split()) for part in asked)
    }
    assert len(found) == len(wanted)
    assert [fold(row.name) for row in found] == sorted(fold(row.name) for row in found)
    assert sum(row.messages for row in found) == sum(messages_of[key] for key in wanted)
    assert len({row.number for row in found}) == len(found)


@pytest.fixture(scope="module")
def crowd(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[DeskFile, Counter[str], dict[str, str]]]:
    """Authors with few different names, and how many messages each wrote."""
    chance = random.Random(3)
    names = {
        f"p{number}": chance.choice(("Zoé Tremblay", "Éric Roy", "Anne-Marie Côté", ""))
        for number in range(23)
    }
    with desk_file(tmp_path_factory.mktemp("crowd") / "vigie.sqlite") as desk:
        written = Counter(chance.choices(list(names), k=80))
        for key in written.elements():
            desk.take_in(judged(message("bonjour", author_external_id=key, author_name=names[key])))
        yield desk, written, {key: name for key, name in names.items() if key in written}


def test_linked_people_are_one_line_found_by_either_name(desk: DeskFile) -> None:
    one, other = desk.take_in(
        message("un", author_external_id="a", author_name="Zoé"),
        message("deux", author_external_id="b", author_name="Zorro", platform=INSTAGRAM),
    )
    kept, merged = (row.author_id for row in desk.db.reads.rows([one, other]))
    made = desk.decide(other, Action.WARN)
    desk.warn(other, made)
    with desk.db.write() as work:
        work.link_people(kept, merged)
    for typed in ("zoe", "zorro", ""):
        (row,) = desk.db.reads.people(typed, None, 10).rows
        assert (row.id, row.name, row.platforms) == (kept, "Zoé", (FACEBOOK, INSTAGRAM))
        assert (row.messages, row.delivered_warnings) == (2, 1)
    assert desk.db.reads.people("zoe zorro", None, 10).rows == ()
    for person in (kept, merged):
        (event,) = desk.db.reads.person_history(person)
        assert (event.message_id, event.warning_rank) == (other, 1)
    with desk.db.write() as work:
        work.unlink_people(merged)
    assert len(desk.db.reads.people("", None, 10).rows) == 2
    assert desk.db.reads.person_history(kept) == ()


def test_an_unknown_person_is_said(desk: DeskFile) -> None:
    with pytest.raises(ValidationError, match=r"person\.unknown"):
        desk.db.reads.person_history(PersonId("nobody"))


def test_a_message_that_moves_keeps_its_card_consistent_with_its_counters(desk: DeskFile) -> None:
    """Counters and rows are read in one transaction: a page and its figures never disagree for long."""
    cases: tuple[MessageId, ...] = desk.take_in(*("un message" for _ in range(9)))
    for done, case in enumerate(cases, 1):
        desk.decide(case)
        waiting = desk.db.reads.queue(QueueFilter(), Sort.NEWEST, None, 50).rows
        assert desk.db.reads.counts(StaffId("x")).pending == len(waiting) == len(cases) - done
