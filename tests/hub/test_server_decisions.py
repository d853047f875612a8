"""`decision.made` before the hub: each rule has an example that it stops."""

from __future__ import annotations

from typing import Any

import pytest

from console.domain.ids import new_id
from tests.hub.conftest import Hub
from tests.hub.desk import Content, Desk, decision, item, sha

MESSAGE = Content("Quelle bande d'idiots", "1")


def state_of(hub: Hub, message: Content) -> Any:
    return hub.value("SELECT state FROM vigie.case_file WHERE message = %s", message.id)


@pytest.fixture
def marie(hub: Hub) -> Desk:
    desk = hub.desk("marie")
    desk.contents(MESSAGE)
    return desk


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (decision(MESSAGE), "decision.combination"),
        (decision(MESSAGE, "hide", "delete"), "decision.combination"),
        (decision(MESSAGE, "warn", "ban"), "decision.combination"),
        (decision(MESSAGE, "reply", "redirect_311"), "decision.combination"),
        (decision(MESSAGE, "keep", "hide"), "decision.combination"),
        (decision(MESSAGE, "no_reply", "keep"), "decision.combination"),
        (decision(MESSAGE, "escalate", "hide"), "decision.combination"),
        (decision(MESSAGE, "insult"), "decision.combination"),
        (decision(MESSAGE, "hide", rules=[]), "decision.rule_missing"),
        (decision(MESSAGE, "hide", reason=" \u00a0\u202f\n"), "decision.reason_missing"),
        (decision(MESSAGE, "reply", texts={}), "decision.text_missing"),
        (decision(MESSAGE, "warn", texts={"warn": " "}), "decision.text_missing"),
        (decision(MESSAGE, "reply", texts={"reply": "Bonjour {nom}"}), "decision.placeholder_open"),
    ],
)
def test_incomplete_decisions_are_refused(marie: Desk, payload: dict[str, Any], code: str) -> None:
    assert marie.send("decision.made", MESSAGE.id, payload) == ("refused", code)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        # What goes out is what was decided, each once.
        (decision(MESSAGE, "keep", outgoing=[item("hide")]), "event.malformed"),
        (decision(MESSAGE, "hide", outgoing=[item("hide"), item("delete")]), "event.malformed"),
        (decision(MESSAGE, "hide", outgoing=[item("hide"), item("hide")]), "event.malformed"),
        (decision(MESSAGE, "hide", outgoing=[item("unban")]), "event.malformed"),
        (decision(MESSAGE, "hide", outgoing="hide"), "event.malformed"),
        (decision(MESSAGE, "hide", outgoing=[{"operation": "hide"}]), "event.malformed"),
        (decision(MESSAGE, "hide", outgoing=[item("hide") | {"not_before": "soon"}]), "event.malformed"),
        (decision(MESSAGE, "hide", outgoing=[item("hide") | {"not_before": "-infinity"}]), "event.malformed"),
        # A warning belongs to «avertir», and to nothing else.
        (decision(MESSAGE, "warn", warning=None), "event.malformed"),
        (decision(MESSAGE, "hide", warning=new_id()), "event.malformed"),
        # The message stays that of its author and of its platform.
        (decision(MESSAGE, "warn", person=new_id()), "event.malformed"),
        (decision(MESSAGE, "warn", platform="x"), "event.malformed"),
        (decision(MESSAGE, "hide", actions="hide"), "event.malformed"),
        (decision(MESSAGE, "hide", decision="1"), "event.malformed"),
        (decision(MESSAGE, "hide", deleted="perhaps"), "accepted"),
        # Where it leads.
        (decision(MESSAGE, "keep", state="pending"), "case.transition"),
        (decision(MESSAGE, "keep", state="escalated"), "case.transition"),
        (decision(MESSAGE, "keep", state="awaiting_signature"), "case.transition"),
        (decision(MESSAGE, "keep", state=None), "case.transition"),
        (decision(MESSAGE, "escalate", state="decided"), "case.transition"),
        (decision(MESSAGE, "escalate", escalation=None), "event.malformed"),
        (decision(MESSAGE, "keep", escalation={"id": new_id(), "kind": "question"}), "event.malformed"),
    ],
)
def test_what_a_changed_program_might_write_changes_nothing(
    hub: Hub, marie: Desk, payload: dict[str, Any], code: str
) -> None:
    judged = marie.send("decision.made", MESSAGE.id, payload)
    if code == "accepted":
        assert judged == ("accepted", None)
        return
    assert judged == ("refused", code)
    assert state_of(hub, MESSAGE) == "pending"
    assert hub.value("SELECT count(*) FROM vigie.outgoing") == 0
    assert hub.value("SELECT count(*) FROM vigie.warning") == 0


def test_an_id_is_given_once(marie: Desk) -> None:
    other = Content("Autre", "2")
    marie.contents(other)
    first = decision(MESSAGE, "warn")
    marie.send("decision.made", MESSAGE.id, first)
    for field in ("decision", "warning", "outgoing"):
        again = decision(other, "warn") | {field: first[field]}
        assert marie.send("decision.made", other.id, again) == ("refused", "event.malformed")
    assert marie.send("decision.made", other.id, decision(other, "warn")) == ("accepted", None)


def test_the_first_decision_stands_and_the_second_is_kept_as_contested(hub: Hub, marie: Desk) -> None:
    noah = hub.desk("noah")
    assert marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "hide")) == ("accepted", None)
    second = decision(MESSAGE, "delete")
    assert noah.send("decision.made", MESSAGE.id, second) == ("contested", "decided")
    assert hub.value("SELECT array_agg(operation) FROM vigie.outgoing") == ["hide"]
    # What follows a decision that did not stand does not stand either.
    undone = {"decision": second["decision"], "state": "pending"}
    assert noah.send("decision.undone", MESSAGE.id, undone) == ("refused", "moot")
    delivered = {"item": second["outgoing"][0]["id"], "decision": second["decision"], "operation": "delete"}
    assert noah.send("outbox.done", MESSAGE.id, delivered) == ("refused", "moot")


