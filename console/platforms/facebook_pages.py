"""What stands on a Facebook Page: its publications, those of citizens, and the comments under both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from console.domain.messages import FACEBOOK, Attachment, IncomingMessage, Kind
from console.errors import AccessLostError, EnvironmentProblemError
from console.platforms.http.shape import Record
from console.platforms.meta_graph import GoneError, Graph
from console.platforms.meta_posts import COMMENTS, SeenPost, due, keep, listed, read_to_the_end
from console.platforms.walking import OVERLAP, Page, Walk, Walks, walk
from console.services.platform_ports import FetchedPage

COMMENT_FIELDS = (
    "id,message,from{id,name},created_time,parent,object,attachment,message_tags,is_hidden,can_hide,"
    "can_remove,can_comment,can_reply_privately,comment_count,like_count,permalink_url"
)
_OWN = "id,message,from{id,name},created_time,permalink_url"
POST_FIELDS = f"{_OWN},comments.filter(stream).limit(0).summary(true)"
_PICTURES = ("photo", "sticker", "animated_image_share", "animated_image_autoplay")
_VISITORS = "visitors"


class PageComments:
    """The comments of one Page."""

    def __init__(self, graph: Graph, page: str) -> None:
        self._graph, self._page = graph, page
        self._posts: dict[str, SeenPost] = {}

    def fetch(self, walks: Walks) -> Iterator[FetchedPage]:
        """What is new under every publication that is due, one walk each."""
        now = self._graph.now()
        own = self._listed("published_posts", now)
        visitors = self._visitors(now)
        self._posts = {each.id(): _post(each) for each in [*own, *visitors]}
        yield self._published(visitors, walks, now)
        keep(self._posts, walks)
        for post in due(self._posts.values(), walks, now):
            yield from self._under(post, walks, now)

    def look(self, identifier: str) -> IncomingMessage:
        """One comment (or a citizen's publication) as it is now. Raises `GoneError`."""
        head = identifier.rpartition("_")[0]
        if head == self._page:
            return self._publication(self._graph.thing(identifier, _OWN))
        found = self._graph.thing(identifier, COMMENT_FIELDS)
        known = f"{self._page}_{head}"
        post = self._posts.get(known) or SeenPost(known if head else "")
        return replace(self._comment(found, post), external_id=identifier)

    def _listed(self, edge: str, now: datetime) -> list[Record]:
        return listed(self._graph, f"/{self._page}/{edge}", POST_FIELDS, _created, now)

    def _visitors(self, now: datetime) -> list[Record]:
        try:
            return self._listed("visitor_posts", now)
        except (GoneError, EnvironmentProblemError):
            # A Page may have closed its wall to visitors; its own publications are read all the same.
            return []
        except AccessLostError as error:
            if error.code != "platform.permission":
                raise
            return []

    def _published(self, visitors: list[Record], walks: Walks, now: datetime) -> FetchedPage:
        """What citizens published on the Page: messages themselves, with comments under them."""
        state = walks.get(_VISITORS, now)
        times = [_created(each) or now for each in visitors]
        found = [
            self._publication(each) for each, at in zip(visitors, times, strict=True) if at >= state.floor
        ]
        walks.walks[_VISITORS] = Walk(state.floor, min(max(times), now) if times else None).ended(OVERLAP)
        return FetchedPage(tuple(reversed(found)), walks.dump())

    def _under(self, post: SeenPost, walks: Walks, now: datetime) -> Iterator[FetchedPage]:
        name = COMMENTS + post.id
        state = walks.get(name, now)
        from_the_top = not state.page
        try:
            for items, reached in walk(state, self._reader(post.id), _created, now):
                walks.walks[name] = reached
                if not reached.page and from_the_top:
                    read_to_the_end(post, walks)
                messages = tuple(self._comment(each, post) for each in reversed(items))
                yield FetchedPage(messages, walks.dump())
        except GoneError:
            walks.walks.pop(name, None)

    def _reader(self, post: str) -> Callable[[str, datetime], Page[Record]]:
        params = {
            "fields": COMMENT_FIELDS,
            "filter": "stream",
            "order": "reverse_chronological",
            "limit": self._graph.page_size,
        }

        def read(after: str, floor: datetime) -> Page[Record]:
            since = int(floor.timestamp())
            return self._graph.page(f"/{post}/comments", {**params, "since": since}, after)

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


def _created(item: Record) -> datetime | None:
    return item.time("created_time")


def _post(post: Record) -> SeenPost:
    count = post.record("comments").record("summary").number("total_count")
    return SeenPost(post.id(), post.text("message"), _created(post), count, post.text("permalink_url"))


def _attachments(given: Record) -> tuple[Attachment, ...]:
    if not given.there:
        return ()
    kind = given.text("type")
    picture = given.record("media").record("image").text("src")
    target = given.record("target").text("url") or given.text("url")
    is_picture = kind in _PICTURES and bool(picture)
    media_type = "image/*" if is_picture else "video/*" if kind.startswith("video") else ""
    return (Attachment(given.text("title") or kind, media_type, picture if is_picture else target),)
