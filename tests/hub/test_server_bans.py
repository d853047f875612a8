"""Article 7 where nobody can go round it: warnings, signatures, exceptions, and forging any of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from console.domain.ids import new_id
from tests.hub.conftest import Hub
from tests.hub.desk import Content, Desk, decision, derived, done, item

LADDER = {
    "warnings_before_ban": 2,
    "expire_after_days": None,
    "across_platforms": True,
    "ban_days": None,
    "ban_needs_second_signature": True,
    "immediate_ban_allowed": True,
}


def warn(desk: Desk, key: str, person: str = "x", deliver: bool = True, **options: Any) -> dict[str, Any]:
    """A warning about a message of its own, delivered unless said otherwise."""
    at = options.pop("at", None)
    message = Content(f"Injure {key}", key, person=person, **options)
    desk.contents(message)
    made = decision(message, "warn")
    assert desk.send("decision.made", message.id, made) == ("accepted", None)
    if deliver:
        assert desk.send("outbox.done", message.id, done(made, "warn"), at=at) == ("accepted", None)
    return made


def ban(desk: Desk, person: str = "x", key: str = "last", **changes: Any) -> tuple[str, str | None]:
    """What the hub says to a ban of that person."""
    message = Content(f"Encore {key}", key, person=person)
    desk.contents(message)
    return desk.send("decision.made", message.id, decision(message, "ban", **changes))


def set_ladder(hub: Hub, **changes: Any) -> None:
    assert hub.desk("alix").send("ladder.changed", "ladder", {"before": {}, "after": LADDER | changes}) == (
        "accepted",
        None,
    )


@pytest.fixture
def marie(hub: Hub) -> Desk:
    return hub.desk("marie")


def test_two_delivered_warnings_then_the_ban_waits_for_a_signature(hub: Hub, marie: Desk) -> None:
    warn(marie, "1")
    assert ban(marie, key="a") == ("refused", "ban.warnings_missing")
    warn(marie, "2")
    assert ban(marie, key="b") == ("accepted", None)
    assert hub.value("SELECT state FROM vigie.case_file WHERE message = %s", derived("message/b")) == (
        "awaiting_signature"
    )


def test_a_warning_that_was_not_delivered_or_was_withdrawn_does_not_count(marie: Desk) -> None:
    warn(marie, "1")
    second = warn(marie, "2", deliver=False)
    assert ban(marie, key="a") == ("refused", "ban.warnings_missing")
    message = derived("message/2")
    gone = done(second, "warn", reason="Compte fermé.")
    assert marie.send("outbox.given_up", message, gone) == ("accepted", None)
    assert ban(marie, key="b") == ("refused", "ban.warnings_missing")


def test_a_warning_whose_decision_was_taken_back_does_not_count(marie: Desk) -> None:
    warn(marie, "1")
    second = warn(marie, "2")
    # A changed program may leave the warning out of the list.
    undone = {"decision": second["decision"], "state": "pending", "withdrawn": []}
    assert marie.send("decision.undone", derived("message/2"), undone) == ("accepted", None)
    assert ban(marie) == ("refused", "ban.warnings_missing")


def test_one_incident_counts_once(marie: Desk) -> None:
    warn(marie, "1")
    edited = Content("Injure, modifiée", "1", person="x")
    marie.contents(edited)
    again = decision(edited, "warn")
    marie.send("decision.made", edited.id, again)
    marie.send("outbox.done", edited.id, done(again, "warn"))
    assert ban(marie) == ("refused", "ban.warnings_missing")


def test_linked_identities_are_one_person(hub: Hub, marie: Desk) -> None:
    warn(marie, "1", person="x")
    warn(marie, "2", person="y")
    assert ban(marie, key="a") == ("refused", "ban.warnings_missing")
    link = {"merged": derived("person/y")}
    assert marie.send("person.linked", derived("person/x"), link) == ("refused", "permission.denied")
    solange = hub.desk("solange")
    assert solange.send("person.linked", derived("person/x"), link) == ("accepted", None)
    assert solange.send("person.linked", derived("person/z"), link) == ("refused", "person.linked")
    back = {"merged": derived("person/x")}
    assert solange.send("person.linked", derived("person/y"), back) == ("refused", "person.same")
    assert ban(marie, key="b") == ("accepted", None)
    assert solange.send("person.unlinked", derived("person/y"), {}) == ("accepted", None)
    assert solange.send("person.unlinked", derived("person/y"), {}) == ("refused", "person.not_linked")
    assert ban(marie, key="c") == ("refused", "ban.warnings_missing")


def test_warnings_expire_and_may_be_those_of_one_platform(hub: Hub, marie: Desk) -> None:
    old = datetime.now(UTC) - timedelta(days=400)
    warn(marie, "1", at=old)
    warn(marie, "2", platform="x")
    assert ban(marie, key="a") == ("accepted", None)
    set_ladder(hub, expire_after_days=365)
    assert ban(marie, key="b") == ("refused", "ban.warnings_missing")
    set_ladder(hub, expire_after_days=500, across_platforms=False)
    assert ban(marie, key="c") == ("refused", "ban.warnings_missing")
    set_ladder(hub, expire_after_days=500)
    assert ban(marie, key="d") == ("accepted", None)


def test_a_clock_that_is_ahead_does_not_hide_a_warning(marie: Desk) -> None:
    warn(marie, "1", at=datetime.now(UTC) + timedelta(days=3))
    warn(marie, "2")
    assert ban(marie) == ("accepted", None)


def test_a_ban_without_signature_goes_out_only_where_the_city_said_so(hub: Hub, marie: Desk) -> None:
    warn(marie, "1")
    warn(marie, "2")
    assert ban(marie, key="a", state="decided", outgoing=[item("ban")], escalation=None) == (
        "refused",
        "ban.signature_missing",
    )
    # Waiting for a signature, but sending it already.
    assert ban(marie, key="b", outgoing=[item("ban")]) == ("refused", "ban.signature_missing")
    set_ladder(hub, ban_needs_second_signature=False)
    assert ban(marie, key="c", state="decided", outgoing=[item("ban")], escalation=None) == ("accepted", None)


def test_the_exception_needs_its_reason_the_setting_and_always_a_signature(hub: Hub, marie: Desk) -> None:
    assert ban(marie, key="a", exception=" \u00a0") == ("refused", "ban.exception_reason_missing")
    set_ladder(hub, ban_needs_second_signature=False)
    assert ban(marie, key="b", exception="Menace de mort.", state="decided", escalation=None) == (
        "refused",
        "ban.signature_missing",
    )
    assert ban(marie, key="c", exception="Menace de mort.") == ("accepted", None)
    set_ladder(hub, immediate_ban_allowed=False)
    assert ban(marie, key="d", exception="Menace de mort.") == ("refused", "ban.not_allowed")


def proposed(hub: Hub, desk: Desk, **changes: Any) -> tuple[str, dict[str, Any]]:
    """A ban that waits for a signature: (message, payload)."""
    warn(desk, "1")
    warn(desk, "2")
    message = Content("Encore", "ban", person="x")
    desk.contents(message)
    made = decision(message, "hide", "ban", **changes)
    assert desk.send("decision.made", message.id, made) == ("accepted", None)
    return message.id, made


def signed(made: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "escalation": made["escalation"]["id"],
        "outcome": "signed",
        "word": "",
        "decision": made["decision"],
        "state": "decided",
        "outgoing": [item("ban")],
    } | changes


def test_a_second_person_signs(hub: Hub, marie: Desk) -> None:
    message, made = proposed(hub, marie)
    solange, simon = hub.desk("solange"), hub.desk("simon")
    assert marie.send("escalation.answered", message, signed(made)) == ("refused", "permission.denied")
    assert solange.send("escalation.answered", message, signed(made, outgoing=[item("hide")])) == (
        "refused",
        "event.malformed",
    )
    assert solange.send("escalation.answered", message, signed(made, state="pending")) == (
        "refused",
        "case.transition",
    )
    assert solange.send("escalation.answered", message, signed(made)) == ("accepted", None)
    assert simon.send("escalation.answered", message, signed(made)) == ("contested", "answered")
    assert hub.value("SELECT count(*) FROM vigie.outgoing WHERE operation = 'ban'") == 1
    assert hub.value("SELECT approved_by FROM vigie.decision WHERE approved_by IS NOT NULL") == solange.staff


def test_nobody_signs_their_own_ban(hub: Hub) -> None:
    solange, simon = hub.desk("solange"), hub.desk("simon")
    message, made = proposed(hub, solange)
    assert solange.send("escalation.answered", message, signed(made)) == ("refused", "ban.same_person")
    assert simon.send("escalation.answered", message, signed(made)) == ("accepted", None)


def test_nobody_signs_their_own_ban_through_somebody_invented(hub: Hub) -> None:
    solange = hub.desk("solange")
    warn(solange, "1")
    warn(solange, "2")
    message = Content("Encore", "ban", person="x")
    solange.contents(message)
    made, invented = decision(message, "ban"), new_id()
    assert solange.send("decision.made", message.id, made, actor=invented) == ("accepted", None)
    assert solange.send("escalation.answered", message.id, signed(made)) == ("refused", "ban.same_person")
    assert solange.send("escalation.answered", message.id, signed(made), actor=new_id()) == (
        "refused",
        "ban.same_person",
    )
    # And the other way round: the real person proposes, the invented one signs.
    own = Content("Toujours", "ban2", person="x")
    solange.contents(own)
    second = decision(own, "ban")
    solange.send("decision.made", own.id, second)
    assert solange.send("escalation.answered", own.id, signed(second), actor=new_id()) == (
        "refused",
        "ban.same_person",
    )


def test_the_ladder_is_looked_at_again_when_the_ban_is_signed(hub: Hub, marie: Desk) -> None:
    message, made = proposed(hub, marie)
    set_ladder(hub, warnings_before_ban=3)
    solange = hub.desk("solange")
    assert solange.send("escalation.answered", message, signed(made)) == ("refused", "ban.warnings_missing")


def test_a_refused_ban_takes_the_whole_decision_back(hub: Hub, marie: Desk) -> None:
    message, made = proposed(hub, marie)
    hidden = made["outgoing"][0]["id"]
    refusal = signed(made, outcome="refused", word="Non.", state="returned", outgoing=[], cancelled=[hidden])
    assert hub.desk("solange").send("escalation.answered", message, refusal) == ("accepted", None)
    assert hub.value("SELECT state FROM vigie.outgoing WHERE id = %s", hidden) == "cancelled"
    assert hub.value("SELECT undone FROM vigie.decision WHERE id = %s", made["decision"]) is True
    assert hub.value("SELECT state FROM vigie.case_file WHERE message = %s", message) == "returned"


def test_deliveries_of_nothing_forge_no_warning(hub: Hub, marie: Desk) -> None:
    first = warn(marie, "1")
    other = warn(marie, "2", deliver=False)
    message = derived("message/1")
    forged = done(first, "warn", item=new_id(), warning=other["warning"])
    assert marie.send("outbox.done", message, forged) == ("refused", "moot")
    # The item of one warning with the id of another.
    crossed = done(other, "warn", warning=first["warning"])
    assert marie.send("outbox.done", derived("message/2"), crossed) == ("refused", "event.malformed")
    # The right item, told of another message.
    assert marie.send("outbox.done", message, done(other, "warn")) == ("refused", "event.malformed")
    assert ban(marie) == ("refused", "ban.warnings_missing")


def test_the_city_may_be_more_patient_never_less(hub: Hub) -> None:
    alix, solange = hub.desk("alix"), hub.desk("solange")
    for bad in (
        {"warnings_before_ban": 1},
        {"warnings_before_ban": None},
        {"expire_after_days": 0},
        {"across_platforms": None},
        {"ban_needs_second_signature": "no"},
    ):
        payload = {"before": LADDER, "after": LADDER | bad}
        assert alix.send("ladder.changed", "ladder", payload) == ("refused", "ladder.invalid")
    payload = {"before": LADDER, "after": LADDER | {"warnings_before_ban": "two"}}
    assert alix.send("ladder.changed", "ladder", payload) == ("refused", "event.malformed")
    payload = {"before": LADDER, "after": LADDER | {"warnings_before_ban": 3}}
    assert solange.send("ladder.changed", "ladder", payload) == ("refused", "permission.denied")
    assert alix.send("ladder.changed", "ladder", payload) == ("accepted", None)
    assert alix.call("hello", alix.id, 0)["ladder"]["warnings_before_ban"] == 3
