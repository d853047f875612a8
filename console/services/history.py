"""Past decisions, searchable, with the proof in the journal; and their export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from console.catalogue import Catalogue
from console.clock import Clock
from console.domain.ids import DecisionId, EventId, new_id
from console.domain.journal import GENESIS, Break, Event, Link, first_break
from console.domain.roles import Actor, Permission
from console.errors import EnvironmentProblemError, ValidationError
from console.services.export import RuleName, Wording, write_csv, write_json
from console.services.policy import PolicyDesk
from console.services.ports import Database, Progress, Reads
from console.services.rows import Cursor, DecisionDetail, HistoryFilter, HistoryRow, Page
from console.services.whole_file import WholeFile, whole_file

_BATCH = 200
"""Decisions read at once for an export, and between two reports of progress."""
_LINKS_PER_REPORT = 1_000


class History:
    """Use cases over one `Database`; `policy` gives rules their names and the city its time zone."""

    def __init__(self, db: Database, clock: Clock, policy: PolicyDesk) -> None:
        self._db, self._clock, self._policy = db, clock, policy

    def page(
        self, actor: Actor, where: HistoryFilter, after: Cursor | None = None, limit: int = 100
    ) -> Page[HistoryRow]:
        """One page, newest first. Needs READ_HISTORY."""
        actor.require(Permission.READ_HISTORY, self._clock.now())
        return self._db.reads.history(where, after, limit)

    def detail(self, actor: Actor, decision: DecisionId) -> DecisionDetail:
        """The whole explanation of one decision. Needs READ_HISTORY. Code `decision.unknown`."""
        actor.require(Permission.READ_HISTORY, self._clock.now())
        return self._db.reads.decision_detail(decision)

    def export(self, actor: Actor, where: HistoryFilter, to: Path, progress: Progress) -> int:
        """Write matching decisions to `to` (.csv or .json by suffix), newest first.

        Cells that could be formulas are made harmless; the file is written beside and renamed, so
        a partial one never stays. The export itself is journalled before the file appears (A-2.1,
        art. 62). `progress` may raise `CancelledError`: then nothing is left. Returns the number
        of decisions. Needs EXPORT. Codes `export.format`, `export.write`.
        """
        now = self._clock.now()
        actor.require(Permission.EXPORT, now)
        kind = to.suffix.lower()
        if kind not in (".csv", ".json"):
            raise ValidationError("export.format", suffix=to.suffix)
        until = min(where.decided_to or now, now)
        where = replace(where, decided_to=until)
        try:
            with whole_file(to, bom=kind == ".csv") as file:
                rows = self._write(file, kind, actor, where, now, progress)
                payload = {"format": kind[1:], "rows": rows, "sha256": file.settle(), "filter": _said(where)}
                self._record(actor, "history.exported", now, payload)
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise EnvironmentProblemError("export.write", path=str(to), problem=problem) from error
        return rows

    def verify(self, progress: Progress) -> Break | None:
        """Check the whole journal; None when every link holds. `progress` may raise `CancelledError`."""
        return verify_journal(self._db.reads, progress)

    def _write(
        self,
        file: WholeFile,
        kind: str,
        actor: Actor,
        where: HistoryFilter,
        now: datetime,
        progress: Progress,
    ) -> int:
        decisions = self._decisions(where, progress)
        if kind == ".csv":
            return write_csv(file.stream, decisions, self._wording())
        head = {
            "exported_at": now.isoformat(),
            "exported_by": actor.staff.name,
            "desk": actor.desk,
            "filter": _said(where),
        }
        return write_json(file.stream, decisions, self._wording(), head)

    def _decisions(self, where: HistoryFilter, progress: Progress) -> Iterator[DecisionDetail]:
        """Matching decisions, newest first, one short read transaction a batch."""
        total, done = self._db.reads.history_matches(where), 0
        after: Cursor | None = None
        while True:
            progress(done, total)
            page = self._db.reads.history(where, after, _BATCH)
            yield from self._db.reads.decision_details([row.decision_id for row in page.rows])
            done, after = done + len(page.rows), page.next
            if after is None:
                break
        progress(done, max(done, total))

    def _wording(self) -> Wording:
        policy = self._policy.policy()
        names = {rule.id: RuleName(rule.article, rule.title) for rule in policy.rules.values()}
        return Wording(Catalogue.load(), names, ZoneInfo(policy.calendar.time_zone))

    def _record(self, actor: Actor, kind: str, now: datetime, payload: dict[str, Any]) -> None:
        with self._db.write() as work:
            work.append(Event(EventId(new_id()), kind, "history", actor.staff.id, actor.desk, now, payload))


def verify_journal(reads: Reads, progress: Progress) -> Break | None:
    """The first broken link, or None. Streams; decisions may go on meanwhile.

    The newest link is compared with what the store remembers apart from the chain, so rows removed
    from the end are found too.
    """
    walk = _Walk(reads, progress)
    found = first_break(walk.links())
    if found is None and walk.head != walk.last:
        found = Break(walk.last[0] + 1, "tail")
    return found


class _Walk:
    """Follows the chain to its head, also when the head moves on while we read."""

    def __init__(self, reads: Reads, progress: Progress) -> None:
        self._reads, self._progress = reads, progress
        self.last = self.head = (0, GENESIS)

    def links(self) -> Iterator[Link]:
        while True:
            self.head = self._reads.journal_head() or (0, GENESIS)
            before = self.last
            for link in self._reads.journal(after=self.last[0]):
                if self.last[0] % _LINKS_PER_REPORT == 0:
                    self._progress(self.last[0], self.head[0])
                self.last = (link.sequence, link.sha256)
                yield link
            if self.last == before:
                break
        self._progress(self.last[0], self.head[0])


def _said(where: HistoryFilter) -> dict[str, Any]:
    """The filter as JSON values, for the journal and the file's head; only what was chosen."""
    said: dict[str, Any] = {
        "text": where.text,
        "actions": sorted(where.actions),
        "rules": sorted(where.rules),
        "platforms": sorted(where.platforms),
        "staff": sorted(where.staff),
        "decided_from": where.decided_from.isoformat() if where.decided_from else "",
        "decided_to": where.decided_to.isoformat() if where.decided_to else "",
    }
    return {key: value for key, value in said.items() if value} | {"include_undone": where.include_undone}
