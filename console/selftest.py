"""`vigie --self-test`: the main job from end to end in a folder of its own, in this very program.

Proves an installation, the frozen one above all: the store opens, the sample is taken in and judged,
a decision is made, undone and journalled, a desk is encrypted and its key comes back from a recovery code,
every connector can be made, and the window renders without a display.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from console.bootstrap import STORE, at_rest, open_services, recover
from console.catalogue import Catalogue
from console.clock import SystemClock
from console.domain.decisions import Action
from console.domain.ids import account_id
from console.domain.messages import KNOWN_PLATFORMS
from console.domain.roles import Role
from console.errors import EnvironmentProblemError
from console.launch import Launch, OpenWindow
from console.platforms.directory import Directory
from console.secrets.in_memory import MemorySecrets
from console.services.decisions import DecisionRequest
from console.services.platform_ports import Connection, ConnectionState, Tokens
from console.services.rows import QueueFilter, Sort
from console.services.services import Services
from console.store.database import open_store


def run(open_window: OpenWindow) -> int:
    """Run every step; 0 when all of it worked. Failures come out as `VigieError`."""
    with tempfile.TemporaryDirectory(prefix="vigie-essai-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        services = open_services(home, sample=True)
        try:
            messages, links = _work(services)
        finally:
            services.close()
        _encrypt(home / "chiffre")
        _connect()
        _render(home, open_window)
    said = Catalogue.load().label("cli", "self_test_ok")
    sys.stdout.write(said.format(messages=messages, decisions=1, links=links) + "\n")
    return 0


def _work(services: Services) -> tuple[int, int]:
    actor = services.access.current() or services.access.introduce("Essai", Role.MODERATOR)
    everything = QueueFilter()
    before = services.queue.matches(everything)
    first = services.queue.page(everything, Sort.PRIORITY, None, 1).rows[0]
    services.decisions.decide(actor, DecisionRequest(first.id, first.revision, frozenset({Action.KEEP})))
    _expect(services.queue.matches(everything) == before - 1, "decide")
    services.decisions.undo(actor)
    _expect(services.queue.matches(everything) == before, "undo")
    links = 0

    def count(done: int, _total: int | None) -> None:
        nonlocal links
        links = done

    _expect(services.history.verify(count) is None, "journal")
    return before, links


def _encrypt(home: Path) -> None:
    """An encrypted desk, a keyring that forgets its key, and the recovery code that gives it back."""
    first, second = MemorySecrets(), MemorySecrets()
    rest = at_rest(home, secrets=first)
    open_store(home / STORE, SystemClock(), rest.key).close()
    _expect(not (home / STORE).read_bytes().startswith(b"SQLite"), "encrypt")
    recover(home, rest.renew_recovery("Essai"), second)
    open_store(home / STORE, SystemClock(), at_rest(home, secrets=second).key).close()


class _NoTokens:
    """Fulfils `TokenStore`: nothing is called."""

    def read(self) -> Tokens:
        """None that any platform takes."""
        return Tokens("")

    def write(self, tokens: Tokens) -> None:
        """Nothing to keep."""


def _connect() -> None:
    """Each platform's connector and sign-in, with what they need of certificates and libraries."""
    directory = Directory()
    for platform in KNOWN_PLATFORMS:
        connection = Connection(
            account_id(platform, "essai"), platform, "essai", "0", ConnectionState.DISCONNECTED
        )
        directory.connect(connection, _NoTokens()).close()
        _expect(bool(directory.sign_in(platform).scopes), "platforms")


def _render(home: Path, open_window: OpenWindow) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    picture = home / "vigie.png"
    open_window(Launch(home, sample=True, import_file=None, picture=picture))
    _expect(picture.stat().st_size > 0, "picture")


def _expect(held: bool, step: str) -> None:
    if not held:
        raise EnvironmentProblemError("self_test.failed", step=step)
