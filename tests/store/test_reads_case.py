"""One case with everything around it, as the panes show it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import EscalationId, MessageId, new_id
from console.domain.messages import Channel, Kind, ThreadEntry
from console.domain.roles import Role
from console.domain.sanctions import LadderSettings, Rung
from console.domain.verdicts import Route
from console.errors import ConflictError
from console.services.ports import Judged
from console.services.rows import CaseDetail, EscalationKind, EscalationOutcome, QueueFilter, Sort
from tests.builders import NOW, DeskFile, finding, judged, message, verdict


def detail(desk: DeskFile, case: MessageId, ladder: LadderSettings | None = None) -> CaseDetail:
    """The case as of the clock's now."""
    return desk.db.reads.case_detail(case, desk.clock.now(), ladder or LadderSettings())


def test_the_message_comes_back_as_it_went_in(desk: DeskFile) -> None:
    incoming = message(
        "Texte  avec\nune ligne",
        kind=Kind.REPLY,
        post_external_id="p1",
        post_text="Fête nationale",
        post_posted_at=NOW - timedelta(days=2),
        parent_external_id="c9",
        thread=(ThreadEntry("Ville", "Bonjour", NOW),),
        permalink="https://exemple.ca/1",
        author_warnings=2,
    )
    opinion = verdict(finding("hate", 4), finding("insult", 2), route=Route.COMPLAINT_311, criticism=True)
    (case,) = desk.take_in(judged(incoming, opinion))
    shown = detail(desk, case)
    said = shown.message
    assert (said.text, said.kind, said.external_id) == (incoming.text, Kind.REPLY, incoming.external_id)
    assert (said.posted_at, said.received_at) == (incoming.posted_at, NOW)
    assert (said.thread, said.permalink, said.parent_external_id) == (
        incoming.thread,
        incoming.permalink,
        "c9",
    )
    assert shown.post is not None
    assert (shown.post.text, shown.post.posted_at) == ("Fête nationale", NOW - timedelta(days=2))
    assert (shown.verdict, shown.judged_text, shown.state) == (opinion, incoming.text, CaseState.PENDING)
    assert (shown.account.name, shown.account.platform) == ("Ville", "facebook")
    assert (shown.author.name, shown.declared_warnings) == ("Zoé Tremblay", 2)
    assert [each.external_id for each in shown.author.identities] == ["auteur-1"]
    assert (shown.snapshots, shown.siblings, shown.notes, shown.history) == ((), (), (), ())
    assert (shown.decision, shown.decided_by, shown.returned_word) == (None, "", "")
    assert shown.standing.rung is Rung.FIRST_WARNING


def test_an_unknown_case_and_one_of_an_import_under_way(desk: DeskFile) -> None:
    with pytest.raises(ConflictError, match=r"case\.unknown"):
        detail(desk, MessageId("nowhere"))
    with desk.db.write() as work:
        work.stage(work.begin_import(NOW), [judged(message("caché", author_external_id="seul"))], NOW)
    assert desk.db.reads.people("", None, 10).rows == ()
    assert desk.db.reads.last_arrival() == 0


def test_an_edited_message_keeps_every_text_with_its_hash(desk: DeskFile) -> None:
    incoming = message("première version")
    (case,) = desk.take_in(judged(incoming, verdict(finding("hate", 4))))
    desk.clock.advance(timedelta(hours=1))
    desk.take_in(judged(replace(incoming, text="deuxième version"), verdict()))
    shown = detail(desk, case)
    assert (shown.message.text, shown.message.revision, shown.message.edited_at) == (
        "deuxième version",
        2,
        NOW + timedelta(hours=1),
    )
    (kept,) = shown.snapshots
    assert (kept.text, kept.revision, kept.seen_at) == ("première version", 1, NOW)
    assert kept.sha256 == hashlib.sha256("première version".encode()).hexdigest()
    assert (shown.judged_text, shown.verdict.findings) == ("deuxième version", ())


def test_a_decision_stays_explained_by_the_words_it_was_about(desk: DeskFile) -> None:
    """An edit after the decision changes neither the text nor the verdict that the decision rests on."""
    incoming = message("insulte d’origine")
    opinion = verdict(finding("insult", 3))
    (case,) = desk.take_in(judged(incoming, opinion))
    made = desk.decide(case)
    desk.take_in(judged(replace(incoming, text="texte adouci"), verdict()))
    with desk.db.write() as work:
        work.replace_verdict(case, verdict(finding("capitals", 1)))
    explained = desk.db.reads.decision_detail(made.id)
    assert (explained.judged_text, explained.verdict) == ("insulte d’origine", opinion)
    assert explained.message.text == "texte adouci"
    shown = detail(desk, case)
    assert (shown.state, shown.decision) == (CaseState.PENDING, None)
    assert [each.at for each in shown.history] == [made.at]


