"""A desk's texts and events as one file, and back: for desks that have no line for days.

Files may come in any order and twice. Everything in a file is checked before the first of it is taken;
then one transaction a batch, so that a file whose taking was cut short is simply taken again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import NamedTuple, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.clock import Clock
from console.domain.ids import DeskId, MessageId
from console.errors import ConflictError, EnvironmentProblemError
from console.hub import carry_body, carry_file, credentials, wire
from console.hub.carry_body import Contents
from console.hub.credentials import Credentials
from console.services import exchange
from console.services.carry_ports import CarriedText, CarryReport, Gap
from console.services.exchange import Taken
from console.services.ports import Database, Progress
from console.services.replay import CASE_KINDS
from console.services.rows import ChangeSet
from console.services.secret_ports import Secrets
from console.services.sharing_ports import Membership, PeerDesk, SharedEvent
from console.services.whole_file import write_whole

T = TypeVar("T")
SUFFIX = ".vigie"
_AT_ONCE = 200
_ABOUT_A_MESSAGE = CASE_KINDS | {"note.added", "finding.disputed"}


class _Known(NamedTuple):
    membership: Membership
    credentials: Credentials
    peers: dict[DeskId, PeerDesk]

    @property
    def key(self) -> bytes:
        return bytes.fromhex(self.credentials.carry_key)

    @property
    def signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.credentials.signing_key))

    def name(self, desk: DeskId) -> str:
        return self.peers[desk].name if desk in self.peers else desk[:8]


class Carrier:
    """Writes and reads the files of one desk. Codes beside those of each: `hub.not_joined`, `secret.*`."""

    def __init__(self, db: Database, clock: Clock, secrets: Secrets) -> None:
        self._db, self._clock, self._secrets = db, clock, secrets

    # --- out -----------------------------------------------------------------------------------

    def out(self, to: Path, everything: bool, progress: Progress) -> CarryReport:
        """Write what the hub has not acknowledged, or the whole of this desk's journal.

        `to` may be a folder: the file's name is then made up. Nothing to carry: no file. Codes
        `carry.write`, `carry.too_large`.
        """
        known, at, desk = self._known(), self._clock.now(), self._db.desk
        secret = bytes.fromhex(known.credentials.secret)
        own = [
            replace(each, seal=each.seal or wire.seal_of(each.link, secret))
            for each in self._own_events(everything)
        ]
        events = [*own, *self._others()]
        progress(0, None)
        texts = self._texts(events)
        report = CarryReport(
            None, desk, known.name(desk), at, len(texts), len(events), len(events) - len(own)
        )
        if not texts and not events:
            return report
        body = carry_body.packed(Contents(report.desk_name, texts, events))
        data = carry_file.sealed(body, known.membership.hub, desk, at, known.key, known.signing)
        progress(len(texts) + len(events), len(texts) + len(events))
        try:
            if to.is_dir():
                day = at.astimezone(UTC).date().isoformat()
                to = _free_name(to, f"vigie-{_slug(report.desk_name)}-{day}")
            write_whole(to, data)
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise EnvironmentProblemError("carry.write", path=str(to), problem=problem) from error
        return replace(report, file=to)

    def _own_events(self, everything: bool) -> Iterator[SharedEvent]:
        with self._db.write() as work:
            after = 0 if everything else work.position().pushed
        while True:
            with self._db.write() as work:
                batch = work.unsent_events(after, _AT_ONCE)
            yield from batch
            if not batch:
                return
            after = batch[-1].link.sequence

    def _others(self) -> Iterator[SharedEvent]:
        """What came by file from further desks and the hub has not placed."""
        with self._db.write() as work:
            desks = work.carried_desks()
        for desk in desks:
            after = 0
            while True:
                with self._db.write() as work:
                    batch = work.carried_events(desk, after, _AT_ONCE)
                yield from batch
                if not batch:
                    break
                after = batch[-1].link.sequence

    def _texts(self, events: Sequence[SharedEvent]) -> list[CarriedText]:
        """Texts that the hub does not have, and those that the events speak of."""
        found: dict[MessageId, CarriedText] = {}
        after = 0
        while True:
            with self._db.write() as work:
                batch = work.unsent_texts(after, _AT_ONCE)
            if not batch:
                break
            found |= {text.message: text for _, text in batch}
            after = batch[-1][0]
        subjects = {MessageId(each.event.subject) for each in events if each.event.kind in _ABOUT_A_MESSAGE}
        for some in _batches(sorted(subjects - found.keys())):
            with self._db.write() as work:
                found |= {text.message: text for text in work.texts_of(some)}
        return list(found.values())

    # --- in ------------------------------------------------------------------------------------

    def take(self, file: Path, progress: Progress, changed: Callable[[ChangeSet], object]) -> CarryReport:
        """Take over what a file brings. Codes `carry.read`, `carry.forked` (a desk's journal contradicts
        what is here of it) and those of `carry_file.opened` and `carry_body.unpacked`."""
        known = self._known()
        try:
            data = file.read_bytes()
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise EnvironmentProblemError("carry.read", path=str(file), problem=problem) from error
        keys = {desk: peer.public_key for desk, peer in known.peers.items()}
        # One's own file is known even before the hub has told of this desk.
        keys[self._db.desk] = known.signing.public_key().public_bytes_raw()
        header, body = carry_file.opened(data, known.membership.hub, known.key, keys.get)
        contents = carry_body.unpacked(body, self._db.desk)
        report = CarryReport(file, header.desk, contents.name, header.created_at)
        if header.desk == self._db.desk:
            return replace(report, own=len(contents.events), own_file=True)
        by_desk = contents.desks()
        own = len(by_desk.pop(self._db.desk, []))
        self._check(by_desk, known)
        return self._take(replace(report, own=own), contents.texts, by_desk, known, progress, changed)

    def _check(self, by_desk: dict[DeskId, list[SharedEvent]], known: _Known) -> None:
        """No desk's journal may go another way than what is here of it."""
        for desk, events in by_desk.items():
            for some in _batches(events):
                sequences = {each.link.sequence + step for each in some for step in (-1, 0, 1)}
                with self._db.write() as work:
                    here = work.links_of(desk, sorted(sequences))
                wrong = carry_body.contradiction(some, here)
                if wrong is not None:
                    raise ConflictError("carry.forked", desk=known.name(desk), sequence=wrong)

    def _take(
        self,
        report: CarryReport,
        texts: list[CarriedText],
        by_desk: dict[DeskId, list[SharedEvent]],
        known: _Known,
        progress: Progress,
        changed: Callable[[ChangeSet], object],
    ) -> CarryReport:
        events = [each for some in by_desk.values() for each in some]
        done, total = 0, len(texts) + len(events)
        messages = news = of_others = 0
        for some_texts in _batches(texts):
            progress(done, total)
            taken = Taken()
            with self._db.write() as work:
                messages += exchange.take_carried(work, some_texts, taken)
                taken.finish(work)
            done += len(some_texts)
            changed(taken.change_set())
        for some in _batches(events):
            progress(done, total)
            taken = Taken()
            with self._db.write() as work:
                fresh = [each for each in some if work.known_event(each.event.id) is None]
                for each in fresh:
                    exchange.take_event(work, each, taken)
                taken.finish(work)
            news += len(fresh)
            of_others += sum(each.event.desk != report.desk for each in fresh)
            done += len(some)
            changed(taken.change_set())
        progress(total, total)
        return replace(
            report,
            messages=messages,
            events=news,
            of_others=of_others,
            known=len(events) - news,
            gaps=self._gaps(by_desk, known),
        )

    def _gaps(self, by_desk: dict[DeskId, list[SharedEvent]], known: _Known) -> tuple[Gap, ...]:
        found = []
        for desk in by_desk:
            with self._db.write() as work:
                found += [Gap(desk, known.name(desk), *each) for each in work.gaps_of(desk)]
        return tuple(found)

    def _known(self) -> _Known:
        with self._db.write() as work:
            membership, peers = work.membership(), work.peers()
        if membership is None:
            raise ConflictError("hub.not_joined")
        kept = credentials.load(self._secrets, membership.address)
        return _Known(membership, kept, {each.id: each for each in peers})


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def _slug(name: str) -> str:
    """The name as a part of a file's name that every system takes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "poste"


def _free_name(folder: Path, stem: str) -> Path:
    """A name that no file has yet: what was carried out in the morning must not be written over."""
    path, number = folder / f"{stem}{SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{SUFFIX}"
    return path
