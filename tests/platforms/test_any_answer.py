"""Whatever a platform, a proxy or a portal on the way answers: a clear error, never a bug."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from threading import Thread
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.clock import FixedClock
from console.domain.ids import account_id
from console.domain.messages import LINKEDIN, TIKTOK, YOUTUBE, Channel, Kind, Platform, X
from console.domain.platforms import Act, Target
from console.errors import VigieError
from console.platforms.linkedin import LinkedInConnector
from console.platforms.tiktok import TikTokConnector
from console.platforms.x import XConnector
from console.platforms.youtube import YouTubeConnector
from console.services.platform_ports import Connection, ConnectionState, Connector, Tokens
from tests.platforms.connecting import Kept, no_wait

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
KINDS: dict[Platform, Any] = {
    YOUTUBE: YouTubeConnector,
    X: XConnector,
    LINKEDIN: LinkedInConnector,
    TIKTOK: TikTokConnector,
}
COMMENT = "urn:li:comment:(urn:li:activity:1,2)"

# Names that the forms know, so that answers come close to the documented ones.
NAMES = st.sampled_from(
    """
    id items data elements comments videos snippet topLevelComment replies publishedAt updatedAt text errors
    error code reason message type title status meta next_token nextPageToken has_more cursor created time
    created_at create_time author_id includes users comment_id item_id actor commentUrn object request_id
    access_token totalReplyCount paging total count authorChannelId value conversation_id public_metrics
    reply_count referenced_tweets hidden dm_event_id event_type sender_id newest_id scope organization
    """.split()  # noqa: SIM905 (a word a line would be two screens)
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True),
    st.text(max_size=8),
    st.sampled_from(["", "1", "\ud800", "a\0b", "quotaExceeded", "commentNotFound", "replied_to", COMMENT]),
    st.sampled_from(["2026-10-14T15:00:00Z", "2026-10-14T15:00:00", "0001-01-01T00:00:00+14:00"]),
)
JSON = st.recursive(
    VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=25,
)
OBJECTS = st.dictionaries(NAMES, JSON, max_size=6)
BODIES = st.one_of(
    st.one_of(OBJECTS, JSON).map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=20),
    st.just(b"[" * 5_000),
    st.just(b'{"code":0,"data":' + b'{"data":' * 400 + b"1" + b"}" * 401),
)
STATUSES = st.sampled_from(
    [200, 200, 200, 200, 201, 204, 302, 400, 401, 402, 403, 404, 409, 426, 429, 500, 503]
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset", "retry-after", "x-restli-id"]
    ),
    st.sampled_from(
        ["", "0", "-1", "15", "99999999999999999999", "nan", "x", "Wed, 21 Oct 2026 07:28:00 GMT"]
    ),
    max_size=3,
)


NOTES = st.sampled_from(
    ["units", "calls", "swept", "sweeping", "replies", "waiting", "searching", "counting", "read", "own_at"]
)


class Answering(ThreadingHTTPServer):
    """Gives the same answer to everything."""

    daemon_threads = True
    status, headers, body = 200, dict[str, str](), b""


class _Handler(BaseHTTPRequestHandler):
    server: Answering

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = b"" if self.server.status == 204 else self.server.body
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def answering() -> Iterator[Answering]:
    server = Answering(("127.0.0.1", 0), _Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def connected(answering: Answering, platform: Platform) -> Connector:
    connection = Connection(
        account=account_id(platform, "Ville"),
        platform=platform,
        name="Ville",
        external_id="1",
        state=ConnectionState.CONNECTED,
        client_id="client",
        base_url=f"http://127.0.0.1:{answering.server_port}",
    )
    made: Connector = KINDS[platform](connection, Kept(Tokens("a", "r")), FixedClock(NOW), no_wait)
    return made


def target(platform: Platform, channel: Channel = Channel.COMMENT) -> Target:
    identifier = COMMENT if platform == LINKEDIN else "12"
    return Target(platform, identifier, channel, Kind.COMMENT, "34", "Ève", NOW, post_external_id="56")


def calls(platform: Platform) -> list[Callable[[Connector], object]]:
    """Everything that the port can be asked."""
    comment, private = target(platform), target(platform, Channel.PRIVATE)
    acts: list[Callable[[Connector], object]] = []
    for act in Act:
        acts.append(lambda c, act=act: c.carry_out(act, comment, "Bonjour"))
        acts.append(lambda c, act=act: c.read_back(act, comment, "Bonjour", NOW))
    return [
        *acts,
        lambda c: c.carry_out(Act.MESSAGE, private, "Bonjour"),
        lambda c: c.check(),
        lambda c: list(islice(c.fetch(""), 8)),
        lambda c: list(islice(c.fetch(""), 8)),
        lambda c: c.look([comment.external_id, "78"]),
        lambda c: c.media(comment.permalink or "nothing"),
        lambda c: c.revoke(),
    ]


@pytest.mark.parametrize("platform", list(KINDS))
@settings(max_examples=60)
@given(data=st.data(), status=STATUSES, headers=HEADERS, body=BODIES)
def test_any_answer_is_read_or_is_a_clear_error(
    answering: Answering,
    platform: Platform,
    data: st.DataObject,
    status: int,
    headers: dict[str, str],
    body: bytes,
) -> None:
    answering.status, answering.headers, answering.body = status, headers, body
    ask = data.draw(st.sampled_from(calls(platform)))
    connector = connected(answering, platform)
    with suppress(VigieError):
        ask(connector)
    assert all(budget.used == budget.used for budget in connector.budgets())
    connector.close()


@pytest.mark.parametrize("platform", list(KINDS))
@settings(max_examples=40)
@given(
    cursor=st.one_of(
        st.text(max_size=20),
        st.fixed_dictionaries(
            {
                "walks": st.dictionaries(
                    st.sampled_from(["published", "mentions", "private", "comments:1"]), JSON
                ),
                "notes": st.dictionaries(NOTES, JSON),
            }
        ).map(json.dumps),
    )
)
@example(
    cursor='{"walks":{"mentions":{"floor":"0001-01-01T00:00:00+14:00","page":"x"}},"notes":{"waiting":["1"]}}'
)
def test_any_cursor_begins_anew_or_goes_on(answering: Answering, platform: Platform, cursor: str) -> None:
    answering.status, answering.headers = 200, {}
    answering.body = b'{"code":0,"data":{}}' if platform == TIKTOK else b"{}"
    connector = connected(answering, platform)
    with suppress(VigieError):
        for page in islice(connector.fetch(cursor), 8):
            assert json.loads(page.cursor)
    connector.close()
