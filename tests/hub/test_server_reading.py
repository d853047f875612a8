"""What each role reads, and what reading costs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.conftest import Hub
from tests.hub.desk import Content, Desk, decision, sha

SERVICE = Content("Un nid-de-poule rue Saint-Denis", "1", route="service_311")
INSULT = Content("Idiot", "2")


def feed(desk: Desk, cursor: int = 0) -> list[tuple[Any, ...]]:
    rows = desk.connection.execute(
        "SELECT seq, kind, subject FROM vigie.feed() WHERE seq > %s ORDER BY seq", (cursor,)
    )
    return rows.fetchall()


@pytest.mark.parametrize("login", ["marie", "solange", "alix", "victor"])
def test_who_reads_everything(hub: Hub, login: str) -> None:
    noah = hub.desk("noah")
    noah.contents(SERVICE, INSULT)
    noah.send("decision.made", INSULT.id, decision(INSULT, "hide"))
    assert [row[1] for row in feed(hub.desk(login))] == ["content", "content", "event"]


@pytest.mark.parametrize(
    "route", ["service_311", "complaint_311", "illegal_311", "question", "none", "emergency"]
)
def test_an_agent_reads_what_is_for_the_311(hub: Hub, route: str) -> None:
    marie, agathe = hub.desk("marie"), hub.desk("agathe")
    message = Content("Bonjour", "x", route=route)
    marie.contents(message, INSULT)
    note = marie.link("note.added", message.id, {"sha256": sha("note")})
    other = marie.link("note.added", INSULT.id, {"sha256": sha("autre")})
    marie.put([note, other], matters=["note", "autre"])
    theirs = route not in ("none", "emergency")
    assert [row[2] for row in feed(agathe)] == ([message.id, message.id] if theirs else [])
    words = agathe.connection.execute("SELECT words FROM vigie.matter").fetchall()
    assert words == ([("note",)] if theirs else [])


def test_what_is_handed_over_reaches_the_agent_behind_their_cursor(hub: Hub) -> None:
    marie, agathe = hub.desk("marie"), hub.desk("agathe")
    marie.contents(INSULT, SERVICE)
    cursor = feed(agathe)[-1][0]
    contested = decision(INSULT, "redirect_311", sha256=sha("another text"))
    assert marie.send("decision.made", INSULT.id, contested) == ("contested", "edited")
    assert feed(agathe, cursor) == []
    assert marie.send("decision.made", INSULT.id, decision(INSULT, "redirect_311")) == ("accepted", None)
    later = feed(agathe, cursor)
    assert [(row[1], row[2]) for row in later] == [
        ("event", INSULT.id),
        ("content", INSULT.id),
        ("event", INSULT.id),
    ]
    body = agathe.connection.execute(
        "SELECT body, revision FROM vigie.content WHERE seq = %s", (later[1][0],)
    )
    assert body.fetchone() == (INSULT.text.encode(), 1)


def test_an_agent_sees_their_own_events_and_what_concerns_everybody(hub: Hub) -> None:
    agathe, solange = hub.desk("agathe"), hub.desk("solange")
    agathe.put([agathe.link("desk.taken", agathe.staff, {})])
    solange.put([solange.link("desk.taken", solange.staff, {}), solange.link("emergency.started", "x", {})])
    assert [row[2] for row in feed(agathe)] == [agathe.staff, "x"]


def test_the_lists_that_every_member_sees(hub: Hub) -> None:
    marie, agathe = hub.desk("marie"), hub.desk("agathe")
    rows = agathe.connection.execute("SELECT login, role, active, id FROM vigie.colleagues").fetchall()
    assert len(rows) == 8
    assert ("marie", "moderator", True, marie.staff) in rows
    desks = agathe.connection.execute(
        "SELECT id, name, staff, public_key FROM vigie.desk_registry"
    ).fetchall()
    assert (marie.id, "Poste d'essai", marie.staff, b"public key") in desks


@pytest.mark.parametrize("login", ["victor", "agathe"])
def test_a_page_of_the_feed_is_a_merge_of_two_indexes(hub: Hub, login: str) -> None:
    desk = hub.desk(login)
    admin = hub.admin()
    admin.execute(
        "INSERT INTO vigie.case_file (message, platform, account, person, route, by_city, state, revision,"
        " sha256, for_311) SELECT md5(n::text), 'x', 'x', md5('p'), 'none', false, 'pending', 1,"
        " repeat('0', 64), n % 9 = 0"
        " FROM generate_series(1, 3000) AS g (n)"
    )
    admin.execute(
        "INSERT INTO vigie.content SELECT 2 * n, md5(n::text), 1, repeat('0', 64), 'x', 'x', 'x', now()"
        " FROM generate_series(1, 3000) AS g (n)"
    )
    admin.execute(
        "INSERT INTO vigie.event SELECT 2 * n + 1, md5(n::text), 'x', md5(n::text), %s, n, repeat('0', 64),"
        " repeat('0', 64), md5('a'), now(), now(), 'accepted', NULL, NULL, NULL, '{}'"
        " FROM generate_series(1, 3000) AS g (n)",
        (desk.id,),
    )
    admin.execute("ANALYZE vigie.content, vigie.event, vigie.case_file")
    query = "SELECT * FROM vigie.feed() WHERE seq > 3000 ORDER BY seq LIMIT 200"
    plan = "\n".join(row[0] for row in desk.connection.execute(f"EXPLAIN {query}"))
    assert "Merge Append" in plan, plan
    assert "Index Scan using content_pkey" in plan, plan
    assert "Index Scan using event_pkey" in plan, plan
    assert "Sort\n" not in plan, plan
    assert "Seq Scan on event" not in plan, plan
    assert len(desk.connection.execute(query).fetchall()) == 200
