"""A Facebook Page: publications, comments, what the Page does with them, bans."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from console.domain.messages import FACEBOOK
from console.platforms.simulator.api import Ask
from console.platforms.simulator.meta import PAGE_ID, Found, GraphApi, Serves, show
from console.platforms.simulator.meta_accounts import named, serve_accounts, user
from console.platforms.simulator.meta_fields import (
    Edge,
    Field,
    GraphError,
    Node,
    asked_fields,
    bad,
    flag,
    gone,
    moment,
    since,
)
from console.platforms.simulator.meta_messages import MESSENGER, Messages
from console.platforms.simulator.things import SimComment, SimPost
from console.platforms.simulator.world import World

_WEEK = timedelta(days=7)
_READ = ("pages_read_engagement", "pages_read_user_content")
_ACT = ("pages_manage_engagement",)


class FacebookApi(GraphApi):
    """Replaces `https://graph.facebook.com/v26.0`."""

    platform = FACEBOOK
    external_id = PAGE_ID
    scopes = (
        "pages_show_list",
        "pages_read_engagement",
        "pages_read_user_content",
        "pages_manage_engagement",
        "pages_messaging",
        "pages_manage_metadata",
    )

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._messages = Messages(self, MESSENGER)
        serve_accounts(self)
        self.edges |= {
            ("GET", "page", "published_posts"): Serves(self._posts, ("pages_read_engagement",)),
            ("GET", "page", "feed"): Serves(self._posts, ("pages_read_engagement",)),
            ("GET", "page", "visitor_posts"): Serves(self._posts, ("pages_read_user_content",)),
            ("GET", "page", "blocked"): Serves(_blocked, _READ[:1]),
            ("POST", "page", "blocked"): Serves(_block, _ACT),
            ("DELETE", "page", "blocked"): Serves(_unblock, _ACT),
            ("GET", "post", ""): Serves(show, _READ[:1]),
            ("GET", "post", "comments"): Serves(_comments, _READ),
            ("POST", "post", "comments"): Serves(_answer, _ACT),
            ("GET", "comment", ""): Serves(show, _READ),
            ("POST", "comment", ""): Serves(_change, _ACT),
            ("DELETE", "comment", ""): Serves(_delete, _ACT),
            ("GET", "comment", "comments"): Serves(_comments, _READ),
            ("POST", "comment", "comments"): Serves(_answer, _ACT),
        }

    def find(self, ask: Ask, identifier: str) -> Found:
        """`me` is whoever the token speaks for; a comment has two spellings."""
        kind = ask.grant.kind if ask.grant is not None else ""
        if identifier in (PAGE_ID, "me_page") or (identifier == "me" and kind == "page"):
            return Found("page", self.city, PAGE)
        me = user(self)
        if identifier == "me" or identifier == me.thing.id:
            return me
        post = self.world.post_by_id(FACEBOOK, identifier)
        if post is not None:
            return Found("post", post, POST)
        under, _, own = identifier.rpartition("_")
        comment = self.world.comment_by_id(FACEBOOK, own)
        if comment is not None and under in ("", _own(comment.post)):
            if comment.removed or comment.post.removed:
                raise gone(identifier)
            return Found("comment", comment, COMMENT)
        private = self._messages.find(ask, identifier)
        if private is None:
            raise gone(identifier)
        return private

    def _posts(self, ask: Ask, found: Found) -> dict[str, Any]:
        edge, fields = ask.args["edge"], asked_fields(ask)
        floor = since(ask.params)
        posts = [
            post
            for post in reversed(self.world.posts(FACEBOOK))
            if (edge == "feed" or post.person.is_city is (edge == "published_posts"))
            and (floor is None or post.at >= floor)
        ]
        ask.page()
        return Edge(f"/{PAGE_ID}/{edge}", ask.params).page(ask, posts, lambda p: POST.show(ask, p, fields))


def _own(post: SimPost) -> str:
    return post.id.rpartition("_")[2]


def full(comment: SimComment) -> str:
    """The longer spelling: `POST_COMMENT`."""
    return f"{_own(comment.post)}_{comment.id}"


def spelling(comment: SimComment) -> str:
    """The one in which lists name it; a reply's `parent` is named in the other one."""
    return full(comment) if comment.number.bit_count() % 2 else comment.id


def _list(
    ask: Ask, thing: SimPost | SimComment, fields: tuple[Field, ...], params: dict[str, Any]
) -> dict[str, Any]:
    if ask.grant is not None and ask.grant.kind == "user":
        # No error: whoever uses the wrong kind of token sees a page that nobody comments on.
        return {"data": []}
    floor = since(params)
    under = thing.children if isinstance(thing, SimComment) else thing.comments
    stream = isinstance(thing, SimComment) or params.get("filter") == "stream"
    rows = [one for one in under if (stream or one.parent is None) and (floor is None or one.at >= floor)]
    if params.get("order") == "reverse_chronological":
        rows.reverse()
    name = spelling(thing) if isinstance(thing, SimComment) else thing.id
    answer = Edge(f"/{quote(name)}/comments", params).page(
        ask, rows, lambda one: COMMENT.show(ask, one, fields)
    )
    if params.get("summary") in (True, "true", "1"):
        answer["summary"] = {"total_count": sum(not one.removed for one in rows)}
    return answer


def _comments(ask: Ask, found: Found) -> dict[str, Any]:
    thing: SimPost | SimComment = found.thing
    ask.page(thing.post if isinstance(thing, SimComment) else thing)
    return _list(ask, thing, asked_fields(ask), ask.params)


