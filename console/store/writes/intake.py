"""Taking messages in: at once, or staged out of sight and published whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert, select, update

from console.domain.ids import ImportId, MessageId, new_id
from console.domain.messages import Platform
from console.errors import ConflictError
from console.services.ports import Judged, Known, Published, Staged, TakenIn
from console.store.codes import CHANNEL_CODES, STATE_CODES
from console.store.tables import accounts, import_changes, imports, messages, watermark
from console.store.writes.base import KEYS, Tally, Writes
from console.store.writes.registers import PersonChange, PostChange, Registers, apply, as_keys
from console.store.writes.shelf import Aim, Held, Shelf

_BLOCK = 1 << 26
"""A staged import numbers its messages this far above the watermark: room for all that comes in by
itself meanwhile. Numbers are 63 bits wide, enough for a hundred thousand million imports."""
_AT_ONCE = 500

Key = tuple[Platform, str, str]
"""Platform, account name, the platform's id of a message."""


class MessageChange(msgspec.Struct, frozen=True, tag="message"):
    """A message that was known before and has another text now."""

    judged: Judged


Change = PersonChange | PostChange | MessageChange
_CHANGE: msgspec.msgpack.Decoder[Change] = msgspec.msgpack.Decoder(Change)


class IntakeWrites(Writes):
    """Messages coming in."""

    def known(self, keys: Sequence[Key]) -> Mapping[Key, Known]:
        """Which of these messages the store holds, staged ones included."""
        groups: dict[tuple[Platform, str], list[str]] = defaultdict(list)
        for platform, account, external_id in keys:
            groups[platform, account].append(external_id)
        found: dict[Key, Known] = {}
        for (platform, account), ids in groups.items():
            parameters = {"platform_": platform, "name_": account, **as_keys(ids)}
            for external_id, message, sha256, revision in self.connection.execute(_KNOWN, parameters):
                found[platform, account, external_id] = Known(message, sha256, revision)
        return found

    def take_in(self, batch: Sequence[Judged], at: datetime) -> TakenIn:
        """Store messages in sight. Known ones with the same text stay as they are; see `Shelf.change`."""
        aim = Aim(None, self._watermark(), self.tally)
        shelf = Shelf(self, aim)
        added: list[MessageId] = []
        updated: list[MessageId] = []
        reopened: list[MessageId] = []
        registers = Registers(self, None)
        for part in _rounds(batch):
            placed = registers.place(part)
            held = _held(shelf, registers, part)
            for key, known in held.items():
                if known.arrival > aim.arrival and self._is_staged(known):
                    held[key] = shelf.reveal(known)
                    added.append(known.id)
            added += shelf.add([each for each in placed if _key(each.judged) not in held], at)
            changes = _changes(part, held)
            reopened += shelf.change(changes, at)
            updated += [known.id for known, _ in changes]
        self._move_watermark(aim.arrival)
        return TakenIn(tuple(added), tuple(updated), tuple(reopened))

    # --- imports, all or nothing ---------------------------------------------------------------

    def begin_import(self, at: datetime) -> ImportId:
        """Open an import; see `UnitOfWork`. Code `import.running`."""
        if self.connection.execute(select(imports.c.id)).first() is not None:
            raise ConflictError("import.running")
        import_id = ImportId(new_id())
        self.connection.execute(
            insert(imports).values(
                id=import_id,
                begun_at=at,
                last_arrival=self._watermark() + _BLOCK,
                tally=[],
                first_message=self.next_key("messages"),
                first_person=self.next_key("people"),
                first_post=self.next_key("posts"),
            )
        )
        return import_id

    def stage(self, import_id: ImportId, batch: Sequence[Judged], at: datetime) -> Staged:
        """Store a batch out of sight; see `UnitOfWork`. Code `import.gone`."""
        open_import = self._open_import(import_id)
        aim, visible = Aim(import_id, open_import.last_arrival), self._watermark()
        shelf, registers = Shelf(self, aim), Registers(self, import_id)
        added = changed = 0
        for part in _rounds(batch):
            placed = registers.place(part)
            held = _held(shelf, registers, part)
            added += len(shelf.add([each for each in placed if _key(each.judged) not in held], at))
            changes = _changes(part, held)
            shelf.change([each for each in changes if each[0].arrival > visible], at)
            later = [MessageChange(judged) for known, judged in changes if known.arrival <= visible]
            self._defer(import_id, later)
            changed += len(changes)
        self._defer(import_id, registers.later)
        unchanged = len(batch) - added - changed
        self._count(open_import, aim.tally, added, unchanged, aim.arrival)
        return Staged(added, changed, unchanged)

    def publish_import(self, import_id: ImportId, at: datetime) -> Published:
        """Make an import visible; see `UnitOfWork`. Code `import.gone`."""
        open_import = self._open_import(import_id)
        if open_import.added:
            self._move_watermark(open_import.last_arrival)
        self.tally.update(_tally(open_import.tally))
        self.connection.execute(
            update(accounts).where(accounts.c.import_id == import_id).values(import_id=None)
        )
        updated = reopened = unchanged = 0
        for changes in self._deferred(import_id):
            apply(self.connection, [each for each in changes if not isinstance(each, MessageChange)])
            batch = [each.judged for each in changes if isinstance(each, MessageChange)]
            taken = self.take_in(batch, at)
            updated += len(taken.updated)
            reopened += len(taken.reopened)
            unchanged += len(batch) - len(taken.updated)
        self.connection.execute(delete(import_changes).where(import_changes.c.import_id == import_id))
        self.connection.execute(delete(imports).where(imports.c.id == import_id))
        return Published(open_import.added, updated, open_import.unchanged + unchanged, reopened)

    def _open_import(self, import_id: ImportId) -> Any:
        row = self.connection.execute(select(imports).where(imports.c.id == import_id)).one_or_none()
        if row is None:
            raise ConflictError("import.gone")
        return row

    def _count(self, row: Any, tally: Tally, added: int, unchanged: int, arrival: int) -> None:
        total = _tally(row.tally)
        total.update(tally)
        self.connection.execute(
            update(imports)
            .where(imports.c.id == row.id)
            .values(
                tally=[
                    (STATE_CODES[state], CHANNEL_CODES[channel], emergency, number)
                    for (state, channel, emergency), number in total.items()
                ],
                added=row.added + added,
                unchanged=row.unchanged + unchanged,
                last_arrival=arrival,
            )
        )

    def _defer(self, import_id: ImportId, changes: Sequence[Change]) -> None:
        rows = [{"import_id": import_id, "payload": msgspec.msgpack.encode(change)} for change in changes]
        if rows:
            self.connection.execute(insert(import_changes), rows)

    def _deferred(self, import_id: ImportId) -> Iterator[list[Change]]:
        last = 0
        while True:
            rows = self.connection.execute(_DEFERRED, {"import_": import_id, "last_": last}).all()
            if not rows:
                return
            last = rows[-1].pk
            yield [_CHANGE.decode(row.payload) for row in rows]

    def _is_staged(self, known: Held) -> bool:
        """Whether a message above the watermark is an open import's; it leaves the import's count."""
        row = self.connection.execute(select(imports)).one_or_none()
        if row is None:
            return False
        cell = (known.state, known.channel, known.route.value == "emergency")
        self._count(row, Counter({cell: -1}), -1, 0, row.last_arrival)
        return True

    def _watermark(self) -> int:
        return int(self.connection.execute(select(watermark.c.arrival)).scalar_one())

    def _move_watermark(self, arrival: int) -> None:
        self.connection.execute(update(watermark).values(arrival=arrival))


