"""A professional Instagram account through its Page's token: comments, replies, private messages.

Graph API v26.0. `Connection.external_id` is the Instagram account, the setting `page_id` its Page.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from console.clock import Clock
from console.domain.messages import INSTAGRAM, IncomingMessage
from console.domain.platforms import Act, Receipt, Target
from console.errors import AccessLostError
from console.platforms.http.client import Wait
from console.platforms.instagram_media import MediaComments
from console.platforms.meta_acts import UNKNOWN_PERSON
from console.platforms.meta_connector import MetaConnector, newest
from console.platforms.meta_graph import GoneError
from console.platforms.meta_manners import GONE
from console.platforms.walking import Walks
from console.services.platform_ports import Connection, FetchedPage, Health, TokenStore

SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "instagram_basic",
    "instagram_manage_comments",
    "instagram_manage_messages",
    "pages_manage_metadata",
)


class Instagram(MetaConnector):
    """Fulfils `Connector`."""

    here = INSTAGRAM
    scopes = SCOPES
    hidden = "hidden"
    messaging = "instagram_manage_messages"
    service = "instagram"

    def __init__(
        self,
        connection: Connection,
        tokens: TokenStore,
        clock: Clock | None = None,
        *,
        wait: Wait = time.sleep,
        ca_file: str = "",
    ) -> None:
        super().__init__(connection, tokens, clock, wait=wait, ca_file=ca_file)
        self._comments = MediaComments(self._graph, self._account)

    def check(self) -> Health:
        """Who the token is: the Page's, which must still have this account."""
        found = super().check()
        try:
            account = self._graph.thing(self._account, "id,username")
        except GoneError:
            raise AccessLostError("platform.permission", reason=GONE) from None
        return replace(found, external_id=account.id(), name=account.text("username") or found.name)

    def _fetch_comments(self, walks: Walks) -> Iterator[FetchedPage]:
        return self._comments.fetch(walks)

    def _look(self, identifier: str) -> IncomingMessage:
        return self._comments.look(identifier)

    def _carry_out(self, act: Act, target: Target, text: str) -> Receipt:
        acts, comment = self._acts, f"/{target.external_id}"
        match act:
            case Act.HIDE | Act.UNHIDE:
                hide = {"hide": act is Act.HIDE}
                return acts.changed(act, target, acts.send(act, "POST", comment, params=hide))
            case Act.DELETE:
                return acts.changed(act, target, acts.send(act, "DELETE", comment))
            case Act.REPLY:
                answer = acts.send(act, "POST", f"{comment}/replies", form={"message": text})
                return acts.made(act, target, answer, "id")
        if not target.author_external_id:
            return acts.by_hand(act, UNKNOWN_PERSON)
        action = "block_user" if act is Act.BAN else "unblock_user"
        body = {"user_ids": [{"id": target.author_external_id}], "actions": [action]}
        answer = acts.send(act, "POST", f"/{self._page}/moderate_conversations", json=body)
        return acts.changed(act, target, answer)

    def _answers(self, comment: str, since: datetime) -> Iterator[tuple[str, str]]:
        fields = "id,text,timestamp,username,from{id,username}"
        for each in newest(self._graph, f"/{comment}/replies", fields, "timestamp", since):
            if self._comments.ours(each):
                yield each.id(), each.text("text")
