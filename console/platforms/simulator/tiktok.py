"""TikTok API for Business v1.3, simulated (public documentation, autumn 2026).

Every answer is HTTP 200; what went wrong stands in `code`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from console.domain.messages import TIKTOK
from console.platforms.simulator import tokens
from console.platforms.simulator.allowances import Allowances, every
from console.platforms.simulator.api import CLIENT_ID, Ask, Handler, PlatformApi, Reply, Route
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.things import SimComment, SimPerson, SimPost
from console.platforms.simulator.world import World
from console.services.platform_ports import Tokens

SCOPES = ("user.info.basic", "video.list", "comment.list", "comment.list.manage")
CALLS_A_MINUTE = 40
"""For each account and endpoint."""
PERMISSION, PARAMETER, NOT_FOUND, RATE_LIMIT, TOKEN, SYSTEM = 40001, 40002, 40007, 40100, 40105, 50000
_MOST_COMMENTS, _MOST_VIDEOS, _LONGEST = 30, 20, 150
_VIDEO_FIELDS = frozenset({"item_id", "caption", "create_time", "share_url", "comments", "likes"})
_SORTS = ("create_time", "likes", "replies")


class RefusedError(Exception):
    """A `code` other than 0."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

    def reply(self) -> Reply:
        """The answer that is sent: a 200."""
        return Reply(200, {"code": self.code, "message": str(self), "data": {}})


