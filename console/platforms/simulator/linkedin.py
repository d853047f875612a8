"""LinkedIn's Community Management API, simulated (public documentation, autumn 2026)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from console.domain.messages import LINKEDIN
from console.platforms.simulator import tokens
from console.platforms.simulator.allowances import Allowances, midnight
from console.platforms.simulator.api import Ask, Handler, PlatformApi, Reply, Route
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.oauth import bearer
from console.platforms.simulator.things import SimComment, SimPost
from console.platforms.simulator.world import World
from console.services.platform_ports import Tokens

SCOPES = ("r_organization_social", "w_organization_social", "rw_organization_admin")
READING, WRITING, ADMIN = SCOPES
CALLS_A_DAY = 5_000
"""Of each resource. The true number only stands in a developer's own pages."""
VERSION, OLDEST_VERSION = "202611", "202511"
"""A version is served for a year. Both stand still: nothing that is built on them ends with a calendar."""
_COMMENT_URN = re.compile(r"urn:li:comment:\((?P<post>urn:li:[a-zA-Z]+:\d+),(?P<id>\d+)\)")
_LONGEST = 1_250
_RESERVED = frozenset("(),:'")
"""What the protocol keeps for itself: in a path it must be percent-encoded."""
Thing = TypeVar("Thing")
_SOCIAL = "/socialActions/<urn>/comments"


class RefusedError(Exception):
    """An error answer."""

    def __init__(self, status: int, code: str, message: str, number: int = 0) -> None:
        super().__init__(message)
        self.status, self.code, self.number = status, code, number

    def reply(self) -> Reply:
        """The answer that is sent."""
        body: dict[str, Any] = {"status": self.status, "code": self.code, "message": str(self)}
        if self.number:
            body["serviceErrorCode"] = self.number
        return Reply(self.status, body)


