"""Opening a desk, off the UI thread: the services, and what the first screen shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from console.bootstrap import open_services
from console.domain.emergency import Emergency
from console.domain.roles import Actor, Role
from console.services.at_rest import Status
from console.services.secret_ports import Secrets
from console.services.services import Services
from ui import settings as stored
from ui.pages.registry import pages
from ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Opened:
    """What is read at once when a desk opens, all off the UI thread."""

    services: Services
    settings: Settings
    actor: Actor | None
    emergency: Emergency | None
    protection: Status | None


def open_desk(
    home: Path,
    sample: bool,
    name: str = "",
    role: Role | None = None,
    *,
    plain: bool = False,
    secrets: Secrets | None = None,
) -> Opened:
    """Open the store and read what the first screen needs (blocking). A named person is introduced when
    nobody is known. Raises what `open_services` raises."""
    services = open_services(home, sample=sample, plain=plain, secrets=secrets)
    try:
        actor = services.access.current()
        if actor is None and name and role is not None:
            actor = services.access.introduce(name, role)
        elif sample and actor is not None and role not in (None, actor.staff.role):
            # The sample has people of its own: take the part of one with the function that was chosen.
            part = next((each for each in services.access.staff() if each.role is role), None)
            actor = services.access.switch(part.id) if part else actor
        pages()[0].preload()
        settings, emergency = stored.load(services.preferences), services.emergency.current()
        protection = services.protection.status() if services.protection and not sample else None
        return Opened(services, settings, actor, emergency, protection)
    except BaseException:
        services.close()
        raise