class TiktokApi(PlatformApi):
    """The city's films and their comments."""

    platform = TIKTOK
    external_id = "_000VilleDessaiVigie0000000000000001"
    scopes = SCOPES

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.calls = Allowances({"": CALLS_A_MINUTE}, every(timedelta(minutes=1)))
        self.short_pages = True
        """The first page of a list that has more is a third shorter than asked for."""
        self.stuck: set[str] = set()
        """Comments that the platform keeps hidden: `UNHIDE` is answered with OK and changes nothing."""

    def routes(self) -> Sequence[Route]:
        """What it serves, each behind its limit and its scope."""
        counted = self._counted
        return (
            Route("POST", "/tt_user/token_info/get/", self._token_info, open=True),
            Route("POST", "/tt_user/oauth2/revoke/", self._revoke, open=True),
            Route("GET", "/business/get/", counted("user.info.basic", self._account)),
            Route("GET", "/business/video/list/", counted("video.list", self._videos)),
            Route("GET", "/business/comment/list/", counted("comment.list", self._comments)),
            Route("GET", "/business/comment/reply/list/", counted("comment.list", self._replies)),
            Route("POST", "/business/comment/hide/", counted("comment.list.manage", self._hide)),
            Route("POST", "/business/comment/reply/create/", counted("comment.list.manage", self._reply)),
        )

    def before(self, ask: Ask) -> Reply | None:
        """The token is in the header `Access-Token`, without any word before it."""
        ask.grant = self.world.grant_of(TIKTOK, ask.headers.get("access-token", ""))
        return None if ask.grant is not None else self.wrong(Fault.TOKEN_EXPIRED, ask)

    def after(self, ask: Ask, reply: Reply) -> Reply:
        """Every answer bears its number, in the body and in a header."""
        number = f"{ask.now:%Y%m%d%H%M%S}{self.world.next_number():018X}"
        if isinstance(reply.body, dict):
            reply.body["request_id"] = number
        reply.headers["X-Tt-Logid"] = number
        return reply

    def wrong(self, fault: Fault, ask: Ask) -> Reply:
        """The form of each fault."""
        match fault:
            case Fault.TRANSIENT:
                return RefusedError(SYSTEM, "System error").reply()
            case Fault.RATE_LIMITED:
                return RefusedError(RATE_LIMIT, "Too many requests. Please retry later.").reply()
            case Fault.TOKEN_EXPIRED:
                return RefusedError(TOKEN, "Access token is incorrect or has been revoked.").reply()
            case Fault.GONE:
                return RefusedError(NOT_FOUND, "The comment does not exist.").reply()
        return RefusedError(PERMISSION, "No permission to operate.").reply()

    def unknown(self, ask: Ask) -> Reply:
        """The answer to a path that is not there."""
        return RefusedError(PARAMETER, "Unknown path").reply()

    def tokens(self) -> Tokens:
        """Tokens that are taken now: a day long."""
        return tokens.newest(self.world, TIKTOK, SCOPES, timedelta(days=1))

    def quota(self, **values: Any) -> None:
        """`left`: calls of the minute, at every endpoint."""
        for route in self.routes():
            self.calls.leave(route.rule, int(values["left"]), self.world.clock.now())

    def _counted(self, scope: str, handler: Handler) -> Handler:
        def counted(ask: Ask) -> Reply:
            try:
                if not self.calls.take(ask.path, ask.now):
                    raise RefusedError(RATE_LIMIT, "Too many requests. Please retry later.")
                if ask.grant is None or scope not in ask.grant.scopes:
                    raise RefusedError(PERMISSION, f"The scope {scope} is missing.")
                given = ask.params.get("business_id")
                if not given:
                    raise _bad("business_id")
                if given != self.city.id:
                    raise RefusedError(PERMISSION, "The token is not of this account.")
                return _ok(handler(ask).body)
            except RefusedError as refused:
                return refused.reply()

        return counted

    def _token_info(self, ask: Ask) -> Reply:
        asked = ask.params
        grant = self.world.grant_of(TIKTOK, str(asked.get("access_token", "")))
        if grant is None or asked.get("app_id") != CLIENT_ID:
            return self.wrong(Fault.TOKEN_EXPIRED, ask)
        scope = ",".join(one for one in SCOPES if one in grant.scopes)
        return _ok({"app_id": CLIENT_ID, "creator_id": self.city.id, "scope": scope})

    def _revoke(self, ask: Ask) -> Reply:
        grant = self.world.grant_of(TIKTOK, str(ask.params.get("access_token", "")))
        if grant is not None:
            grant.revoked = True
            ask.did("token revoked")
        return _ok({})

    def _account(self, ask: Ask) -> Reply:
        return Reply(200, {"username": "ville.essai", "display_name": self.city.name})

    def _videos(self, ask: Ask) -> Reply:
        fields = _list(ask, "fields") or ["item_id"]
        if not set(fields) <= _VIDEO_FIELDS:
            raise _bad("fields")
        films = list(reversed(self.world.posts(TIKTOK)))
        cut, cursor, more = self._page(ask, films, _MOST_VIDEOS, 10)
        rows = [{k: v for k, v in self._video(one).items() if k in fields} for one in cut]
        return Reply(200, {"videos": rows, "cursor": cursor, "has_more": more})

    def _comments(self, ask: Ask) -> Reply:
        film = self._film(ask)
        wanted, status = _list(ask, "comment_ids"), ask.query.get("status", "PUBLIC")
        if status not in ("PUBLIC", "ALL"):
            raise _bad("status")
        with_replies = ask.query.get("include_replies", "false") == "true"
        rows = [
            one
            for one in film.comments
            if not one.removed and (one.id in wanted if wanted else one.parent is None or with_replies)
        ]
        return self._listed(ask, rows, status)

    def _replies(self, ask: Ask) -> Reply:
        top = self._comment(ask)
        return self._listed(ask, [one for one in top.children if not one.removed], "ALL")

    def _listed(self, ask: Ask, rows: list[SimComment], status: str) -> Reply:
        order, field = ask.query.get("sort_order", "desc"), ask.query.get("sort_field", "create_time")
        if order not in ("asc", "desc") or field not in _SORTS:
            raise _bad("sort_field")
        rows.sort(key=lambda one: self._rank(one, field), reverse=order == "desc")
        cut, cursor, more = self._page(ask, rows, _MOST_COMMENTS, 20)
        ask.page(rows[0].post if rows else None)
        # Hidden ones are cut out of a page that is already measured: it can be empty and not the last.
        seen = [self._row(one) for one in cut if status == "ALL" or not one.hidden]
        return Reply(200, {"comments": seen, "cursor": cursor, "has_more": more})

    def _page(self, ask: Ask, rows: list[Any], most: int, usual: int) -> tuple[list[Any], int, bool]:
        given, cursor = ask.query.get("max_count", str(usual)), ask.query.get("cursor", "0")
        if not given.isdecimal() or not 1 <= int(given) <= most:
            raise _bad("max_count")
        if not cursor.isdecimal():
            raise _bad("cursor")
        size, start = int(given), int(cursor)
        if self.short_pages and start == 0 and len(rows) > size:
            size = max(1, size * 2 // 3)
        return rows[start : start + size], start + size, len(rows) > start + size

    def _hide(self, ask: Ask) -> Reply:
        action = ask.params.get("action")
        if action not in ("HIDE", "UNHIDE"):
            raise _bad("action")
        one = self._comment(ask)
        hidden = action == "HIDE" or one.id in self.stuck
        if one.hidden != hidden:
            ask.did(f"{action.lower()} {one.id}")
        one.hidden = hidden
        return Reply(200, {})

    def _reply(self, ask: Ask) -> Reply:
        text = ask.params.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
            raise _bad("text")
        one = self._comment(ask)
        made = self.world.comment(one.post, self.city, text, parent=one.parent or one)
        ask.did(f"reply {made.id}")
        return Reply(200, self._row(made))

    def _film(self, ask: Ask) -> SimPost:
        film = self.world.post_by_id(TIKTOK, _identifier(ask, "video_id"))
        if film is None:
            raise RefusedError(NOT_FOUND, "The video does not exist.")
        return film

    def _comment(self, ask: Ask) -> SimComment:
        film, one = self._film(ask), self.world.comment_by_id(TIKTOK, _identifier(ask, "comment_id"))
        if one is None or one.removed or one.post is not film:
            raise RefusedError(NOT_FOUND, "The comment does not exist.")
        return one

    def _rank(self, one: SimComment, field: str) -> tuple[float, int]:
        if field == "create_time":
            return (one.at.timestamp(), one.number)
        return (one.likes if field == "likes" else _answers(one), one.number)

    def _video(self, film: SimPost) -> dict[str, Any]:
        return {
            "item_id": film.id,
            "caption": film.text,
            "create_time": str(int(film.at.timestamp())),
            "share_url": film.permalink,
            "comments": sum(1 for one in film.comments if not one.removed),
            "likes": 0,
        }

    def _row(self, one: SimComment) -> dict[str, Any]:
        row: dict[str, Any] = {
            "comment_id": one.id,
            "video_id": one.post.id,
            "unique_identifier": one.person.id,
            "username": _username(one.person),
            "display_name": one.person.name,
            "create_time": str(int(one.at.timestamp())),
            "text": one.text,
            "likes": one.likes,
            "replies": _answers(one),
            "owner": one.by_city,
            "status": "HIDDEN" if one.hidden else "PUBLIC",
        }
        if one.parent is not None:
            row["parent_comment_id"] = one.parent.id
        return row


def _answers(one: SimComment) -> int:
    return sum(1 for reply in one.children if not reply.removed)


def _ok(data: Any) -> Reply:
    return Reply(200, {"code": 0, "message": "OK", "data": data})


def _bad(name: str) -> RefusedError:
    return RefusedError(PARAMETER, f"{name}: missing or not valid")


def _identifier(ask: Ask, name: str) -> str:
    given = ask.params.get(name)
    # As a number it would lose its last digits on the way: 19 do not fit a double.
    if not isinstance(given, str) or not given:
        raise _bad(name)
    return given


def _list(ask: Ask, name: str) -> list[str]:
    given = ask.query.get(name)
    if given is None:
        return []
    try:
        values = json.loads(given)
    except ValueError:
        raise _bad(name) from None
    if not isinstance(values, list) or not values or not all(isinstance(one, str) for one in values):
        raise _bad(name)
    return values


def _username(person: SimPerson) -> str:
    plain = unicodedata.normalize("NFKD", person.name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".") or "user"