def test_the_ladder_counts_what_was_delivered_to_all_identities(desk: DeskFile) -> None:
    cases = desk.take_in(
        *(judged(message(f"message {key}", author_external_id=key)) for key in ("a", "b", "a", "a"))
    )
    decisions = []
    for case in cases[:3]:
        desk.clock.advance(timedelta(days=1))
        decisions.append(desk.decide(case, Action.HIDE, Action.WARN))
        desk.warn(case, decisions[-1], delivered=case != cases[2])
    alone = detail(desk, cases[3])
    assert (len(alone.standing.counted), len(alone.standing.undelivered)) == (1, 1)
    rows = desk.db.reads.rows(cases[:2])
    with desk.db.write() as work:
        work.link_people(rows[0].author_id, rows[1].author_id)
    linked = detail(desk, cases[3])
    assert linked.standing.rung is Rung.BAN
    assert [each.incident for each in linked.standing.counted] == [cases[0], cases[1]]
    assert {each.external_id for each in linked.author.identities} == {"a", "b"}
    assert [(event.message_id, event.warning_rank) for event in linked.history] == [
        (cases[2], 3),
        (cases[1], 2),
        (cases[0], 1),
    ]
    assert [event.delivered_at is not None for event in linked.history] == [False, True, True]
    assert linked.history[1].delivery_means == "message privé"
    expired = detail(desk, cases[3], LadderSettings(expire_after_days=1))
    assert expired.standing.rung is Rung.FIRST_WARNING


def test_a_withdrawn_warning_has_no_rank_and_the_next_takes_its_place(desk: DeskFile) -> None:
    first, second = desk.take_in("un", "deux")
    undone = desk.decide(first, Action.WARN)
    withdrawn = desk.warn(first, undone)
    with desk.db.write() as work:
        work.withdraw_warning(withdrawn, NOW)
    desk.undo(undone)
    desk.clock.advance(timedelta(days=1))
    desk.warn(second, desk.decide(second, Action.WARN))
    history = detail(desk, second).history
    assert [(each.message_id, each.warning_rank, each.undone) for each in history] == [
        (second, 1, False),
        (first, 0, True),
    ]


def test_what_was_noted_decided_and_sent_back(desk: DeskFile) -> None:
    (case,) = desk.take_in("un message")
    with desk.db.write() as work:
        for minute, words in enumerate(("vérifier la rue", "rue vérifiée")):
            work.add_note(case, words, desk.people[Role.AGENT_311].id, NOW + timedelta(minutes=minute))
        escalation = EscalationId(new_id())
        work.add_escalation(
            escalation, case, EscalationKind.QUESTION, desk.people[Role.MODERATOR].id, NOW,
            "je ne sais pas", "est-ce une menace?", ["hide"], None,
        )  # fmt: skip
        work.answer_escalation(
            escalation, EscalationOutcome.RETURNED, desk.people[Role.SUPERVISOR].id, NOW, "relis l’article 4"
        )
        work.set_state(case, CaseState.RETURNED)
    shown = detail(desk, case)
    assert [(note.author, note.text) for note in shown.notes] == [
        ("Aïcha Diallo", "vérifier la rue"),
        ("Aïcha Diallo", "rue vérifiée"),
    ]
    assert shown.returned_word == "relis l’article 4"
    moderator, supervisor = desk.people[Role.MODERATOR].id, desk.people[Role.SUPERVISOR].id
    assert desk.db.reads.counts(moderator).mine_returned == 1
    assert desk.db.reads.counts(supervisor).mine_returned == 0
    made = desk.decide(case)
    decided = detail(desk, case)
    assert (decided.decision, decided.decided_by, decided.returned_word) == (made, "Maude Gagnon", "")


def test_the_city_s_own_words_have_an_empty_verdict(desk: DeskFile) -> None:
    (case,) = desk.take_in(message("Bonjour à vous", by_city=True))
    shown = detail(desk, case)
    assert (shown.state, shown.verdict.findings, shown.verdict.engine) == (CaseState.CLOSED, (), "")


def test_beside_a_message_stand_its_thread_and_then_its_post(desk: DeskFile) -> None:
    """The nearest in time, oldest first, at most twenty."""

    def at(minute: int, **changes: object) -> Judged:
        posted = NOW - timedelta(minutes=1_000 - minute)
        return judged(message(f"minute {minute}", posted_at=posted, post_external_id="p", **changes))

    crowd = [at(minute) for minute in range(0, 300, 10)]
    parent = at(100, external_id="parent")
    here = at(105, external_id="here", parent_external_id="parent")
    answer = at(290, parent_external_id="here")
    elsewhere = judged(message("ailleurs", post_external_id="q"))
    desk.take_in(*crowd, parent, here, answer, elsewhere)
    (case,) = (row.id for row in desk.db.reads.queue(QueueFilter(text="105"), Sort.OLDEST, None, 2).rows)
    beside = [row.excerpt for row in detail(desk, case).siblings]
    assert len(beside) == 20
    assert "minute 290" in beside
    assert "minute 105" not in beside
    assert beside.count("minute 100") == 2
    assert "ailleurs" not in beside
    minutes = [int(each.split()[1]) for each in beside]
    assert minutes == sorted(minutes)


def test_beside_a_private_message_stands_the_conversation(desk: DeskFile) -> None:
    private = {"channel": Channel.PRIVATE, "kind": Kind.PRIVATE_MESSAGE, "author_external_id": "elle"}
    mine, other, public, later = desk.take_in(
        message("premier", **private, posted_at=NOW - timedelta(hours=3)),
        message("d’une autre", **(private | {"author_external_id": "autre"})),
        message("en public", author_external_id="elle"),
        message("second", **private, posted_at=NOW - timedelta(hours=1)),
    )
    assert [row.id for row in detail(desk, mine).siblings] == [later]
    assert [row.id for row in detail(desk, other).siblings] == []
    assert detail(desk, public).siblings == ()
