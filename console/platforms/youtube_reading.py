"""Reading YouTube's threads: from the newest down, their replies where these changed, titles of videos."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import blake2b

from console.clock import Clock
from console.domain.messages import IncomingMessage
from console.platforms.answers import body_of, instant, read
from console.platforms.http.client import Api
from console.platforms.http.shape import Record
from console.platforms.walking import FIRST_TIME, Page, StalePageError, Walk, Walks, walk
from console.platforms.youtube_forms import (
    Comment,
    CommentList,
    Thread,
    ThreadList,
    Titled,
    TitledList,
    message_of,
)

STATES = ("published", "heldForReview", "likelySpam")
SWEEP = timedelta(hours=1)
"""How often all threads of the last 30 days are looked through for replies and edits."""
_REMEMBERED = 1_000
"""Threads whose replies are known; of a thread beyond these they are read again."""
_DEEPEST = 200
"""Pages of replies of one thread: 20,000 replies."""


class ThreadReader:
    """The comments of one channel; `account`: the name that messages bear."""

    def __init__(self, api: Api, channel: str, account: str, clock: Clock) -> None:
        self._api, self._channel, self._account, self._clock = api, channel, account, clock
        self._videos: dict[str, Titled] = {}
        self._listed: tuple[Thread, ...] = ()

    def pages(self, walks: Walks, status: str) -> Iterator[tuple[IncomingMessage, ...]]:
        """Comments in one state of moderation, page by page; `walks` holds where reading stands when a
        page is handed out. Every thread of a page is looked at, also those below the floor: whether
        its replies changed is told for nothing."""
        now = self._clock.now()
        begun = self._begun(walks, status, now)
        for kept, state in walk(begun, lambda page, _: self._page(status, page), _made, now):
            messages = self._news(walks, status, frozenset(each.id for each in kept))
            walks.walks[status] = state
            if not state.page:
                _note(walks, "sweeping", status, False)
            yield messages

    def _news(self, walks: Walks, status: str, fresh: frozenset[str]) -> tuple[IncomingMessage, ...]:
        """What is to be handed out of the page that was just read."""
        sweeping = bool(Record(walks.notes).record("sweeping").truth(status))
        known = {name: str(each) for name, each in Record(walks.notes).record("replies").items()}
        messages: dict[str, IncomingMessage] = {}
        for thread in self._listed:
            # A thread shows the replies of one state only: each state has its own signature.
            name, signature = f"{status[0]}:{thread.id}", _signature(thread)
            changed = known.pop(name, "") != signature
            if signature:
                known[name] = signature
            if thread.id in fresh or changed:
                for comment in self._whole(thread, changed or sweeping):
                    messages[comment.id] = self._message(comment, thread)
        walks.notes["replies"] = dict(list(known.items())[-_REMEMBERED:])
        return tuple(messages.values())

    def replies(self, parent: str) -> Iterator[Comment]:
        """All replies in a thread; none when the thread is gone."""
        token = ""
        for _ in range(_DEEPEST):
            params = {
                "part": "snippet",
                "parentId": parent,
                "maxResults": 100,
                "textFormat": "plainText",
                "pageToken": token or None,
            }
            answer = self._api.get("/comments", params)
            if not answer.ok and answer.status == 404:
                return
            page = read(CommentList, body_of(answer), "comments")
            yield from page.items
            if not page.next_page_token or page.next_page_token == token:
                return
            token = page.next_page_token

    def _begun(self, walks: Walks, status: str, now: datetime) -> Walk:
        state = walks.get(status, now)
        swept = Record(walks.notes).record("swept").time(status)
        if state.page or (swept is not None and timedelta(0) <= now - swept < SWEEP):
            return state
        _note(walks, "swept", status, now.isoformat())
        _note(walks, "sweeping", status, True)
        return Walk(min(state.floor, now - FIRST_TIME))

    def _page(self, status: str, token: str) -> Page[Thread]:
        self._listed = ()
        params = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": self._channel,
            "order": "time",
            "maxResults": 100,
            "textFormat": "plainText",
            "moderationStatus": status,
            "pageToken": token or None,
        }
        answer = self._api.get("/commentThreads", params)
        if not answer.ok and token and answer.status in {400, 404}:
            raise StalePageError
        listed = read(ThreadList, body_of(answer), "commentThreads")
        self._listed = listed.items
        self._learn_titles()
        return Page(listed.items, listed.next_page_token)

    def _whole(self, thread: Thread, listed: bool) -> Iterator[Comment]:
        """The comment and its replies: those that stand in the thread, and with `listed` all of them."""
        yield thread.snippet.top_level_comment
        inside = thread.replies.comments
        if listed and thread.snippet.total_reply_count > len(inside):
            yield from self.replies(thread.id)
        yield from inside

    def _message(self, comment: Comment, thread: Thread) -> IncomingMessage:
        video = thread.snippet.video_id or comment.snippet.video_id
        return message_of(
            comment,
            self._channel,
            self._account,
            self._videos.get(video) or (Titled(id=video) if video else None),
        )

    def _learn_titles(self) -> None:
        """Titles of videos are context; without them reading goes on."""
        videos = (each.snippet.video_id for each in self._listed)
        wanted = [each for each in dict.fromkeys(videos) if each and each not in self._videos][:50]
        if not wanted:
            return
        answer = self._api.get("/videos", {"part": "snippet", "id": ",".join(wanted)})
        self._videos |= {each: Titled(id=each) for each in wanted}
        if answer.ok:
            found = read(TitledList, answer.body, "videos").items
            self._videos |= {each.id: each for each in found}


def _made(thread: Thread) -> datetime:
    return instant(thread.snippet.top_level_comment.snippet.published_at, "comment")


def _signature(thread: Thread) -> str:
    """What tells that the replies of a thread changed: how many, and which of them it shows; empty for
    none. A count alone would miss one that replaced another."""
    count = thread.snippet.total_reply_count
    if not count and not thread.replies.comments:
        return ""
    shown = "".join(f"{each.id}{each.snippet.updated_at}" for each in thread.replies.comments)
    return f"{count}:{blake2b(shown.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"


def _note(walks: Walks, name: str, status: str, value: object) -> None:
    walks.notes[name] = {**dict(Record(walks.notes).record(name).items()), status: value}
