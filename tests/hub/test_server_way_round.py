"""One message goes round: sent, decided, delivered, read by another desk."""

from __future__ import annotations

from console.hub.server import VERSION
from tests.hub.conftest import Hub
from tests.hub.desk import Content, decision, done, sha


def test_a_message_goes_round(hub: Hub) -> None:
    marie, noah = hub.desk("marie"), hub.desk("noah")
    message = Content("Quelle bande d'idiots", "1")
    assert marie.contents(message) == 1
    made = decision(message, "warn", "hide")
    assert marie.send("decision.made", message.id, made) == ("accepted", None)
    assert marie.send("outbox.done", message.id, done(made, "warn")) == ("accepted", None)

    rows = noah.connection.execute(
        "SELECT kind, id, subject, status, body, revision, sha256 FROM vigie.feed()"
        " WHERE seq > 0 ORDER BY seq"
    ).fetchall()
    assert rows[0] == (
        "content",
        message.id,
        message.id,
        "accepted",
        message.text.encode(),
        1,
        sha(message.text),
    )
    assert [row[1] for row in rows[1:]] == [link.event.id for link in marie.links]
    assert noah.send("decision.made", message.id, decision(message, "keep")) == ("contested", "decided")


def test_hello_says_where_the_hub_and_the_desk_stand(hub: Hub) -> None:
    marie = hub.desk("marie")
    message = Content("Bonjour", "1")
    marie.contents(message)
    first = marie.link("desk.taken", marie.staff, {})
    marie.put([first])

    said = marie.call("hello", marie.id, 1)
    assert said["cursor_id"] == message.id
    assert said["max_seq"] == 2
    assert said["desk_head"] == {"sequence": 1, "sha256": first.sha256}
    assert said["staff"] == {"id": marie.staff, "name": "Marie", "role": "moderator"}
    assert said["ladder"]["warnings_before_ban"] == 2
    assert said["schema"] == VERSION
    assert marie.call("hello", marie.id, 2)["cursor_id"] == first.event.id
    assert marie.call("hello", marie.id, 3)["cursor_id"] is None
    stranger = hub.desk("noah")
    assert stranger.call("hello", stranger.id, 0)["desk_head"] == {"sequence": 0, "sha256": "0" * 64}
