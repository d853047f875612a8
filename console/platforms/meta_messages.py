"""Private messages of Messenger and Instagram, which have one form: conversations and their messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.messages import Attachment, Channel, IncomingMessage, Kind, Platform
from console.errors import EnvironmentProblemError
from console.platforms.acting import same_text
from console.platforms.http.shape import Record
from console.platforms.meta_graph import GoneError, Graph
from console.platforms.walking import FIRST_TIME, Page, Walks, walk
from console.services.platform_ports import FetchedPage

FIELDS = "id,created_time,from,to,message,reply_to,attachments"
NEWEST = 20
"""Of a conversation, the platform gives the details of its newest messages only."""
OVERLAP = timedelta(minutes=2)
"""Messages neither change nor arrive late; only the clocks' seconds differ."""
_LISTS = 20
"""Pages of conversations that are looked through for one message."""
_LIST, _ONE = "conversations", "m:"


@dataclass(frozen=True, slots=True)
class Inbox:
    """The private messages of one account."""

    graph: Graph
    platform: Platform
    page: str
    """Identifier of the Page that the inbox belongs to."""
    service: str
    """`messenger` or `instagram`."""
    city: frozenset[str]
    """Identifiers that write for the city."""

    def fetch(self, walks: Walks) -> Iterator[FetchedPage]:
        """All messages since the walks' floors.

        A conversation moves to the top of the list when somebody writes: each has a floor of its own, so
        that one which moved while the list was read has no gap.
        """
        now = self.graph.now()
        oldest = now - FIRST_TIME
        for name, state in list(walks.walks.items()):
            if name.startswith(_ONE) and state.floor < oldest:
                del walks.walks[name]
        found = walk(walks.get(_LIST, now), self._list, lambda each: each.time("updated_time"), now, OVERLAP)
        for conversations, state in found:
            for each in conversations:
                yield FetchedPage(self._new(each.id(), walks, now), walks.dump())
            walks.walks[_LIST] = state
            yield FetchedPage((), walks.dump())

    def message(self, identifier: str, conversation: str = "") -> IncomingMessage:
        """One message as it is now. Raises `GoneError`."""
        return self._incoming(self.graph.thing(identifier, FIELDS), conversation)

    def sent(self, conversation: str, to: str, text: str, since: datetime) -> Record | None:
        """The city's message with this text in a conversation, not older than `since`."""
        for each in self._listed(conversation)[:NEWEST]:
            at = each.time("created_time")
            if at is not None and at < since:
                break
            message = self.graph.thing(each.id(), FIELDS)
            if self._ours(message, to) and same_text(message.text("message"), text):
                return message
        return None

    def sent_to(self, person: str, text: str, since: datetime) -> Record | None:
        """As `sent`, in whatever conversation with the person changed since."""
        after = ""
        for _ in range(_LISTS):
            page = self._list(after, since)
            for each in page.items:
                at = each.time("updated_time")
                if at is not None and at < since:
                    return None
                found = self.sent(each.id(), person, text, since)
                if found is not None:
                    return found
            if not page.next:
                break
            after = page.next
        return None

    def _list(self, after: str, floor: datetime) -> Page[Record]:
        params = {"platform": self.service, "fields": "id,updated_time", "limit": self.graph.page_size}
        return self.graph.page(f"/{self.page}/conversations", params, after)

    def _listed(self, conversation: str) -> list[Record]:
        listed = self.graph.thing(conversation, "messages").record("messages")
        never = self.graph.now() + timedelta(days=36_500)
        return sorted(
            listed.records("data"), key=lambda each: each.time("created_time") or never, reverse=True
        )

    def _new(self, conversation: str, walks: Walks, now: datetime) -> tuple[IncomingMessage, ...]:
        name = _ONE + conversation
        state = walks.get(name, now)
        try:
            listed = self._listed(conversation)
        except GoneError:
            return ()
        newest, found = None, []
        for each in listed[:NEWEST]:
            at = each.time("created_time")
            if at is not None and at < state.floor:
                break
            newest = newest or at
            try:
                found.append(self.message(each.id(), conversation))
            except GoneError:
                continue
        if newest is not None:
            walks.walks[name] = type(state)(max(state.floor, min(newest, now) - OVERLAP))
        return tuple(reversed(found))

    def _ours(self, message: Record, to: str) -> bool:
        people = {each.word("id") for each in message.record("to").records("data")}
        return message.record("from").word("id") in self.city and (not to or not people or to in people)

    def _incoming(self, message: Record, conversation: str) -> IncomingMessage:
        author = message.record("from")
        return IncomingMessage(
            external_id=message.id(),
            text=message.text("message"),
            platform=self.platform,
            channel=Channel.PRIVATE,
            kind=Kind.PRIVATE_MESSAGE,
            account=self.graph.connection.name,
            author_external_id=author.word("id"),
            author_name=author.text("name") or author.text("username"),
            posted_at=message.time("created_time"),
            post_external_id=conversation,
            attachments=_attachments(message),
            by_city=author.word("id") in self.city,
        )


def _attachments(message: Record) -> tuple[Attachment, ...]:
    try:
        given = message.record("attachments").records("data")
    except EnvironmentProblemError:
        return ()
    found = []
    for each in given:
        picture = each.record("image_data").text("url")
        url = picture or each.record("video_data").text("url") or each.text("file_url")
        kind = each.text("mime_type") or ("image/*" if picture else "")
        found.append(Attachment(each.text("name") or kind, kind, url))
    return tuple(found)
