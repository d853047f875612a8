"""The unit of work of the desk's store: all its parts over one transaction."""

from __future__ import annotations

from console.store.writes.carrying import CarryWrites
from console.store.writes.cases import CaseWrites
from console.store.writes.connecting import ConnectingWrites
from console.store.writes.desk import DeskWrites
from console.store.writes.intake import IntakeWrites
from console.store.writes.learning import LearningWrites
from console.store.writes.replaying import ReplayWrites
from console.store.writes.replica import ReplicaWrites
from console.store.writes.sanctions import SanctionWrites
from console.store.writes.supervision import SupervisionWrites


class SqlUnitOfWork(
    IntakeWrites,
    CaseWrites,
    SanctionWrites,
    SupervisionWrites,
    DeskWrites,
    ReplicaWrites,
    ReplayWrites,
    CarryWrites,
    ConnectingWrites,
    LearningWrites,
):
    """Fulfils `console.services.ports.UnitOfWork`; opened by `StoreDatabase.write`."""
