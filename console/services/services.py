"""All use cases of one open console, as the screen and the command line receive them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.clock import Clock
from console.services.access import Access
from console.services.accounts import Accounts
from console.services.collecting import Collecting
from console.services.decisions import Decisions
from console.services.delivery import Delivery
from console.services.emergency import EmergencyMode
from console.services.escalations import Escalations
from console.services.history import History
from console.services.intake import Intake
from console.services.learning import Learning
from console.services.outbox import Outbox
from console.services.people import People
from console.services.platform_ports import PlatformWorker
from console.services.platform_settings import PlatformSettings
from console.services.policy import PolicyDesk
from console.services.preferences import Preferences
from console.services.protection import DeskProtection
from console.services.queue import Queue
from console.services.sharing import Sharing


@dataclass(frozen=True, slots=True)
class Services:
    """Opened by `console.bootstrap`; closed once by its owner."""

    clock: Clock
    access: Access
    queue: Queue
    decisions: Decisions
    escalations: Escalations
    history: History
    outbox: Outbox
    emergency: EmergencyMode
    intake: Intake
    learning: Learning
    people: People
    policy: PolicyDesk
    preferences: Preferences
    platform_settings: PlatformSettings
    sharing: Sharing
    accounts: Accounts
    collecting: Collecting
    delivery: Delivery
    worker: PlatformWorker
    sample: bool
    """Whether this is the sample queue: nothing in it is real."""
    close: Callable[[], None]
    protection: DeskProtection | None = None
    """How the desk's file lies on the disk; None where it was opened in another way (tests)."""
