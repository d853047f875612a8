"""The inbox export of Hootsuite."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.domain.messages import Channel, Kind
from console.errors import ValidationError
from console.services.ports import Skipped
from tests.platforms.files.conftest import Desk

HEADER = (
    "Message ID,Direction,Message Type,Medium,Channel,Post URL,Content,Created at,Sentiment,"
    "Contact Primary Identifier,Contact Secondary Identifier\n"
)


def _line(**changed: str) -> str:
    cells = {
        "id": "m1",
        "direction": "Inbound",
        "type": "Comment",
        "medium": "Facebook",
        "channel": "Ville de X",
        "url": "https://www.facebook.com/ville/posts/1",
        "content": "Allô",
        "at": "2025-01-05T14:30:00Z",
        "sentiment": "neutral",
        "primary": "Léa Côté",
        "secondary": "lea.cote",
        **changed,
    }
    return ",".join(f'"{cell}"' for cell in cells.values()) + "\n"


def test_a_comment_comes_in(desk: Desk) -> None:
    message = desk.one(HEADER + _line())
    assert (message.platform, message.account, message.channel) == ("facebook", "Ville de X", Channel.COMMENT)
    assert (message.author_name, message.author_external_id) == ("Léa Côté", "lea.cote")
    assert message.post_external_id == message.permalink == "https://www.facebook.com/ville/posts/1"
    assert message.posted_at == datetime(2025, 1, 5, 14, 30, tzinfo=UTC)
    assert not message.by_city


def test_what_goes_out_is_the_citys_and_stands_in_the_same_conversation(desk: Desk) -> None:
    theirs, ours = desk.messages(
        HEADER
        + _line(type="Private Message", url="")
        + _line(id="m2", direction="Outbound", type="Private Message", url="", content="Bonjour")
    )
    assert (ours.by_city, ours.author_name, ours.kind) == (True, "Ville de X", Kind.PRIVATE_MESSAGE)
    assert ours.post_external_id == theirs.post_external_id == "lea.cote"


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("Comment", Channel.COMMENT),
        ("Reply", Channel.COMMENT),
        ("Mention", Channel.COMMENT),
        ("Review", Channel.COMMENT),
        ("", Channel.COMMENT),
        ("Story mention", Channel.COMMENT),
        ("Private Message", Channel.PRIVATE),
        ("Direct Message", Channel.PRIVATE),
        ("Instagram direct message", Channel.PRIVATE),
        ("DM", Channel.PRIVATE),
    ],
)
def test_types_of_messages(desk: Desk, kind: str, channel: Channel) -> None:
    assert desk.one(HEADER + _line(type=kind)).channel is channel


def test_the_network_is_taken_from_the_address_first(desk: Desk) -> None:
    twitter, unsaid = desk.messages(
        HEADER + _line(medium="Twitter", url="https://x.com/a/status/1") + _line(medium="Threads", url="")
    )
    assert (twitter.platform, unsaid.platform) == ("x", "threads")


def test_a_direction_that_is_neither_is_reported(desk: Desk) -> None:
    items = desk.items(HEADER + _line() + _line(direction="Sideways"))
    assert items[1] == Skipped(3, "import.row.value", {"column": "Direction", "value": "Sideways"})


def test_numeric_dates_are_settled_by_the_file_or_asked(desk: Desk) -> None:
    settled = desk.messages(HEADER + _line(at="06/05/2025 2:30 PM") + _line(id="m2", at="06/25/2025 2:30 PM"))
    assert settled[0].posted_at == datetime(2025, 6, 5, 18, 30, tzinfo=UTC)
    unclear = HEADER + _line(at="06/05/2025 2:30 PM")
    with pytest.raises(ValidationError) as caught:
        desk.items(unclear)
    assert caught.value.code == "import.dates_ambiguous"
    assert caught.value.facts["value"] == "06/05/2025 2:30 PM"
    assert desk.one(unclear, date_order="dmy").posted_at == datetime(2025, 5, 6, 18, 30, tzinfo=UTC)
