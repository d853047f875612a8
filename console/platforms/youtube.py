"""YouTube: comments of the city's channel, over the YouTube Data API v3.

Source: https://developers.google.com/youtube/v3/docs; facts as of autumn 2026. There are no private
messages, no way to lift a ban, and nothing that asks for changes since a time: the newest threads are
read down to a floor, and once an hour all threads of the last 30 days, for replies and edits.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from console.clock import Clock, SystemClock
from console.domain.messages import IncomingMessage
from console.domain.platforms import Act, Receipt, Result, Target
from console.errors import AccessLostError, UncertainError
from console.platforms.account_connector import AccountConnector
from console.platforms.acting import may_be_effect, same_text
from console.platforms.allowance import DayAllowance
from console.platforms.answers import body_of, instant, read, read_or_none
from console.platforms.http.client import Wait
from console.platforms.http.manners import Answer, Said
from console.platforms.http.shape import Record
from console.platforms.http.wire import Call
from console.platforms.renewing import RenewingManners
from console.platforms.walking import Walks
from console.platforms.youtube_forms import (
    QUOTA_ZONE,
    Comment,
    CommentList,
    TitledList,
    is_quota,
    message_of,
    reason_of,
    result_of,
    said_of,
)
from console.platforms.youtube_reading import STATES, ThreadReader
from console.services.platform_ports import Budget, Connection, FetchedPage, Health, TokenStore

BASE_URL = "https://www.googleapis.com/youtube/v3"
OAUTH_URL = "https://oauth2.googleapis.com"
SCOPES = ("https://www.googleapis.com/auth/youtube.force-ssl",)
UNITS_A_DAY, UNITS_FOR_READING = 10_000, 5_000
"""Of the quota that Google gives to every project; the settings `units` and `units_reading` change them."""
LIST_UNITS, WRITE_UNITS = 1, 50
_IDS_AT_ONCE = 50


class YouTubeManners(RenewingManners):
    """Units of the day, and reasons in place of statuses."""

    def __init__(self, clock: Clock, store: TokenStore, connection: Connection) -> None:
        url = (connection.base_url.rstrip("/") or OAUTH_URL) + "/token"
        super().__init__(clock, store, connection.client_id, url)
        settings = connection.settings
        self.units = DayAllowance(
            clock,
            "units",
            _number(settings.get("units", ""), UNITS_A_DAY),
            _number(settings.get("units_reading", ""), UNITS_FOR_READING),
            QUOTA_ZONE,
        )

    def before(self, call: Call) -> None:
        """Ask for the units of the call, and take them."""
        super().before(call)
        if call.path.startswith("/"):  # the addresses of the sign-in cost nothing
            units = LIST_UNITS if call.reads else WRITE_UNITS
            self.units.ask(units)
            self.units.spend(units)

    def said(self, call: Call, answer: Answer) -> Said:
        """What the answer means."""
        if 200 <= answer.status < 300:
            return Said()
        reason = reason_of(answer.body, answer.status)
        if is_quota(reason):
            self.units.used_up()
        return said_of(reason, answer.status, self.units.returns())


class YouTubeConnector(AccountConnector):
    """One channel of the city. Fulfils `Connector`."""

    _manners: YouTubeManners

    def __init__(
        self,
        connection: Connection,
        tokens: TokenStore,
        clock: Clock | None = None,
        wait: Wait = time.sleep,
        ca_file: str = "",
    ) -> None:
        clock = clock or SystemClock()
        manners = YouTubeManners(clock, tokens, connection)
        super().__init__(connection, BASE_URL, manners, clock, wait, ca_file)
        self._oauth = connection.base_url.rstrip("/") or OAUTH_URL
        self._threads = ThreadReader(self._api, connection.external_id, connection.name, clock)

    def check(self) -> Health:
        """Who the token is, and what it may do."""
        with self._manners.units.acting():
            answer = self._api.get("/channels", {"part": "snippet", "mine": "true"})
        channels = read(TitledList, body_of(answer), "channels").items
        if not channels:
            raise AccessLostError("platform.permission", reason="no_channel")
        scopes = self._scopes()
        missing = tuple(each for each in SCOPES if each not in scopes)
        ends = self._manners.tokens.expires_at if not self._manners.tokens.refresh else None
        return Health(channels[0].id, channels[0].snippet.title, scopes, missing, ends)

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """What is new or changed, in each of the three states of moderation."""
        walks = Walks.load(cursor)
        self._manners.units.restore(dict(Record(walks.notes.get("units")).items()))
        for status in STATES:
            for messages in self._threads.pages(walks, status):
                walks.notes["units"] = self._manners.units.state()
                yield FetchedPage(messages, walks.dump())

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """These comments as they are now; rejected ones are gone from all lists."""
        wanted = [each for each in dict.fromkeys(external_ids) if each][:_IDS_AT_ONCE]
        if not wanted:
            return {}
        found = {comment.id: comment for comment in self._by_id(wanted)}
        return {
            each: message_of(found[each], self._connection.external_id, self._connection.name, None)
            if each in found
            else None
            for each in wanted
        }

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """Do it, once."""
        left = self._left_to_people(act, target)
        if left is not None:
            return left
        with self._manners.units.acting():
            return self._reply(target, text) if act is Act.REPLY else self._moderate(act, target)

    def read_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Look whether an act happened. Nothing tells whether a ban did: it may be done again."""
        if self._left_to_people(act, target) is not None:
            return None
        with self._manners.units.acting():
            if act is Act.REPLY:
                return self._own_reply(target, text, since)
            found = self._by_id([target.external_id])
        status = found[0].snippet.moderation_status if found else ""
        if act is Act.BAN and status in {"", "rejected"}:
            raise UncertainError("platform.uncertain")
        if not found:
            return self._seen(act, Result.DONE if act is Act.DELETE else Result.GONE)
        return self._seen(act, Result.DONE) if status == _STATUS[act] else None

    def budgets(self) -> tuple[Budget, ...]:
        """Units of the day."""
        return (self._manners.units.budget(),)

    def revoke(self) -> None:
        """Make the tokens void; the refresh token takes the access token with it."""
        held = self._manners.tokens
        try:
            self._api.send(
                "POST", self._oauth + "/revoke", form={"token": held.refresh or held.access}, repeatable=True
            )
        except AccessLostError:
            return  # void already

    def _scopes(self) -> tuple[str, ...]:
        answer = self._api.get(self._oauth + "/tokeninfo", {"access_token": self._manners.tokens.access})
        given = Record(answer.body).text("scope").split()
        return tuple(given) if answer.ok and given else self._connection.scopes

    def _by_id(self, identifiers: Sequence[str]) -> tuple[Comment, ...]:
        params = {"part": "snippet", "id": ",".join(identifiers), "textFormat": "plainText"}
        answer = self._api.get("/comments", params)
        if not answer.ok and result_of(answer.code, answer.status) is Result.GONE:
            return ()
        return read(CommentList, body_of(answer), "comments").items

    def _moderate(self, act: Act, target: Target) -> Receipt:
        params = {"id": target.external_id, "moderationStatus": _STATUS[act]}
        if act is Act.BAN:
            params["banAuthor"] = "true"
        answer = self._api.send("POST", "/comments/setModerationStatus", params=params, repeatable=True)
        result = Result.DONE if answer.ok else result_of(answer.code, answer.status)
        return self._receipt(act, result, answer)

    def _reply(self, target: Target, text: str) -> Receipt:
        body = {"snippet": {"parentId": _top(target), "textOriginal": text}}
        answer = self._api.send("POST", "/comments", params={"part": "snippet"}, json=body)
        if not answer.ok:
            return self._receipt(Act.REPLY, result_of(answer.code, answer.status), answer)
        made = read_or_none(Comment, answer.body)
        if made is None:
            # It was taken, but by which name is not said: look.
            raise UncertainError("platform.uncertain")
        return self._receipt(Act.REPLY, Result.DONE, answer, external_id=made.id)

    def _own_reply(self, target: Target, text: str, since: datetime) -> Receipt | None:
        for reply in self._threads.replies(_top(target)):
            own = reply.snippet.author_channel_id.value == self._connection.external_id
            made = instant(reply.snippet.published_at, "comment")
            words = (reply.snippet.text_original, reply.snippet.text_display)
            if own and may_be_effect(made, since) and any(same_text(each, text) for each in words):
                return replace(self._seen(Act.REPLY, Result.DONE), external_id=reply.id)
        return None


_STATUS = {
    Act.HIDE: "heldForReview",
    Act.UNHIDE: "published",
    Act.DELETE: "rejected",
    Act.BAN: "rejected",
}


def _top(target: Target) -> str:
    """The comment that a reply stands under: there is one level only, and a reply to a reply goes there."""
    return target.parent_external_id or target.external_id.partition(".")[0]


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise
