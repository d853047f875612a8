"""What stands on a Facebook Page: its publications, those of citizens, and the comments under both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from console.domain.messages import FACEBOOK, Attachment, IncomingMessage, Kind
from console.errors import AccessLostError, EnvironmentProblemError
from console.platforms.http.shape import Record
from console.platforms.meta_graph import GoneError, Graph
from console.platforms.walking import Page, Walks, walk
from console.services.platform_ports import FetchedPage

COMMENT_FIELDS = (
    "id,message,from{id,name},created_time,parent,object,attachment,message_tags,is_hidden,can_hide,"
    "can_remove,can_comment,can_reply_privately,comment_count,like_count,permalink_url"
)
_COUNT = "comments.filter(stream).limit(0).summary(true)"
POST_FIELDS = f"id,message,from{{id,name}},created_time,permalink_url,{_COUNT}"
WATCHED = timedelta(days=90)
"""Comments are read under publications of so many days."""
WARM = timedelta(days=7)
"""Younger publications are read every time, older ones when their count changed, or in their turn."""
TURN = 5
"""How many older publications are read in each round although nothing seems to have changed: one comment
gone and one come leave the count as it was."""
_PICTURES = ("photo", "sticker", "animated_image_share", "animated_image_autoplay")
_COMMENTS, _VISITORS = "c:", "visitors"
_COUNTS, _NEXT = "counts", "turn"


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A publication, as its comments need it."""

    id: str
    text: str = ""
    at: datetime | None = None
    count: int | None = None


