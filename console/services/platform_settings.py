"""How this desk calls platforms: how often it collects, and whose certificates it trusts."""

from __future__ import annotations

import ssl
from dataclasses import asdict, dataclass
from pathlib import Path

from console.clock import Clock
from console.domain.roles import Actor, Permission
from console.errors import ValidationError
from console.services.casework import Step
from console.services.ports import Database

COLLECT_EVERY = "collect.seconds"
CA_FILE = "platforms.ca_file"
EVERY = 60.0
"""Seconds between two looks at an account where nobody chose otherwise."""
SHORTEST, LONGEST = 5.0, 86_400.0
"""Seconds within which an interval may be chosen."""


@dataclass(frozen=True, slots=True)
class PlatformChoices:
    """`every`: seconds between two looks at a connected account. `ca_file`: the city's own certificate
    authority (PEM), or empty for the system's."""

    every: float = EVERY
    ca_file: str = ""


class PlatformSettings:
    """Use cases over one `Database`."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def get(self) -> PlatformChoices:
        """What is in force."""
        every = self._db.reads.setting(COLLECT_EVERY)
        chosen = float(every) if isinstance(every, int | float) and every > 0 else EVERY
        return PlatformChoices(max(SHORTEST, chosen), str(self._db.reads.setting(CA_FILE) or ""))

    def put(self, actor: Actor, choices: PlatformChoices) -> None:
        """Choose anew; journalled with before and after. Needs CONNECT_ACCOUNTS.

        Codes `collect.interval` (not within 5 seconds and a day), `platform.ca_file` (no file of
        certificates).
        """
        now = self._clock.now()
        actor.require(Permission.CONNECT_ACCOUNTS, now)
        if not SHORTEST <= choices.every <= LONGEST:
            raise ValidationError("collect.interval")
        _check_authority(choices.ca_file)
        facts = {"before": asdict(self.get()), "after": asdict(choices)}
        with self._db.write() as work:
            work.put_setting(COLLECT_EVERY, choices.every)
            work.put_setting(CA_FILE, choices.ca_file)
            Step(work, actor, now).journal("platforms.set", "platforms", facts)


def _check_authority(file: str) -> None:
    """A wrong file would look like a platform that is away."""
    if not file:
        return
    try:
        ssl.create_default_context(cafile=Path(file))
    except (OSError, ValueError) as error:
        raise ValidationError("platform.ca_file", file=file) from error
