"""One import from the first row to the journal entry."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from console.clock import Clock
from console.domain.ids import EventId, ImportId, new_id
from console.domain.journal import Event
from console.domain.messages import IncomingMessage
from console.domain.roles import Actor
from console.domain.sanctions import LadderSettings
from console.errors import VigieError
from console.services.intake_context import Threads
from console.services.intake_judging import Judging, Key, key_of
from console.services.intake_spool import Spool
from console.services.ports import (
    Database,
    Judge,
    MessageSource,
    Progress,
    Published,
    Skipped,
)

BATCH = 500
REPORTED = 1_000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What happened to every row of one file. `skipped` holds at most 1,000, `skipped_total` all.

    `added` and `updated` count what the queue and the context received; `context_only` says how many
    of these are the city's own messages; `reopened` counts within `updated`.
    """

    format: str
    added: int
    updated: int
    unchanged: int
    reopened: int
    context_only: int
    skipped: tuple[Skipped, ...]
    skipped_total: int
    seconds: float
    columns: Mapping[str, str] = field(default_factory=dict)
    """For a table: which column was read as which field."""
    sheet: str = ""
    """The sheet of a workbook that was read."""
    members: tuple[str, ...] = ()
    """The files of an archive that were read."""
    notes: tuple[str, ...] = ()
    """Codes of what the person should know: `import.note.city_unknown`."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where messages came from, for the journal. All blank for a source that is no file."""

    name: str = ""
    sha256: str = ""
    size: int = 0


class Run:
    """Reads, judges, stages, publishes. Used once."""

    def __init__(
        self,
        db: Database,
        judge: Judge,
        clock: Clock,
        actor: Actor,
        origin: Origin,
        ladder: LadderSettings,
    ) -> None:
        self._db, self._judge, self._clock = db, judge, clock
        self._actor, self._origin = actor, origin
        self._judging = Judging(db, judge, clock, ladder)
        self._skipped: list[Skipped] = []
        self._skipped_total = self._unchanged = self._context_only = 0
        self._threads = Threads()

    def take(self, source: MessageSource, progress: Progress) -> ImportReport:
        """The whole import; see `Intake.import_file`."""
        began = time.monotonic()
        with Spool() as spool:
            self._read(source, spool, progress)
            self._judge.prepare()
            published = self._store(source.format, spool, progress)
        return ImportReport(
            format=source.format,
            added=published.added,
            updated=published.updated,
            unchanged=published.unchanged + self._unchanged,
            reopened=published.reopened,
            context_only=self._context_only,
            skipped=tuple(self._skipped),
            skipped_total=self._skipped_total,
            seconds=time.monotonic() - began,
        )

    def _read(self, source: MessageSource, spool: Spool, progress: Progress) -> None:
        progress(0, source.total)
        for count, item in enumerate(source.read(), start=1):
            if isinstance(item, Skipped):
                self._skipped_total += 1
                if len(self._skipped) < REPORTED:
                    self._skipped.append(item)
            else:
                spool.add(item)
            if count % BATCH == 0:
                progress(count, source.total)

    def _store(self, format_code: str, spool: Spool, progress: Progress) -> Published:
        total = len(spool)
        with self._db.write() as unit:
            import_id = unit.begin_import(self._clock.now())
        try:
            done = 0
            for batch in self._batches(spool):
                progress(done, total)
                self._stage(import_id, batch)
                done += len(batch)
            progress(total, total)
            return self._publish(import_id, format_code)
        except BaseException:
            # Whatever stops the import, cancelling included, leaves nothing behind. If even dropping
            # fails, the store drops it when it opens next; the first error is the one to report.
            with contextlib.suppress(VigieError):
                self._db.drop_import(import_id)
            raise

    def _batches(self, spool: Spool) -> Iterator[list[IncomingMessage]]:
        """Up to `BATCH` messages, each key once: another text under a key of the batch waits for the
        next one, so that both are kept; the same text again is nothing new."""
        batch: dict[Key, IncomingMessage] = {}
        for message in spool.in_order():
            message = self._threads.follow(message)
            there = batch.get(key_of(message))
            if there is not None and there.text == message.text:
                self._unchanged += 1
                continue
            if there is not None or len(batch) >= BATCH:
                yield list(batch.values())
                batch = {}
            batch[key_of(message)] = message
        if batch:
            yield list(batch.values())

    def _stage(self, import_id: ImportId, batch: Sequence[IncomingMessage]) -> None:
        judged = self._judging.judged(batch)
        self._unchanged += len(batch) - len(judged)
        self._context_only += sum(each.verdict is None for each in judged)
        if not judged:
            return
        with self._db.write() as unit:
            unit.stage(import_id, judged, self._clock.now())

    def _publish(self, import_id: ImportId, format_code: str) -> Published:
        now = self._clock.now()
        with self._db.write() as unit:
            published = unit.publish_import(import_id, now)
            payload = {
                "file": self._origin.name,
                "sha256": self._origin.sha256,
                "size": self._origin.size,
                "format": format_code,
                "engine": self._judge.version,
                "added": published.added,
                "updated": published.updated,
                "reopened": published.reopened,
                "unchanged": published.unchanged + self._unchanged,
                "context_only": self._context_only,
                "skipped": self._skipped_total,
            }
            unit.append(
                Event(
                    EventId(new_id()),
                    "import.done",
                    import_id,
                    self._actor.staff.id,
                    self._actor.desk,
                    now,
                    payload,
                )
            )
        return published
