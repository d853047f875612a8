"""What learning from decisions asks of the store; part of `ports.Reads` and `ports.UnitOfWork`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from console.domain.decisions import Action
from console.domain.ids import MessageId, RuleId, StaffId
from console.domain.messages import Channel


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decision that stands about a message, with the text and the findings that it was made on."""

    message: MessageId
    text: str
    parent: str
    channel: Channel
    author: int
    """The person's number; linked identities have one."""
    actor: StaffId
    at: datetime
    actions: tuple[Action, ...]
    rules: tuple[RuleId, ...]
    found: tuple[RuleId, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """«Pas d'accord» with one finding of a message, and the message as it is now."""

    message: MessageId
    rule: RuleId
    text: str
    parent: str
    channel: Channel
    author: int
    actor: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredLayer:
    """A learned layer as kept: `id` is the SHA-256 of `body`, `figures` the comparison as JSON.

    Made from `decisions` decided or disputed messages, dated `first` to `last`.
    """

    id: str
    body: bytes
    figures: str
    engine: str
    decisions: int
    first: datetime
    last: datetime
    made_at: datetime
    made_by: StaffId


@dataclass(frozen=True, slots=True)
class Adoption:
    """A layer put in force; the newest one that was not withdrawn counts."""

    layer: str
    at: datetime
    by: StaffId
    withdrawn_at: datetime | None
    withdrawn_by: StaffId | None


class LearningReads(Protocol):
    """Each method one short read transaction."""

    def judgements(self, limit: int) -> tuple[Judgement, ...]:
        """The newest `limit` decisions that stand, one a message."""
        ...

    def disputes(self, limit: int) -> tuple[Dispute, ...]:
        """The newest `limit` disagreements with findings, of this desk and of others."""
        ...

    def layer_in_force(self) -> tuple[str, bytes] | None:
        """Its id and body, as they are on the disk."""
        ...

    def layers(self) -> tuple[StoredLayer, ...]:
        """All that are kept, the newest first."""
        ...

    def adoptions(self) -> tuple[Adoption, ...]:
        """All, the newest first, the withdrawn ones included."""
        ...


class LearningWrites(Protocol):
    """Part of a unit of work."""

    def put_layer(self, layer: StoredLayer) -> None:
        """Keep it; one that is known is dated anew."""
        ...

    def forget_layers(self, keep: Sequence[str]) -> None:
        """Drop layers that were never adopted, except these."""
        ...

    def layer_now(self) -> str | None:
        """The id of the layer in force."""
        ...

    def adopt_layer(self, layer: str, at: datetime, by: StaffId) -> None: ...
    def withdraw_layer(self, at: datetime, by: StaffId) -> None:
        """Withdraw the newest standing adoption; what was in force before is so again."""
        ...
