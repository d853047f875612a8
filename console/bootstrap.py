"""The one place that knows every room: opens the desk's store and wires services to their adapters."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from console.clock import Clock, SystemClock
from console.domain.ids import AccountId, RuleId
from console.domain.messages import IncomingMessage
from console.domain.verdicts import PolicyVersion, Verdict
from console.errors import ConfigurationError, SecretLockedError
from console.hub.on_demand import LineOnDemand
from console.netiquette.policy_loader import shipped
from console.platforms import by_hand
from console.platforms.directory import Directory
from console.platforms.files.library import FileLibrary
from console.platforms.worker import Worker
from console.secrets.in_memory import MemorySecrets
from console.secrets.os_keyring import OsKeyring
from console.services.access import Access
from console.services.accounts import Accounts
from console.services.alone import AloneLine
from console.services.at_rest import AtRest
from console.services.collecting import Collecting
from console.services.decisions import Decisions
from console.services.delivery import Delivery
from console.services.emergency import EmergencyMode
from console.services.escalations import Escalations
from console.services.history import History
from console.services.intake import Intake
from console.services.key_file import Because
from console.services.learning import Learning
from console.services.outbox import Outbox
from console.services.outlook import Outlook
from console.services.people import People
from console.services.platform_ports import PlatformDirectory
from console.services.platform_settings import PlatformSettings
from console.services.policy import PolicyDesk
from console.services.ports import Database, Judge, JudgeContext
from console.services.preferences import Preferences
from console.services.protection import DeskProtection
from console.services.queue import Queue
from console.services.sample import fill
from console.services.secret_ports import Secrets
from console.services.services import Services
from console.services.sharing import Sharing
from console.services.sharing_ports import HubLine
from console.store.at_rest import DeskFileOnDisk
from console.store.database import open_store

if TYPE_CHECKING:
    from console.netiquette.learned.desk import DeskLayer

StoredBody = tuple[str, bytes] | None
"""Name and content of the learned layer in force."""

_LOG = logging.getLogger(__name__)
STORE = "vigie.db"
SAMPLE_FOLDER = "exemple"
AT_REST = "VIGIE_AT_REST"
"""Environment: «plain» chooses a desk without encryption, for servers and tests."""


class EngineOnDemand:
    """The verdict engine, built when the first message needs it: a window opens without waiting for it.

    `prepare` builds it again when the policy in force is another than the one it judges by, or what the desk
    has learned. A layer that is damaged or of another version is left out: judging goes on without it.
    """

    def __init__(self, policy: PolicyDesk, layer: Callable[[], StoredBody] = lambda: None) -> None:
        self._policy, self._layer, self._lock = policy, layer, Lock()
        self._judge: Judge | None = None
        self._judges_by: tuple[PolicyVersion, StoredBody] | None = None

    @property
    def version(self) -> str:
        """The engine's version."""
        return self._ready().version

    def prepare(self) -> None:
        """Take over the policy and the layer in force; called before a run of messages."""
        from console.services.judging import EngineJudge

        policy, stored = self._policy.policy(), self._layer()
        with self._lock:
            if self._judges_by != (policy.version, stored):
                self._judge = EngineJudge(policy, None if stored is None else _layer_of(*stored))
                self._judges_by = policy.version, stored

    def judge(self, message: IncomingMessage, context: JudgeContext) -> Verdict:
        """See `Judge.judge`."""
        return self._ready().judge(message, context)

    def bands(self, text: str) -> tuple[int, ...]:
        """See `Judge.bands`."""
        return self._ready().bands(text)

    def similar(self, text: str, others: Sequence[str]) -> int:
        """See `Judge.similar`."""
        return self._ready().similar(text, others)

    def with_picture(
        self, message: IncomingMessage, context: JudgeContext, verdict: Verdict, rule: RuleId, sure: float
    ) -> Verdict:
        """See `Judge.with_picture`."""
        return self._ready().with_picture(message, context, verdict, rule, sure)

    def _ready(self) -> Judge:
        if self._judge is None:
            self.prepare()
        assert self._judge is not None  # noqa: S101  `prepare` sets it or raises
        return self._judge


def _layer_of(name: str, body: bytes) -> DeskLayer | None:
    from console.netiquette.learned.desk import DeskLayer

    try:
        return DeskLayer.decode(body, name)
    except ConfigurationError as error:
        # `Learning.state` tells it to the person; a wrong correction must not stop the judging.
        _LOG.warning("what the desk has learned is left out: %s", error)
        return None