def _key(judged: Judged) -> Key:
    incoming = judged.incoming
    return incoming.platform, incoming.account, incoming.external_id


def _rounds(batch: Sequence[Judged]) -> Iterator[list[Judged]]:
    """The batch in parts in which no message comes twice: what comes later is an edit of what came first."""
    rest: Sequence[Judged] = batch
    while rest:
        part: dict[Key, Judged] = {}
        again = [judged for judged in rest if part.setdefault(_key(judged), judged) is not judged]
        yield list(part.values())
        rest = again


def _held(shelf: Shelf, registers: Registers, part: Sequence[Judged]) -> dict[Key, Held]:
    groups: dict[tuple[Platform, str], list[str]] = defaultdict(list)
    for judged in part:
        groups[judged.incoming.platform, judged.incoming.account].append(judged.incoming.external_id)
    found: dict[Key, Held] = {}
    for (platform, name), ids in groups.items():
        account = registers.account(platform, name)
        if account is not None:
            held = shelf.held(account, ids)
            found |= {(platform, name, external_id): known for external_id, known in held.items()}
    return found


def _changes(part: Sequence[Judged], held: Mapping[Key, Held]) -> list[tuple[Held, Judged]]:
    pairs = ((held.get(_key(judged)), judged) for judged in part)
    return [(known, judged) for known, judged in pairs if known and known.sha256 != judged.sha256]


def _tally(rows: Sequence[tuple[int, int, bool, int]]) -> Tally:
    return Counter(
        {
            (_STATES[state], _CHANNELS[channel], emergency): number
            for state, channel, emergency, number in rows
        }
    )


_STATES = {code: state for state, code in STATE_CODES.items()}
_CHANNELS = {code: channel for channel, code in CHANNEL_CODES.items()}
_KNOWN = (
    select(messages.c.external_id, messages.c.id, messages.c.sha256, messages.c.revision)
    .join_from(messages, accounts, accounts.c.pk == messages.c.account)
    .where(
        accounts.c.platform == bindparam("platform_"),
        accounts.c.name == bindparam("name_"),
        messages.c.external_id.in_(select(KEYS.c.value)),
    )
)
_DEFERRED = (
    select(import_changes.c.pk, import_changes.c.payload)
    .where(import_changes.c.import_id == bindparam("import_"), import_changes.c.pk > bindparam("last_"))
    .order_by(import_changes.c.pk)
    .limit(_AT_ONCE)
)
