"""Files between desks without a line: what they hold, and what was done with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from console.domain.ids import DeskId, MessageId
from console.services.judged import Judged
from console.services.sharing_ports import PeerDesk, SharedEvent


@dataclass(frozen=True, slots=True)
class CarriedText:
    """A message's text in a file. `at`: since when its desk has it; `seq`: its place in the hub's order,
    None while the hub does not have it."""

    message: MessageId
    judged: Judged
    at: datetime
    seq: int | None


@dataclass(frozen=True, slots=True)
class TextHere:
    """The present text of a message at this desk. `waits`: it is still to be sent; `earlier`: the hashes
    of the texts that it had here before."""

    sha256: str
    at: datetime
    waits: bool
    seq: int | None
    earlier: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Events of a desk that have not come here yet: their sequences from `first` to `last`."""

    desk: DeskId
    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PeerBreak:
    """The first place where another desk's journal, as it is here, does not hold: `previous` or `content`
    as in `console.domain.journal.Break`; `gap` when nothing is wrong but events have not come yet."""

    desk: DeskId
    name: str
    sequence: int
    reason: str

    @property
    def incomplete(self) -> bool:
        """Whether something is only missing: nobody altered anything."""
        return self.reason == "gap"


@dataclass(frozen=True, slots=True)
class CarryReport:
    """What a file took along, or what was taken from one."""

    file: Path | None
    """None when there was nothing to carry: no file was written."""
    desk: DeskId
    """Whose file it is."""
    desk_name: str
    created_at: datetime
    messages: int = 0
    """Texts in the file, or those that are new here."""
    events: int = 0
    """Events in the file, or those that are new here."""
    of_others: int = 0
    """Of these, events that came from further desks."""
    known: int = 0
    """Taking in: events that were here already."""
    own: int = 0
    """Taking in: events of this very desk, which it has."""
    own_file: bool = False
    """Taking in: this desk wrote the file itself; nothing of it is news."""
    gaps: tuple[Gap, ...] = ()
    """Taking in: what is still missing of the desks in the file; another file or the hub brings it."""


class CarryReplica(Protocol):
    """What files need of the store, inside one write transaction; a part of `UnitOfWork`."""

    def unsent_texts(self, after: int, limit: int) -> tuple[tuple[int, CarriedText], ...]:
        """Texts that the hub does not have, with their keys, in the order of those, after one of them."""
        ...

    def texts_of(self, messages: Sequence[MessageId]) -> tuple[CarriedText, ...]:
        """The present texts of messages that are in sight."""
        ...

    def texts_here(self, messages: Sequence[MessageId]) -> Mapping[MessageId, TextHere]: ...
    def carried_desks(self) -> tuple[DeskId, ...]:
        """Other desks of which events are here that have no place in the hub's order yet."""
        ...

    def carried_events(self, desk: DeskId, after: int, limit: int) -> tuple[SharedEvent, ...]:
        """Such events of one of them, after a sequence, in the order of its journal."""
        ...

    def links_of(self, desk: DeskId, sequences: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        """Of another desk's events that are here: sequence → (previous, sha256)."""
        ...

    def gaps_of(self, desk: DeskId) -> tuple[tuple[int, int], ...]:
        """Sequences (first, last) that are missing among the events of another desk."""
        ...

    def peers(self) -> tuple[PeerDesk, ...]:
        """The desks of the hub, as it last said; this one included."""
        ...