class LinkedinApi(PlatformApi):
    """The city's page, its posts and their comments. Private messages have no interface."""

    platform = LINKEDIN
    external_id = "urn:li:organization:5000001"
    scopes = SCOPES

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.calls = Allowances({"": CALLS_A_DAY}, midnight("UTC"))
        self.may_delete = True
        """Whether comments of others can be deleted; else 403 (sources disagree)."""
        self.role_lost = False
        """The page's role was taken away: lists are empty, and nothing says why."""
        self.newest_first = True
        """The documentation names no order for comments."""
        self.oldest_version = OLDEST_VERSION
        """What is older was retired."""
        self.settings = {"version": VERSION, "retention_hours": "48"}

    def routes(self) -> Sequence[Route]:
        """What it serves, each behind its limit and its scope."""
        return (
            Route("GET", "/organizationAcls", self._counted(ADMIN, self._roles)),
            Route("GET", "/organizations/<number>", self._counted(ADMIN, self._organization)),
            Route("GET", "/posts", self._counted(READING, self._posts)),
            Route("GET", "/posts/<urn>", self._counted(READING, self._post)),
            Route("GET", _SOCIAL, self._counted(READING, self._comments)),
            Route("GET", f"{_SOCIAL}/<number>", self._counted(READING, self._one)),
            Route("POST", _SOCIAL, self._counted(WRITING, self._reply)),
            Route("DELETE", f"{_SOCIAL}/<number>", self._counted(WRITING, self._delete)),
        )

    def before(self, ask: Ask) -> Reply | None:
        """Token, then both headers that every call needs."""
        ask.grant = self.world.grant_of(LINKEDIN, bearer(ask))
        if ask.grant is None:
            return self.wrong(Fault.TOKEN_EXPIRED, ask)
        version = ask.headers.get("linkedin-version", "")
        if not version:
            words = (
                "A version must be present. Please specify a version by adding the LinkedIn-Version header."
            )
            return RefusedError(400, "VERSION_MISSING", words).reply()
        if not self._is_active(version, ask.now):
            words = f"Requested version {version} is not active"
            return RefusedError(426, "NONEXISTENT_VERSION", words).reply()
        if _RESERVED & set(ask.raw):
            return RefusedError(400, "ILLEGAL_ARGUMENT", "Syntax exception in path variables").reply()
        if ask.headers.get("x-restli-protocol-version") != "2.0.0":
            return RefusedError(400, "ILLEGAL_ARGUMENT", "X-Restli-Protocol-Version must be 2.0.0").reply()
        return None

    def after(self, ask: Ask, reply: Reply) -> Reply:
        """Every answer has its number."""
        reply.headers.setdefault("x-li-uuid", f"AAX{self.world.next_number():013d}==")
        return reply

    def wrong(self, fault: Fault, ask: Ask) -> Reply:
        """The form of each fault."""
        match fault:
            case Fault.TRANSIENT:
                return RefusedError(503, "SERVICE_UNAVAILABLE", "Service Unavailable").reply()
            case Fault.RATE_LIMITED:
                return _too_many().reply()
            case Fault.TOKEN_EXPIRED:
                words = "The token used in the request has expired"
                return RefusedError(401, "EXPIRED_ACCESS_TOKEN", words, 65602).reply()
            case Fault.BLOCKED:
                words = "This application is restricted"
                return RefusedError(403, "MEMBER_RESTRICTED", words).reply()
            case Fault.GONE:
                return _gone().reply()
        return _denied("the resource").reply()

    def unknown(self, ask: Ask) -> Reply:
        """The answer to a path that is not there."""
        return RefusedError(404, "RESOURCE_NOT_FOUND", f"No virtual resource found for {ask.path}").reply()

    def tokens(self) -> Tokens:
        """Tokens that are taken now: sixty days long."""
        return tokens.newest(self.world, LINKEDIN, SCOPES, timedelta(days=60))

    def quota(self, **values: Any) -> None:
        """`left`: calls until midnight UTC, at every resource."""
        for route in self.routes():
            self.calls.leave(_resource(route.method, route.rule), int(values["left"]), self.world.clock.now())

    def _counted(self, scope: str, handler: Handler) -> Handler:
        def counted(ask: Ask) -> Reply:
            try:
                if not self.calls.take(_resource(ask.method, ask.path), ask.now):
                    raise _too_many()
                if ask.grant is None or scope not in ask.grant.scopes:
                    raise _denied(scope)
                return handler(ask)
            except RefusedError as refused:
                return refused.reply()

        return counted

    def _is_active(self, version: str, now: datetime) -> bool:
        newest = max(VERSION, f"{now:%Y%m}")
        known = re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", version) is not None
        return known and self.oldest_version <= version <= newest

    def _roles(self, ask: Ask) -> Reply:
        if ask.query.get("q") != "roleAssignee":
            raise _bad("q")
        role = {"role": "ADMINISTRATOR", "organization": self.city.id, "state": "APPROVED"}
        return _page(ask, [] if self.role_lost else [role], dict)

    def _organization(self, ask: Ask) -> Reply:
        number = self.city.id.rpartition(":")[2]
        if ask.args["number"] != number:
            raise _denied("organizations")
        return Reply(200, {"id": int(number), "localizedName": self.city.name, "vanityName": "ville-essai"})

    def _posts(self, ask: Ask) -> Reply:
        if ask.query.get("q") != "author" or "author" not in ask.query:
            raise _bad("author")
        mine = ask.query["author"] == self.city.id and not self.role_lost
        posts = sorted(self.world.posts(LINKEDIN), key=lambda one: one.at, reverse=True) if mine else []
        return _page(ask, posts, self._post_element)

    def _post(self, ask: Ask) -> Reply:
        return Reply(200, self._post_element(self._find_post(ask.args["urn"])))

    def _comments(self, ask: Ask) -> Reply:
        post, top = self._under(ask)
        found = [one for one in post.comments if one.parent is top and not one.removed]
        found.sort(key=lambda one: (one.at, one.number), reverse=self.newest_first)
        reply = _page(ask, [] if self.role_lost else found, self._element)
        ask.page(post)
        return reply

    def _one(self, ask: Ask) -> Reply:
        return Reply(200, self._element(self._named(ask)))

    def _reply(self, ask: Ask) -> Reply:
        post, top = self._under(ask)
        body = ask.json if isinstance(ask.json, dict) else {}
        message = body.get("message")
        text = message.get("text") if isinstance(message, dict) else None
        if body.get("actor") != self.city.id or self.role_lost:
            raise _denied("socialActions.CREATE")
        if body.get("object") != post.id:
            raise _bad("object")
        if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
            raise _bad("message.text")
        parent = body.get("parentComment")
        if parent is not None:
            top = self._comment(str(parent))
        elif top is not None:
            raise _bad("parentComment")
        if top is not None and top.post is not post:
            raise _bad("parentComment")
        made = self.world.comment(post, self.city, text, parent=(top.parent or top) if top else None)
        ask.did(f"reply {made.id}")
        return Reply(201, None, {"x-restli-id": made.id})

    def _delete(self, ask: Ask) -> Reply:
        one = self._named(ask)
        allowed = (self.may_delete or one.by_city) and not self.role_lost
        if ask.query.get("actor") != self.city.id or not allowed:
            raise _denied("socialActions.DELETE")
        self.world.remove(one)
        ask.did(f"delete {one.id}")
        return Reply(204)

    def _under(self, ask: Ask) -> tuple[SimPost, SimComment | None]:
        """The post of the path, and the comment when the path names one."""
        urn = ask.args["urn"]
        if not urn.startswith("urn:li:comment:"):
            return self._find_post(urn), None
        top = self._comment(urn)
        return top.post, top

    def _named(self, ask: Ask) -> SimComment:
        post, top = self._under(ask)
        one = self._comment(f"urn:li:comment:({post.id},{ask.args['number']})")
        if top is not None and one.parent is not top:
            raise _gone()
        return one

    def _find_post(self, urn: str) -> SimPost:
        post = self.world.post_by_id(LINKEDIN, urn)
        if post is None:
            raise _gone()
        return post

    def _comment(self, urn: str) -> SimComment:
        named = _COMMENT_URN.fullmatch(urn)
        one = self.world.comment_by_id(LINKEDIN, named["id"]) if named is not None else None
        if named is None or one is None or one.removed or one.post.id != named["post"] or one.post.removed:
            raise _gone()
        return one

    def _post_element(self, post: SimPost) -> dict[str, Any]:
        at = _milliseconds(post.at)
        return {
            "id": post.id,
            "author": post.person.id,
            "commentary": post.text,
            "createdAt": at,
            "publishedAt": at,
            "lastModifiedAt": at,
            "lifecycleState": "PUBLISHED",
            "visibility": "PUBLIC",
        }

    def _element(self, one: SimComment) -> dict[str, Any]:
        """A comment; who wrote it is an identifier, and no name."""
        changed = _milliseconds(one.edited_at or one.at)
        answers = sum(1 for reply in one.children if not reply.removed)
        element: dict[str, Any] = {
            "actor": one.person.id,
            "commentUrn": _urn(one),
            "created": {"actor": one.person.id, "time": _milliseconds(one.at)},
            "id": one.id,
            "lastModified": {"actor": one.person.id, "time": changed},
            "message": {"attributes": [], "text": one.text},
            "object": one.post.id,
        }
        if one.parent is not None:
            element["parentComment"] = _urn(one.parent)
        if answers:
            element["commentsSummary"] = {
                "totalFirstLevelComments": answers,
                "aggregatedTotalComments": answers,
            }
        return element