def _answer(ask: Ask, found: Found) -> dict[str, Any]:
    """Write in public; an answer to a reply stands beside it, one level is all there is."""
    text = str(ask.params.get("message", ""))
    if not text.strip():
        raise bad("The parameter message is required")
    if len(text) > 8_000:
        raise bad("The comment is too long")
    thing: SimPost | SimComment = found.thing
    parent = thing.parent or thing if isinstance(thing, SimComment) else None
    post = thing.post if isinstance(thing, SimComment) else thing
    made = ask.world.comment(post, ask.world.cities[FACEBOOK], text, parent=parent)
    ask.did(f"reply {made.id}")
    return {"id": full(made)}


def _change(ask: Ask, found: Found) -> dict[str, Any]:
    """Hide or show; with `message` it *edits* the comment."""
    comment: SimComment = found.thing
    params = ask.params
    if "message" in params:
        if not comment.by_city:
            raise GraphError(200, "You do not have permission to edit this comment", status=403)
        ask.world.edit(comment, str(params["message"]))
        ask.did(f"edited {comment.id}")
        return {"success": True}
    hidden = flag(params, "is_hidden")
    if not _can_hide(comment):
        raise bad("This comment cannot be hidden")
    if comment.hidden is not hidden:
        ask.did(f"{'hidden' if hidden else 'shown'} {comment.id}")
    comment.hidden = hidden
    return {"success": True}


def _delete(ask: Ask, found: Found) -> dict[str, Any]:
    ask.world.remove(found.thing)
    ask.did(f"deleted {found.thing.id}")
    return {"success": True}


def _blocked(ask: Ask, found: Found) -> dict[str, Any]:
    only = ask.params.get("user")
    rows = [
        {"id": person.id, "name": person.name}
        for person in ask.world.people(FACEBOOK)
        if person.id in ask.world.banned(FACEBOOK) and only in (None, person.id)
    ]
    return {"data": rows}


def _block(ask: Ask, found: Found) -> dict[str, Any]:
    person = _person(ask)
    ask.world.banned(FACEBOOK).add(person)
    ask.did(f"banned {person}")
    return {person: True}


def _unblock(ask: Ask, found: Found) -> dict[str, Any]:
    person = _person(ask)
    ask.world.banned(FACEBOOK).discard(person)
    ask.did(f"unbanned {person}")
    return {"success": True}


def _person(ask: Ask) -> str:
    given = str(ask.params.get("user", ""))
    if ask.world.person_by_id(FACEBOOK, given) is None:
        raise bad(f"Invalid user id {given}")
    return given


def _can_hide(comment: SimComment) -> bool:
    return comment.can_hide and not comment.by_city


def _can_reply_privately(ask: Ask, comment: SimComment) -> bool:
    fresh = ask.now - comment.at <= _WEEK
    return fresh and not comment.by_city and comment.private_reply is None and not comment.person.unavailable


def _attachment(ask: Ask, comment: SimComment, wanted: Field) -> dict[str, Any] | None:
    if comment.picture is None:
        return None
    url = f"{ask.root}/images/{quote(comment.picture)}.png"
    image = {"image": {"height": 96, "width": 96, "src": url}}
    return {"media": image, "target": {"id": f"9{comment.id}", "url": url}, "type": "photo", "url": url}


def _parent(ask: Ask, comment: SimComment, wanted: Field) -> dict[str, Any] | None:
    if comment.parent is None:
        return None
    shown = COMMENT.show(ask, comment.parent, wanted.sub)
    other = full(comment.parent) if spelling(comment.parent) == comment.parent.id else comment.parent.id
    return {**shown, "id": other}


PAGE = Node(
    "Page",
    ("id", "name"),
    {
        "id": lambda ask, page, f: page.id,
        "name": lambda ask, page, f: page.name,
        "link": lambda ask, page, f: "https://www.facebook.com/ville.essai",
        "username": lambda ask, page, f: "ville.essai",
    },
)
POST = Node(
    "Post",
    ("created_time", "message"),
    {
        "id": lambda ask, post, f: post.id,
        "message": lambda ask, post, f: post.text,
        "created_time": lambda ask, post, f: moment(post.at),
        "updated_time": lambda ask, post, f: moment(max([post.at, *(one.at for one in post.comments[-1:])])),
        "permalink_url": lambda ask, post, f: post.permalink,
        "from": lambda ask, post, f: named(post.person.id, post.person.name, f),
        "is_hidden": lambda ask, post, f: False,
        "comments": lambda ask, post, f: _list(ask, post, f.sub, dict(f.args)),
    },
)
COMMENT = Node(
    "Comment",
    ("created_time", "from", "message"),
    {
        "id": lambda ask, one, f: spelling(one),
        "message": lambda ask, one, f: one.text,
        "from": lambda ask, one, f: named(one.person.id, one.person.name, f),
        "created_time": lambda ask, one, f: moment(one.at),
        "parent": _parent,
        "object": lambda ask, one, f: {"id": one.post.id},
        "attachment": _attachment,
        "message_tags": lambda ask, one, f: None,
        "is_hidden": lambda ask, one, f: one.hidden,
        "can_hide": lambda ask, one, f: _can_hide(one),
        "can_remove": lambda ask, one, f: True,
        "can_comment": lambda ask, one, f: not one.post.closed,
        "can_reply_privately": lambda ask, one, f: _can_reply_privately(ask, one),
        "comment_count": lambda ask, one, f: sum(not reply.removed for reply in one.children),
        "like_count": lambda ask, one, f: one.likes,
        "permalink_url": lambda ask, one, f: _permalink(one),
        "comments": lambda ask, one, f: _list(ask, one, f.sub, dict(f.args)),
    },
)


def _permalink(comment: SimComment) -> str:
    link = comment.post.permalink
    return f"{link}-{comment.id}" if "#" in link else f"{link}?comment_id={comment.id}"
