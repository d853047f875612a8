"""Reading X: mentions, the conversations of the city's own posts, private messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from console.clock import Clock
from console.domain.messages import IncomingMessage
from console.platforms.acting import CLOCKS_DIFFER
from console.platforms.answers import body_of, instant, read
from console.platforms.http.client import Api
from console.platforms.http.shape import Record
from console.platforms.walking import Page, StalePageError, Walks, walk
from console.platforms.x_forms import (
    Post,
    PostList,
    PrivateEvent,
    PrivateList,
    post_message,
    private_message,
)
from console.platforms.x_manners import XManners

POST_FIELDS: Mapping[str, str] = {
    "tweet.fields": "author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets,"
    "attachments,public_metrics",
    "expansions": "author_id,attachments.media_keys",
    "user.fields": "username",
    "media.fields": "type,url,preview_image_url",
}
PRIVATE_FIELDS: Mapping[str, str] = {
    "event_types": "MessageCreate",
    "max_results": "100",
    "dm_event.fields": "id,text,event_type,sender_id,created_at,dm_conversation_id",
    "expansions": "sender_id",
    "user.fields": "username",
}
_OVERLAP = timedelta(minutes=10)
"""Shorter than elsewhere: what is read again is paid again."""
_OWN_EVERY = timedelta(minutes=5)
_ALL_EVERY = timedelta(hours=1)
_PRIVATE_EVERY = timedelta(minutes=2)
"""15 readings in 15 minutes are allowed; half of them are for looking back after acts."""
_SEARCHED = timedelta(days=7) - timedelta(minutes=5)
"""How far back the search reaches."""
_CONVERSATIONS = 100
_DEEPEST = 50
"""Pages that are looked through for an own message."""
_EPOCH_MS = 1_288_834_974_657


class Reader:
    """What comes in on one account; `me`: its id, `account`: the name that messages bear."""

    def __init__(self, api: Api, manners: XManners, me: str, account: str, clock: Clock) -> None:
        self._api, self._manners, self._me, self._account = api, manners, me, account
        self._clock = clock
        self._roots: dict[str, Post] = {}

    def mentions(self, walks: Walks) -> Iterator[tuple[IncomingMessage, ...]]:
        """Posts that name the city, newest first, down to the floor (`since_id`)."""
        yield from self._posts(walks, "mentions", f"/2/users/{self._me}/mentions", {})

    def conversations(self, walks: Walks) -> Iterator[tuple[IncomingMessage, ...]]:
        """Replies under the city's posts of the last days, where their number changed. Most name the
        city and came with the mentions; a person can take the name out of a reply."""
        now = self._clock.now()
        notes = Record(walks.notes)
        counts = {post: count for post, count in notes.record("replies").items() if isinstance(count, int)}
        waiting = [each for each in notes.strings("searching") if each]
        if not waiting:
            if not self._due(walks, "own_at", _OWN_EVERY, now):
                return
            found = self._own_posts(now)
            # The count is of direct replies only: once an hour answers to these are searched as well.
            every = self._due(walks, "all_at", _ALL_EVERY, now)
            waiting = [
                each
                for each, count in found.items()
                if count < 0 or count != counts.get(each, 0) or (every and count)
            ]
            walks.forget(set(found), "conversation:")
            counts = {each: count for each, count in counts.items() if each in found}
            walks.notes["counting"] = {each: found[each] for each in waiting}
        counting = Record(walks.notes).record("counting")
        while waiting:
            post = waiting[0]
            query = {"query": f"conversation_id:{post}"}
            for messages in self._posts(walks, f"conversation:{post}", "/2/tweets/search/recent", query):
                if not walks.walks[f"conversation:{post}"].page:
                    waiting = waiting[1:]
                    counts[post] = counting.number(post) or 0
                walks.notes |= {"replies": counts, "searching": waiting}
                yield messages

    def private(self, walks: Walks) -> Iterator[tuple[IncomingMessage, ...]]:
        """Private messages, the city's own too."""
        now = self._clock.now()
        state = walks.get("private", now)
        if self._manners.nearly_used("GET private", 40):
            return
        if not state.page and not self._due(walks, "private_at", _PRIVATE_EVERY, now):
            return
        listed = PrivateList()

        def page(token: str, floor: datetime) -> Page[PrivateEvent]:
            nonlocal listed
            listed = self._private_page(token)
            return Page(listed.data, listed.meta.next_token)

        for kept, reached in walk(state, page, _sent, now, _OVERLAP):
            walks.walks["private"] = reached
            kinds = (each for each in kept if each.event_type == "MessageCreate")
            yield tuple(private_message(each, listed, self._me, self._account) for each in kinds)

    def own_replies(self, conversation: str, since: datetime) -> Iterator[Post]:
        """What the city wrote in a conversation since then."""
        token = ""
        for _ in range(_DEEPEST):
            query = {"query": f"conversation_id:{conversation} from:{self._me}"}
            listed = self._list("/2/tweets/search/recent", query, since - CLOCKS_DIFFER, token)
            yield from (post for post in listed.data if post.author_id == self._me)
            token = listed.meta.next_token
            if not token:
                return

    def own_messages(self, person: str, since: datetime) -> Iterator[PrivateEvent]:
        """What the city wrote to a person since then."""
        token = ""
        for _ in range(_DEEPEST):
            listed = self._private_page(token)
            for event in listed.data:
                if event.sender_id == self._me and person in event.dm_conversation_id.split("-"):
                    yield event
            times = [_sent(event) for event in listed.data]
            old = [at for at in times if at is not None and at < since - CLOCKS_DIFFER]
            token = listed.meta.next_token
            if not token or old:
                return

    def _posts(
        self, walks: Walks, name: str, path: str, params: Mapping[str, str]
    ) -> Iterator[tuple[IncomingMessage, ...]]:
        now = self._clock.now()
        listed = PostList()

        def page(token: str, floor: datetime) -> Page[Post]:
            nonlocal listed
            listed = self._list(path, params, floor, token)
            return Page(listed.data, listed.meta.next_token)

        for kept, state in walk(walks.get(name, now), page, _written, now, _OVERLAP):
            walks.walks[name] = state
            yield tuple(
                post_message(each, listed, self._me, self._account, self._roots)
                for each in kept
                if not self._is_own_post(each)
            )

    def _list(self, path: str, params: Mapping[str, str], floor: datetime, token: str) -> PostList:
        search = "search" in path
        oldest = max(floor, self._clock.now() - _SEARCHED) if search else floor
        asked = {
            **params,
            **POST_FIELDS,
            "max_results": 100,
            "since_id": _first_id(oldest),
            ("next_token" if search else "pagination_token"): token or None,
        }
        answer = self._api.get(path, asked)
        if not answer.ok and token and answer.status == 400:
            raise StalePageError
        return read(PostList, body_of(answer), path.rpartition("/")[2])

    def _own_posts(self, now: datetime) -> dict[str, int]:
        """The city's posts that may still be searched, and their number of replies (-1: not said)."""
        found: dict[str, int] = {}
        token = ""
        while len(found) < _CONVERSATIONS:
            listed = self._list(f"/2/users/{self._me}/tweets", {}, now - _SEARCHED, token)
            for post in listed.data:
                if self._is_own_post(post):
                    self._roots[post.id] = post
                    found[post.id] = post.public_metrics.reply_count
            if not listed.meta.next_token or listed.meta.next_token == token:
                break
            token = listed.meta.next_token
        return found

    def _private_page(self, token: str) -> PrivateList:
        asked = {**PRIVATE_FIELDS, "pagination_token": token or None}
        answer = self._api.get("/2/dm_events", asked)
        if not answer.ok and token and answer.status == 400:
            raise StalePageError
        return read(PrivateList, body_of(answer), "dm_events")

    def _is_own_post(self, post: Post) -> bool:
        """A publication of the city, not an answer of it."""
        return post.author_id == self._me and post.conversation_id in {"", post.id}

    def _due(self, walks: Walks, note: str, every: timedelta, now: datetime) -> bool:
        before = Record(walks.notes).time(note)
        if before is not None and timedelta(0) <= now - before < every:
            return False
        walks.notes[note] = now.isoformat()
        return True


def _written(post: Post) -> datetime | None:
    return instant(post.created_at, "post") if post.created_at else None


def _sent(event: PrivateEvent) -> datetime | None:
    return instant(event.created_at, "dm_event") if event.created_at else None


def _first_id(at: datetime) -> str:
    """The smallest id of that instant: ids of X count milliseconds in their upper bits."""
    return str(max(int(at.timestamp() * 1000) - _EPOCH_MS, 0) << 22)
