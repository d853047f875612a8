"""Downloads of Facebook and Instagram: comments, conversations, and their mojibake."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.messages import Attachment, Channel, Kind
from console.platforms.files.mojibake import repair
from console.services.ports import Skipped
from tests.platforms.files.conftest import Desk

FRENCH = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,;:!?'\"()-\n"
    "àâäçéèêëîïôöùûüÿœæÀÇÉÈÊËÎÏÔÖÙÛÜŒÆ«»’‘“”…–—°€ñáíóú\u00a0\u202f😀😡❤️👍🏽🇶🇧"
)


def _comment(text: str, author: str, at: int = 1750790000, **more: Any) -> dict[str, Any]:
    return {
        "timestamp": at,
        "data": [{"comment": {"timestamp": at, "comment": text, "author": author}}],
        **more,
    }


def test_comments_are_repaired_and_kept(desk: Desk, meta_text: Callable[[str], str]) -> None:
    entry = _comment(meta_text("Ça déborde 😡 «\u00a0encore\u00a0»"), meta_text("Léa Côté"))
    message = desk.one(json.dumps({"comments_v2": [entry]}))
    assert (message.text, message.author_name) == ("Ça déborde 😡 «\u00a0encore\u00a0»", "Léa Côté")
    assert (message.platform, message.channel) == ("facebook", Channel.COMMENT)
    assert message.posted_at == datetime.fromtimestamp(1750790000, UTC)


def test_a_comment_that_was_never_mojibake_stays(desk: Desk) -> None:
    assert desk.one([_comment("Ça déborde", "Léa Côté")]).text == "Ça déborde"


def test_a_comment_has_attachments_and_may_be_a_reply(desk: Desk) -> None:
    message = desk.one(
        [
            _comment(
                "",
                "Léa",
                title="Léa replied to Jo's comment.",
                attachments=[
                    {"data": [{"media": {"uri": "posts/media/chat.png"}}]},
                    {"data": [{"external_context": {"url": "https://e.org/a.gif?x=1"}}]},
                ],
            )
        ]
    )
    assert message.kind is Kind.REPLY
    assert message.attachments == (Attachment("chat.png"), Attachment("a.gif", "", "https://e.org/a.gif?x=1"))


def test_an_entry_with_no_comment_is_reported(desk: Desk) -> None:
    entries = [_comment("a", "L"), {"timestamp": 1750790000, "title": "L aime ceci"}, _comment("", "L")]
    _, second, third = desk.items({"comments_v2": entries})
    assert second == Skipped(2, "import.row.text_missing", {})
    assert third == Skipped(3, "import.row.text_missing", {})


def test_reading_again_gives_the_same_ids_and_each_comment_its_own(desk: Desk) -> None:
    entries = [_comment("a", "L"), _comment("a", "L", 1750790001), _comment("a", "M")]
    once, again = desk.messages({"comments_v2": entries}), desk.messages(entries)
    assert [each.external_id for each in once] == [each.external_id for each in again]
    assert len({each.external_id for each in once}) == 3


def _conversation(*messages: dict[str, Any], **head: Any) -> dict[str, Any]:
    return {"participants": [{"name": "Léa"}, {"name": "Ville"}], "messages": list(messages), **head}


def _said(sender: str, at: int, **content: Any) -> dict[str, Any]:
    return {"sender_name": sender, "timestamp_ms": 1750790000000 + at * 1000, **content}


def test_the_side_that_is_not_the_title_is_the_city(desk: Desk) -> None:
    found = _conversation(_said("Ville", 2, content="Bonjour"), _said("Léa", 1, content="Allô"), title="Léa")
    assert desk.recognise(found).account == "Ville"
    ours, theirs = desk.messages(found)
    assert (ours.by_city, theirs.by_city) == (True, False)
    assert (theirs.channel, theirs.kind, theirs.account) == (Channel.PRIVATE, Kind.PRIVATE_MESSAGE, "Ville")
    assert ours.post_external_id == theirs.post_external_id != ""


def test_nothing_tells_so_everything_is_judged_and_a_person_may_say(desk: Desk) -> None:
    found = _conversation(_said("Ville", 2, content="Bonjour"), _said("Léa", 1, content="Allô"))
    recognised = desk.recognise(found)
    assert (recognised.account, recognised.participants) == ("", ("Léa", "Ville"))
    assert not any(each.by_city for each in desk.messages(found))
    assert [each.by_city for each in desk.messages(found, city="ville")] == [True, False]
    known = desk.library.open(recognised, None, frozenset({"Ville"}))
    assert [each.by_city for each in known.read()] == [True, False]


def test_somebody_who_bears_the_citys_name_is_judged(desk: Desk) -> None:
    found = _conversation(_said("Ville", 1, content="Payez ici"))
    found["participants"] = [{"name": "Ville"}, {"name": "Ville"}]
    recognised = desk.recognise(found)
    comment = desk.recognise([_comment("Payez ici", "Ville")])
    assert recognised.account == ""
    assert not any(each.by_city for each in desk.library.open(comment, None, frozenset({"Ville"})).read())


def test_instagram_is_known_by_the_path(desk: Desk) -> None:
    found = _conversation(_said("Léa", 1, content="Allô"), thread_path="your_instagram_activity/inbox/lea_1")
    assert desk.one(found).platform == "instagram"
    found["thread_path"] = "inbox/lea_1"
    assert desk.one(found).platform == "facebook"
    archive = desk.archive({"instagram-ville-2025/messages/inbox/lea_1/message_1.json": json.dumps(found)})
    assert desk.one(archive).platform == "instagram"


def test_pictures_calls_and_withdrawn_messages(desk: Desk) -> None:
    picture, shared, call, withdrawn = desk.items(
        _conversation(
            _said("Léa", 1, photos=[{"uri": "messages/inbox/lea/photos/nid.jpg"}]),
            _said("Léa", 2, share={"link": "https://e.org/a"}),
            _said("Léa", 3, call_duration=12),
            _said("Léa", 4, content="x", is_unsent=True),
        )
    )
    assert picture.attachments == (Attachment("nid.jpg"),)
    assert shared.attachments == (Attachment("a", "", "https://e.org/a"),)
    assert call == Skipped(3, "import.row.text_missing", {})
    assert withdrawn == Skipped(4, "import.row.withdrawn", {})


def test_participants_named_after_the_messages(desk: Desk) -> None:
    text = json.dumps({"messages": [_said("L", n, content="a") for n in range(100)]})[:-1]
    recognised = desk.recognise(text + ', "participants": [{"name": "L"}, {"name": "V"}]}')
    assert recognised.participants == ("L", "V")


@given(st.text(alphabet=FRENCH))
def test_repair_never_damages_good_text(text: str) -> None:
    assert repair(text) == text


@given(st.text(alphabet=FRENCH))
def test_repair_restores_what_meta_writes(text: str) -> None:
    assert repair(text.encode("utf-8").decode("latin-1")) == text


@pytest.mark.parametrize("text", ["CONGÉ\u00a0: demain", "VÉRITÉ\u00a0!", "À", "naïveté°", "É»"])
def test_text_that_only_looks_like_mojibake_stays(text: str) -> None:
    assert repair(text) == text
