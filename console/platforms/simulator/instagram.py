"""A professional Instagram account: publications, comments and replies, through its Page's token."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from console.domain.messages import INSTAGRAM
from console.platforms.simulator.api import Ask
from console.platforms.simulator.meta import PAGE_ID, Found, GraphApi, Serves, show
from console.platforms.simulator.meta_accounts import serve_accounts, user
from console.platforms.simulator.meta_fields import (
    Edge,
    Field,
    Node,
    asked_fields,
    bad,
    flag,
    gone,
    moment,
    part,
    since,
)
from console.platforms.simulator.meta_messages import DIRECT, Messages
from console.platforms.simulator.things import SimComment, SimPerson, SimPost
from console.platforms.simulator.world import World

_PAGE_SIZE = 50
_USERNAME = "ville.essai"
_READ = ("instagram_basic",)
_COMMENTS = ("instagram_basic", "instagram_manage_comments")


class InstagramApi(GraphApi):
    """Replaces `https://graph.facebook.com/v26.0` for an account that is linked to a Page."""

    platform = INSTAGRAM
    external_id = "17841400000000000"
    usage_type = "instagram"
    rate_code = 4
    scopes = (
        "pages_show_list",
        "pages_read_engagement",
        "instagram_basic",
        "instagram_manage_comments",
        "instagram_manage_messages",
        "pages_manage_metadata",
    )

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.settings = {"page_id": PAGE_ID}
        self._page = SimPerson(PAGE_ID, INSTAGRAM, "Ville d'essai", is_city=True)
        self._messages = Messages(self, DIRECT)
        serve_accounts(self)
        self.edges |= {
            ("GET", "instagram", ""): Serves(show, _READ),
            ("GET", "instagram", "media"): Serves(_media, _READ),
            ("GET", "post", ""): Serves(show, _READ),
            ("GET", "post", "comments"): Serves(_comments, _COMMENTS),
            ("POST", "post", "comments"): Serves(_answer, _COMMENTS),
            ("GET", "comment", ""): Serves(show, _COMMENTS),
            ("POST", "comment", ""): Serves(_hide, _COMMENTS),
            ("DELETE", "comment", ""): Serves(_delete, _COMMENTS),
            ("GET", "comment", "replies"): Serves(_comments, _COMMENTS),
            ("POST", "comment", "replies"): Serves(_answer, _COMMENTS),
        }

    def city_name(self) -> str:
        """Comments name the account by its user name."""
        return _USERNAME

    def find(self, ask: Ask, identifier: str) -> Found:
        """The Page, the Instagram account, and what stands there."""
        kind = ask.grant.kind if ask.grant is not None else ""
        if identifier in (PAGE_ID, "me_page") or (identifier == "me" and kind == "page"):
            return Found("page", self._page, PAGE)
        me = user(self)
        if identifier == "me" or identifier == me.thing.id:
            return me
        if identifier == self.external_id:
            return Found("instagram", self.city, ACCOUNT)
        post = self.world.post_by_id(INSTAGRAM, identifier)
        if post is not None:
            return Found("post", post, MEDIA)
        comment = self.world.comment_by_id(INSTAGRAM, identifier)
        if comment is not None and not comment.removed and not comment.post.removed:
            return Found("comment", comment, COMMENT)
        private = self._messages.find(ask, identifier)
        if private is None:
            raise gone(identifier)
        return private


def _media(ask: Ask, found: Found) -> dict[str, Any]:
    floor, fields = since(ask.params), asked_fields(ask)
    posts = [
        post
        for post in reversed(ask.world.posts(INSTAGRAM))
        if post.person.is_city and (floor is None or post.at >= floor)
    ]
    ask.page()
    return Edge(f"/{found.thing.id}/media", ask.params).page(ask, posts, lambda p: MEDIA.show(ask, p, fields))


def _list(
    ask: Ask, thing: SimPost | SimComment, fields: tuple[Field, ...], params: dict[str, Any]
) -> dict[str, Any]:
    """Under a publication the comments alone, newest first; under a comment its replies."""
    under = thing.children if isinstance(thing, SimComment) else thing.comments
    rows = [one for one in reversed(under) if isinstance(thing, SimComment) or one.parent is None]
    edge = "replies" if isinstance(thing, SimComment) else "comments"
    listing = Edge(f"/{thing.id}/{edge}", params, page_size=_PAGE_SIZE, largest=_PAGE_SIZE)
    return listing.page(ask, rows, lambda one: COMMENT.show(ask, one, fields))


def _comments(ask: Ask, found: Found) -> dict[str, Any]:
    thing: SimPost | SimComment = found.thing
    ask.page(thing.post if isinstance(thing, SimComment) else thing)
    return _list(ask, thing, asked_fields(ask), ask.params)


def _answer(ask: Ask, found: Found) -> dict[str, Any]:
    """Write in public; not under a hidden comment."""
    text = str(ask.params.get("message", ""))
    if not text.strip():
        raise bad("The parameter message is required")
    if len(text) > 2_200:
        raise bad("The comment is too long")
    thing: SimPost | SimComment = found.thing
    if isinstance(thing, SimComment) and thing.hidden:
        raise bad("You cannot reply to a hidden comment")
    parent = thing.parent or thing if isinstance(thing, SimComment) else None
    post = thing.post if isinstance(thing, SimComment) else thing
    made = ask.world.comment(post, ask.world.cities[INSTAGRAM], text, parent=parent)
    ask.did(f"reply {made.id}")
    return {"id": made.id}


def _hide(ask: Ask, found: Found) -> dict[str, Any]:
    comment: SimComment = found.thing
    hidden = flag(ask.query, "hide")
    # The account's own comments are always seen, whatever the answer says.
    if not comment.by_city and comment.hidden is not hidden:
        comment.hidden = hidden
        ask.did(f"{'hidden' if hidden else 'shown'} {comment.id}")
    return {"success": True}


def _delete(ask: Ask, found: Found) -> dict[str, Any]:
    ask.world.remove(found.thing)
    ask.did(f"deleted {found.thing.id}")
    return {"success": True}


def _from(ask: Ask, one: SimComment, wanted: Field) -> dict[str, Any]:
    return part({"id": one.person.id, "username": one.person.name}, wanted)


PAGE = Node(
    "Page",
    ("id", "name"),
    {
        "id": lambda ask, page, f: page.id,
        "name": lambda ask, page, f: page.name,
        "instagram_business_account": lambda ask, page, f: ACCOUNT.show(
            ask, ask.world.cities[INSTAGRAM], f.sub or (Field("id"),)
        ),
    },
)
ACCOUNT: Node = Node(
    "IGUser",
    ("id",),
    {
        "id": lambda ask, one, f: one.id,
        "username": lambda ask, one, f: one.name,
        "name": lambda ask, one, f: "Ville d'essai",
        "media": lambda ask, one, f: _media(ask, Found("instagram", one, ACCOUNT)),
    },
)
MEDIA = Node(
    "IGMedia",
    ("id",),
    {
        "id": lambda ask, post, f: post.id,
        "caption": lambda ask, post, f: post.text,
        "media_type": lambda ask, post, f: "IMAGE",
        "media_url": lambda ask, post, f: f"{ask.root}/images/{quote(post.id)}.png",
        "permalink": lambda ask, post, f: post.permalink,
        "timestamp": lambda ask, post, f: moment(post.at),
        "username": lambda ask, post, f: _USERNAME,
        "comments_count": lambda ask, post, f: sum(not one.removed for one in post.comments),
        "comments": lambda ask, post, f: _list(ask, post, f.sub, dict(f.args)),
    },
)
COMMENT = Node(
    "IGComment",
    ("id", "text", "timestamp"),
    {
        "id": lambda ask, one, f: one.id,
        "text": lambda ask, one, f: one.text,
        "timestamp": lambda ask, one, f: moment(one.at),
        "username": lambda ask, one, f: one.person.name,
        "from": _from,
        "hidden": lambda ask, one, f: one.hidden,
        "like_count": lambda ask, one, f: one.likes,
        "parent_id": lambda ask, one, f: one.parent.id if one.parent is not None else None,
        "media": lambda ask, one, f: {"id": one.post.id},
        "replies": lambda ask, one, f: _list(ask, one, f.sub, dict(f.args)),
    },
)
