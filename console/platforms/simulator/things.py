"""What stands on the simulated platforms. Plain mutable state; whoever reads it while the server runs
holds `World.lock`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from console.domain.messages import Platform


@dataclass(eq=False, slots=True)
class SimPerson:
    """Somebody who writes, or the city's own account."""

    id: str
    platform: Platform
    name: str
    is_city: bool = False
    unavailable: bool = False
    """No private message reaches the person any more."""


@dataclass(eq=False, slots=True)
class SimPost:
    """A publication of the city (or, with another `person`, on its page)."""

    id: str
    platform: Platform
    text: str
    at: datetime
    permalink: str
    person: SimPerson
    removed: bool = False
    closed: bool = False
    """Takes no comments."""
    comments: list[SimComment] = field(default_factory=list)
    """Those under it and all replies, taken away or not, oldest first."""


@dataclass(eq=False, slots=True)
class SimComment:
    """A comment or a reply. `id` is the plain number on Facebook, never `POST_NUMBER`."""

    id: str
    post: SimPost
    person: SimPerson
    text: str
    at: datetime
    number: int
    """Rises with every thing that is made: what tells the order within one instant."""
    parent: SimComment | None = None
    picture: str | None = None
    """Name of a simulated picture (see `pictures.py`)."""
    edited_at: datetime | None = None
    hidden: bool = False
    removed: bool = False
    status: str = "published"
    """YouTube's moderation status: `published`, `heldForReview`, `likelySpam`, `rejected`."""
    likes: int = 0
    private_reply: SimMessage | None = None
    """The one private message that the comment allowed."""
    can_hide: bool = True
    children: list[SimComment] = field(default_factory=list)
    """Its replies, taken away or not, oldest first."""

    @property
    def platform(self) -> Platform:
        """Where it stands."""
        return self.post.platform

    @property
    def by_city(self) -> bool:
        """Written by the city's own account."""
        return self.person.is_city


@dataclass(eq=False, slots=True)
class SimMessage:
    """A private message, from a person or from the city."""

    id: str
    conversation: SimConversation
    sender: SimPerson
    text: str
    at: datetime
    number: int
    picture: str | None = None
    removed: bool = False
    reply_to: SimMessage | None = None

    @property
    def platform(self) -> Platform:
        """Where it stands."""
        return self.conversation.platform

    @property
    def person(self) -> SimPerson:
        """The person of the conversation, whoever wrote."""
        return self.conversation.person

    @property
    def by_city(self) -> bool:
        """Written by the city's own account."""
        return self.sender.is_city


@dataclass(eq=False, slots=True)
class SimConversation:
    """All private messages between the city and one person on one platform."""

    id: str
    platform: Platform
    person: SimPerson
    messages: list[SimMessage] = field(default_factory=list)

    @property
    def updated_at(self) -> datetime:
        """Of the latest message."""
        return self.messages[-1].at

    @property
    def last_inbound_at(self) -> datetime | None:
        """When the person wrote last; None before they ever did."""
        return next((m.at for m in reversed(self.messages) if not m.by_city), None)


@dataclass(eq=False, slots=True)
class Grant:
    """A token that a platform gave, and what it opens."""

    access: str
    platform: Platform
    kind: str
    """`page`, `user` (Meta); else `user`."""
    subject: str
    """Identifier of who it speaks for."""
    scopes: set[str]
    expires_at: datetime | None = None
    refresh: str = ""
    revoked: bool = False
