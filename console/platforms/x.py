"""X: mentions, conversations under the city's posts, and private messages, over the X API v2.

Source: https://docs.x.com/x-api; facts as of autumn 2026. Calls cost money, and what is read most of all:
conversations are searched only when the count of their replies changed, private messages read every
two minutes at most.
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
from console.platforms.answers import body_of, instant, read, read_or_none
from console.platforms.http.client import Wait
from console.platforms.http.manners import Answer
from console.platforms.http.shape import Record
from console.platforms.walking import Walks
from console.platforms.x_forms import (
    PRIVATE,
    Done,
    Me,
    PostList,
    missing_of,
    post_message,
    result_of,
)
from console.platforms.x_manners import BASE_URL, XManners
from console.platforms.x_reading import POST_FIELDS, Reader
from console.services.platform_ports import Budget, Connection, FetchedPage, Health, TokenStore

SCOPES = (
    "tweet.read",
    "tweet.write",
    "tweet.moderate.write",
    "users.read",
    "dm.read",
    "dm.write",
    "mute.read",
    "mute.write",
    "offline.access",
)
_IDS_AT_ONCE = 50


class XConnector(AccountConnector):
    """One account of the city on X. Fulfils `Connector`."""

    _manners: XManners

    def __init__(
        self,
        connection: Connection,
        tokens: TokenStore,
        clock: Clock | None = None,
        wait: Wait = time.sleep,
        ca_file: str = "",
    ) -> None:
        clock = clock or SystemClock()
        super().__init__(connection, BASE_URL, XManners(clock, tokens, connection), clock, wait, ca_file)
        self._me = connection.external_id
        self._reader = Reader(self._api, self._manners, self._me, connection.name, clock)

    def check(self) -> Health:
        """Who the token is. X does not say what a token may do: the scopes are those of the sign-in."""
        user = read(Me, body_of(self._api.get("/2/users/me", {"user.fields": "username"})), "users/me").data
        scopes = self._connection.scopes
        missing = tuple(each for each in SCOPES if scopes and each not in scopes)
        held = self._manners.tokens
        return Health(
            user.id, user.name or user.username, scopes, missing, None if held.refresh else held.expires_at
        )

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """Mentions, then conversations of the city's own posts, then private messages."""
        walks = Walks.load(cursor)
        self._manners.count.restore(dict(Record(walks.notes.get("calls")).items()))
        for part in (self._reader.mentions, self._reader.conversations, self._reader.private):
            for messages in part(walks):
                walks.notes["calls"] = self._manners.count.state()
                yield FetchedPage(messages, walks.dump())

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """These posts as they are now. Private messages cannot be asked for, nor a post whose author
        keeps the city out: these are absent."""
        wanted = [each for each in dict.fromkeys(external_ids) if each.isdecimal()][:_IDS_AT_ONCE]
        if not wanted:
            return {}
        listed = self._by_id(wanted)
        missing = missing_of(listed.errors)
        found: dict[str, IncomingMessage | None] = {each: None for each in wanted if each in missing}
        for post in listed.data:
            found[post.id] = post_message(post, listed, self._me, self._connection.name, {})
        return found

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """Do it, once."""
        left = self._left_to_people(act, target)
        if left is not None:
            return left
        if act is Act.MESSAGE:
            return self._message(target, text)
        return self._reply(target, text) if act is Act.REPLY else self._hide(act, target)

    def read_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Look whether an act happened. X does not show what is hidden: that may be done again."""
        if self._left_to_people(act, target) is not None:
            return None
        if act is Act.REPLY:
            return self._own_reply(target, text, since)
        if act is Act.MESSAGE:
            return self._own_message(target, text, since)
        if target.external_id in missing_of(self._by_id([target.external_id]).errors):
            return self._seen(act, Result.GONE)
        raise UncertainError("platform.uncertain")

    def budgets(self) -> tuple[Budget, ...]:
        """Calls of the day, what they cost where the city entered prices, the fullest of the windows."""
        return self._manners.budgets()

    def revoke(self) -> None:
        """Make the tokens void."""
        held = self._manners.tokens
        form = {"token": held.refresh or held.access, "client_id": self._connection.client_id}
        try:
            self._api.send("POST", "/2/oauth2/revoke", form=form, repeatable=True)
        except AccessLostError:
            return  # void already

    def _by_id(self, identifiers: Sequence[str]) -> PostList:
        params = {"ids": ",".join(identifiers), **POST_FIELDS}
        return read(PostList, body_of(self._api.get("/2/tweets", params)), "tweets")

    def _hide(self, act: Act, target: Target) -> Receipt:
        hidden = act is Act.HIDE
        path = f"/2/tweets/{target.external_id}/hidden"
        answer = self._api.send("PUT", path, json={"hidden": hidden}, repeatable=True)
        if not answer.ok:
            return self._refused(act, answer)
        done = read_or_none(Done, answer.body)
        if done is None or done.data.hidden is not hidden:
            raise UncertainError("platform.uncertain")
        return self._receipt(act, Result.DONE, answer)

    def _reply(self, target: Target, text: str) -> Receipt:
        body = {"text": text, "reply": {"in_reply_to_tweet_id": target.external_id}}
        answer = self._api.send("POST", "/2/tweets", json=body)
        return self._made(Act.REPLY, answer)

    def _message(self, target: Target, text: str) -> Receipt:
        person = target.author_external_id
        if not person.isdecimal():
            # Of an imported file: only the name is known.
            return Receipt(Act.MESSAGE, Result.BY_HAND, self._clock.now(), code="by_hand.platform")
        answer = self._api.send("POST", f"/2/dm_conversations/with/{person}/messages", json={"text": text})
        return self._made(Act.MESSAGE, answer)

    def _made(self, act: Act, answer: Answer) -> Receipt:
        if not answer.ok:
            return self._refused(act, answer)
        done = read_or_none(Done, answer.body)
        identifier = (done.data.dm_event_id or done.data.id) if done else ""
        if not identifier:
            # It was taken, but by which name is not said: look.
            raise UncertainError("platform.uncertain")
        prefix = PRIVATE if act is Act.MESSAGE else ""
        return self._receipt(act, Result.DONE, answer, external_id=prefix + identifier)

    def _refused(self, act: Act, answer: Answer) -> Receipt:
        return self._receipt(act, result_of(answer.code, answer.status), answer)

    def _own_reply(self, target: Target, text: str, since: datetime) -> Receipt | None:
        conversation = target.post_external_id or target.external_id
        for post in self._reader.own_replies(conversation, since):
            made = instant(post.created_at, "post") if post.created_at else since
            if (
                post.answers == target.external_id
                and may_be_effect(made, since)
                and same_text(post.text, text)
            ):
                return replace(self._seen(Act.REPLY, Result.DONE), external_id=post.id)
        return None

    def _own_message(self, target: Target, text: str, since: datetime) -> Receipt | None:
        person = target.author_external_id
        for event in self._reader.own_messages(person, since):
            made = instant(event.created_at, "dm_event") if event.created_at else since
            if may_be_effect(made, since) and same_text(event.text, text):
                return replace(self._seen(Act.MESSAGE, Result.DONE), external_id=PRIVATE + event.id)
        return None
