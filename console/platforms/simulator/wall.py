"""The wall: what the public sees on all simulated platforms, and what a person of the city does there by
hand. `GET /mur` (a page), `GET /mur/etat` (the same as JSON), `POST /mur/geste`."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Request, Response

from console.domain.messages import YOUTUBE, Platform
from console.domain.platforms import Act
from console.paths import RESOURCES
from console.platforms.simulator.server import Page
from console.platforms.simulator.things import SimComment, SimConversation, SimMessage, SimPost
from console.platforms.simulator.world import World

_POSTS, _CONVERSATIONS = 30, 10
_SHOWN = "published"
_HELD = "heldForReview"
_NEVER = "rejected"


class Wall:
    """Shows one world, and lets the city act in it by hand."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.reported: set[tuple[Platform, str]] = set()
        """What was reported to its platform by hand."""

    @property
    def pages(self) -> dict[str, Page]:
        """What the server shows, by path."""
        return {"/mur": self._page, "/mur/etat": self._told, "/mur/geste": self._by_hand}

    def state(self) -> dict[str, Any]:
        """Everything that the page shows: newest publications and conversations first."""
        with self._world.lock:
            return {"platforms": [self._platform(platform) for platform in self._world.cities]}

    def act(self, platform: Platform, identifier: str, act: Act) -> bool:
        """What a person does on the platform's own pages; whether there was something to do it to."""
        with self._world.lock:
            comment = self._world.comment_by_id(platform, identifier)
            thing = comment if comment is not None else self._world.message_by_id(platform, identifier)
            if thing is None or thing.removed:
                return False
            banned = self._world.banned(platform)
            match act:
                case Act.BAN:
                    banned.add(thing.person.id)
                case Act.UNBAN:
                    banned.discard(thing.person.id)
                case Act.REPORT:
                    self.reported.add((platform, identifier))
                case Act.DELETE:
                    self._world.remove(thing)
                case Act.HIDE | Act.UNHIDE if comment is not None:
                    if platform == YOUTUBE:
                        comment.status = _HELD if act is Act.HIDE else _SHOWN
                    else:
                        comment.hidden = act is Act.HIDE
                case _:
                    return False
            return True

    def _page(self, request: Request) -> Response:
        return Response(
            (RESOURCES / "simulator" / "mur.html").read_bytes(), content_type="text/html; charset=utf-8"
        )

    def _told(self, request: Request) -> Response:
        text = json.dumps(self.state(), ensure_ascii=False)
        return Response(text, content_type="application/json", headers={"Cache-Control": "no-store"})

    def _by_hand(self, request: Request) -> Response:
        # JSON alone: no page of another site can send that without being asked first.
        given = request.get_json(silent=True) if request.is_json and request.method == "POST" else None
        asked = given if isinstance(given, dict) else {}
        try:
            done = self.act(Platform(str(asked["platform"])), str(asked["id"]), Act(asked["act"]))
        except (KeyError, ValueError):
            return Response(status=400)
        return Response(status=204 if done else 404)

    def _platform(self, platform: Platform) -> dict[str, Any]:
        posts = self._world.posts(platform)[: -_POSTS - 1 : -1]
        talks = self._world.conversations(platform)[:_CONVERSATIONS]
        return {
            "platform": platform,
            "banned": sorted(self._world.banned(platform)),
            "posts": [self._post(post) for post in posts],
            "conversations": [self._conversation(one) for one in talks],
        }

    def _post(self, post: SimPost) -> dict[str, Any]:
        tops = [one for one in reversed(post.comments) if one.parent is None and self._stands(one)]
        return {
            "id": post.id,
            "text": post.text,
            "at": post.at.isoformat(),
            "comments": [self._comment(one) for one in tops],
        }

    def _stands(self, comment: SimComment) -> bool:
        return not comment.removed and comment.status != _NEVER

    def _comment(self, one: SimComment) -> dict[str, Any]:
        return {
            **self._said(one),
            "edited": one.edited_at is not None,
            "hidden": one.hidden or one.status != _SHOWN,
            "replies": [self._comment(reply) for reply in one.children if self._stands(reply)],
        }

    def _conversation(self, one: SimConversation) -> dict[str, Any]:
        messages = [{**self._said(m), "private": True} for m in one.messages if not m.removed]
        return {"id": one.id, "person": one.person.name, "messages": messages}

    def _said(self, one: SimComment | SimMessage) -> dict[str, Any]:
        author = one.sender if isinstance(one, SimMessage) else one.person
        return {
            "id": one.id,
            "author": author.name,
            "text": one.text,
            "at": one.at.isoformat(),
            "by_city": one.by_city,
            "banned": author.id in self._world.banned(one.platform),
            "reported": (one.platform, one.id) in self.reported,
            "picture": f"/images/{quote(one.picture)}.png" if one.picture is not None else "",
        }
