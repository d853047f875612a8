"""The address that a person is handed, for a message of any platform, with a permalink or without."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.decisions import Action
from console.domain.messages import (
    FACEBOOK,
    INSTAGRAM,
    KNOWN_PLATFORMS,
    LINKEDIN,
    TIKTOK,
    YOUTUBE,
    Channel,
    Kind,
    Platform,
    X,
)
from console.domain.platforms import Target
from console.platforms.abilities import abilities_of
from console.platforms.by_hand import link
from console.services.alone import AloneLine
from console.services.outbox import Outbox
from console.services.outlook import Outlook
from tests.delivering import open_sender

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)


def target(
    platform: Platform, external_id: str, post: str = "", channel: Channel = Channel.COMMENT
) -> Target:
    return Target(platform, external_id, channel, Kind.COMMENT, "7", "Ada", NOW, post_external_id=post)


POST_URN = "urn:li:activity:71"
COMMENT_URN = f"urn:li:comment:({POST_URN},72)"
LINKEDIN_LINK = f"https://www.linkedin.com/feed/update/{POST_URN}?commentUrn=urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A71%2C72%29"


@pytest.mark.parametrize(
    ("platform", "external_id", "post", "expected"),
    [
        (FACEBOOK, "12_98", "10_12", "https://www.facebook.com/10/posts/12?comment_id=98"),
        (FACEBOOK, "98", "10_12", "https://www.facebook.com/10/posts/12?comment_id=98"),
        (FACEBOOK, "12_98", "", "https://www.facebook.com/12?comment_id=98"),
        (FACEBOOK, "98", "", "https://www.facebook.com/98"),
        (INSTAGRAM, "178", "179", "https://www.instagram.com/"),
        (YOUTUBE, "Ugx.a", "v-1", "https://www.youtube.com/watch?v=v-1&lc=Ugx.a"),
        (YOUTUBE, "Ugx", "", "https://studio.youtube.com/"),
        (X, "150", "", "https://x.com/i/status/150"),
        (LINKEDIN, COMMENT_URN, POST_URN, LINKEDIN_LINK),
        (LINKEDIN, COMMENT_URN, "", LINKEDIN_LINK),
        (LINKEDIN, "72", POST_URN, LINKEDIN_LINK),
        (LINKEDIN, "72", "", "https://www.linkedin.com/"),
        (TIKTOK, "1", "2", "https://www.tiktok.com/@/video/2"),
        (TIKTOK, "1", "", "https://www.tiktok.com/"),
        (Platform("forum"), "1", "2", ""),
    ],
)
def test_a_comment_without_a_permalink(
    platform: Platform, external_id: str, post: str, expected: str
) -> None:
    assert link(target(platform, external_id, post)) == expected


@pytest.mark.parametrize("platform", KNOWN_PLATFORMS)
def test_a_permalink_goes_before_and_private_messages_lead_to_the_inbox(platform: Platform) -> None:
    known = replace(target(platform, "1", "2"), permalink="https://exemple.org/a?b=c")
    assert link(known) == "https://exemple.org/a?b=c"
    private = link(target(platform, "1", "2", Channel.PRIVATE))
    assert private.startswith("https://") or platform == YOUTUBE


@given(
    platform=st.sampled_from(KNOWN_PLATFORMS),
    external_id=st.text(max_size=20),
    post=st.text(max_size=20),
    permalink=st.text(max_size=20)
    | st.sampled_from(["javascript:alert(1)", "file:///etc/passwd", "http://[", "https:"]),
    channel=st.sampled_from(Channel),
)
def test_whatever_comes_from_outside_only_the_web_is_opened(
    platform: Platform, external_id: str, post: str, permalink: str, channel: Channel
) -> None:
    found = link(replace(target(platform, external_id, post, channel), permalink=permalink))
    if not found:
        return
    parts = urlsplit(found)
    assert parts.scheme in ("http", "https")
    if found != permalink:
        assert parts.hostname in {
            "www.facebook.com",
            "business.facebook.com",
            "www.instagram.com",
            "www.youtube.com",
            "studio.youtube.com",
            "x.com",
            "www.linkedin.com",
            "www.tiktok.com",
        }
        assert len(parse_qs(parts.query)) <= 2


def test_what_waits_in_the_outbox_leads_to_its_message(tmp_path: Path) -> None:
    with open_sender(tmp_path) as sender:
        desk = sender.desk
        desk.decide(desk.receive("12_98"), Action.REPORT)
        plain = Outbox(desk.db, desk.clock, AloneLine(), Outlook(desk.db, desk.clock, abilities_of))
        outlook = Outlook(desk.db, desk.clock, abilities_of, link=link)
        outbox = Outbox(desk.db, desk.clock, AloneLine(), outlook)
        (before,), (row,) = plain.waiting(desk.moderator), outbox.waiting(desk.moderator)
    assert before.permalink == ""
    assert row.permalink.startswith("https://www.facebook.com/")
    assert row.permalink.endswith("comment_id=98")
