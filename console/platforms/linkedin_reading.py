"""Reading LinkedIn: the page's posts, all comments of each, replies where their number changed.

The documentation names no order of comments and no way of asking for new ones: each post is read whole,
the young ones every round, older ones once an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import quote

from console.clock import Clock
from console.domain.messages import IncomingMessage
from console.errors import AccessLostError
from console.platforms.answers import body_of, from_epoch, read
from console.platforms.http.client import Api
from console.platforms.http.shape import Record
from console.platforms.linkedin_forms import (
    Comment,
    CommentList,
    LinkedInPost,
    Paging,
    PostList,
    message_of,
    parts_of,
)
from console.platforms.offsets import OffsetPages, Slice
from console.platforms.walking import FIRST_TIME, Walks

Item = TypeVar("Item")
_AT_ONCE = 100
_YOUNG = timedelta(days=3)
_OLDER_EVERY = timedelta(hours=1)
_REPLIES_EVERY = timedelta(hours=6)
"""How often replies are read although their number is the same, for edits."""
_REMEMBERED = 2_000
"""Comments whose number of replies is known."""


class Reader:
    """What comes in on one page; `account`: the name that messages bear."""

    def __init__(self, api: Api, organization: str, account: str, clock: Clock) -> None:
        self._api, self._organization, self._account, self._clock = api, organization, account, clock
        self._posts: dict[str, LinkedInPost] = {}

    def pages(self, walks: Walks) -> Iterator[tuple[IncomingMessage, ...]]:
        """The comments of each post. A round that was stopped (calls of the day) goes on with the posts
        that were not read yet."""
        now = self._clock.now()
        waiting = [each for each in Record(walks.notes).strings("waiting") if each]
        posts = self._latest(walks, now)
        if not waiting:
            waiting = [each for each in posts if _is_due(walks, posts[each], now)]
            kept = {post: at for post, at in Record(walks.notes).record("read").items() if post in posts}
            walks.notes["read"] = kept
        while waiting:
            post = posts.get(waiting[0])
            if post is not None:
                for messages in self._post(walks, post, now):
                    walks.notes["waiting"] = waiting
                    yield messages
                read_at = dict(Record(walks.notes).record("read").items())
                walks.notes["read"] = {**read_at, post.id: now.isoformat()}
            waiting = waiting[1:]
            walks.notes["waiting"] = waiting
            yield ()

    def under(self, urn: str) -> Iterator[Sequence[Comment]]:
        """All comments under a post, or all replies under a comment, in pages; none when it is gone."""
        path = comments_path(urn)

        def part(offset: int) -> Slice[Comment]:
            answer = self._api.get(path, {"start": offset, "count": _AT_ONCE})
            if answer.status in {404, 410}:
                return Slice((), offset, False)
            listed = read(CommentList, body_of(answer), "comments")
            return _slice(listed.elements, listed.paging, offset)

        return OffsetPages(part, lambda each: each.urn).all()

    def look(self, urn: str) -> tuple[bool, IncomingMessage | None]:
        """Whether LinkedIn says how it stands with a comment, and the comment; None when it is gone."""
        under, number = parts_of(urn)
        answer = self._api.get(f"{comments_path(under)}/{number}")
        if answer.status in {404, 410}:
            return True, None
        comment = read(Comment, body_of(answer), "comment")
        if not comment.urn:
            # An empty answer is what a lost role gives.
            return False, None
        return True, self._message(comment, self._posts.get(comment.object or under, LinkedInPost(id=under)))

    def _post(self, walks: Walks, post: LinkedInPost, now: datetime) -> Iterator[tuple[IncomingMessage, ...]]:
        again = _reread(walks, post.id, now)
        for rows in self.under(post.id):
            known = dict(Record(walks.notes).record("replies").items())
            messages = [self._message(each, post) for each in rows if each.urn]
            for each in rows:
                if each.urn and each.replies and (again or known.get(each.urn) != each.replies):
                    for replies in self.under(each.urn):
                        messages += [self._message(reply, post, each.urn) for reply in replies if reply.urn]
                known.pop(each.urn, None)
                if each.replies:
                    known[each.urn] = each.replies
            walks.notes["replies"] = dict(list(known.items())[-_REMEMBERED:])
            yield tuple(messages)
        if again:
            swept = dict(Record(walks.notes).record("swept").items())
            walks.notes["swept"] = {**swept, post.id: now.isoformat()}

    def _message(self, comment: Comment, post: LinkedInPost, parent: str = "") -> IncomingMessage:
        return message_of(comment, post, self._organization, self._account, parent)

    def _latest(self, walks: Walks, now: datetime) -> dict[str, LinkedInPost]:
        """The posts of the last 30 days, the newest first."""
        found: dict[str, LinkedInPost] = {}

        def part(offset: int) -> Slice[LinkedInPost]:
            asked = {
                "q": "author",
                "author": self._organization,
                "sortBy": "CREATED",
                "start": offset,
                "count": _AT_ONCE,
            }
            listed = read(PostList, body_of(self._api.get("/posts", asked)), "posts")
            return _slice(listed.elements, listed.paging, offset)

        seen = False
        for rows in OffsetPages(part, lambda each: each.id).all():
            seen = seen or bool(rows)
            young = [each for each in rows if now - _published(each, now) <= FIRST_TIME]
            found |= {each.id: each for each in young}
            if rows and not young:
                break
        if not seen and Record(walks.notes).record("read").there and walks.notes["read"]:
            # A page does not lose all its posts overnight: it is the role that was lost.
            raise AccessLostError("platform.permission", reason="empty")
        self._posts = found
        swept = {post: at for post, at in Record(walks.notes).record("swept").items() if post in found}
        walks.notes["swept"] = swept
        return found


def comments_path(urn: str) -> str:
    """Where the comments under a post or a comment are."""
    return f"/socialActions/{quote(urn, safe='')}/comments"


def _slice(rows: Sequence[Item], paging: Paging, offset: int) -> Slice[Item]:
    count = paging.count if 0 < paging.count <= _AT_ONCE else _AT_ONCE
    return Slice(rows, offset + count, bool(rows) and (len(rows) >= count or offset + count < paging.total))


def _published(post: LinkedInPost, now: datetime) -> datetime:
    moment = post.published_at or post.created_at
    return from_epoch(moment, "post", 1000) if moment else now


def _is_due(walks: Walks, post: LinkedInPost, now: datetime) -> bool:
    read_at = Record(walks.notes).record("read").time(post.id)
    young = now - _published(post, now) <= _YOUNG
    return young or read_at is None or not timedelta(0) <= now - read_at < _OLDER_EVERY


def _reread(walks: Walks, post: str, now: datetime) -> bool:
    swept = Record(walks.notes).record("swept").time(post)
    return swept is None or not timedelta(0) <= now - swept < _REPLIES_EVERY
