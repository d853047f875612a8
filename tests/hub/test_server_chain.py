"""A desk's chain on its way in: whole, in order, once, and in nobody else's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from console.domain.ids import new_id
from console.domain.journal import Link, canonical
from console.hub.connection import fault
from tests.hub.conftest import Hub
from tests.hub.desk import PUT_EVENTS, Content, Desk, decision, sha

MESSAGE = Content("Bonjour", "1")


def said_by(call: Any) -> tuple[str, dict[str, Any]]:
    """(code, facts) of what the hub raised."""
    with pytest.raises(psycopg.Error) as caught:
        call()
    error = fault(caught.value)
    assert error is not None, caught.value
    return error.code, error.facts


def head_of(desk: Desk) -> int:
    return int(desk.call("hello", desk.id, 0)["desk_head"]["sequence"])


def notes(desk: Desk, how_many: int) -> list[Link]:
    return [desk.link("desk.taken", desk.staff, {"place": place}) for place in range(how_many)]


def test_sending_twice_stores_once(hub: Hub) -> None:
    marie = hub.desk("marie")
    links = notes(marie, 3)
    assert marie.put(links[:2]) == 2
    before = hub.value("SELECT array_agg(seq || id) FROM vigie.event")
    assert marie.put(links[:2]) == 2
    assert hub.value("SELECT array_agg(seq || id) FROM vigie.event") == before
    assert marie.put(links) == 3
    assert marie.put([]) == 3
    marie.contents(MESSAGE)
    made = marie.link("decision.made", MESSAGE.id, decision(MESSAGE, "warn"))
    marie.put([made])
    marie.put([made])
    assert hub.value("SELECT count(*) FROM vigie.warning") == 1


def test_a_gap_is_said_with_what_is_held(hub: Hub) -> None:
    marie = hub.desk("marie")
    links = notes(marie, 3)
    marie.put(links[:1])
    code, facts = said_by(lambda: marie.put(links[2:]))
    assert (code, facts["head"], facts["sequence"]) == ("hub.gap", 1, 3)
    # Nothing of a call that fails is stored.
    other = hub.desk("noah")
    mixed = notes(other, 3)
    assert said_by(lambda: other.put([mixed[0], mixed[2]]))[0] == "hub.gap"
    assert head_of(other) == 0


def test_another_history_of_the_same_desk_is_a_fork(hub: Hub) -> None:
    marie = hub.desk("marie")
    marie.put(notes(marie, 2))
    twin = Desk(marie.connection, marie.id, marie.staff)
    branch = notes(twin, 3)
    assert said_by(lambda: twin.put(branch[:1]))[0] == "hub.forked"
    assert said_by(lambda: twin.put(branch[2:]))[0] == "hub.forked"
    assert head_of(marie) == 2


def test_an_id_cannot_come_again_with_another_content(hub: Hub) -> None:
    marie, noah = hub.desk("marie"), hub.desk("noah")
    [first] = notes(marie, 1)
    marie.put([first])
    # The same id at another desk: otherwise it would be skipped as known, and be lost.
    link = noah.link("desk.taken", noah.staff, {})
    body = canonical(replace(link.event, id=first.event.id)).decode()
    hashed = sha(f"1:{link.previous}:{body}")
    arguments = (noah.id, [body], [1], [link.previous], [hashed], [None], [None], [None])
    assert said_by(lambda: noah.connection.execute(PUT_EVENTS, arguments))[0] == "hub.forked"


@pytest.mark.parametrize("what", ["body", "sha256", "desk", "previous"])
def test_what_does_not_answer_to_its_hash_is_not_taken(hub: Hub, what: str) -> None:
    marie, noah = hub.desk("marie"), hub.desk("noah")
    link = marie.link("desk.taken", marie.staff, {})
    body, hashed, previous, desk = canonical(link.event).decode(), link.sha256, link.previous, marie
    if what == "body":
        body = body.replace("desk.taken", "desk.given")
    elif what == "sha256":
        hashed = sha("something else")
    elif what == "desk":
        desk = noah
    else:
        previous = sha("something else")
        hashed = sha(f"1:{previous}:{body}")
    arguments = (desk.id, [body], [1], [previous], [hashed], [None], [None], [None])
    code = said_by(lambda: marie.connection.execute(PUT_EVENTS, arguments))[0]
    assert code == ("hub.forked" if what == "previous" else "hub.altered")
    assert hub.value("SELECT count(*) FROM vigie.event") == 0


@pytest.mark.parametrize("body", ["", "null", "[]", "{", '{"id": 1}', '{"id": "' + "0" * 32 + '"}'])
def test_what_is_no_event_is_said_to_be_none(hub: Hub, body: str) -> None:
    marie = hub.desk("marie")
    arguments = (marie.id, [body], [1], ["0" * 64], [sha(f"1:{'0' * 64}:{body}")], [None], [None], [None])
    assert said_by(lambda: marie.connection.execute(PUT_EVENTS, arguments))[0] == "hub.malformed"


def test_the_character_zero_stops_nothing(hub: Hub) -> None:
    marie = hub.desk("marie")
    marie.contents(MESSAGE)
    odd = decision(MESSAGE, "reply", texts={"reply": "a\x00b \\u0000 c"}, note="\x00\x00")
    link = marie.link("decision.made", MESSAGE.id, odd)
    marie.put([link])
    assert marie.judged(link) == ("accepted", None)
    body = hub.value("SELECT convert_from(body, 'UTF8') FROM vigie.feed() WHERE kind = 'event'")
    assert sha(f"1:{link.previous}:{body}") == link.sha256


def test_case_events_wait_for_their_message(hub: Hub) -> None:
    marie = hub.desk("marie")
    before, made = (
        marie.link("desk.taken", marie.staff, {}),
        marie.link("decision.made", MESSAGE.id, decision(MESSAGE, "keep")),
    )
    code, facts = said_by(lambda: marie.put([before, made]))
    assert (code, facts["message"]) == ("hub.case_unknown", MESSAGE.id)
    assert head_of(marie) == 0
    marie.contents(MESSAGE)
    assert marie.put([before, made]) == 2


def test_nobody_writes_in_the_name_of_a_colleague(hub: Hub) -> None:
    marie, noah, solange = hub.desk("marie"), hub.desk("noah"), hub.desk("solange")
    forged = noah.link("desk.taken", marie.staff, {}, actor=marie.staff)
    code, facts = said_by(lambda: noah.put([forged]))
    assert (code, facts["actor"]) == ("hub.not_yours", marie.staff)
    # Nor does supervision: vouching is for people whom the hub does not know.
    forged = solange.link("desk.taken", marie.staff, {}, actor=marie.staff)
    assert said_by(lambda: solange.put([forged]))[0] == "hub.not_yours"


def test_a_desk_that_was_not_joined_is_not_written_to(hub: Hub) -> None:
    marie, noah = hub.desk("marie"), hub.desk("noah")
    link = Desk(noah.connection, marie.id, noah.staff).link("desk.taken", noah.staff, {})
    intruder = Desk(noah.connection, marie.id, noah.staff)
    assert said_by(lambda: intruder.put([link]))[0] == "hub.not_joined"
    stranger = Desk(noah.connection, staff=noah.staff)
    assert said_by(lambda: stranger.put(notes(stranger, 1)))[0] == "hub.not_joined"


def test_a_seal_lets_anybody_bring_ones_events(hub: Hub) -> None:
    marie, noah = hub.desk("marie"), hub.desk("noah")
    marie.contents(MESSAGE)
    first = marie.link("decision.made", MESSAGE.id, decision(MESSAGE, "hide"))
    second = marie.link("desk.taken", marie.staff, {})
    seals = [marie.sealed(first), marie.sealed(second)]
    for forged in ("", "0" * 64, marie.sealed(second), None):
        code = said_by(lambda seal=forged: marie.put([first], by=noah.connection, seals=[seal]))[0]
        assert code == "hub.not_yours"
    assert marie.put([first, second], by=noah.connection, seals=seals) == 2
    assert marie.judged(first) == ("accepted", None)
    assert hub.value("SELECT brought_by FROM vigie.event WHERE id = %s", first.event.id) == "noah"


def test_whoever_was_struck_off_decides_nothing_by_seal(hub: Hub) -> None:
    marie, noah = hub.desk("marie"), hub.desk("noah")
    marie.contents(MESSAGE)
    link = marie.link("decision.made", MESSAGE.id, decision(MESSAGE, "hide"))
    hub.admin().execute("UPDATE vigie.staff SET active = false WHERE login = 'marie'")
    marie.put([link], by=noah.connection, seals=[marie.sealed(link)])
    row = noah.connection.execute("SELECT status, code FROM vigie.feed() WHERE id = %s", (link.event.id,))
    assert row.fetchone() == ("refused", "permission.denied")


def test_supervision_vouches_for_local_history_of_its_own_desk(hub: Hub) -> None:
    solange, marie = hub.desk("solange"), hub.desk("marie")
    old = solange.link("desk.taken", "x", {}, actor=new_id())
    solange.put([old])
    assert hub.value("SELECT vouched_by FROM vigie.event WHERE id = %s", old.event.id) == "solange"
    theirs = marie.link("desk.taken", "x", {}, actor=new_id())
    assert said_by(lambda: marie.put([theirs]))[0] == "hub.not_yours"
    assert said_by(lambda: marie.put([theirs], by=solange.connection))[0] == "hub.not_yours"


def test_the_first_join_takes_the_local_id_over_and_stays_the_same(hub: Hub) -> None:
    mine = new_id()
    marie = Desk(hub.connect("marie"), staff=mine).join()
    assert marie.staff == mine
    secret = marie.secret
    assert marie.join().secret == secret
    again = Desk(hub.connect("marie"), staff=new_id()).join()
    assert again.staff == mine
    assert again.secret != secret
    # An id that somebody has is not given to another.
    noah = Desk(hub.connect("noah"), staff=mine).join()
    assert noah.staff != mine


def test_a_desk_keeps_its_key(hub: Hub) -> None:
    marie = hub.desk("marie")
    assert said_by(lambda: marie.join(b"another key"))[0] == "hub.desk_taken"
    colleague = Desk(hub.connect("noah"), marie.id).join()
    assert colleague.secret != marie.secret


def test_what_was_contested_before_a_restore_stays_so(hub: Hub) -> None:
    marie = hub.desk("marie")
    marie.contents(MESSAGE)
    link = marie.link("decision.made", MESSAGE.id, decision(MESSAGE, "hide"))
    marie.put([link], was=["contested"])
    assert marie.judged(link) == ("contested", "restored")
    assert hub.value("SELECT count(*) FROM vigie.outgoing") == 0
    # The word only demotes.
    bad = marie.link("decision.made", MESSAGE.id, decision(MESSAGE, "hide", reason=""))
    marie.put([bad], was=["accepted"])
    assert marie.judged(bad) == ("refused", "decision.reason_missing")


def test_words_go_beside_the_chain_and_can_be_purged(hub: Hub) -> None:
    marie = hub.desk("marie")
    marie.contents(MESSAGE)
    words = "Une note d'été"
    note = marie.link("note.added", MESSAGE.id, {"sha256": sha(words)})
    assert said_by(lambda: marie.put([note], matters=["Autre chose"]))[0] == "hub.altered"
    marie.put([note], matters=[words])
    query = "SELECT matter FROM vigie.feed() WHERE kind = 'event'"
    assert marie.connection.execute(query).fetchone() == (words,)
    assert hub.value("SELECT vigie.purge_matter(%s)", note.event.id) is True
    assert marie.connection.execute(query).fetchone() == (None,)
    # After a restore the words may be gone for good: the note comes without them.
    late = marie.link("note.added", MESSAGE.id, {"sha256": sha(words)})
    marie.put([late], matters=[None])
    taken = marie.link("desk.taken", marie.staff, {"sha256": sha(words)})
    assert said_by(lambda: marie.put([taken], matters=[words]))[0] == "hub.altered"


def test_contents_of_one_message_get_revisions_in_order(hub: Hub) -> None:
    marie, noah = hub.desk("marie"), hub.desk("noah")
    first, second, third = (Content(text, "1") for text in ("un", "deux", "trois"))
    assert marie.contents(first, Content("autre", "2"), second, second) == 3
    assert noah.contents(second) == 0
    assert noah.contents(third) == 1
    rows = marie.connection.execute(
        "SELECT revision, body FROM vigie.feed() WHERE id = %s ORDER BY seq", (first.id,)
    )
    assert rows.fetchall() == [(1, b"un"), (2, b"deux"), (3, b"trois")]


@pytest.mark.parametrize("wrong", [{"platform": "Face book"}, {"route": "x" * 50}])
def test_contents_of_the_wrong_shape_are_not_taken(hub: Hub, wrong: dict[str, str]) -> None:
    marie = hub.desk("marie")
    bad = Content("un", "1", **wrong)
    assert said_by(lambda: marie.contents(Content("deux", "2"), bad))[0] == "hub.malformed"
    assert hub.value("SELECT count(*) FROM vigie.content") == 0
