"""What can be done on a platform, and how far its interface goes (policy, art. 7: hide, delete, report)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from console.domain.messages import Channel, Kind, Platform


class Act(StrEnum):
    """One thing done on a platform. What a person decides (`Action`) becomes one or more acts."""

    HIDE = "hide"
    UNHIDE = "unhide"
    DELETE = "delete"
    REPLY = "reply"
    """Public, under the message."""
    MESSAGE = "message"
    """Private, to the author."""
    BAN = "ban"
    UNBAN = "unban"
    REPORT = "report"
    """To the platform."""


class WindowOpens(StrEnum):
    """What a window of time is counted from."""

    POSTED = "posted"
    """The message that is answered."""
    LAST_INBOUND = "last_inbound"
    """The latest message of the person in the same conversation."""


class LengthUnit(StrEnum):
    """What a platform counts a text in."""

    CHARACTERS = "characters"
    BYTES = "bytes"
    """Of UTF-8."""


@dataclass(frozen=True, slots=True)
class Ability:
    """How a platform carries out one act in one channel."""

    api: bool
    """False: a person does it on the platform."""
    note: str = ""
    """Code in the catalogue's group `ability`: what the act does there, or why it is done by hand."""
    sure: bool = True
    """False: the platform allows it in some cases only; its refusal leads to a task by hand."""
    repeatable: bool = False
    """Whether doing it twice does no more than doing it once."""
    once: bool = False
    """One for each message, ever."""
    max_length: int | None = None
    unit: LengthUnit = LengthUnit.CHARACTERS
    window: timedelta | None = None
    opens: WindowOpens = WindowOpens.POSTED

    def fits(self, text: str) -> bool:
        """Whether the platform takes a text of this length."""
        length = len(text) if self.unit is LengthUnit.CHARACTERS else len(text.encode())
        return self.max_length is None or length <= self.max_length


Abilities = Mapping[tuple[Act, Channel], Ability]
"""What is not named has no meaning on the platform (hiding a private message)."""


@dataclass(frozen=True, slots=True)
class Target:
    """The message that an act is about, as its platform names it."""

    platform: Platform
    external_id: str
    channel: Channel
    kind: Kind
    author_external_id: str
    author_name: str
    posted_at: datetime
    post_external_id: str = ""
    """The publication of a comment; the conversation of a private message."""
    parent_external_id: str = ""
    permalink: str = ""
    last_inbound_at: datetime | None = None
    """Latest private message of the person in the conversation."""


class Result(StrEnum):
    """What became of one act, as far as the platform's answer tells."""

    DONE = "done"
    ALREADY = "already"
    """It was so before."""
    GONE = "gone"
    """The message or the person is no longer there: nothing left to act on."""
    REFUSED = "refused"
    """The platform says no to this act; `Receipt.code` says why."""
    BY_HAND = "by_hand"
    """The platform's interface does not offer it here: a person does it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's answer to one act. Holds no token and no text of the message."""

    act: Act
    result: Result
    at: datetime
    request_id: str = ""
    """By which the platform finds the call again (`fbtrace_id`, `x-request-id`, `request_id`…)."""
    external_id: str = ""
    """Of what was made: a reply, a message."""
    status: int = 0
    """HTTP status; 0 when the receipt comes from reading back."""
    code: str = ""
    """The platform's own code or reason."""
    answer: str = ""
    """At most 500 characters of the answer, without secrets."""
    read_back: bool = False
    """Known by looking afterwards rather than by the answer to the call."""
