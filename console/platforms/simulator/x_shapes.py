"""Posts, users, private messages and problems in the form of the X API v2."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from console.domain.messages import X
from console.platforms.simulator.api import Ask, Reply
from console.platforms.simulator.things import SimComment, SimMessage, SimPerson, SimPost
from console.platforms.simulator.world import World

HANDLE = "villeessai"
_ALWAYS = frozenset({"id", "text", "edit_history_tweet_ids"})
_TWEET_FIELDS = _ALWAYS | {
    "author_id",
    "attachments",
    "conversation_id",
    "created_at",
    "entities",
    "in_reply_to_user_id",
    "lang",
    "public_metrics",
    "referenced_tweets",
    "reply_settings",
}
_USER_FIELDS = frozenset({"id", "name", "username", "created_at", "profile_image_url", "verified"})
_EVENT_FIELDS = frozenset(
    {"id", "event_type", "text", "sender_id", "dm_conversation_id", "created_at", "attachments"}
)
_MEDIA_FIELDS = frozenset({"media_key", "type", "url", "preview_image_url", "alt_text"})


class ProblemError(Exception):
    """An answer in problem JSON (RFC 9457)."""

    def __init__(self, status: int, title: str, detail: str, kind: str = "", **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {
            "title": title,
            "detail": detail,
            "type": f"https://api.x.com/2/problems/{kind}" if kind else "about:blank",
            "status": status,
        } | more

    def reply(self) -> Reply:
        """The answer that is sent."""
        return Reply(self.status, self.body, content_type="application/problem+json")


def invalid(name: str, value: str, why: str) -> ProblemError:
    """A parameter that is not taken."""
    words = f"The `{name}` query parameter value [{value}] {why}"
    return ProblemError(
        400,
        "Invalid Request",
        "One or more parameters to your request was invalid.",
        "invalid-request",
        errors=[{"parameters": {name: [value]}, "message": words}],
    )


def forbidden(detail: str) -> ProblemError:
    """What may not be done, in words only: X has no code for it."""
    return ProblemError(403, "Forbidden", detail)


def missing(name: str, identifier: str) -> dict[str, Any]:
    """The partial error beside `data` for what is asked for and gone."""
    return {
        "value": identifier,
        "detail": f"Could not find tweet with {name}: [{identifier}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": name,
        "resource_id": identifier,
        "type": "https://api.x.com/2/problems/resource-not-found",
    }


@dataclass(frozen=True, slots=True)
class Tweet:
    """A post of the city, of somebody else, or a reply: all one kind on X."""

    id: str
    text: str
    person: SimPerson
    at: datetime
    root: SimPost
    comment: SimComment | None

    @property
    def answered(self) -> tuple[str, SimPerson] | None:
        """What it replies to, and whose that is."""
        if self.comment is None:
            return None
        parent = self.comment.parent
        return (parent.id, parent.person) if parent is not None else (self.root.id, self.root.person)

    @property
    def picture(self) -> str | None:
        """Name of its picture."""
        return self.comment.picture if self.comment is not None else None

    @property
    def reply_count(self) -> int:
        """Of direct replies that stand."""
        if self.comment is not None:
            return sum(1 for one in self.comment.children if not one.removed)
        return sum(1 for one in self.root.comments if one.parent is None and not one.removed)

    @property
    def mentions_city(self) -> bool:
        """Whether its author names the city in it."""
        return re.search(rf"(?<!\w)@{HANDLE}(?!\w)", self.text, re.IGNORECASE) is not None


def tweets(world: World) -> dict[str, Tweet]:
    """All that stand, by id. A reply outlives what it replies to."""
    found = [Tweet(p.id, p.text, p.person, p.at, p, None) for p in world.posts(X)]
    found += [
        Tweet(c.id, c.text, c.person, c.at, c.post, c)
        for c in world.comments(X, removed=True)
        if not c.removed
    ]
    return {one.id: one for one in found}


def username(person: SimPerson) -> str:
    """Letters and digits only, at most 15; told apart by the end of the id."""
    if person.is_city:
        return HANDLE
    plain = unicodedata.normalize("NFKD", person.name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)[:10] + person.id[-5:]


def instant(at: datetime) -> str:
    """`2026-03-01T14:05:09.000Z`"""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def asked_fields(ask: Ask) -> dict[str, set[str]]:
    """`tweet.fields`, `user.fields`, `dm_event.fields`, `media.fields` as they were asked for."""
    known = {
        "tweet.fields": _TWEET_FIELDS,
        "user.fields": _USER_FIELDS,
        "dm_event.fields": _EVENT_FIELDS,
        "media.fields": _MEDIA_FIELDS,
    }
    asked = {}
    for name, fields in known.items():
        given = set(ask.query.get(name, "").split(",")) - {""}
        if not given <= fields:
            raise invalid(name, ask.query[name], "is not one of the known fields")
        asked[name] = given
    return asked


def tweet(one: Tweet, fields: set[str]) -> dict[str, Any]:
    """A post with the fields asked for; `&`, `<` and `>` of the text are escaped."""
    answered = one.answered
    text = escape(one.text, quote=False)
    made: dict[str, Any] = {
        "id": one.id,
        "text": text,
        "edit_history_tweet_ids": [one.id],
        "author_id": one.person.id,
        "conversation_id": one.root.id,
        "created_at": instant(one.at),
        "public_metrics": {
            "reply_count": one.reply_count,
            "like_count": one.comment.likes if one.comment is not None else 0,
        },
        "lang": "fr",
        "reply_settings": "everyone",
    }
    if answered is not None:
        made["in_reply_to_user_id"] = answered[1].id
        made["referenced_tweets"] = [{"type": "replied_to", "id": answered[0]}]
    if one.picture is not None:
        made["attachments"] = {"media_keys": [f"3_{one.id}"]}
    return {name: value for name, value in made.items() if name in _ALWAYS | fields}


def user(person: SimPerson, fields: set[str]) -> dict[str, Any]:
    """A user; id, name and user name are always there."""
    made = {
        "id": person.id,
        "name": person.name,
        "username": username(person),
        "verified": person.is_city,
    }
    return {name: value for name, value in made.items() if name in {"id", "name", "username"} | fields}


def event(message: SimMessage, city: SimPerson, fields: set[str]) -> dict[str, Any]:
    """A private message; sender, conversation and time come when asked for."""
    made = {
        "id": message.id,
        "event_type": "MessageCreate",
        "text": message.text,
        "sender_id": message.sender.id,
        "dm_conversation_id": conversation_id(message.person, city),
        "created_at": instant(message.at),
    }
    return {name: value for name, value in made.items() if name in {"id", "event_type", "text"} | fields}


def conversation_id(person: SimPerson, city: SimPerson) -> str:
    """Of the private messages between two users: both ids, the smaller one first."""
    low, high = sorted((int(person.id), int(city.id)))
    return f"{low}-{high}"


def listed(
    ask: Ask,
    chosen: Sequence[Tweet],
    everything: Mapping[str, Tweet],
    following: str = "",
    errors: Sequence[dict[str, Any]] = (),
    *,
    meta: bool = True,
) -> Reply:
    """A list of posts with what `expansions` asks for; without `data` when it is empty."""
    fields = asked_fields(ask)
    body: dict[str, Any] = {}
    if chosen:
        body["data"] = [tweet(one, fields["tweet.fields"]) for one in chosen]
    includes = _includes(ask, chosen, everything, fields)
    if includes:
        body["includes"] = includes
    if errors:
        body["errors"] = list(errors)
    if meta:
        body["meta"] = _meta([one.id for one in chosen], following)
    return Reply(200, body)


def listed_events(ask: Ask, chosen: Sequence[SimMessage], city: SimPerson, following: str) -> Reply:
    """A list of private messages."""
    fields = asked_fields(ask)
    body: dict[str, Any] = {"meta": {"result_count": len(chosen)}}
    if following:
        body["meta"]["next_token"] = following
    if chosen:
        body["data"] = [event(one, city, fields["dm_event.fields"]) for one in chosen]
    if chosen and "sender_id" in ask.query.get("expansions", "").split(","):
        body["includes"] = {"users": _users((one.sender for one in chosen), fields["user.fields"])}
    return Reply(200, body)


def _includes(
    ask: Ask, chosen: Sequence[Tweet], everything: Mapping[str, Tweet], fields: Mapping[str, set[str]]
) -> dict[str, Any]:
    expansions = set(ask.query.get("expansions", "").split(","))
    people = [one.person for one in chosen] if "author_id" in expansions else []
    answered = [one.answered for one in chosen]
    if "in_reply_to_user_id" in expansions:
        people += [one[1] for one in answered if one is not None]
    made: dict[str, Any] = {}
    if people:
        made["users"] = _users(people, fields["user.fields"])
    if "referenced_tweets.id" in expansions:
        named = {one[0] for one in answered if one is not None} & everything.keys()
        made["tweets"] = [tweet(everything[i], fields["tweet.fields"]) for i in sorted(named)]
    if "attachments.media_keys" in expansions:
        wanted = {"media_key", "type"} | fields["media.fields"]
        media = [
            {"media_key": f"3_{one.id}", "type": "photo", "url": f"{ask.root}/images/{one.picture}.png"}
            for one in chosen
            if one.picture is not None
        ]
        made["media"] = [{k: v for k, v in one.items() if k in wanted} for one in media]
    return {name: values for name, values in made.items() if values}


def _users(people: Iterable[SimPerson], fields: set[str]) -> list[dict[str, Any]]:
    return [user(one, fields) for one in {one.id: one for one in people}.values()]


def _meta(ids: Sequence[str], following: str) -> dict[str, Any]:
    meta: dict[str, Any] = {"result_count": len(ids)}
    if ids:
        meta |= {"newest_id": max(ids, key=int), "oldest_id": min(ids, key=int)}
    if following:
        meta["next_token"] = following
    return meta
