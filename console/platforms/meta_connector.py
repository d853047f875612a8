"""What the connectors of Facebook and Instagram have in common."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from console.clock import Clock
from console.domain.messages import IncomingMessage, Platform
from console.domain.platforms import Act, Receipt, Result, Target
from console.errors import AccessLostError, UncertainError
from console.platforms.acting import CLOCKS_DIFFER, same_text
from console.platforms.http.client import Wait
from console.platforms.http.media import picture
from console.platforms.http.shape import Record
from console.platforms.meta_acts import Acts
from console.platforms.meta_graph import GoneError, Graph
from console.platforms.meta_manners import GONE
from console.platforms.meta_messages import Inbox
from console.platforms.walking import Walks
from console.services.platform_ports import Budget, Connection, FetchedPage, Health, TokenStore

MOST_LOOKS = 50
_HIDING = (Act.HIDE, Act.UNHIDE)


class MetaConnector(ABC):
    """One account over one Page token; each platform adds its fields and edges. Fulfils `Connector`."""

    here: ClassVar[Platform]
    scopes: ClassVar[tuple[str, ...]]
    hidden: ClassVar[str]
    """Field that says whether a comment is hidden."""
    messaging: ClassVar[str]
    """Scope of the private messages."""
    service: ClassVar[str]
    """Of the private messages."""

    def __init__(
        self,
        connection: Connection,
        tokens: TokenStore,
        clock: Clock | None = None,
        *,
        wait: Wait = time.sleep,
        ca_file: str = "",
    ) -> None:
        """`wait`: pauses for a number of seconds before another try."""
        self._graph = Graph(connection, tokens, clock, wait, ca_file)
        self._account = connection.external_id
        self._page = connection.settings.get("page_id") or connection.external_id
        city = frozenset({self._page, self._account})
        self._inbox = Inbox(self._graph, self.here, self._page, self.service, city)
        self._acts = Acts(self._graph, self._inbox, self.scopes, self.messaging)

    @property
    def platform(self) -> Platform:
        """Where the account is."""
        return self.here

    def check(self) -> Health:
        """Who the token is, and what it may do."""
        try:
            found = self._graph.health(self.scopes)
        except GoneError:
            raise AccessLostError("platform.permission", reason=GONE) from None
        if found.external_id != self._page:
            # With a person's token the lists answer, but empty: nobody would ever notice.
            raise AccessLostError("platform.token", reason="not_the_page")
        return found

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """Comments, then private messages."""
        walks = Walks.load(cursor)
        try:
            yield from self._fetch_comments(walks)
            yield from self._private(walks)
        except GoneError:
            # The account itself: of what a token may no longer see the platform says that it is not there.
            raise AccessLostError("platform.permission", reason=GONE) from None

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """Comments, one call each. A private message cannot be asked for: of one that is older than the
        twenty newest the platform says the same as of one that is gone."""
        found: dict[str, IncomingMessage | None] = {}
        for each in external_ids[:MOST_LOOKS]:
            if not each.replace("_", "").isdecimal():
                continue
            try:
                found[each] = self._look(each)
            except GoneError:
                found[each] = None
        # Of what the token may no longer see the platform says the same: then nothing is gone.
        if None in found.values() and self._acts.lost():
            raise AccessLostError("platform.permission", reason=GONE)
        return found

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """Do it, once."""
        ability = self._acts.ability(act, target)
        if ability is None or not ability.api:
            return self._acts.by_hand(act, ability.note if ability else "by_hand.platform")
        if act is Act.MESSAGE:
            return self._acts.message(act, target, text)
        return self._carry_out(act, target, text)

    def read_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Whether it happened, by looking."""
        if act is Act.REPLY:
            return self._reply_back(target, text, since)
        if act is Act.MESSAGE:
            return self._acts.message_back(act, target, text, since)
        if act not in (*_HIDING, Act.DELETE):
            # Who is banned cannot be asked for everywhere; doing it again does no more.
            raise UncertainError("platform.uncertain")
        try:
            found = self._graph.thing(target.external_id, f"id,{self.hidden}")
        except GoneError:
            return self._acts.seen(act, Result.DONE if act is Act.DELETE else Result.GONE)
        hidden = found.truth(self.hidden)
        if act is Act.DELETE:
            return None
        if hidden is None:
            raise UncertainError("platform.uncertain")
        return self._acts.seen(act, Result.DONE) if hidden is (act is Act.HIDE) else None

    def media(self, url: str) -> bytes:
        """A picture of an attachment."""
        return picture(self._graph.api.wire, url)

    def budgets(self) -> tuple[Budget, ...]:
        """Percent of the hour's allowance."""
        return self._graph.manners.pace.budgets()

    def revoke(self) -> None:  # noqa: B027  nothing to do is what this platform does
        """A Page token cannot void itself: an administrator removes the app on the platform."""

    def close(self) -> None:
        """Close the connections."""
        self._graph.api.close()

    def _private(self, walks: Walks) -> Iterator[FetchedPage]:
        try:
            yield from self._inbox.fetch(walks)
        except AccessLostError as error:
            # A city may leave private messages out; its comments are read all the same.
            if error.code != "platform.permission" or not self._acts.without_messages():
                raise

    @abstractmethod
    def _fetch_comments(self, walks: Walks) -> Iterator[FetchedPage]: ...

    @abstractmethod
    def _look(self, identifier: str) -> IncomingMessage: ...

    @abstractmethod
    def _carry_out(self, act: Act, target: Target, text: str) -> Receipt: ...

    @abstractmethod
    def _answers(self, comment: str, since: datetime) -> Iterator[tuple[str, str]]:
        """(identifier, text) of the city's answers under a comment, not older than `since`."""

    def _reply_back(self, target: Target, text: str, since: datetime) -> Receipt | None:
        # An answer to a reply stands beside it, under the comment above.
        places = [each for each in (target.external_id, target.parent_external_id) if each]
        for place in dict.fromkeys(places):
            try:
                for made, written in self._answers(place, since - CLOCKS_DIFFER):
                    if same_text(written, text):
                        return self._acts.seen(Act.REPLY, Result.DONE, made)
            except GoneError:
                if place == target.external_id:
                    return self._acts.seen(Act.REPLY, Result.GONE)
        return None


def newest(graph: Graph, path: str, fields: str, when: str, since: datetime) -> Iterator[Record]:
    """What stands on an edge since then, whatever the order of its pages (at most ten)."""
    params = {"fields": fields, "order": "reverse_chronological", "limit": graph.page_size}
    after = ""
    for _ in range(10):
        page = graph.page(path, params, after)
        for each in page.items:
            at = each.time(when)
            if at is None or at >= since:
                yield each
        if not page.next:
            return
        after = page.next
