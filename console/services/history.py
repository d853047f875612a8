"""Past decisions, searchable, with the proof in the journal; and their export."""

from __future__ import annotations

from pathlib import Path

from console.clock import Clock
from console.domain.ids import DecisionId
from console.domain.journal import Break
from console.domain.roles import Actor
from console.services.ports import Database, Progress
from console.services.rows import Cursor, DecisionDetail, HistoryFilter, HistoryRow, Page


class History:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def page(
        self, actor: Actor, where: HistoryFilter, after: Cursor | None = None, limit: int = 100
    ) -> Page[HistoryRow]:
        """One page, newest first."""
        raise NotImplementedError

    def detail(self, actor: Actor, decision: DecisionId) -> DecisionDetail:
        """The whole explanation of one decision. Code `decision.unknown`."""
        raise NotImplementedError

    def export(self, actor: Actor, where: HistoryFilter, to: Path, progress: Progress) -> int:
        """Write matching decisions to `to` (.csv or .json by suffix); cells that could be formulas
        are made harmless; written beside and renamed, so a partial file never stays. The export
        itself is journalled (art. 62). Returns the number of rows. Codes `export.format`,
        `export.write`."""
        raise NotImplementedError

    def verify(self, progress: Progress) -> Break | None:
        """Check the whole journal; None when every link holds."""
        raise NotImplementedError
