"""Claims, presence, and exactly one who carries an item out."""

from __future__ import annotations

from typing import Any

import pytest

from console.domain.ids import new_id
from tests.hub.conftest import Hub
from tests.hub.desk import Content, Desk, decision, done, item
from tests.hub.test_server_chain import said_by

MESSAGE = Content("Idiot", "1")


@pytest.fixture
def marie(hub: Hub) -> Desk:
    desk = hub.desk("marie")
    desk.contents(MESSAGE)
    return desk


def test_one_person_holds_a_message_until_they_let_go(hub: Hub, marie: Desk) -> None:
    noah = hub.desk("noah")
    mine = marie.call("claim", MESSAGE.id, marie.id, 60)
    assert (mine["staff"], mine["name"], mine["mine"]) == (marie.staff, "Marie", True)
    theirs = noah.call("claim", MESSAGE.id, noah.id, 60)
    assert (theirs["staff"], theirs["mine"]) == (marie.staff, False)
    assert marie.call("claim", MESSAGE.id, marie.id, 120)["until"] > mine["until"]
    noah.call("release", MESSAGE.id, noah.id)
    now = "SELECT message, staff, name, desk FROM vigie.claims_now"
    assert noah.connection.execute(now).fetchall() == [(MESSAGE.id, marie.staff, "Marie", marie.id)]
    marie.call("release", MESSAGE.id, marie.id)
    assert noah.connection.execute(now).fetchall() == []
    assert noah.call("claim", MESSAGE.id, noah.id, 60)["mine"] is True


def test_a_claim_that_expired_does_not_count(hub: Hub, marie: Desk) -> None:
    noah = hub.desk("noah")
    marie.call("claim", MESSAGE.id, marie.id, 60)
    hub.admin().execute("UPDATE vigie.claim SET until = clock_timestamp()")
    assert noah.connection.execute("SELECT * FROM vigie.claims_now").fetchall() == []
    assert noah.call("claim", MESSAGE.id, noah.id, 60)["mine"] is True


def test_an_accepted_decision_frees_the_message(hub: Hub, marie: Desk) -> None:
    marie.call("claim", MESSAGE.id, marie.id, 60)
    marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "hide", reason=""))
    assert hub.value("SELECT count(*) FROM vigie.claim") == 1
    marie.send("decision.made", MESSAGE.id, decision(MESSAGE, "hide"))
    assert hub.value("SELECT count(*) FROM vigie.claim") == 0


def test_claims_need_a_desk_of_ones_own_and_a_known_message(hub: Hub, marie: Desk) -> None:
    noah = hub.desk("noah")
    assert said_by(lambda: noah.call("claim", MESSAGE.id, marie.id, 60))[0] == "hub.not_joined"
    assert said_by(lambda: noah.call("claim", new_id(), noah.id, 60))[0] == "hub.case_unknown"


def test_presence_lasts_ninety_seconds(hub: Hub, marie: Desk) -> None:
    marie.call("seen", marie.id)
    query = "SELECT staff, name, role, desk FROM vigie.presence_now"
    assert marie.connection.execute(query).fetchall() == [(marie.staff, "Marie", "moderator", marie.id)]
    hub.admin().execute("UPDATE vigie.presence SET seen_at = now() - interval '91 seconds'")
    assert marie.connection.execute(query).fetchall() == []


def sent(desk: Desk, *operations: str, **changes: Any) -> dict[str, Any]:
    made = decision(MESSAGE, *operations, **changes)
    assert desk.send("decision.made", MESSAGE.id, made) == ("accepted", None)
    return made


def test_one_desk_carries_an_item_out(hub: Hub, marie: Desk) -> None:
    noah = hub.desk("noah")
    made = sent(marie, "hide", "warn")
    [first] = marie.rows("lease_outgoing", marie.id, 1, 60)
    [second] = noah.rows("lease_outgoing", noah.id, 10, 60)
    assert {first["item"], second["item"]} == {each["id"] for each in made["outgoing"]}
    assert marie.rows("lease_outgoing", marie.id, 10, 60) == []
    assert noah.call("lease_item", first["item"], noah.id, 60) is False
    assert marie.call("lease_item", first["item"], marie.id, 60) is True
    hub.admin().execute("UPDATE vigie.outgoing SET lease_until = clock_timestamp()")
    assert noah.call("lease_item", first["item"], noah.id, 60) is True


def test_desks_that_ask_at_the_same_time_do_not_wait_for_each_other(hub: Hub, marie: Desk) -> None:
    sent(marie, "hide", "warn")
    noah = hub.desk("noah")
    with marie.connection.transaction():
        assert len(marie.rows("lease_outgoing", marie.id, 1, 60)) == 1
        noah.connection.execute("SET lock_timeout = '100ms'")
        assert len(noah.rows("lease_outgoing", noah.id, 10, 60)) == 1


def test_only_what_stands_and_is_due_goes_out(hub: Hub, marie: Desk) -> None:
    later = sent(marie, "hide", outgoing=[item("hide", seconds=60)])
    assert marie.rows("lease_outgoing", marie.id, 10, 60) == []
    assert marie.call("lease_item", later["outgoing"][0]["id"], marie.id, 60) is False
    hub.admin().execute("UPDATE vigie.outgoing SET not_before = now() - interval '1 second'")
    # Taken back by a program that did not list the item: it does not go out all the same.
    undone = {"decision": later["decision"], "state": "pending", "cancelled": []}
    assert marie.send("decision.undone", MESSAGE.id, undone) == ("accepted", None)
    assert marie.rows("lease_outgoing", marie.id, 10, 60) == []
    assert marie.send("outbox.done", MESSAGE.id, done(later, "hide")) == ("refused", "moot")