def test_pending_and_returned_are_both_open(hub: Hub, marie: Desk) -> None:
    solange = hub.desk("solange")
    asked = decision(MESSAGE, "escalate")
    marie.send("decision.made", MESSAGE.id, asked)
    back = {
        "escalation": asked["escalation"]["id"],
        "outcome": "returned",
        "word": "Non.",
        "state": "returned",
    }
    assert solange.send("escalation.answered", MESSAGE.id, back) == ("accepted", None)
    assert marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "keep")) == ("accepted", None)


def test_a_decision_on_an_earlier_text_is_contested(hub: Hub, marie: Desk) -> None:
    edited = Content("Merci à tous", MESSAGE.key)
    assert marie.contents(edited) == 1
    assert marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "hide")) == ("contested", "edited")
    assert marie.send("decision.made", MESSAGE.id, decision(edited, "keep")) == ("accepted", None)


def test_an_edit_after_the_decision_opens_the_case_again(hub: Hub, marie: Desk) -> None:
    marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "keep"))
    edited = Content("Pire encore", MESSAGE.key, person="somebody else", platform="x")
    marie.contents(edited)
    row = hub.value(
        "SELECT ROW(state, decision, revision, sha256, person, platform)::text FROM vigie.case_file"
    )
    assert row == f"(pending,,2,{sha('Pire encore')},{MESSAGE.person_id},facebook)"
    assert marie.send("decision.made", MESSAGE.id, decision(edited, "keep")) == ("refused", "event.malformed")
    again = decision(edited, "keep", person=MESSAGE.person_id, platform="facebook")
    assert marie.send("decision.made", MESSAGE.id, again) == ("accepted", None)


def test_a_message_that_is_gone_needs_a_person_who_knows(hub: Hub, marie: Desk) -> None:
    noah = hub.desk("noah")
    asked = decision(MESSAGE, "escalate")
    marie.send("decision.made", MESSAGE.id, asked)
    assert noah.send("message.gone", MESSAGE.id, {}) == ("accepted", None)
    assert state_of(hub, MESSAGE) == "escalated"
    solange = hub.desk("solange")
    answer = {"escalation": asked["escalation"]["id"], "outcome": "decided", "word": "", "state": "escalated"}
    solange.send("escalation.answered", MESSAGE.id, answer)
    blind = decision(MESSAGE, "hide", state_before="escalated")
    assert solange.send("decision.made", MESSAGE.id, blind) == ("contested", "deleted")
    knowing = decision(MESSAGE, "report", state_before="escalated", deleted=True)
    assert solange.send("decision.made", MESSAGE.id, knowing) == ("accepted", None)


def test_a_pending_message_that_is_gone_is_closed(hub: Hub, marie: Desk) -> None:
    assert marie.send("message.gone", MESSAGE.id, {}) == ("accepted", None)
    assert state_of(hub, MESSAGE) == "closed"
    assert marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "hide")) == ("contested", "deleted")


def test_what_the_city_wrote_is_closed_and_stays_so(hub: Hub, marie: Desk) -> None:
    own = Content("Bonjour!", "ville", by_city=True)
    marie.contents(own)
    marie.contents(Content("Bonsoir!", "ville", by_city=True))
    assert state_of(hub, own) == "closed"


@pytest.mark.parametrize(
    ("login", "code"), [("agathe", "permission.denied"), ("victor", "permission.denied")]
)
def test_agents_and_auditors_decide_nothing(hub: Hub, marie: Desk, login: str, code: str) -> None:
    desk = hub.desk(login)
    link = desk.link("decision.made", MESSAGE.id, decision(MESSAGE, "keep"))
    desk.put([link])
    assert desk.judged(link) == ("refused", code)
    gone = desk.link("message.gone", MESSAGE.id, {})
    desk.put([gone])
    assert state_of(hub, MESSAGE) == "pending"


def test_only_supervision_decides_what_was_submitted(hub: Hub, marie: Desk) -> None:
    asked = decision(MESSAGE, "escalate")
    marie.send("decision.made", MESSAGE.id, asked)
    forged = decision(MESSAGE, "keep", state_before="escalated")
    assert marie.send("decision.made", MESSAGE.id, forged) == ("refused", "case.transition")
    solange = hub.desk("solange")
    # Not even supervision, before the question has its answer.
    early = decision(MESSAGE, "keep", state_before="escalated")
    assert solange.send("decision.made", MESSAGE.id, early) == ("refused", "case.transition")
    answer = {"escalation": asked["escalation"]["id"], "outcome": "decided", "word": "", "state": "escalated"}
    assert solange.send("escalation.answered", MESSAGE.id, answer) == ("accepted", None)
    forged = decision(MESSAGE, "keep", state_before="escalated")
    assert marie.send("decision.made", MESSAGE.id, forged) == ("refused", "permission.denied")
    real = decision(MESSAGE, "hide", state_before="escalated")
    assert solange.send("decision.made", MESSAGE.id, real) == ("accepted", None)


def test_a_decided_case_cannot_be_set_back_by_a_decision(hub: Hub, marie: Desk) -> None:
    marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "keep"))
    forged = decision(MESSAGE, "keep", state_before="decided", state="pending")
    assert marie.send("decision.made", MESSAGE.id, forged) == ("refused", "case.transition")
    assert state_of(hub, MESSAGE) == "decided"
