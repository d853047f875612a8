"""The Graph API as an account of the city reads it: objects, edges with pages, who the token is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from console.clock import Clock, SystemClock
from console.errors import AccessLostError
from console.platforms.http.client import Api, Wait
from console.platforms.http.manners import Answer
from console.platforms.http.shape import Record, misshapen, record
from console.platforms.http.wire import Wire
from console.platforms.meta_manners import GONE, GRAPH, MetaManners
from console.platforms.walking import Page, StalePageError
from console.services.platform_ports import Connection, Health, TokenStore

LARGEST = 100


class GoneError(Exception):
    """The object is no longer there."""


class Graph:
    """One Page token's view of the Graph API. Errors of every method are those of `Connector`."""

    def __init__(
        self,
        connection: Connection,
        tokens: TokenStore,
        clock: Clock | None = None,
        wait: Wait = time.sleep,
        ca_file: str = "",
    ) -> None:
        self.connection = connection
        given = connection.settings.get("page_size", "")
        self.page_size = min(int(given), LARGEST) if given.isdecimal() and int(given) else LARGEST
        """Rows of a page. The setting makes it smaller, for a Page whose large pages are refused
        («reduce the amount of data»)."""
        self.clock = clock or SystemClock()
        self.manners = MetaManners(self.clock, tokens)
        self.api = Api(Wire(connection.base_url or GRAPH, ca_file), self.manners, wait)

    def thing(self, identifier: str, fields: str) -> Record:
        """One object. Raises `GoneError`; a refusal of another kind is `platform.answer`."""
        return record(self.read(f"/{identifier}", {"fields": fields}).body)

    def read(self, path: str, params: Mapping[str, object]) -> Answer:
        """A GET that the platform says yes to."""
        answer = self.api.get(path, params)
        if answer.code == GONE:
            raise GoneError(path)
        if not answer.ok:
            raise misshapen(answer.code or str(answer.status))
        return answer

    def page(self, path: str, params: Mapping[str, object], after: str = "") -> Page[Record]:
        """A page of an edge. Raises `StalePageError`, `GoneError`.

        The address in `paging.next` holds the token; only the cursor is kept.
        """
        answer = self.api.get(path, {**params, "after": after or None})
        if not answer.ok and after:
            raise StalePageError
        if answer.code == GONE:
            raise GoneError(path)
        if not answer.ok:
            raise misshapen(answer.code or str(answer.status))
        found = edge(record(answer.body))
        # A page that names itself as the next would be read for ever.
        return found if found.next != after else Page(found.items)

    def health(self, needed: tuple[str, ...]) -> Health:
        """Who the token is and what it may do (`/me`, `/debug_token`)."""
        me = record(self.read("/me", {"fields": "id,name"}).body)
        data = self._debugged()
        if data.truth("is_valid") is False:
            raise AccessLostError("platform.token", reason="is_valid")
        scopes = tuple(sorted(set(data.strings("scopes"))))
        # A platform that does not say the scopes is no reason to call them missing.
        missing = tuple(each for each in needed if each not in scopes) if scopes else ()
        return Health(me.id(), me.text("name"), scopes, missing, _end(data))

    def _debugged(self) -> Record:
        """What the platform says of the token; empty when it does not tell.

        A Page's token may not always ask about itself: the app may, when its secret is known here.
        """
        asked, app = {"input_token": self.manners.tokens.access}, self.connection.client_id
        try:
            answer = self.api.get("/debug_token", asked)
            secret = self.manners.tokens.client_secret
            if not answer.ok and app and secret:
                headers = {"Authorization": f"Bearer {app}|{secret}"}
                answer = self.api.send("GET", "/debug_token", params=asked, headers=headers)
        except AccessLostError as error:
            if error.code != "platform.permission":
                raise
            return Record(None)
        return Record(answer.body).record("data") if answer.ok else Record(None)

    def now(self) -> datetime:
        """The present instant."""
        return self.clock.now()


def edge(body: Record) -> Page[Record]:
    """`data` and the cursor of the next page, which is there only when there is one."""
    paging = body.record("paging")
    after = paging.record("cursors").text("after") if "next" in paging else ""
    return Page(tuple(body.needed("data")), after)


def _end(data: Record) -> datetime | None:
    """The earlier of the two ends that a token has; 0 means none."""
    ends = [data.number(name) or 0 for name in ("expires_at", "data_access_expires_at")]
    found = [each for each in ends if 0 < each < 2**40]
    try:
        return datetime.fromtimestamp(min(found), UTC) if found else None
    except (OverflowError, OSError, ValueError):
        return None
