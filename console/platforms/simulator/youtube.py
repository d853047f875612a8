"""YouTube Data API v3 and Google's authorization, simulated (public documentation, autumn 2026)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from console.domain.messages import YOUTUBE
from console.platforms.simulator import youtube_shapes as shapes
from console.platforms.simulator.allowances import Allowances, midnight
from console.platforms.simulator.anchors import Key, StaleTokenError, page
from console.platforms.simulator.api import Ask, Handler, PlatformApi, Reply, Route
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.oauth import AuthorizationServer, Rules, bearer
from console.platforms.simulator.things import SimComment
from console.platforms.simulator.world import World
from console.platforms.simulator.youtube_shapes import RefusedError
from console.services.platform_ports import Tokens

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
UNITS_A_DAY = 10_000
READING, WRITING = 1, 50
_LISTED = ("published", "heldForReview", "likelySpam")
_SETTABLE = ("published", "heldForReview", "rejected")
_MOST_IDS = 50
_LONGEST = 10_000


class YoutubeApi(PlatformApi):
    """The city's channel, its videos and their comments."""

    platform = YOUTUBE
    external_id = "UCe55a1-V1lleDessa1Vigie"
    scopes = (SCOPE,)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.units = Allowances({"": UNITS_A_DAY}, midnight("America/Los_Angeles"))
        self._banned_at: dict[str, datetime] = {}
        self.oauth = AuthorizationServer(
            world,
            YOUTUBE,
            Rules(
                scopes=(SCOPE,),
                access_life=timedelta(hours=1),
                code_life=timedelta(minutes=10),
                rotating=False,
                needs_secret=True,
                refresh_once=True,
            ),
        )

    def routes(self) -> Sequence[Route]:
        """Data API, and the three addresses of Google's authorization beneath the same base."""
        return (
            Route("GET", "/o/oauth2/v2/auth", self.oauth.authorize, open=True),
            Route("POST", "/token", self.oauth.token, open=True),
            Route("POST", "/revoke", self.oauth.revoke, open=True),
            Route("GET", "/tokeninfo", self._token_info, open=True),
            Route("GET", "/channels", self._priced(READING, self._channels)),
            Route("GET", "/videos", self._priced(READING, self._videos)),
            Route("GET", "/commentThreads", self._priced(READING, self._threads)),
            Route("GET", "/comments", self._priced(READING, self._comments)),
            Route("POST", "/comments", self._priced(WRITING, self._reply)),
            Route("DELETE", "/comments", self._priced(WRITING, self._delete)),
            Route("POST", "/comments/setModerationStatus", self._priced(WRITING, self._moderate)),
        )

    def before(self, ask: Ask) -> Reply | None:
        """A token that is not taken is answered with 401 `authError`."""
        grant = self.world.grant_of(YOUTUBE, bearer(ask))
        if grant is None:
            return shapes.unauthorised().reply()
        if SCOPE not in grant.scopes:
            return shapes.forbidden("insufficientPermissions", "global").reply()
        ask.grant = grant
        return None

    def wrong(self, fault: Fault, ask: Ask) -> Reply:
        """The form of each fault."""
        match fault:
            case Fault.TRANSIENT if ask.path.endswith("setModerationStatus"):
                return RefusedError(400, "processingFailure", "The API server failed.").reply()
            case Fault.TRANSIENT:
                return RefusedError(503, "backendError", "Backend Error", "global").reply()
            case Fault.RATE_LIMITED:
                words = "The request cannot be completed: too many requests in a short time."
                return RefusedError(403, "rateLimitExceeded", words, "youtube.quota").reply()
            case Fault.TOKEN_EXPIRED:
                return shapes.unauthorised().reply()
            case Fault.BLOCKED:
                return shapes.forbidden("channelSuspended").reply()
            case Fault.GONE:
                return shapes.not_found().reply()
        return shapes.forbidden("forbidden").reply()

    def unknown(self, ask: Ask) -> Reply:
        """Google answers a wrong path with a page."""
        return Reply(404, b"<!DOCTYPE html><title>Error 404 (Not Found)</title>", content_type="text/html")

    def tokens(self) -> Tokens:
        """Tokens that are taken now."""
        return self.oauth.tokens()

    def quota(self, **values: Any) -> None:
        """`left`: units until midnight, Pacific time."""
        self.units.leave("", int(values["left"]), self.world.clock.now())

    def status_of(self, one: SimComment) -> str:
        """Its moderation status; what a banned person wrote afterwards is rejected by itself."""
        since = self._banned_at.get(one.person.id)
        if since is not None and one.person.id in self.world.banned(YOUTUBE) and one.at > since:
            return "rejected"
        return one.status

    def _priced(self, units: int, handler: Handler) -> Handler:
        def priced(ask: Ask) -> Reply:
            if not self.units.take("", ask.now, units):
                words = "The request cannot be completed because you have exceeded your quota."
                return RefusedError(403, "quotaExceeded", words, "youtube.quota").reply()
            try:
                return handler(ask)
            except RefusedError as refused:
                return refused.reply()
            except StaleTokenError:
                words = "The request specifies an invalid page token."
                return RefusedError(400, "invalidPageToken", words, "youtube.parameter").reply()

        return priced

    def _token_info(self, ask: Ask) -> Reply:
        grant = self.world.grant_of(YOUTUBE, ask.query.get("access_token", ""))
        if grant is None or grant.expires_at is None:
            return Reply(400, {"error": "invalid_token", "error_description": "Invalid Value"})
        left = int((grant.expires_at - ask.now).total_seconds())
        return Reply(200, {"scope": " ".join(sorted(grant.scopes)), "expires_in": str(left)})

    def _channels(self, ask: Ask) -> Reply:
        _parts(ask, "snippet", "id", "contentDetails", "statistics")
        if ask.query.get("mine") != "true" and ask.query.get("id") != self.city.id:
            return shapes.collection("channel", ())
        snippet = {"title": self.city.name, "customUrl": "@villeessai"}
        return shapes.collection("channel", [{"id": self.city.id, "snippet": snippet}])

    def _videos(self, ask: Ask) -> Reply:
        _parts(ask, "snippet", "id", "status", "statistics")
        found = [self.world.post_by_id(YOUTUBE, one) for one in _ids(ask)]
        return shapes.collection("video", [shapes.video(one, self.city) for one in found if one])

    def _threads(self, ask: Ask) -> Reply:
        parts = _parts(ask, "snippet", "replies", "id")
        status = ask.query.get("moderationStatus", "published")
        if status not in _LISTED:
            raise shapes.bad_parameter("moderationStatus")
        if ask.query.get("order", "time") not in ("time", "relevance"):
            raise shapes.bad_parameter("order")
        standing = self._standing()
        tops = self._tops(ask, status, standing)
        cut, following = page(
            tops, _key, _size(ask), ask.query.get("pageToken", ""), ask.faults.epoch(YOUTUBE)
        )
        ask.page()
        replies: dict[str, list[SimComment]] = {}
        for one in standing:
            if one.parent is not None:
                replies.setdefault(one.parent.id, []).append(one)
        items = [self._thread(one, replies.get(one.id, []), ask, status) for one in cut]
        if "replies" not in parts:
            for item in items:
                item.pop("replies", None)
        return shapes.collection("commentThread", items, following)

    def _tops(self, ask: Ask, status: str, standing: Sequence[SimComment]) -> list[SimComment]:
        """Top comments of the threads asked for: those of the status, or with a reply of it."""
        channel, video, ids = (
            ask.query.get(name) for name in ("allThreadsRelatedToChannelId", "videoId", "id")
        )
        if sum(one is not None for one in (channel, video, ids)) != 1:
            raise RefusedError(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")
        if channel is not None and channel != self.city.id:
            raise shapes.forbidden("forbidden", "youtube.commentThread")
        if video is not None:
            post = self.world.post_by_id(YOUTUBE, video)
            if post is None:
                raise RefusedError(404, "videoNotFound", "The video could not be found.")
            if post.closed:
                raise RefusedError(403, "commentsDisabled", "The video has disabled comments.")
        standing = [one for one in standing if video is None or one.post.id == video]
        if ids is not None:
            return [one for one in standing if one.parent is None and one.id in ids.split(",")]
        found = {one for one in standing if self.status_of(one) == status and one.parent is None}
        if status != "published":
            found |= {one.parent for one in standing if one.parent and self.status_of(one) == status}
        return list(found)

    def _thread(
        self, top: SimComment, replies: Sequence[SimComment], ask: Ask, status: str
    ) -> dict[str, Any]:
        carried = [one for one in replies if self.status_of(one) == status]
        comments = [self._comment(one, ask) for one in carried[: shapes.REPLIES_IN_THREAD]]
        return shapes.thread(self._comment(top, ask), top, self.city.id, comments, len(replies))

    def _comments(self, ask: Ask) -> Reply:
        _parts(ask, "snippet", "id")
        parent, ids = ask.query.get("parentId"), ask.query.get("id")
        if (parent is None) == (ids is None):
            raise RefusedError(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")
        if ids is not None:
            asked = (self.world.comment_by_id(YOUTUBE, one) for one in dict.fromkeys(_ids(ask)))
            named = [one for one in asked if one is not None and self._stands(one)]
            return shapes.collection("comment", [self._comment(one, ask) for one in named])
        top = self._find(str(parent))
        replies = [one for one in top.children if self._stands(one)]
        cut, following = page(
            replies, _key, _size(ask), ask.query.get("pageToken", ""), ask.faults.epoch(YOUTUBE)
        )
        ask.page(top.post)
        return shapes.collection("comment", [self._comment(one, ask) for one in cut], following)

    def _moderate(self, ask: Ask) -> Reply:
        status, ban = ask.query.get("moderationStatus", ""), ask.query.get("banAuthor") == "true"
        if status not in _SETTABLE:
            raise shapes.bad_parameter("moderationStatus")
        if ban and status != "rejected":
            words = "The banAuthor parameter can only be used with the status rejected."
            raise RefusedError(400, "banWithoutReject", words)
        # All or nothing: a batch with an identifier that is not known changes none of the others.
        chosen = [self._find(one, rejected_too=True) for one in _ids(ask)]
        if any(self.status_of(one) == "rejected" and status != "rejected" for one in chosen):
            raise RefusedError(400, "processingFailure", "A rejected comment stays rejected.")
        for one in chosen:
            one.status, one.hidden = status, status != "published"
            if ban:
                self.world.banned(YOUTUBE).add(one.person.id)
                self._banned_at[one.person.id] = ask.now
        ask.did(f"{'ban ' if ban else ''}{status} {','.join(one.id for one in chosen)}")
        return Reply(204)

    def _reply(self, ask: Ask) -> Reply:
        _parts(ask, "snippet", "id")
        given = ask.json.get("snippet") if isinstance(ask.json, dict) else None
        given = given if isinstance(given, dict) else {}
        text, parent = str(given.get("textOriginal", "")), str(given.get("parentId", ""))
        if not parent:
            raise RefusedError(400, "parentIdMissing", "The comment has no parent.")
        if not text.strip():
            raise RefusedError(400, "commentTextRequired", "The comment has no text.")
        if len(text) > _LONGEST:
            raise RefusedError(400, "commentTextTooLong", "The comment is too long.")
        top = self._find(parent, "parentCommentNotFound")
        if top.parent is not None:
            raise RefusedError(400, "operationNotSupported", "Replies are of one level.")
        if top.post.closed:
            raise RefusedError(403, "commentsDisabled", "The video has disabled comments.")
        made = self.world.comment(top.post, self.city, text, parent=top)
        ask.did(f"reply {made.id}")
        return Reply(200, self._comment(made, ask))

    def _delete(self, ask: Ask) -> Reply:
        one = self._find(ask.query.get("id", ""))
        if not one.by_city:
            raise shapes.forbidden("forbidden")
        self.world.remove(one)
        ask.did(f"delete {one.id}")
        return Reply(204)

    def _comment(self, one: SimComment, ask: Ask) -> dict[str, Any]:
        text_format = ask.query.get("textFormat", "html")
        return shapes.comment(one, self.status_of(one), self.city.id, text_format)

    def _standing(self) -> list[SimComment]:
        """What can be seen, oldest first."""
        return [one for one in self.world.comments(YOUTUBE) if self._stands(one)]

    def _stands(self, one: SimComment) -> bool:
        """Neither gone nor rejected, nor beneath a rejected one."""
        gone = one.removed or one.post.removed or self.status_of(one) == "rejected"
        return not gone and (one.parent is None or self.status_of(one.parent) != "rejected")

    def _find(
        self, identifier: str, reason: str = "commentNotFound", *, rejected_too: bool = False
    ) -> SimComment:
        one = self.world.comment_by_id(YOUTUBE, identifier)
        if one is None or one.removed or one.post.removed:
            raise shapes.not_found(reason)
        if not rejected_too and not self._stands(one):
            raise shapes.not_found(reason)
        return one


def _key(one: SimComment) -> Key:
    return (int(one.at.timestamp() * 1_000_000), one.number)


def _parts(ask: Ask, *known: str) -> set[str]:
    parts = set(ask.query.get("part", "").split(",")) - {""}
    if not parts:
        raise RefusedError(400, "missingRequiredParameter", "Required parameter: part", "global")
    if not parts <= set(known):
        raise shapes.bad_parameter("part")
    return parts


def _ids(ask: Ask) -> list[str]:
    ids = [one for one in ask.query.get("id", "").split(",") if one]
    if not 1 <= len(ids) <= _MOST_IDS:
        raise shapes.bad_parameter("id")
    return ids


def _size(ask: Ask) -> int:
    given = ask.query.get("maxResults", "20")
    if not given.isdecimal() or not 1 <= int(given) <= 100:
        raise shapes.bad_parameter("maxResults")
    return int(given)
