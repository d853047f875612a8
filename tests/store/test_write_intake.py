"""Messages going in: what is new, what is known, what has changed, and what must not change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.messages import FACEBOOK, INSTAGRAM, Channel
from console.domain.sanctions import LadderSettings
from console.domain.verdicts import Route
from console.services.rows import QueueFilter, Sort
from tests.builders import NOW, DeskFile, finding, judged, message, verdict
from tests.store.file_state import check, plain, rows_in


def queue(desk: DeskFile, **where: object) -> list[str]:
    """Excerpts in the queue, oldest first."""
    page = desk.db.reads.queue(QueueFilter(**where), Sort.OLDEST, None, 100)
    return [row.excerpt for row in page.rows]


def test_the_same_batch_twice_changes_nothing(desk: DeskFile) -> None:
    batch = [judged(f"message {number}", verdict(finding())) for number in range(5)]
    desk.take_in(*batch)
    before = rows_in(desk.db.path)
    with desk.db.write() as work:
        again = work.take_in(batch, desk.clock.now())
    assert again.added == again.updated == again.reopened == ()
    assert rows_in(desk.db.path) == before
    check(desk.db.path)


def test_known_tells_hash_and_revision_and_nothing_of_strangers(desk: DeskFile) -> None:
    one = judged("un")
    (ident,) = desk.take_in(one)
    key = (FACEBOOK, "Ville", one.incoming.external_id)
    with desk.db.write() as work:
        known = work.known(
            [key, (FACEBOOK, "Ville", "autre"), (INSTAGRAM, "Ville", one.incoming.external_id)]
        )
    assert list(known) == [key]
    assert (known[key].message_id, known[key].sha256, known[key].revision) == (ident, one.sha256, 1)


def test_an_edit_is_a_new_revision_with_the_old_text_as_evidence(desk: DeskFile) -> None:
    first = judged("bande de pourris", verdict(finding("insult"), finding("threat", 4)))
    (ident,) = desk.take_in(first)
    desk.clock.advance(timedelta(hours=1))
    edited = judged(replace(first.incoming, text="merci quand même"), verdict())
    with desk.db.write() as work:
        taken = work.take_in([edited], desk.clock.now())
    assert taken.updated == (ident,)
    assert taken.reopened == ()  # it was waiting already
    detail = desk.db.reads.case_detail(ident, desk.clock.now(), LadderSettings())
    assert detail.message.text == "merci quand même"
    assert detail.message.revision == 2
    assert detail.message.edited_at == NOW + timedelta(hours=1)
    assert detail.verdict.findings == ()
    earlier = [each for each in detail.snapshots if each.revision == 1]
    assert [(each.text, each.sha256, each.seen_at) for each in earlier] == [
        ("bande de pourris", first.sha256, NOW)
    ]
    assert queue(desk, text="pourris") == []
    assert queue(desk, text="merci") == ["merci quand même"]
    assert queue(desk, rules=frozenset({"insult"})) == []
    check(desk.db.path)


def test_an_edit_reopens_a_decided_case_behind_the_button(desk: DeskFile) -> None:
    one = judged("bande de pourris", verdict(finding()))
    (ident,) = desk.take_in(one)
    decision = desk.decide(ident, Action.HIDE)
    seen = desk.db.reads.last_arrival()
    with desk.db.write() as work:
        taken = work.take_in([judged(replace(one.incoming, text="pire encore"))], desk.clock.now())
        head = work.case(ident)
    assert taken.reopened == (ident,)
    assert (head.state, head.decision_id, head.revision) == (CaseState.PENDING, None, 2)
    assert queue(desk, arrived_before=seen + 1) == []
    assert desk.db.reads.arrivals(QueueFilter(), seen) == 1
    # The decision keeps the words and the verdict it was made on.
    explained = desk.db.reads.decision_detail(decision.id)
    assert explained.judged_text == "bande de pourris"
    assert [each.rule for each in explained.verdict.findings] == ["insult"]
    check(desk.db.path)


@pytest.mark.parametrize("state", [CaseState.ESCALATED, CaseState.HELD, CaseState.AWAITING_SIGNATURE])
def test_an_edit_leaves_a_case_before_supervision_there(desk: DeskFile, state: CaseState) -> None:
    one = judged("douteux", verdict(finding()))
    (ident,) = desk.take_in(one)
    desk.move(ident, state)
    with desk.db.write() as work:
        taken = work.take_in([judged(replace(one.incoming, text="moins douteux"))], desk.clock.now())
        assert work.case(ident).state is state
    assert (taken.updated, taken.reopened) == ((ident,), ())
    check(desk.db.path)


def test_a_message_twice_in_one_batch_is_an_edit(desk: DeskFile) -> None:
    first = judged("avant")
    with desk.db.write() as work:
        taken = work.take_in([first, judged(replace(first.incoming, text="après"))], desk.clock.now())
    assert len(taken.added) == 1
    assert taken.updated == taken.added
    assert queue(desk) == ["après"]
    check(desk.db.path)


def test_the_citys_own_words_are_context_not_cases(desk: DeskFile) -> None:
    (ident,) = desk.take_in(message("Nos excuses pour le retard.", by_city=True))
    with desk.db.write() as work:
        head = work.case(ident)
    assert (head.state, head.engine, head.suggested) == (CaseState.CLOSED, "", ())
    assert queue(desk) == []
    check(desk.db.path)


def test_people_keep_their_number_whatever_else_comes(desk: DeskFile) -> None:
    desk.take_in(message("un", author_external_id="a"), message("deux", author_external_id="b"))
    before = {row.name: row.number for row in desk.db.reads.people("", None, 10).rows}
    desk.take_in(
        message("trois", author_external_id="c", author_name="Nouvelle Personne"),
        message("quatre", author_external_id="a", author_name="Autre Nom"),
        message("cinq", author_external_id="a", platform=INSTAGRAM, author_name="Homonyme"),
    )
    with plain(desk.db.path) as connection:
        rows = connection.execute("SELECT platform, external_id, number, name FROM people").fetchall()
    numbers = {(platform, external): number for platform, external, number, _ in rows}
    names = {(platform, external): name for platform, external, _, name in rows}
    assert set(before.values()) <= set(numbers.values())
    assert names["facebook", "a"] == "Autre Nom"
    assert len(set(numbers.values())) == 4
    assert numbers["facebook", "a"] != numbers["instagram", "a"]


def test_messages_without_an_author_never_share_a_ladder(desk: DeskFile) -> None:
    one, two = desk.take_in(
        message("anonyme", author_external_id="", author_name=""),
        message("anonyme aussi", author_external_id="", author_name=""),
    )
    with desk.db.write() as work:
        assert work.case(one).person_id != work.case(two).person_id


def test_declared_warnings_only_grow(desk: DeskFile) -> None:
    ladder = LadderSettings()
    (ident,) = desk.take_in(message("un", author_warnings=1))
    desk.take_in(message("deux", author_warnings=2), message("trois", author_warnings=0))
    assert desk.db.reads.case_detail(ident, NOW, ladder).declared_warnings == 2


def test_counters_follow_channel_state_and_emergency(desk: DeskFile) -> None:
    danger = verdict(route=Route.EMERGENCY, priority=100)
    ids = desk.take_in(
        judged(message("au feu"), danger),
        judged(message("en privé", channel=Channel.PRIVATE)),
        judged("public"),
    )
    counts = desk.db.reads.counts(desk.actor().staff.id)
    assert (counts.pending, counts.emergencies, counts.private) == (3, 1, 1)
    desk.move(ids[0], CaseState.DECIDED)
    with desk.db.write() as work:
        work.replace_verdict(ids[1], danger)
    counts = desk.db.reads.counts(desk.actor().staff.id)
    assert (counts.pending, counts.emergencies, counts.private) == (2, 1, 1)
    check(desk.db.path)


def test_a_replaced_verdict_stays_where_a_decision_rests_on_it(desk: DeskFile) -> None:
    (undecided, decided) = desk.take_in(
        judged("un", verdict(finding("insult"))), judged("deux", verdict(finding("insult")))
    )
    made = desk.decide(decided, Action.HIDE)
    before = rows_in(desk.db.path)["verdicts"]
    with desk.db.write() as work:
        work.replace_verdict(undecided, verdict(finding("threat", 4)))
        work.replace_verdict(decided, verdict(finding("threat", 4)))
    assert rows_in(desk.db.path)["verdicts"] == before + 1
    assert [each.rule for each in desk.db.reads.decision_detail(made.id).verdict.findings] == ["insult"]
    detail = desk.db.reads.case_detail(undecided, NOW, LadderSettings())
    assert [each.rule for each in detail.verdict.findings] == ["threat"]
    check(desk.db.path)


def test_a_failing_unit_of_work_leaves_nothing_behind(desk: DeskFile) -> None:
    desk.take_in("avant")
    before = rows_in(desk.db.path)
    with pytest.raises(ZeroDivisionError):
        _fail_within(desk)
    assert rows_in(desk.db.path) == before
    check(desk.db.path)
    assert desk.take_in("après")
    check(desk.db.path)


def test_a_thousand_authors_and_signs_of_all_kinds_in_one_batch(desk: DeskFile) -> None:
    batch = [
        judged(message(f"«{sign}» œuvre n° {number}", author_external_id=f"a{number}{sign}", account=sign))
        for number, sign in enumerate("aéœ’%_\\\"'[]{}🙂\u200b\x07" * 60)
    ]
    added = desk.take_in(*batch)
    assert len(added) == len(batch)
    with desk.db.write() as work:
        keys = [(FACEBOOK, each.incoming.account, each.incoming.external_id) for each in batch]
        assert len(work.known(keys)) == len(batch)
        assert work.take_in(batch, desk.clock.now()).added == ()
    check(desk.db.path)


def _fail_within(desk: DeskFile) -> None:
    with desk.db.write() as work:
        work.take_in([judged("pendant", verdict(finding("new-rule")))], desk.clock.now())
        work.append(desk.event("test", "x"))
        raise ZeroDivisionError