def open_services(
    home: Path,
    *,
    sample: bool = False,
    clock: Clock | None = None,
    plain: bool = False,
    secrets: Secrets | None = None,
    online: bool = True,
    work: bool = True,
) -> Services:
    """Open the desk in `home`, or the sample queue that lives in a folder of its own beneath it.

    The desk's file is encrypted, its key in `secrets` (the system's keyring when None); `plain` says that
    a person chooses otherwise. Raises `EnvironmentProblemError` (`store.*`, `at_rest.*`),
    `SecretLockedError` (`secret.*`, `at_rest.choice`) and `ConfigurationError` (`policy.*`). The sample is
    filled at its first opening, and is never encrypted: nothing in it is real. The line to the hub starts
    unless `online` is False: for commands that use it themselves; the worker that collects and sends starts
    with it, unless `work` is False.
    """
    clock = clock or SystemClock()
    folder = home / SAMPLE_FOLDER if sample else home
    rest, because = at_rest(folder, clock, secrets), _chosen(sample, plain)
    db = open_store(folder / STORE, clock, lambda: rest.key(because))
    line = None if sample else LineOnDemand(db, clock, secrets or OsKeyring())
    try:
        secrets = secrets or OsKeyring()
        services = wire(db, clock, sample=sample, rest=rest, line=line, secrets=secrets)
        if sample:
            fill(services, lambda at: wire(db, at, sample=True))
        elif services.protection is not None:
            services.protection.note(services.access.current())
        if line is not None:
            db.on_commit = _bells(line, services)
            if online:
                line.start()
                if work:
                    services.worker.start()
    except BaseException:
        db.close()
        raise
    return services


def at_rest(folder: Path, clock: Clock | None = None, secrets: Secrets | None = None) -> AtRest:
    """The protection of the desk in `folder`, before it is opened."""
    return AtRest(DeskFileOnDisk(folder / STORE), secrets or OsKeyring(), clock or SystemClock())


def recover(home: Path, code: str, secrets: Secrets | None = None) -> Secrets | None:
    """Put the key that a recovery code gives back into the keyring; None when that is done.

    Where the keyring does not take it, secrets that hold it as long as this process lives, for
    `open_services`. Codes of `AtRest.recover`.
    """
    key = at_rest(home, secrets=secrets).recover(code)
    try:
        at_rest(home, secrets=secrets).put_back(key)
    except SecretLockedError:
        passing = MemorySecrets()
        at_rest(home, secrets=passing).put_back(key)
        return passing
    return None


def _chosen(sample: bool, plain: bool) -> Because | None:
    if sample:
        return Because.SAMPLE
    if plain:
        return Because.PERSON
    return Because.ENVIRONMENT if os.environ.get(AT_REST) == "plain" else None


def wire(
    db: Database,
    clock: Clock,
    *,
    sample: bool = False,
    rest: AtRest | None = None,
    line: HubLine | None = None,
    secrets: Secrets | None = None,
    directory: PlatformDirectory | None = None,
) -> Services:
    """All services over one open database; `rest` is what opened its file, `line` leads to the hub.

    Tokens of connected accounts are in `secrets` (in this process's memory when None).
    """
    line = line or AloneLine()
    protection = None if rest is None else DeskProtection(rest, db, clock)
    base = shipped()
    policy = PolicyDesk(db, clock, base)
    preferences = Preferences(db, clock, base.ladder)
    access, judge = Access(db, clock), EngineOnDemand(policy, db.reads.layer_in_force)
    platform_settings = PlatformSettings(db, clock)
    directory = directory or Directory(clock, lambda: platform_settings.get().ca_file)
    accounts = Accounts(db, clock, secrets or MemorySecrets(), directory, line)
    outlook = Outlook(db, clock, directory.abilities, _collected_elsewhere(db, line), by_hand.link)
    decisions = Decisions(db, clock, policy, preferences, outlook)
    collecting = Collecting(db, judge, clock, accounts, preferences.ladder)
    delivery = Delivery(db, clock, line, accounts, outlook)
    worker = Worker(db, clock, access.current, accounts, collecting, delivery, line)
    return Services(
        clock=clock,
        access=access,
        queue=Queue(db, clock, preferences),
        decisions=decisions,
        escalations=Escalations(db, clock, decisions),
        history=History(db, clock, policy),
        outbox=Outbox(db, clock, line, outlook),
        emergency=EmergencyMode(db, clock),
        intake=Intake(db, judge, FileLibrary(), clock, preferences.ladder),
        learning=Learning(db, clock, policy, judge, preferences.ladder),
        people=People(db, clock),
        policy=policy,
        preferences=preferences,
        platform_settings=platform_settings,
        sharing=Sharing(db, clock, decisions, line),
        accounts=accounts,
        collecting=collecting,
        delivery=delivery,
        worker=worker,
        sample=sample,
        close=_closing(line, worker, accounts, protection or db),
        protection=protection,
    )


def _collected_elsewhere(db: Database, line: HubLine) -> Callable[[], frozenset[AccountId]]:
    return lambda: frozenset(each.account for each in line.collectors() if each.desk != db.desk)


def _bells(line: HubLine, services: Services) -> Callable[[], None]:
    """After each unit of work there may be something for the hub, and something for the platforms."""

    def ring() -> None:
        line.wake()
        if isinstance(services.worker, Worker):
            services.worker.nudge()

    return ring


def _closing(
    line: HubLine, worker: Worker, accounts: Accounts, db: Database | DeskProtection
) -> Callable[[], None]:
    def close() -> None:
        worker.stop()
        line.stop()
        accounts.close()
        db.close()

    return close
