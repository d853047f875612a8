"""Emergency mode (R15): danger to life first, response targets suspended, the switch journalled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from console.clock import Clock
from console.domain.emergency import Emergency
from console.domain.ids import EventId, new_id
from console.domain.journal import Event
from console.domain.roles import Actor, Permission
from console.errors import ConflictError, ValidationError
from console.services.ports import Database, UnitOfWork
from console.services.rows import ChangeSet


class EmergencyMode:
    """Use cases over one `Database`; see each method."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def current(self) -> Emergency | None:
        """The active period, or None."""
        period = self._db.reads.emergency()
        return period if period is not None and period.active else None

    def start(self, actor: Actor, reason: str, planned_end: datetime) -> ChangeSet:
        """Switch on. Needs EMERGENCY. Codes `emergency.reason_missing|end_past|already_on`."""
        now = self._clock.now()
        actor.require(Permission.EMERGENCY, now)
        if not reason.strip():
            raise ValidationError("emergency.reason_missing")
        self._check_end(planned_end, now)
        with self._db.write() as work:
            if self._active(work) is not None:
                raise ConflictError("emergency.already_on")
            period = Emergency(reason.strip(), now, actor.staff.id, planned_end)
            self._record(work, actor, "emergency.started", period, now)
        return ChangeSet(counts=True)

    def extend(self, actor: Actor, planned_end: datetime) -> ChangeSet:
        """Move the planned end."""
        now = self._clock.now()
        actor.require(Permission.EMERGENCY, now)
        self._check_end(planned_end, now)
        with self._db.write() as work:
            period = replace(self._require(work), planned_end=planned_end)
            self._record(work, actor, "emergency.extended", period, now)
        return ChangeSet(counts=True)

    def stop(self, actor: Actor, word: str = "") -> ChangeSet:
        """Switch off. Code `emergency.not_on`."""
        now = self._clock.now()
        actor.require(Permission.EMERGENCY, now)
        with self._db.write() as work:
            period = replace(self._require(work), ended_at=now, ended_by=actor.staff.id)
            self._record(work, actor, "emergency.ended", period, now, word.strip())
        return ChangeSet(counts=True)

    def _check_end(self, planned_end: datetime, now: datetime) -> None:
        if planned_end <= now:
            raise ValidationError("emergency.end_past")

    def _active(self, work: UnitOfWork) -> Emergency | None:
        period = work.emergency()
        return period if period is not None and period.active else None

    def _require(self, work: UnitOfWork) -> Emergency:
        period = self._active(work)
        if period is None:
            raise ConflictError("emergency.not_on")
        return period

    def _record(
        self, work: UnitOfWork, actor: Actor, kind: str, period: Emergency, now: datetime, word: str = ""
    ) -> None:
        work.put_emergency(period)
        payload = {
            "reason": period.reason,
            "started_at": period.started_at.isoformat(),
            "started_by": period.started_by,
            "planned_end": period.planned_end.isoformat(),
            "word": word,
        }
        work.append(Event(EventId(new_id()), kind, "emergency", actor.staff.id, actor.desk, now, payload))
