"""Private messages of Facebook and Instagram: conversations, sending, windows, moderation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from console.domain.messages import INSTAGRAM
from console.platforms.simulator.api import Ask
from console.platforms.simulator.meta import Found, GraphApi, Serves, show
from console.platforms.simulator.meta_fields import (
    Edge,
    Field,
    GraphError,
    Node,
    asked_fields,
    bad,
    gone,
    moment,
    part,
)
from console.platforms.simulator.things import SimComment, SimConversation, SimMessage, SimPerson

_TOLD = 20
"""Of a conversation, only so many of the newest messages are told in detail."""
_DAY, _WEEK = timedelta(hours=24), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rules:
    """Where the two platforms differ."""

    name: str
    """Of the parameter `platform`."""
    scope: str
    window_subcode: int
    largest: int
    in_bytes: bool


MESSENGER = Rules("messenger", "pages_messaging", 2018278, 2_000, in_bytes=False)
DIRECT = Rules("instagram", "instagram_manage_messages", 2534022, 1_000, in_bytes=True)


class Messages:
    """The edges of private messages, for one platform."""

    def __init__(self, api: GraphApi, rules: Rules) -> None:
        self._api = api
        self._rules = rules
        self.message = Node("Message", ("id", "created_time"), _MESSAGE_FIELDS)
        self.conversation = Node(
            "UnifiedThread",
            ("id", "updated_time"),
            {
                "id": lambda ask, one, f: one.id,
                "updated_time": lambda ask, one, f: moment(one.updated_at),
                "link": lambda ask, one, f: f"/{one.person.id}/inbox",
                "message_count": lambda ask, one, f: len(one.messages),
                "participants": lambda ask, one, f: {"data": [_who(p) for p in (one.person, api.city)]},
                "messages": lambda ask, one, f: self._messages(ask, one, f.sub, f.args),
            },
        )
        scopes = (rules.scope,)
        api.edges |= {
            ("GET", "page", "conversations"): Serves(self._conversations, scopes),
            ("GET", "conversation", ""): Serves(show, scopes),
            ("GET", "conversation", "messages"): Serves(self._messages_edge, scopes),
            ("GET", "message", ""): Serves(self._one, scopes),
            ("POST", "page", "messages"): Serves(self._send, scopes),
            ("POST", "page", "moderate_conversations"): Serves(self._moderate, scopes),
        }

    def find(self, ask: Ask, identifier: str) -> Found | None:
        """A conversation or a message of this name."""
        conversation = ask.world.conversation_by_id(ask.platform, identifier)
        if conversation is not None:
            return Found("conversation", conversation, self.conversation)
        message = ask.world.message_by_id(ask.platform, identifier)
        return (
            Found("message", message, self.message) if message is not None and not message.removed else None
        )

    def _conversations(self, ask: Ask, found: Found) -> dict[str, Any]:
        asked = str(ask.params.get("platform", "messenger"))
        person = ask.params.get("user_id")
        rows = [
            _Row(one)
            for one in ask.world.conversations(ask.platform)
            if asked == self._rules.name and person in (None, one.person.id)
        ]
        fields = asked_fields(ask)
        ask.page()
        edge = Edge(f"/{found.thing.id}/conversations", ask.params)
        return edge.page(ask, rows, lambda row: self.conversation.show(ask, row.one, fields))

    def _messages_edge(self, ask: Ask, found: Found) -> dict[str, Any]:
        ask.page()
        return self._messages(ask, found.thing, asked_fields(ask), ask.params)

    def _messages(
        self, ask: Ask, one: SimConversation, fields: tuple[Field, ...], params: Mapping[str, Any]
    ) -> dict[str, Any]:
        """All of them by name, newest first; the older ones without their details."""
        known = [field for field in fields if field.name in ("id", "created_time")]

        def shown(message: SimMessage) -> dict[str, Any]:
            return self.message.show(ask, message, fields if _told(message) else known)

        kept = {**params, "fields": ",".join(field.name for field in fields)} if fields else dict(params)
        return Edge(f"/{quote(one.id)}/messages", kept).page(ask, one.messages[::-1], shown)

    def _one(self, ask: Ask, found: Found) -> dict[str, Any]:
        if not _told(found.thing):
            raise GraphError(
                100,
                f"The message {found.thing.id} has been deleted or is older than the last {_TOLD}",
                subcode=33,
                kind="GraphMethodException",
            )
        return show(ask, found)

    def _send(self, ask: Ask, found: Found) -> dict[str, Any]:
        params = ask.params
        recipient, message = _object(params, "recipient"), _object(params, "message")
        text = str(message.get("text", ""))
        self._check_text(text)
        if "comment_id" in recipient:
            person = self._private_reply(ask, str(recipient["comment_id"]), text)
        else:
            person = self._recipient(ask, str(recipient.get("id", "")))
            self._check_window(ask, person, params)
        sent = ask.world.send(person, text)
        if "comment_id" in recipient:
            self._comment(ask, str(recipient["comment_id"])).private_reply = sent
        ask.did(f"message {sent.id} to {person.id}")
        return {"recipient_id": person.id, "message_id": sent.id}

    def _check_text(self, text: str) -> None:
        if not text.strip():
            raise bad("Message cannot be empty, must provide valid attachment or text")
        length = len(text.encode()) if self._rules.in_bytes else len(text)
        if length > self._rules.largest:
            raise bad(f"Length of param message[text] must be less than or equal to {self._rules.largest}")

    def _comment(self, ask: Ask, identifier: str) -> SimComment:
        found = self._api.find(ask, identifier)
        if not isinstance(found.thing, SimComment):
            raise gone(identifier)
        return found.thing

    def _private_reply(self, ask: Ask, identifier: str, text: str) -> SimPerson:
        """One for each comment, within 7 days."""
        comment = self._comment(ask, identifier)
        if comment.by_city:
            raise bad("You cannot reply to your own comment")
        if comment.private_reply is not None:
            raise GraphError(10900, "Activity already replied to")
        if ask.now - comment.at > _WEEK:
            raise self._outside()
        self._check_reachable(comment.person)
        return comment.person

    def _recipient(self, ask: Ask, identifier: str) -> SimPerson:
        person = ask.world.person_by_id(ask.platform, identifier)
        if person is None:
            raise GraphError(100, "No matching user found", subcode=2018001)
        self._check_reachable(person)
        return person

    def _check_reachable(self, person: SimPerson) -> None:
        if person.unavailable or person.id in self._api.world.muted(self._api.platform):
            raise GraphError(551, "This person isn't available right now.", subcode=1545041)

    def _check_window(self, ask: Ask, person: SimPerson, params: Mapping[str, Any]) -> None:
        conversation = ask.world.conversation_with(person)
        last = conversation.last_inbound_at if conversation is not None else None
        agent = params.get("messaging_type") == "MESSAGE_TAG" and params.get("tag") == "HUMAN_AGENT"
        if last is None or ask.now - last > (_WEEK if agent else _DAY):
            raise self._outside()

    def _outside(self) -> GraphError:
        return GraphError(
            10,
            "This message is sent outside of allowed window.",
            subcode=self._rules.window_subcode,
            status=403,
        )

    def _moderate(self, ask: Ask, found: Found) -> dict[str, Any]:
        world, params = ask.world, ask.params
        banned, muted = world.banned(ask.platform), world.muted(ask.platform)
        on_instagram = ask.platform == INSTAGRAM
        for one in _list(params, "user_ids"):
            person = world.person_by_id(ask.platform, str(one.get("id", "")))
            if person is None or (on_instagram and world.conversation_with(person) is None):
                raise bad("No conversation with this user")
            for action in (str(name).lower() for name in _list(params, "actions")):
                match action:
                    case "ban_user":
                        banned.add(person.id)
                    case "unban_user":
                        banned.discard(person.id)
                    case "block_user":
                        (banned if on_instagram else muted).add(person.id)
                    case "unblock_user":
                        (banned if on_instagram else muted).discard(person.id)
                    case "move_to_spam":
                        pass
                    case _:
                        raise bad(f"Unknown action {action}")
                ask.did(f"{action} {person.id}")
        # On Instagram the answer is a word, not a truth value.
        return {"success": "true" if on_instagram else True}


class _Row:
    """A conversation as an edge wants it."""

    removed = False

    def __init__(self, one: SimConversation) -> None:
        self.one = one
        self.id = one.id


def _told(message: SimMessage) -> bool:
    return message in message.conversation.messages[-_TOLD:]


def _who(person: SimPerson) -> dict[str, str]:
    return {"username" if person.platform == INSTAGRAM else "name": person.name, "id": person.id}


def _attachments(ask: Ask, message: SimMessage, wanted: Field) -> dict[str, Any] | None:
    if message.picture is None:
        return None
    url = f"{ask.root}/images/{quote(message.picture)}.png"
    shown = {"id": f"a{message.number}", "mime_type": "image/png", "name": f"{message.picture}.png"}
    return {"data": [{**shown, "image_data": {"url": url, "preview_url": url}}]}


_MESSAGE_FIELDS = {
    "id": lambda ask, m, f: m.id,
    "created_time": lambda ask, m, f: moment(m.at),
    "from": lambda ask, m, f: part(_who(m.sender), f),
    "to": lambda ask, m, f: {
        "data": [_who(m.person if m.by_city else ask.world.cities[m.platform])],
    },
    "message": lambda ask, m, f: m.text,
    "reply_to": lambda ask, m, f: {"mid": m.reply_to.id} if m.reply_to is not None else None,
    "attachments": _attachments,
}


def _object(params: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A parameter that is an object, as JSON or as a form's text."""
    value = _value(params, name)
    if not isinstance(value, dict):
        raise bad(f"Param {name} must be an object")
    return value


def _list(params: Mapping[str, Any], name: str) -> list[Any]:
    value = _value(params, name)
    if not isinstance(value, list) or not value or len(value) > 10:
        raise bad(f"Param {name} must be a list of 1 to 10")
    return value


def _value(params: Mapping[str, Any], name: str) -> Any:
    given = params.get(name)
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        raise bad(f"Param {name} must be valid JSON") from None
