"""What tests of several connectors share: tokens in memory, targets, what a desk would know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from console.domain.messages import Channel, IncomingMessage, Kind
from console.domain.platforms import Target
from console.platforms.simulator.things import SimComment, SimMessage
from console.services.platform_ports import Connector, Tokens


def no_wait(seconds: float) -> None:
    """In place of a pause: tests do not sleep."""


@dataclass
class Kept:
    """A `TokenStore` in memory that remembers what was written to it."""

    tokens: Tokens
    written: list[Tokens] = field(default_factory=list)

    def read(self) -> Tokens:
        return self.tokens

    def write(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.written.append(tokens)


@dataclass
class Desk:
    """What a desk would know after it took in what a connector fetched: the cursor, and each message once."""

    cursor: str = ""
    known: dict[str, IncomingMessage] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def collect(self, connector: Connector, pages: int | None = None) -> None:
        """Fetch to the end, or stop after some pages as if the desk had been killed there."""
        for number, page in enumerate(connector.fetch(self.cursor), start=1):
            self.known |= {each.external_id: each for each in page.messages}
            self.gone |= set(page.gone)
            self.cursor = page.cursor
            if number == pages:
                return

    def look(self, connector: Connector, only: Collection[str] | None = None) -> None:
        """Look at what is known once more (`only` these of it), as many at a time as the port allows."""
        ids = [each for each in self.known if each not in self.gone and (only is None or each in only)]
        for start in range(0, len(ids), 50):
            for identifier, found in connector.look(ids[start : start + 50]).items():
                if found is None:
                    self.gone.add(identifier)
                else:
                    self.known[identifier] = found

    @property
    def texts(self) -> dict[str, str]:
        """What is known and not gone."""
        return {
            each.external_id: each.text for each in self.known.values() if each.external_id not in self.gone
        }


def target_of(comment: SimComment, identifier: str = "") -> Target:
    """The target of an act on a simulated comment. `identifier`: where it differs from the simulated id."""
    return Target(
        platform=comment.platform,
        external_id=identifier or comment.id,
        channel=Channel.COMMENT,
        kind=Kind.REPLY if comment.parent else Kind.COMMENT,
        author_external_id=comment.person.id,
        author_name=comment.person.name,
        posted_at=comment.at,
        post_external_id=comment.post.id,
        parent_external_id=comment.parent.id if comment.parent else "",
    )


def private_target(message: SimMessage) -> Target:
    """The target of an act on a simulated private message."""
    return Target(
        platform=message.platform,
        external_id=message.id,
        channel=Channel.PRIVATE,
        kind=Kind.PRIVATE_MESSAGE,
        author_external_id=message.person.id,
        author_name=message.person.name,
        posted_at=message.at,
        post_external_id=message.conversation.id,
        last_inbound_at=message.conversation.last_inbound_at,
    )


def until_of(error: BaseException) -> datetime:
    """When to come back, of a `RateLimitedError`."""
    until = getattr(error, "facts", {})["until"]
    assert isinstance(until, datetime)
    return until