def _page(ask: Ask, things: Sequence[Thing], shape: Callable[[Thing], dict[str, Any]]) -> Reply:
    start, count = ask.query.get("start", "0"), ask.query.get("count", "10")
    if not start.isdecimal() or not count.isdecimal() or not 1 <= int(count) <= 100:
        raise _bad("count")
    first, size = int(start), int(count)
    paging = {"start": first, "count": size, "total": len(things), "links": []}
    elements = [shape(one) for one in things[first : first + size]]
    return Reply(200, {"elements": elements, "paging": paging})


def _urn(one: SimComment) -> str:
    return f"urn:li:comment:({one.post.id},{one.id})"


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _resource(method: str, path: str) -> str:
    return f"{method} {path.split('/')[1]}"


def _bad(name: str) -> RefusedError:
    return RefusedError(400, "ILLEGAL_ARGUMENT", f"{name}: missing or not valid")


def _gone() -> RefusedError:
    return RefusedError(404, "NOT_FOUND", "Not found")


def _denied(what: str) -> RefusedError:
    return RefusedError(403, "ACCESS_DENIED", f"Not enough permissions to access: {what}", 100)


def _too_many() -> RefusedError:
    words = "Resource level throttle DAY limit for calls to this resource is reached."
    return RefusedError(429, "TOO_MANY_REQUESTS", words, 101)
