"""The comments under an Instagram account's publications, and the replies to them.

The list under a publication holds the comments alone, newest first; a reply to an old one shows only in
the publication's count. When that changed, the whole publication is read, with the replies inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from console.domain.messages import INSTAGRAM, IncomingMessage, Kind
from console.platforms.http.shape import Record
from console.platforms.meta_graph import GoneError, Graph, edge
from console.platforms.meta_posts import (
    COMMENTS,
    WATCHED,
    SeenPost,
    changed,
    due,
    keep,
    listed,
    read_to_the_end,
)
from console.platforms.walking import OVERLAP, Page, Walk, Walks, walk
from console.services.platform_ports import FetchedPage

_ONE = "id,text,timestamp,username,from{id,username},hidden,like_count,parent_id,media"
COMMENT_FIELDS = f"{_ONE},replies.limit(50){{{_ONE}}}"
MEDIA_FIELDS = "id,caption,timestamp,permalink,comments_count"
_WHOLE = "w:"
"""Names of the walks over whole publications; those of `COMMENTS` hold down to where all is known."""
_REPLY_PAGES = 100


class MediaComments:
    """The comments of one account."""

    def __init__(self, graph: Graph, account: str) -> None:
        self._graph, self._account = graph, account
        self._posts: dict[str, SeenPost] = {}

    def fetch(self, walks: Walks) -> Iterator[FetchedPage]:
        """What is new under every publication that is due."""
        now = self._graph.now()
        media = listed(self._graph, f"/{self._account}/media", MEDIA_FIELDS, _at, now)
        self._posts = {each.id(): _post(each) for each in media}
        keep(self._posts, walks)
        walks.forget(set(self._posts), _WHOLE)
        for post in due(self._posts.values(), walks, now):
            yield from self._under(post, walks, now)

    def look(self, identifier: str) -> IncomingMessage:
        """One comment as it is now. Raises `GoneError`."""
        found = self._graph.thing(identifier, _ONE)
        media = found.record("media").word("id")
        message = self._comment(found, self._posts.get(media) or SeenPost(media), found.word("parent_id"))
        return replace(message, external_id=identifier)

    def ours(self, comment: Record) -> bool:
        """Whether the city wrote it."""
        author = comment.record("from")
        name = comment.text("username") or author.text("username")
        own = self._graph.connection.settings.get("username") or self._graph.connection.name
        return author.word("id") == self._account or (not author.word("id") and name == own)

    def _under(self, post: SeenPost, walks: Walks, now: datetime) -> Iterator[FetchedPage]:
        known, whole = COMMENTS + post.id, _WHOLE + post.id
        state = walks.get(known, now)
        under_way = walks.walks.get(whole)
        begins = under_way or Walk(now - WATCHED if changed(post, walks) else state.floor)
        tops = []
        try:
            for items, reached in walk(begins, self._reader(post.id), _at, now):
                found = [each for item in items for each in self._thread(item, post)]
                tops += [each.posted_at for each in found if each.posted_at]
                fresh = tuple(each for each in found if (each.posted_at or now) >= state.floor)
                if reached.page:
                    walks.walks[whole] = reached
                else:
                    walks.walks.pop(whole, None)
                    if under_way is None:
                        newest = min(max(tops), now) if tops else None
                        walks.walks[known] = Walk(state.floor, newest).ended(OVERLAP)
                        read_to_the_end(post, walks)
                    # Else what was written above the first page, before the interruption, is unknown
                    # yet: neither floor nor count moves, and all is read once more.
                yield FetchedPage(fresh, walks.dump())
        except GoneError:
            walks.walks.pop(known, None)
            walks.walks.pop(whole, None)

    def _reader(self, media: str) -> Callable[[str, datetime], Page[Record]]:
        def read(after: str, floor: datetime) -> Page[Record]:
            params = {"fields": COMMENT_FIELDS, "limit": self._graph.page_size}
            return self._graph.page(f"/{media}/comments", params, after)

        return read

    def _thread(self, comment: Record, post: SeenPost) -> list[IncomingMessage]:
        """A comment and all its replies, oldest first."""
        top = comment.id()
        found = [self._comment(each, post, top) for each in self._replies(comment)]
        found.sort(key=lambda each: (each.posted_at is None, each.posted_at))
        return [self._comment(comment, post, ""), *found]

    def _replies(self, comment: Record) -> Iterator[Record]:
        inside = comment.record("replies")
        if not inside.there:
            return
        page = edge(inside)
        yield from page.items
        for _ in range(_REPLY_PAGES):
            if not page.next:
                return
            page = self._graph.page(
                f"/{comment.id()}/replies", {"fields": _ONE, "limit": self._graph.page_size}, page.next
            )
            yield from page.items

    def _comment(self, comment: Record, post: SeenPost, parent: str) -> IncomingMessage:
        author, identifier = comment.record("from"), comment.id()
        name = comment.text("username") or author.text("username")
        return IncomingMessage(
            external_id=identifier,
            text=comment.text("text"),
            platform=INSTAGRAM,
            kind=Kind.REPLY if parent else Kind.COMMENT,
            account=self._graph.connection.name,
            author_external_id=author.word("id") or name,
            author_name=name,
            posted_at=_at(comment),
            post_external_id=post.id,
            post_text=post.text,
            post_posted_at=post.at,
            parent_external_id=parent,
            permalink=f"{post.permalink.rstrip('/')}/c/{identifier}" if post.permalink else "",
            by_city=self.ours(comment),
        )


def _at(item: Record) -> datetime | None:
    return item.time("timestamp")


def _post(media: Record) -> SeenPost:
    count = media.number("comments_count")
    return SeenPost(media.id(), media.text("caption"), _at(media), count, media.text("permalink"))