def test_the_inverse_of_what_was_done_goes_out(hub: Hub, marie: Desk) -> None:
    made = sent(marie, "hide", "warn")
    assert marie.send("outbox.done", MESSAGE.id, done(made, "hide")) == ("accepted", None)
    undone = {
        "decision": made["decision"],
        "state": "pending",
        "cancelled": [each["id"] for each in made["outgoing"]],
        "inverse": [item("unhide")],
        "withdrawn": [made["warning"]],
    }
    # Nothing that this decision never sent can be reversed.
    forged = undone | {"inverse": [item("unban")]}
    assert marie.send("decision.undone", MESSAGE.id, forged) == ("refused", "event.malformed")
    assert marie.send("decision.undone", MESSAGE.id, undone) == ("accepted", None)
    states = hub.value("SELECT array_agg(operation || ' ' || state ORDER BY operation) FROM vigie.outgoing")
    assert states == ["hide done", "unhide open", "warn cancelled"]
    [inverse] = marie.rows("lease_outgoing", marie.id, 10, 60)
    assert (inverse["operation"], inverse["inverse"]) == ("unhide", True)
    payload = {"item": inverse["item"], "decision": made["decision"], "operation": "unhide", "warning": None}
    assert marie.send("outbox.done", MESSAGE.id, payload) == ("accepted", None)
    assert hub.value("SELECT withdrawn FROM vigie.warning") is True


def test_only_the_author_and_supervision_take_back_and_only_what_stands(hub: Hub, marie: Desk) -> None:
    noah, solange = hub.desk("noah"), hub.desk("solange")
    made = sent(marie, "keep")
    undone = {"decision": made["decision"], "state": "pending"}
    assert noah.send("decision.undone", MESSAGE.id, undone) == ("refused", "undo.not_yours")
    assert marie.send("decision.undone", MESSAGE.id, undone | {"state": "closed"}) == (
        "refused",
        "case.transition",
    )
    assert marie.send("decision.undone", MESSAGE.id, undone | {"decision": new_id()}) == ("refused", "moot")
    assert solange.send("decision.undone", MESSAGE.id, undone) == ("accepted", None)
    assert marie.send("decision.undone", MESSAGE.id, undone) == ("contested", "superseded")
    assert hub.value("SELECT state FROM vigie.case_file") == "pending"


def test_taking_a_submission_back_withdraws_the_question(hub: Hub, marie: Desk) -> None:
    solange = hub.desk("solange")
    made = sent(marie, "escalate")
    question = made["escalation"]["id"]
    undone = {"decision": made["decision"], "state": "pending", "escalation": question}
    assert marie.send("decision.undone", MESSAGE.id, undone) == ("accepted", None)
    answer = {"escalation": question, "outcome": "returned", "word": "Non.", "state": "returned"}
    assert solange.send("escalation.answered", MESSAGE.id, answer) == ("contested", "answered")
    unknown = answer | {"escalation": new_id()}
    assert solange.send("escalation.answered", MESSAGE.id, unknown) == ("refused", "moot")


def test_a_held_question_is_answered_once(hub: Hub, marie: Desk) -> None:
    solange, simon = hub.desk("solange"), hub.desk("simon")
    made = sent(marie, "escalate")
    answer = {"escalation": made["escalation"]["id"], "word": ""}
    held = answer | {"outcome": "held", "state": "held"}
    assert solange.send("escalation.answered", MESSAGE.id, held) == ("accepted", None)
    assert simon.send("escalation.answered", MESSAGE.id, held) == ("contested", "answered")
    signed = answer | {"outcome": "signed", "state": "decided"}
    assert simon.send("escalation.answered", MESSAGE.id, signed) == ("refused", "event.malformed")
    decided = answer | {"outcome": "decided", "state": "held"}
    assert solange.send("escalation.answered", MESSAGE.id, decided) == ("accepted", None)
    real = decision(MESSAGE, "hide", state_before="held")
    assert solange.send("decision.made", MESSAGE.id, real) == ("accepted", None)
    # Back to a moderator when taken back: supervision had answered.
    back = {"decision": real["decision"], "state": "returned"}
    assert solange.send("decision.undone", MESSAGE.id, back) == ("accepted", None)


def test_a_contested_decision_is_settled_once_by_supervision(hub: Hub, marie: Desk) -> None:
    noah, solange = hub.desk("noah"), hub.desk("solange")
    first = sent(marie, "keep")
    second = decision(MESSAGE, "hide")
    noah.send("decision.made", MESSAGE.id, second)
    settled = {"decision": second["decision"], "outcome": "kept", "word": ""}
    assert solange.send("conflict.settled", MESSAGE.id, settled | {"decision": first["decision"]}) == (
        "refused",
        "moot",
    )
    assert solange.send("conflict.settled", MESSAGE.id, settled | {"outcome": "x"}) == (
        "refused",
        "event.malformed",
    )
    assert solange.send("conflict.settled", MESSAGE.id, settled) == ("accepted", None)
    assert solange.send("conflict.settled", MESSAGE.id, settled) == ("contested", "answered")