class PageComments:
    """The comments of one Page."""

    def __init__(self, graph: Graph, page: str) -> None:
        self._graph, self._page = graph, page
        self._posts: dict[str, SeenPost] = {}

    def fetch(self, walks: Walks) -> Iterator[FetchedPage]:
        """What is new under every publication that is due, one walk each."""
        now = self._graph.now()
        posts = self._watched("published_posts", now)
        for visitor_page, visited in self._visitors(walks, now):
            posts |= visited
            yield visitor_page
        self._posts = posts
        walks.forget(set(posts), _COMMENTS)
        counts: dict[str, Any] = dict(Record(walks.notes.get(_COUNTS)).items())
        walks.notes[_COUNTS] = {each: counts[each] for each in counts if each in posts}
        for post in self._due(walks, now):
            yield from self._under(post, walks, now)

    def look(self, identifier: str) -> IncomingMessage:
        """One comment (or a citizen's publication) as it is now. Raises `GoneError`."""
        head = identifier.rpartition("_")[0]
        if head == self._page:
            return self._publication(self._graph.thing(identifier, POST_FIELDS))
        found = self._graph.thing(identifier, COMMENT_FIELDS)
        post = self._posts.get(f"{self._page}_{head}") or SeenPost(f"{self._page}_{head}" if head else "")
        return replace(self._comment(found, post), external_id=identifier)

    def newest(self, comment: str, since: datetime) -> Iterator[Record]:
        """The newest answers under a comment, not older than `since`. Raises `GoneError`."""
        params = {
            "fields": "id,message,from{id,name},created_time",
            "order": "reverse_chronological",
            "limit": 100,
        }
        after, most = "", 10
        while most:
            page, most = self._graph.page(f"/{comment}/comments", params, after), most - 1
            times = [each.time("created_time") for each in page.items]
            yield from (each for each, at in zip(page.items, times, strict=True) if at is None or at >= since)
            old = any(at is not None and at < since for at in times)
            if old or not page.next:
                return
            after = page.next

    def _watched(self, edge: str, now: datetime) -> dict[str, SeenPost]:
        found: dict[str, SeenPost] = {}
        after, most = "", 20
        while most:
            page, most = self._graph.page(f"/{self._page}/{edge}", _posts(), after), most - 1
            posts = [_post(each) for each in page.items]
            found |= {each.id: each for each in posts if each.at is None or each.at >= now - WATCHED}
            if not page.next or (posts and not any(each.id in found for each in posts)):
                break
            after = page.next
        return found

    def _visitors(self, walks: Walks, now: datetime) -> Iterator[tuple[FetchedPage, dict[str, SeenPost]]]:
        """What citizens published on the Page: messages themselves, with comments under them."""
        read = self._reader("visitor_posts", _posts())
        try:
            known = self._watched("visitor_posts", now)
            for items, state in walk(walks.get(_VISITORS, now), read, _created, now):
                walks.walks[_VISITORS] = state
                messages = tuple(self._publication(each) for each in items)
                yield FetchedPage(messages, walks.dump()), known
        except (GoneError, EnvironmentProblemError, AccessLostError) as error:
            # A Page may have closed its wall to visitors; its own publications are read all the same.
            if isinstance(error, AccessLostError) and error.code != "platform.permission":
                raise

    def _due(self, walks: Walks, now: datetime) -> list[SeenPost]:
        counts = walks.notes[_COUNTS]
        due: list[SeenPost] = []
        calm: list[SeenPost] = []
        for post in self._posts.values():
            state = walks.walks.get(_COMMENTS + post.id)
            changed = post.count is not None and counts.get(post.id) != post.count
            warm = post.at is None or post.at >= now - WARM
            begun = state is None or bool(state.page)
            (due if changed or warm or begun else calm).append(post)
        calm.sort(key=lambda each: each.id)
        turn = Record(walks.notes).text(_NEXT)
        after = [each for each in calm if each.id > turn] + [each for each in calm if each.id <= turn]
        if after:
            walks.notes[_NEXT] = after[:TURN][-1].id
        return due + after[:TURN]

    def _under(self, post: SeenPost, walks: Walks, now: datetime) -> Iterator[FetchedPage]:
        name = _COMMENTS + post.id
        params = {
            "fields": COMMENT_FIELDS,
            "filter": "stream",
            "order": "reverse_chronological",
            "limit": 100,
        }
        read = self._reader(f"{post.id}/comments", params, by_post=True)
        try:
            for items, state in walk(walks.get(name, now), read, _created, now):
                walks.walks[name] = state
                if not state.page and post.count is not None:
                    walks.notes[_COUNTS][post.id] = post.count
                yield FetchedPage(tuple(self._comment(each, post) for each in items), walks.dump())
        except GoneError:
            walks.walks.pop(name, None)

    def _reader(self, edge: str, params: dict[str, object], by_post: bool = False) -> Any:
        path = f"/{edge}" if by_post else f"/{self._page}/{edge}"

        def read(after: str, floor: datetime) -> Page[Record]:
            since = {"since": int(floor.timestamp())} if by_post else {}
            return self._graph.page(path, {**params, **since}, after)

        return read

    def _comment(self, comment: Record, post: SeenPost) -> IncomingMessage:
        author, parent = comment.record("from"), comment.record("parent")
        above = comment_id(parent.id(), post.id) if parent.word("id") else ""
        return IncomingMessage(
            external_id=comment_id(comment.id(), post.id),
            text=comment.text("message"),
            platform=FACEBOOK,
            kind=Kind.REPLY if above else Kind.COMMENT,
            account=self._graph.connection.name,
            author_external_id=author.word("id"),
            author_name=author.text("name"),
            posted_at=comment.time("created_time"),
            post_external_id=post.id or comment.record("object").word("id"),
            post_text=post.text,
            post_posted_at=post.at,
            parent_external_id=above,
            attachments=_attachments(comment.record("attachment")),
            permalink=comment.text("permalink_url"),
            by_city=author.word("id") == self._page,
        )

    def _publication(self, post: Record) -> IncomingMessage:
        author = post.record("from")
        return IncomingMessage(
            external_id=post.id(),
            text=post.text("message"),
            platform=FACEBOOK,
            kind=Kind.PUBLICATION,
            account=self._graph.connection.name,
            author_external_id=author.word("id"),
            author_name=author.text("name"),
            posted_at=post.time("created_time"),
            permalink=post.text("permalink_url"),
            by_city=author.word("id") == self._page,
        )


def comment_id(given: str, post: str) -> str:
    """One spelling of the two (`98765`, `POST_98765`): the long one, which every edge takes."""
    own = given.rpartition("_")[2]
    head = post.rpartition("_")[2]
    return f"{head}_{own}" if head else given


def _posts() -> dict[str, object]:
    return {"fields": POST_FIELDS, "limit": 100}


def _created(item: Record) -> datetime | None:
    return item.time("created_time")


def _post(post: Record) -> SeenPost:
    count = post.record("comments").record("summary").number("total_count")
    text = post.text("message")
    return SeenPost(post.id(), text, post.time("created_time"), count)


def _attachments(given: Record) -> tuple[Attachment, ...]:
    if not given.there:
        return ()
    kind = given.text("type")
    picture = given.record("media").record("image").text("src")
    target = given.record("target").text("url") or given.text("url")
    is_picture = kind in _PICTURES and bool(picture)
    media_type = "image/*" if is_picture else "video/*" if kind.startswith("video") else ""
    return (Attachment(given.text("title") or kind, media_type, picture if is_picture else target),)
