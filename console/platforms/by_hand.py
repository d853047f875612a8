"""Where a person finds a message to act on it by hand: the deep link of each platform."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from console.domain.messages import (
    FACEBOOK,
    INSTAGRAM,
    LINKEDIN,
    TIKTOK,
    YOUTUBE,
    Channel,
    Platform,
    X,
)
from console.domain.platforms import Target

_INBOXES = {
    FACEBOOK: "https://business.facebook.com/latest/inbox/messenger",
    INSTAGRAM: "https://business.facebook.com/latest/inbox/instagram_direct",
    X: "https://x.com/messages",
    LINKEDIN: "https://www.linkedin.com/messaging/",
    TIKTOK: "https://www.tiktok.com/messages",
}
_HOMES = {
    FACEBOOK: "https://www.facebook.com/",
    INSTAGRAM: "https://www.instagram.com/",
    YOUTUBE: "https://studio.youtube.com/",
    X: "https://x.com/",
    LINKEDIN: "https://www.linkedin.com/",
    TIKTOK: "https://www.tiktok.com/",
}


def link(target: Target) -> str:
    """The address of the message on its platform: its permalink, else one made from its identifiers, else
    where the platform keeps such messages; empty for a platform that Vigie does not know.

    Only `http` and `https` addresses are given: a permalink comes from outside and is opened by a click.
    """
    if _web(target.permalink):
        return target.permalink
    if target.channel is Channel.PRIVATE:
        return _INBOXES.get(target.platform, "")
    make = _COMMENTS.get(target.platform)
    return (make(target) if make else "") or _HOMES.get(target.platform, "")


def _facebook(target: Target) -> str:
    post, comment = _tail(target.post_external_id), _tail(target.external_id)
    if not post:
        # The long spelling of a comment begins with its publication.
        post = target.external_id.rpartition("_")[0].rpartition("_")[2]
    page = target.post_external_id.rpartition("_")[0]
    if not (post and comment):
        return f"https://www.facebook.com/{_safe(target.external_id)}" if target.external_id else ""
    base = f"https://www.facebook.com/{_safe(page)}/posts/" if page else "https://www.facebook.com/"
    return f"{base}{_safe(post)}?comment_id={_safe(comment)}"


def _youtube(target: Target) -> str:
    if target.post_external_id:
        video, comment = _safe(target.post_external_id), _safe(target.external_id)
        return f"https://www.youtube.com/watch?v={video}&lc={comment}"
    return ""


def _x(target: Target) -> str:
    return f"https://x.com/i/status/{_safe(target.external_id)}" if target.external_id else ""


def _linkedin(target: Target) -> str:
    post, comment = target.post_external_id, target.external_id
    urn = comment if comment.startswith("urn:") else f"urn:li:comment:({post},{comment})"
    if not post and urn.startswith("urn:li:comment:("):
        post = urn.removeprefix("urn:li:comment:(").rpartition(",")[0]
    if not post:
        return ""
    return f"https://www.linkedin.com/feed/update/{quote(post, safe=':')}?commentUrn={quote(urn, safe='')}"


def _tiktok(target: Target) -> str:
    # Any name leads to the film; the platform puts the right one in its place.
    return (
        f"https://www.tiktok.com/@/video/{_safe(target.post_external_id)}" if target.post_external_id else ""
    )


_COMMENTS: dict[Platform, Callable[[Target], str]] = {
    FACEBOOK: _facebook,
    YOUTUBE: _youtube,
    X: _x,
    LINKEDIN: _linkedin,
    TIKTOK: _tiktok,
}
"""Instagram's addresses hold a code of their own, which no identifier gives: permalink or front page."""


def _tail(identifier: str) -> str:
    return identifier.rpartition("_")[2]


def _safe(identifier: str) -> str:
    return quote(identifier, safe="")


def _web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
