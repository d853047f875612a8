"""A Facebook Page or an Instagram account: a token of a person, of a system user, or of the Page itself.

A person's token is exchanged for one of about 60 days when the app's identifier and secret are given; the
Page's token that comes from it has no end. Fields and edges as documented for v26.0.
"""

from __future__ import annotations

from abc import abstractmethod

from console.clock import SystemClock
from console.domain.ids import account_id
from console.domain.messages import FACEBOOK, INSTAGRAM, Platform
from console.errors import EnvironmentProblemError
from console.platforms.facebook import SCOPES as FACEBOOK_SCOPES
from console.platforms.http.shape import Record, record
from console.platforms.instagram import SCOPES as INSTAGRAM_SCOPES
from console.platforms.meta_graph import GoneError, Graph, edge
from console.platforms.signing_in.calls import Held
from console.platforms.signing_in.paste import PasteSignIn
from console.services.platform_ports import (
    Candidate,
    ClientApp,
    Connection,
    ConnectionState,
    Tokens,
)

_PAGES = "id,name,access_token"
_LINKED = "instagram_business_account{id,username}"
_MOST = 20
"""Pages of the list of Pages."""


class _MetaSignIn(PasteSignIn):
    platform: Platform
    fields: str

    def behind(self, app: ClientApp, token: str) -> tuple[Candidate, ...]:
        """Each Page that the token may act for (and its Instagram account)."""
        token = self._long(app, token)
        graph = self._graph(app, Tokens(token, client_secret=app.client_secret))
        try:
            found: list[Candidate] = []
            for page in self._pages(graph):
                given = page.text("access_token") or token
                found += self._candidate(app, page, Tokens(given, client_secret=app.client_secret))
            return tuple(found)
        finally:
            graph.api.close()

    @abstractmethod
    def account(self, page: Record) -> tuple[str, str, dict[str, str]] | None:
        """(identifier, name, settings) of the account that a Page is or has."""

    def _candidate(self, app: ClientApp, page: Record, tokens: Tokens) -> list[Candidate]:
        account = self.account(page)
        if account is None:
            return []
        graph = self._graph(app, tokens)
        try:
            ends = graph.health(()).expires_at
        finally:
            graph.api.close()
        tokens = Tokens(tokens.access, "", ends, tokens.client_secret)
        identifier, name, settings = account
        return [Candidate(identifier, name, tokens, settings)]

    def _pages(self, graph: Graph) -> list[Record]:
        """Those of a person or a system user; a Page's own token has only itself."""
        found: list[Record] = []
        after = ""
        for _ in range(_MOST):
            answer = graph.api.get(
                "/me/accounts",
                {"fields": f"{_PAGES},{self.fields}".strip(","), "limit": 100, "after": after or None},
            )
            if not answer.ok:
                return [_itself(graph, self.fields)]
            page = edge(record(answer.body))
            found += page.items
            if not page.next:
                break
            after = page.next
        return found

    def _long(self, app: ClientApp, token: str) -> str:
        """The long-lived one; the same where there is none to be had (a system user's, a Page's)."""
        if not (app.client_id and app.client_secret):
            return token
        graph = self._graph(app, Tokens(token, client_secret=app.client_secret))
        try:
            answer = graph.api.get(
                "/oauth/access_token",
                {
                    "grant_type": "fb_exchange_token",
                    "client_id": app.client_id,
                    "client_secret": app.client_secret,
                    "fb_exchange_token": token,
                },
            )
        finally:
            graph.api.close()
        return Record(answer.body).text("access_token") or token

    def _graph(self, app: ClientApp, tokens: Tokens) -> Graph:
        connection = Connection(
            account_id(self.platform, ""),
            self.platform,
            "",
            "",
            ConnectionState.CONNECTED,
            base_url=app.base_url,
        )
        return Graph(connection, Held(tokens), SystemClock(), ca_file=self._ca_file)


class FacebookSignIn(_MetaSignIn):
    """Fulfils `SignIn`."""

    platform = FACEBOOK
    scopes = FACEBOOK_SCOPES
    fields = ""

    def account(self, page: Record) -> tuple[str, str, dict[str, str]] | None:
        """The Page itself."""
        return page.id(), page.text("name"), {}


class InstagramSignIn(_MetaSignIn):
    """Fulfils `SignIn`."""

    platform = INSTAGRAM
    scopes = INSTAGRAM_SCOPES
    fields = _LINKED

    def account(self, page: Record) -> tuple[str, str, dict[str, str]] | None:
        """The professional account that is linked to the Page; None when there is none."""
        linked = page.record("instagram_business_account")
        if not linked.there:
            return None
        name = linked.text("username")
        return linked.id(), name, {"page_id": page.id(), "username": name}


def _itself(graph: Graph, fields: str) -> Record:
    try:
        return graph.thing("me", f"id,name,{fields}".strip(","))
    except GoneError:
        raise EnvironmentProblemError("platform.answer", what="me") from None
