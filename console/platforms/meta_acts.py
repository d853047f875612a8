"""What the acts on Facebook and Instagram have in common: what a refusal means, messages, reading back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from console.domain.messages import Channel
from console.domain.platforms import Ability, Act, Receipt, Result, Target
from console.errors import AccessLostError, UncertainError
from console.platforms.abilities import abilities_of
from console.platforms.acting import CLOCKS_DIFFER
from console.platforms.http import receipts
from console.platforms.http.manners import Answer
from console.platforms.http.shape import Record, clean
from console.platforms.meta_graph import GoneError, Graph
from console.platforms.meta_manners import GONE, WINDOW_CLOSED, permission
from console.platforms.meta_messages import Inbox

UNKNOWN_PERSON = "person_unknown"
"""Of a receipt: the platform did not say who wrote, so nobody can be banned or written to by a call."""


class Acts:
    """Carries acts out with one Page token, and looks whether they happened."""

    def __init__(self, graph: Graph, inbox: Inbox, scopes: tuple[str, ...], messaging: str) -> None:
        """`messaging`: the scope of private messages, which a city may leave out."""
        self.graph, self.inbox, self._scopes = graph, inbox, scopes
        self._messaging = messaging

    def send(
        self,
        act: Act,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        json: Mapping[str, object] | None = None,
        form: Mapping[str, object] | None = None,
    ) -> Answer:
        """One call of an act; repeatable when the act is."""
        repeatable = act not in (Act.REPLY, Act.MESSAGE)
        return self.graph.api.send(method, path, params=params, json=json, form=form, repeatable=repeatable)

    def message(self, act: Act, target: Target, text: str) -> Receipt:
        """To the author: the one private answer to a comment, or in the conversation."""
        body: dict[str, object] = {"message": {"text": text}}
        if target.channel is Channel.COMMENT:
            body["recipient"] = {"comment_id": target.external_id}
        elif target.author_external_id:
            body |= {"recipient": {"id": target.author_external_id}, "messaging_type": "RESPONSE"}
        else:
            return self.by_hand(act, UNKNOWN_PERSON)
        answer = self.send(act, "POST", f"/{self.inbox.page}/messages", json=body)
        return self.made(act, target, answer, "message_id")

    def made(self, act: Act, target: Target, answer: Answer, name: str) -> Receipt:
        """The receipt of something that was written: without its identifier it is not sure."""
        if not answer.ok:
            return self.refused(act, target, answer)
        identifier = Record(answer.body).word(name)
        if not identifier:
            # `{"success":true}` here would mean that something was edited.
            raise UncertainError("platform.uncertain")
        return self.receipt(act, Result.DONE, answer, identifier)

    def changed(self, act: Act, target: Target, answer: Answer) -> Receipt:
        """The receipt of a change that answers `success`, also as a text."""
        if not answer.ok:
            return self.refused(act, target, answer)
        success = Record(answer.body).truth("success")
        if success is None:
            raise UncertainError("platform.uncertain")
        return self.receipt(act, Result.DONE if success else Result.REFUSED, answer)

    def refused(self, act: Act, target: Target, answer: Answer) -> Receipt:
        """What a definite no means: gone, out of the window, not allowed here, or the right was lost."""
        ability = self.ability(act, target)
        if answer.code == GONE:
            return self._gone(act, target, answer)
        if answer.code in WINDOW_CLOSED:
            return self.receipt(act, Result.BY_HAND, answer)
        if permission(answer.code):
            if act is Act.MESSAGE and self.without_messages():
                return self.receipt(act, Result.BY_HAND, answer)
            if ability is None or ability.sure or self.lost():
                raise AccessLostError("platform.permission", reason=answer.code)
            return self.receipt(act, Result.BY_HAND, answer)
        # Where the platform allows it in some cases only, its no sends a person there.
        sure = ability is None or ability.sure
        return self.receipt(act, Result.REFUSED if sure else Result.BY_HAND, answer)

    def _gone(self, act: Act, target: Target, answer: Answer) -> Receipt:
        """The same code says that the object is gone, that the token may not see it, and that such an
        object does not take this act (hiding what a citizen published): look which it is."""
        if target.channel is Channel.PRIVATE:
            return self.receipt(act, Result.BY_HAND, answer)
        try:
            self.graph.thing(target.external_id, "id")
        except GoneError:
            if self.lost():
                raise AccessLostError("platform.permission", reason=answer.code) from None
            return self.receipt(act, Result.GONE, answer)
        return self.receipt(act, Result.BY_HAND, answer)

    def ability(self, act: Act, target: Target) -> Ability | None:
        """What the platform offers for this act."""
        return abilities_of(target.platform).get((act, target.channel))

    def receipt(self, act: Act, result: Result, answer: Answer, external_id: str = "") -> Receipt:
        """From an answer, without secrets."""
        secrets = self.graph.manners.secrets()
        found = receipts.receipt(
            act, result, answer, self.graph.now(), external_id=external_id, secrets=secrets
        )
        return replace(found, external_id=clean(found.external_id))

    def by_hand(self, act: Act, code: str) -> Receipt:
        """No call can be made: a person does it."""
        return Receipt(act, Result.BY_HAND, self.graph.now(), code=code)

    def seen(self, act: Act, result: Result, external_id: str = "") -> Receipt:
        """Known by looking afterwards."""
        return Receipt(act, result, self.graph.now(), external_id=external_id, read_back=True)

    def message_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Whether a message reached the person's conversation."""
        since -= CLOCKS_DIFFER
        try:
            if target.channel is Channel.PRIVATE and target.post_external_id:
                found = self.inbox.sent(target.post_external_id, target.author_external_id, text, since)
            else:
                found = self.inbox.sent_to(target.author_external_id, text, since)
        except GoneError:
            raise UncertainError("platform.uncertain") from None
        return self.seen(act, Result.DONE, found.id()) if found else None

    def lost(self) -> bool:
        """Whether a refusal comes from a right that the token no longer has, not from this message."""
        return bool(self._missing() - {self._messaging})

    def without_messages(self) -> bool:
        """Whether the token was given without private messages; the rest goes on."""
        return self._messaging in self._missing()

    def _missing(self) -> set[str]:
        try:
            return set(self.graph.health(self._scopes).missing)
        except GoneError:
            return set(self._scopes)
