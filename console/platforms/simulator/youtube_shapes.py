"""Threads, comments and errors in the form of the YouTube Data API v3."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from console.platforms.simulator.api import Reply
from console.platforms.simulator.things import SimComment, SimPerson, SimPost

REPLIES_IN_THREAD = 5
"""A thread carries no more of its replies than that."""
_LINK = re.compile(r"https?://[^\s<]+")


class RefusedError(Exception):
    """An error answer. `domain` is «youtube.comment» and the like, `global` for what all of Google shares."""

    def __init__(self, status: int, reason: str, message: str, domain: str = "youtube.comment") -> None:
        super().__init__(reason)
        self.status, self.reason, self.message, self.domain = status, reason, message, domain

    def reply(self) -> Reply:
        """The answer that is sent."""
        one = {"message": self.message, "domain": self.domain, "reason": self.reason}
        return Reply(self.status, {"error": {"code": self.status, "message": self.message, "errors": [one]}})


def bad_parameter(name: str) -> RefusedError:
    """A parameter that is missing or out of its range."""
    return RefusedError(400, "invalidParameter", f"Invalid value for {name}.", "global")


def unauthorised() -> RefusedError:
    """A token that is not taken."""
    return RefusedError(401, "authError", "Invalid Credentials", "global")


def forbidden(reason: str, domain: str = "youtube.comment") -> RefusedError:
    """A token that may not do this."""
    return RefusedError(403, reason, "The request is not properly authorized.", domain)


def not_found(reason: str = "commentNotFound") -> RefusedError:
    """Nothing has this identifier (any more)."""
    return RefusedError(404, reason, "The comment could not be found.")


def instant(at: datetime) -> str:
    """`2026-03-01T14:05:09Z`"""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shown(text: str, text_format: str) -> str:
    """The text as asked for: plain, or else HTML with links and line breaks."""
    if text_format == "plainText":
        return text
    linked = _LINK.sub(lambda m: f'<a href="{m[0]}">{m[0]}</a>', html.escape(text, quote=True))
    return linked.replace("\n", "<br>")


def comment(one: SimComment, status: str, channel: str, text_format: str) -> dict[str, Any]:
    """A `youtube#comment`; `channel` is the city's."""
    text = shown(one.text, text_format)
    snippet: dict[str, Any] = {
        "channelId": channel,
        "videoId": one.post.id,
        "textDisplay": text,
        "authorDisplayName": f"@{one.person.name}",
        "authorProfileImageUrl": "",
        "authorChannelUrl": f"http://www.youtube.com/channel/{one.person.id}",
        "authorChannelId": {"value": one.person.id},
        "canRate": True,
        "viewerRating": "none",
        "likeCount": one.likes,
        "moderationStatus": status,
        "publishedAt": instant(one.at),
        "updatedAt": instant(one.edited_at or one.at),
    }
    if one.by_city:
        # The original is given to its own author only.
        snippet["textOriginal"] = one.text
    if one.parent is not None:
        snippet["parentId"] = one.parent.id
    return {"kind": "youtube#comment", "etag": f"e{one.number}", "id": one.id, "snippet": snippet}


def thread(
    top: dict[str, Any], one: SimComment, channel: str, replies: Sequence[dict[str, Any]], total: int
) -> dict[str, Any]:
    """A `youtube#commentThread` around its top comment. `replies`: those that are carried along."""
    made: dict[str, Any] = {
        "kind": "youtube#commentThread",
        "etag": f"t{one.number}",
        "id": one.id,
        "snippet": {
            "channelId": channel,
            "videoId": one.post.id,
            "topLevelComment": top,
            "canReply": not one.post.closed,
            "totalReplyCount": total,
            "isPublic": True,
        },
    }
    if replies:
        made["replies"] = {"comments": list(replies)}
    return made


def video(post: SimPost, city: SimPerson) -> dict[str, Any]:
    """A `youtube#video`: the first line is its title, the rest its description."""
    title, _, description = post.text.partition("\n")
    return {
        "kind": "youtube#video",
        "id": post.id,
        "snippet": {
            "publishedAt": instant(post.at),
            "channelId": city.id,
            "channelTitle": city.name,
            "title": title,
            "description": description,
        },
    }


def collection(kind: str, items: Sequence[dict[str, Any]], following: str = "") -> Reply:
    """A list answer, with the token of the next page where there is one."""
    body: dict[str, Any] = {
        "kind": f"youtube#{kind}ListResponse",
        "etag": "e",
        "pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)},
        "items": list(items),
    }
    if following:
        body["nextPageToken"] = following
    return Reply(200, body)
