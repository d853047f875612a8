"""A Facebook Page: comments under its publications, what citizens publish on it, and Messenger.

Graph API v26.0. The platform tells neither edits nor deletions in its lists: `look` finds them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from console.clock import Clock
from console.domain.messages import FACEBOOK, IncomingMessage, Platform
from console.domain.platforms import Act, Receipt, Result, Target
from console.errors import UncertainError
from console.platforms.acting import CLOCKS_DIFFER, same_text
from console.platforms.facebook_pages import COMMENT_FIELDS, PageComments, comment_id
from console.platforms.http.client import Wait
from console.platforms.http.media import picture
from console.platforms.http.shape import Record
from console.platforms.meta_acts import UNKNOWN_PERSON, Acts
from console.platforms.meta_graph import GoneError, Graph
from console.platforms.meta_messages import Inbox
from console.platforms.walking import Walks
from console.services.platform_ports import Budget, Connection, FetchedPage, Health, TokenStore

SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_messaging",
    "pages_manage_metadata",
)
_MOST_LOOKS = 50


def connect(connection: Connection, tokens: TokenStore, clock: Clock) -> Facebook:
    """The connector of a connected Page."""
    return Facebook(connection, tokens, clock, ca_file=connection.settings.get("ca_file", ""))


class Facebook:
    """Fulfils `Connector`."""

    def __init__(
        self,
        connection: Connection,
        tokens: TokenStore,
        clock: Clock | None = None,
        *,
        wait: Wait = time.sleep,
        ca_file: str = "",
    ) -> None:
        self._graph = Graph(connection, tokens, clock, wait, ca_file)
        page = connection.external_id
        self._page = page
        self._inbox = Inbox(self._graph, FACEBOOK, page, "messenger", frozenset({page}))
        self._comments = PageComments(self._graph, page)
        self._acts = Acts(self._graph, self._inbox, SCOPES)

    @property
    def platform(self) -> Platform:
        """Facebook."""
        return FACEBOOK

    def check(self) -> Health:
        """Who the token is, and what it may do."""
        return self._graph.health(SCOPES)

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """Comments, then private messages."""
        walks = Walks.load(cursor)
        yield from self._comments.fetch(walks)
        yield from self._inbox.fetch(walks)

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """One call each."""
        found: dict[str, IncomingMessage | None] = {}
        for each in external_ids[:_MOST_LOOKS]:
            # A private message cannot be asked for: of one that is older than the twenty newest the
            # platform says the same as of one that is gone.
            if not _is_comment(each):
                continue
            try:
                found[each] = self._comments.look(each)
            except GoneError:
                found[each] = None
        return found

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """Do it, once."""
        acts, comment = self._acts, f"/{target.external_id}"
        ability = acts.ability(act, target)
        if ability is None or not ability.api:
            return acts.by_hand(act, ability.note if ability else "")
        match act:
            case Act.HIDE | Act.UNHIDE:
                hidden = {"is_hidden": act is Act.HIDE}
                return acts.changed(act, target, acts.send(act, "POST", comment, params=hidden))
            case Act.DELETE:
                return acts.changed(act, target, acts.send(act, "DELETE", comment))
            case Act.REPLY:
                # Never `POST /{comment}` with a message: that edits the comment.
                answer = acts.send(act, "POST", f"{comment}/comments", json={"message": text})
                return acts.made(act, target, answer, "id")
            case Act.MESSAGE:
                return acts.message(act, target, text)
        return self._block(act, target)

    def read_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Whether it happened, by looking."""
        acts = self._acts
        match act:
            case Act.REPLY:
                return self._reply_back(target, text, since)
            case Act.MESSAGE:
                return acts.message_back(act, target, text, since)
            case Act.HIDE | Act.UNHIDE | Act.DELETE:
                try:
                    found = self._graph.thing(target.external_id, "id,is_hidden")
                except GoneError:
                    return acts.seen(act, Result.DONE if act is Act.DELETE else Result.GONE)
                if act is Act.DELETE:
                    return None
                hidden = found.truth("is_hidden")
                if hidden is None:
                    raise UncertainError("platform.uncertain")
                return acts.seen(act, Result.DONE) if hidden is (act is Act.HIDE) else None
        # Who is banned cannot be asked for; doing it again does no more.
        raise UncertainError("platform.uncertain")

    def media(self, url: str) -> bytes:
        """A picture of an attachment."""
        return picture(self._graph.api.wire, url)

    def budgets(self) -> tuple[Budget, ...]:
        """Percent of the hour's allowance."""
        return self._graph.manners.pace.budgets()

    def revoke(self) -> None:
        """A Page token cannot void itself: an administrator removes the app on the platform."""

    def close(self) -> None:
        """Close the connections."""
        self._graph.api.close()

    def _block(self, act: Act, target: Target) -> Receipt:
        acts, person = self._acts, target.author_external_id
        if not person:
            return acts.by_hand(act, UNKNOWN_PERSON)
        if act is Act.BAN:
            answer = acts.send(act, "POST", f"/{self._page}/blocked", json={"user": person})
        else:
            answer = acts.send(act, "DELETE", f"/{self._page}/blocked", params={"user": person})
        if not answer.ok:
            return acts.refused(act, target, answer)
        body = Record(answer.body)
        done = body.truth(person) if person in body else body.truth("success")
        if done is None:
            raise UncertainError("platform.uncertain")
        return acts.receipt(act, Result.DONE if done else Result.REFUSED, answer)

    def _reply_back(self, target: Target, text: str, since: datetime) -> Receipt | None:
        since -= CLOCKS_DIFFER
        # An answer to a reply stands beside it, under the comment above.
        places = [each for each in (target.external_id, target.parent_external_id) if each]
        for place in dict.fromkeys(places):
            try:
                for each in self._comments.newest(place, since):
                    ours = each.record("from").word("id") == self._page
                    if ours and same_text(each.text("message"), text):
                        made = comment_id(each.id(), target.post_external_id)
                        return self._acts.seen(Act.REPLY, Result.DONE, made)
            except GoneError:
                if place == target.external_id:
                    return self._acts.seen(Act.REPLY, Result.GONE)
        return None


def _is_comment(identifier: str) -> bool:
    return identifier.replace("_", "").isdecimal()


__all__ = ["COMMENT_FIELDS", "SCOPES", "Facebook", "connect"]
