"""Vigie's own exchange format."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.domain.messages import Attachment, Channel, Kind, ThreadEntry
from console.services.ports import Skipped
from tests.platforms.files.conftest import Desk

FULL = {
    "id": "c-1",
    "channel": "comment",
    "platform": "facebook",
    "text": "Allô 😡 l’été",
    "account": "Ville",
    "parent": "Le pont ferme.",
    "thread": [{"author": "Jo", "text": "Encore?", "at": "2025-06-24T14:00:00-04:00"}],
    "author": {"id": "u1", "name": "Léa", "warnings": 2},
    "posted_at": "2025-06-24T14:30:00-04:00",
    "kind": "reply",
    "parent_id": "c-0",
    "attachments": [{"name": "p.jpg", "media_type": "image/jpeg", "url": "https://e.org/p.jpg"}, "son.mp3"],
    "permalink": "https://www.facebook.com/1",
    "unknown": {"deep": [1, 2]},
}


def test_every_key_arrives(desk: Desk) -> None:
    message = desk.one([FULL])
    assert message.external_id == "c-1"
    assert (message.platform, message.channel, message.kind) == ("facebook", Channel.COMMENT, Kind.REPLY)
    assert message.text == "Allô 😡 l’été"
    assert (message.account, message.post_text, message.parent_external_id) == (
        "Ville",
        "Le pont ferme.",
        "c-0",
    )
    assert (message.author_external_id, message.author_name, message.author_warnings) == ("u1", "Léa", 2)
    assert message.posted_at == datetime(2025, 6, 24, 18, 30, tzinfo=UTC)
    assert message.thread == (ThreadEntry("Jo", "Encore?", datetime(2025, 6, 24, 18, tzinfo=UTC)),)
    assert message.attachments == (
        Attachment("p.jpg", "image/jpeg", "https://e.org/p.jpg"),
        Attachment("son.mp3"),
    )
    assert message.permalink == "https://www.facebook.com/1"


def test_comments_under_the_same_words_share_a_post(desk: Desk) -> None:
    first, second, other = desk.messages(
        [
            {"id": "1", "text": "a", "parent": "Fête de quartier"},
            {"id": "2", "text": "b", "parent": "Fête de quartier"},
            {"id": "3", "text": "c", "parent": "Travaux"},
        ]
    )
    assert first.post_external_id == second.post_external_id != other.post_external_id


def test_numbers_as_ids_and_epoch_times(desk: Desk) -> None:
    record = {"id": 7345678901234567890, "text": "a", "author": {"id": 12.0}, "posted_at": 1750790000}
    message = desk.one([record])
    assert message.external_id == "7345678901234567890"
    assert message.author_external_id == "12"
    assert message.posted_at == datetime.fromtimestamp(1750790000, UTC)


@pytest.mark.parametrize(
    ("broken", "code", "facts"),
    [
        ("not json", "import.row.json", {}),
        ('{"id":"2","text":"coupé', "import.row.json", {}),
        ("[1,2]", "import.row.not_object", {}),
        ('{"id":"2","text":""}', "import.row.text_missing", {}),
        ('{"id":"2","text":"  \\n "}', "import.row.text_missing", {}),
        ('{"id":"2"}', "import.row.text_missing", {}),
        ('{"id":"2","text":5}', "import.row.field", {"field": "text"}),
        ('{"id":"2","text":"a","channel":"radio"}', "import.row.field", {"field": "channel"}),
        ('{"id":"2","text":"a","author":"Léa"}', "import.row.field", {"field": "author"}),
        ('{"id":"2","text":"a","author":{"warnings":-1}}', "import.row.field", {"field": "author.warnings"}),
        (
            '{"id":"2","text":"a","author":{"warnings":true}}',
            "import.row.field",
            {"field": "author.warnings"},
        ),
        ('{"id":["2"],"text":"a"}', "import.row.field", {"field": "id"}),
        ('{"id":"2","text":"a","thread":[3]}', "import.row.field", {"field": "thread"}),
        ('{"id":"2","text":"a","posted_at":"hier"}', "import.row.date", {"value": "hier"}),
        ('{"id":"2","text":"a","posted_at":{}}', "import.row.field", {"field": "posted_at"}),
        (
            '{"id":"2","text":"' + "a" * 50_001 + '"}',
            "import.row.too_long",
            {"length": 50_001, "limit": 50_000},
        ),
    ],
)
def test_a_bad_line_is_reported_and_the_rest_goes_on(
    desk: Desk, broken: str, code: str, facts: object
) -> None:
    good = '{"id":"1","channel":"comment","platform":"x","text":"a"}'
    first, skipped, last = desk.items("\n".join([good, broken, good]) + "\n")
    assert skipped == Skipped(2, code, facts)
    assert first == last


def test_what_no_database_keeps_becomes_a_sign_of_its_own(desk: Desk) -> None:
    line = '{"id":"1","channel":"comment","platform":"x","text":"a\\u0000b\\ud83dc\\ud83d\\ude21"}'
    assert desk.one(line + "\n").text == "a\ufffdb\ufffdc😡"


def test_line_ends_inside_a_text_are_one_kind(desk: Desk) -> None:
    assert desk.one([{"id": "1", "text": "a\r\nb\rc\nd"}]).text == "a\nb\nc\nd"


def test_an_id_is_derived_where_there_is_none_and_stays(desk: Desk) -> None:
    record = {"id": "", "text": "Allô", "author": {"name": "Léa"}, "posted_at": "2025-06-24T14:30:00-04:00"}
    once, again = desk.one([record]), desk.one([record])
    assert once.external_id == again.external_id
    assert once.external_id != desk.one([{**record, "text": "Allo"}]).external_id


def test_a_message_with_only_a_picture_is_kept(desk: Desk) -> None:
    message = desk.one([{"id": "1", "text": "", "attachments": ["photo.jpg"]}])
    assert (message.text, message.attachments) == ("", (Attachment("photo.jpg"),))


def test_constants_fill_what_the_file_does_not_say(desk: Desk) -> None:
    message = desk.one([{"id": "1", "text": "a"}], account="Ville", platform="Instagram", channel="private")
    assert (message.account, message.platform, message.channel) == ("Ville", "instagram", Channel.PRIVATE)
    assert message.kind is Kind.PRIVATE_MESSAGE
