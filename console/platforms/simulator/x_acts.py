"""What the X API v2 does: hide, reply, private messages, mute and block, each with its conditions."""

from __future__ import annotations

from typing import Any

from console.domain.messages import X
from console.platforms.simulator import x_shapes as shapes
from console.platforms.simulator.api import Ask, Reply
from console.platforms.simulator.things import SimPerson
from console.platforms.simulator.world import World
from console.platforms.simulator.x_shapes import ProblemError

_LONGEST_POST, _LONGEST_MESSAGE = 280, 10_000
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise "
    "engaged by the author of the post you are replying to."
)


class XActs:
    """Handlers of the calls that change something."""

    def __init__(self, world: World, city: SimPerson) -> None:
        self._world, self._city = world, city
        self.silenced: set[str] = set()
        """Identifiers of the people whom the city muted."""

    def hide(self, ask: Ask) -> Reply:
        """PUT /2/tweets/{id}/hidden, only for replies in threads that the city started."""
        hidden = _body(ask).get("hidden")
        if not isinstance(hidden, bool):
            raise _bad_body("hidden")
        one = shapes.tweets(self._world).get(ask.args["tweet"])
        if one is None:
            raise _gone(ask.args["tweet"])
        if one.comment is None or not one.root.person.is_city or one.person.is_city:
            raise shapes.forbidden("You are not permitted to hide or unhide this post.")
        if one.comment.hidden != hidden:
            ask.did(f"{'hide' if hidden else 'unhide'} {one.id}")
        one.comment.hidden = hidden
        return Reply(200, {"data": {"hidden": hidden}})

    def post(self, ask: Ask) -> Reply:
        """POST /2/tweets: a publication, or a reply to somebody who summoned the city."""
        body = _body(ask)
        text, reply = body.get("text"), body.get("reply")
        if not isinstance(text, str) or not text.strip():
            raise _bad_body("text")
        if len(text) > _LONGEST_POST:
            raise ProblemError(400, "Invalid Request", "Your post is too long.", "invalid-request")
        if reply is None:
            made = self._world.publish(X, text)
            ask.did(f"post {made.id}")
            return _made(made.id, text)
        target = reply.get("in_reply_to_tweet_id") if isinstance(reply, dict) else None
        if not isinstance(target, str):
            raise _bad_body("reply.in_reply_to_tweet_id")
        one = shapes.tweets(self._world).get(target)
        if one is None:
            raise shapes.forbidden("You attempted to reply to a post that is deleted or not visible to you.")
        if not one.person.is_city and not one.mentions_city:
            raise shapes.forbidden(NOT_SUMMONED)
        answer = self._world.comment(one.root, self._city, text, parent=one.comment)
        ask.did(f"reply {answer.id}")
        return _made(answer.id, text)

    def delete(self, ask: Ask) -> Reply:
        """DELETE /2/tweets/{id}, only the city's own."""
        one = shapes.tweets(self._world).get(ask.args["tweet"])
        if one is None:
            raise _gone(ask.args["tweet"])
        if not one.person.is_city:
            raise shapes.forbidden("You are not authorized to delete this post.")
        self._world.remove(one.comment or one.root)
        ask.did(f"delete {one.id}")
        return Reply(200, {"data": {"deleted": True}})

    def send(self, ask: Ask) -> Reply:
        """POST /2/dm_conversations/with/{participant}/messages"""
        text = _body(ask).get("text")
        if not isinstance(text, str) or not text.strip():
            raise _bad_body("text")
        if len(text) > _LONGEST_MESSAGE:
            raise ProblemError(400, "Invalid Request", "The message is too long.", "invalid-request")
        person = self._person(ask.args["person"])
        if person.unavailable:
            raise shapes.forbidden("You cannot send messages to this user.")
        made = self._world.send(person, text)
        ask.did(f"message {made.id}")
        conversation = shapes.conversation_id(person, self._city)
        return Reply(201, {"data": {"dm_conversation_id": conversation, "dm_event_id": made.id}})

    def mute(self, ask: Ask) -> Reply:
        """POST /2/users/{me}/muting"""
        person = self._person(str(_body(ask).get("target_user_id", "")))
        self.silenced.add(person.id)
        ask.did(f"mute {person.id}")
        return Reply(200, {"data": {"muting": True}})

    def unmute(self, ask: Ask) -> Reply:
        """DELETE /2/users/{me}/muting/{person}"""
        self.silenced.discard(self._person(ask.args["person"]).id)
        ask.did(f"unmute {ask.args['person']}")
        return Reply(200, {"data": {"muting": False}})

    def block(self, ask: Ask) -> Reply:
        """POST /2/users/{person}/dm/block"""
        self._world.muted(X).add(self._person(ask.args["person"]).id)
        ask.did(f"block messages {ask.args['person']}")
        return Reply(200, {"data": {"blocked": True}})

    def unblock(self, ask: Ask) -> Reply:
        """POST /2/users/{person}/dm/unblock"""
        self._world.muted(X).discard(self._person(ask.args["person"]).id)
        ask.did(f"unblock messages {ask.args['person']}")
        return Reply(200, {"data": {"blocked": False}})

    def _person(self, identifier: str) -> SimPerson:
        person = self._world.person_by_id(X, identifier)
        if person is None:
            detail = f"Could not find user with id: [{identifier}]."
            raise ProblemError(404, "Not Found Error", detail, "resource-not-found", resource_id=identifier)
        return person


def _body(ask: Ask) -> dict[str, Any]:
    if not isinstance(ask.json, dict):
        raise ProblemError(400, "Invalid Request", "The body is not JSON.", "invalid-request")
    return ask.json


def _bad_body(name: str) -> ProblemError:
    detail = f"The body does not hold a usable `{name}`."
    return ProblemError(400, "Invalid Request", detail, "invalid-request")


def _gone(identifier: str) -> ProblemError:
    detail = f"Could not find tweet with id: [{identifier}]."
    return ProblemError(404, "Not Found Error", detail, "resource-not-found", resource_id=identifier)


def _made(identifier: str, text: str) -> Reply:
    data = {"id": identifier, "text": text, "edit_history_tweet_ids": [identifier]}
    return Reply(201, {"data": data})
