"""The Graph API's errors, selection of fields, and pages with cursors."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from console.platforms.simulator.api import Ask, Reply

_LARGEST_PAGE = 100
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[(){},.]|[^(){},.]+")


class GraphError(Exception):
    """An answer `{"error": {…}}`."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        kind: str = "OAuthException",
        transient: bool = False,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.subcode = code, message, subcode
        self.status, self.kind, self.transient = status, kind, transient

    def reply(self) -> Reply:
        """The answer; `fbtrace_id` is added where the call ends."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.message}",
            "type": self.kind,
            "code": self.code,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.transient:
            error["is_transient"] = True
        return Reply(self.status, {"error": error})


def gone(identifier: str) -> GraphError:
    """The object is not there, or not to be seen with this token: the answer is the same."""
    return GraphError(
        100,
        f"Unsupported request. Object with ID '{identifier}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation",
        subcode=33,
        kind="GraphMethodException",
    )


def bad(message: str) -> GraphError:
    """A parameter that is not taken."""
    return GraphError(100, message)


@dataclass(frozen=True, slots=True)
class Field:
    """One field that is asked for, with `.limit(5)` and `{sub,fields}`."""

    name: str
    args: Mapping[str, str] = field(default_factory=dict)
    sub: tuple[Field, ...] = ()


def parse(text: str) -> tuple[Field, ...]:
    """`id,from{id,name},comments.limit(5){id}`"""
    tokens = _TOKEN.findall(re.sub(r"\s+", "", text))
    fields, rest = _fields(tokens)
    if rest:
        raise GraphError(2500, f"Syntax error near {rest[0]!r} in fields")
    return fields


def _fields(tokens: list[str]) -> tuple[tuple[Field, ...], list[str]]:
    found: list[Field] = []
    while tokens and tokens[0] != "}":
        name, tokens = tokens[0], tokens[1:]
        args: dict[str, str] = {}
        while tokens[:1] == ["."]:
            if len(tokens) < 5 or tokens[2] != "(" or ")" not in tokens:
                raise GraphError(2500, "Syntax error in fields")
            end = tokens.index(")")
            args[tokens[1]] = "".join(tokens[3:end])
            tokens = tokens[end + 1 :]
        sub: tuple[Field, ...] = ()
        if tokens[:1] == ["{"]:
            sub, tokens = _fields(tokens[1:])
            if tokens[:1] != ["}"]:
                raise GraphError(2500, "Syntax error: expected end of fields")
            tokens = tokens[1:]
        found.append(Field(name, args, sub))
        if tokens[:1] == [","]:
            tokens = tokens[1:]
    return tuple(found), tokens


Resolver = Callable[[Ask, Any, Field], Any]


@dataclass(frozen=True, slots=True)
class Node:
    """A kind of object: its fields, and those that come unasked. A field that is None is left out."""

    kind: str
    default: tuple[str, ...]
    fields: Mapping[str, Resolver]

    def show(self, ask: Ask, thing: Any, wanted: Sequence[Field] = ()) -> dict[str, Any]:
        """The object with the fields that are asked for; `id` always."""
        wanted = wanted or tuple(Field(name) for name in self.default)
        shown: dict[str, Any] = {}
        for one in (*wanted, Field("id")):
            resolve = self.fields.get(one.name)
            if resolve is None:
                raise bad(f"Tried accessing nonexisting field ({one.name}) on node type ({self.kind})")
            value = resolve(ask, thing, one)
            if value is not None:
                shown[one.name] = value
        return shown


def part(value: Mapping[str, Any], wanted: Field) -> dict[str, Any]:
    """A plain object cut down to the sub-fields that are asked for."""
    names = [one.name for one in wanted.sub]
    return {name: value[name] for name in names or value if name in value}


class Standing(Protocol):
    """What a list is made of."""

    @property
    def id(self) -> str: ...
    @property
    def removed(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Edge:
    """How one list is asked for."""

    path: str
    """After the base address, for `paging.next`."""
    params: Mapping[str, Any]
    page_size: int = 25
    largest: int = _LARGEST_PAGE

    def page(
        self, ask: Ask, things: Sequence[Standing], show: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        """One page. What was taken away is cut out after the page is measured, as the real interface does:
        a page can be short, even empty, and yet have a next one."""
        limit = self._limit()
        start = self._start(ask, things)
        window = things[start : start + limit]
        answer: dict[str, Any] = {"data": [show(one) for one in window if not one.removed]}
        if window:
            paging: dict[str, Any] = {
                "cursors": {
                    "before": _cursor(ask, window[0].id, start),
                    "after": _cursor(ask, window[-1].id, start + len(window) - 1),
                }
            }
            if limit and start + limit < len(things):
                paging["next"] = self._next(ask, paging["cursors"]["after"], limit)
            answer["paging"] = paging
        return answer

    def _limit(self) -> int:
        given = str(self.params.get("limit", self.page_size))
        if not given.isdecimal():
            raise bad("Param limit must be an integer that is not negative")
        return min(int(given), self.largest)

    def _start(self, ask: Ask, things: Sequence[Standing]) -> int:
        after = self.params.get("after")
        if not after:
            return 0
        try:
            epoch, position, identifier = urlsafe_b64decode(str(after)).decode().split("|")
            given, place = int(epoch), max(0, int(position))
        except ValueError:
            raise bad("Invalid cursors values") from None
        if given != ask.faults.epoch(ask.platform):
            raise bad("Invalid cursors values")
        found = next((at for at, one in enumerate(things) if one.id == identifier), place)
        return found + 1

    def _next(self, ask: Ask, after: str, limit: int) -> str:
        # As the real one: the address of the next page carries the token.
        kept = {k: v for k, v in self.params.items() if isinstance(v, str) and k not in ("after", "limit")}
        token = ask.grant.access if ask.grant is not None else ""
        query = urlencode({"access_token": token, **kept, "limit": limit, "after": after})
        return f"{ask.root}/{ask.platform}{self.path}?{query}"


def _cursor(ask: Ask, identifier: str, position: int) -> str:
    epoch = ask.faults.epoch(ask.platform)
    return urlsafe_b64encode(f"{epoch}|{position}|{identifier}".encode()).decode()


def moment(at: datetime) -> str:
    """`2020-02-19T23:05:53+0000`"""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def since(params: Mapping[str, Any]) -> datetime | None:
    """The parameter of this name: seconds since 1970, or a date."""
    given = str(params.get("since", ""))
    if not given:
        return None
    try:
        if given.isdecimal():
            return datetime.fromtimestamp(int(given), UTC)
        at = datetime.fromisoformat(given)
    except (ValueError, OverflowError, OSError):
        raise bad("Invalid parameter: since") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def flag(params: Mapping[str, Any], name: str) -> bool:
    """A parameter that is true or false."""
    given = params.get(name)
    if given in (True, "true", "True", "1"):
        return True
    if given in (False, "false", "False", "0"):
        return False
    raise bad(f"Param {name} must be a boolean")


def asked_fields(ask: Ask) -> tuple[Field, ...]:
    """The parameter `fields`."""
    return parse(str(ask.params.get("fields", "")))
