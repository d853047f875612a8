"""The one place that knows every room: opens the desk's store and wires services to their adapters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from console.clock import Clock, SystemClock
from console.domain.messages import IncomingMessage
from console.domain.verdicts import Verdict
from console.netiquette.policy import Policy
from console.netiquette.policy_loader import shipped
from console.platforms.files.library import FileLibrary
from console.services.access import Access
from console.services.decisions import Decisions
from console.services.emergency import EmergencyMode
from console.services.escalations import Escalations
from console.services.history import History
from console.services.intake import Intake
from console.services.outbox import Outbox
from console.services.people import People
from console.services.policy import PolicyDesk
from console.services.ports import Database, Judge, JudgeContext
from console.services.preferences import Preferences
from console.services.queue import Queue
from console.services.sample import fill
from console.services.services import Services
from console.store.database import open_store

STORE = "vigie.db"
SAMPLE_FOLDER = "exemple"


class EngineOnDemand:
    """The verdict engine, built when the first message needs it: a window opens without waiting for it.

    `prepare` builds it again when the policy in force is another than the one it judges by.
    """

    def __init__(self, policy: PolicyDesk) -> None:
        self._policy, self._lock = policy, Lock()
        self._judge: Judge | None = None
        self._judges_by: Policy | None = None

    @property
    def version(self) -> str:
        """The engine's version."""
        return self._ready().version

    def prepare(self) -> None:
        """Take over the policy in force; called before a run of messages."""
        from console.services.judging import EngineJudge

        policy = self._policy.policy()
        with self._lock:
            if self._judges_by is None or self._judges_by.version != policy.version:
                self._judge, self._judges_by = EngineJudge(policy), policy

    def judge(self, message: IncomingMessage, context: JudgeContext) -> Verdict:
        """See `Judge.judge`."""
        return self._ready().judge(message, context)

    def bands(self, text: str) -> tuple[int, ...]:
        """See `Judge.bands`."""
        return self._ready().bands(text)

    def similar(self, text: str, others: Sequence[str]) -> int:
        """See `Judge.similar`."""
        return self._ready().similar(text, others)

    def _ready(self) -> Judge:
        if self._judge is None:
            self.prepare()
        assert self._judge is not None  # noqa: S101  `prepare` sets it or raises
        return self._judge


def open_services(home: Path, *, sample: bool = False, clock: Clock | None = None) -> Services:
    """Open the desk in `home`, or the sample queue that lives in a folder of its own beneath it.

    Raises `EnvironmentProblemError` (`store.*`) and `ConfigurationError` (`policy.*`). The sample is
    filled at its first opening.
    """
    clock = clock or SystemClock()
    folder = home / SAMPLE_FOLDER if sample else home
    db = open_store(folder / STORE, clock)
    try:
        services = wire(db, clock, sample=sample)
        if sample:
            fill(services, lambda at: wire(db, at, sample=True))
    except BaseException:
        db.close()
        raise
    return services


def wire(db: Database, clock: Clock, *, sample: bool = False) -> Services:
    """All services over one open database."""
    base = shipped()
    policy = PolicyDesk(db, clock, base)
    preferences = Preferences(db, clock, base.ladder)
    decisions = Decisions(db, clock, policy, preferences)
    return Services(
        clock=clock,
        access=Access(db, clock),
        queue=Queue(db, clock, preferences),
        decisions=decisions,
        escalations=Escalations(db, clock, decisions),
        history=History(db, clock, policy),
        outbox=Outbox(db, clock),
        emergency=EmergencyMode(db, clock),
        intake=Intake(db, EngineOnDemand(policy), FileLibrary(), clock, preferences.ladder),
        people=People(db, clock),
        policy=policy,
        preferences=preferences,
        sample=sample,
        close=db.close,
    )
