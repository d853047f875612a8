"""A Facebook Page: comments under its publications, what citizens publish on it, and Messenger.

Graph API v26.0. The platform tells neither edits nor deletions in its lists: `look` finds them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from console.clock import Clock
from console.domain.messages import FACEBOOK, IncomingMessage
from console.domain.platforms import Act, Receipt, Result, Target
from console.errors import UncertainError
from console.platforms.facebook_pages import PageComments, comment_id
from console.platforms.http.client import Wait
from console.platforms.http.shape import Record
from console.platforms.meta_acts import UNKNOWN_PERSON
from console.platforms.meta_connector import MetaConnector, newest
from console.platforms.walking import Walks
from console.services.platform_ports import Connection, FetchedPage, TokenStore

SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_messaging",
    "pages_manage_metadata",
)


class Facebook(MetaConnector):
    """Fulfils `Connector`."""

    here = FACEBOOK
    scopes = SCOPES
    hidden = "is_hidden"
    messaging = "pages_messaging"
    service = "messenger"

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
        self._comments = PageComments(self._graph, self._page)

    def _fetch_comments(self, walks: Walks) -> Iterator[FetchedPage]:
        return self._comments.fetch(walks)

    def _look(self, identifier: str) -> IncomingMessage:
        return self._comments.look(identifier)

    def _carry_out(self, act: Act, target: Target, text: str) -> Receipt:
        acts, comment = self._acts, f"/{target.external_id}"
        match act:
            case Act.HIDE | Act.UNHIDE:
                hidden = {"is_hidden": act is Act.HIDE}
                return acts.changed(act, target, acts.send(act, "POST", comment, params=hidden))
            case Act.DELETE:
                return acts.changed(act, target, acts.send(act, "DELETE", comment))
            case Act.REPLY:
                # Never `POST /{comment}` with a message: that edits the comment.
                answer = acts.send(act, "POST", f"{comment}/comments", form={"message": text})
                return acts.made(act, target, answer, "id")
        return self._block(act, target)

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

    def _answers(self, comment: str, since: datetime) -> Iterator[tuple[str, str]]:
        fields = "id,message,from{id,name},created_time"
        for each in newest(self._graph, f"/{comment}/comments", fields, "created_time", since):
            if each.record("from").word("id") == self._page:
                yield comment_id(each.id(), comment.rpartition("_")[0]), each.text("message")
