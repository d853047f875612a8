"""A desk being encrypted, to be killed: `python -m tests.store.sealing HOME STEP`.

Prints the key's name in a keyring that is a file beside (`HOME/keyring.json`), so that the test can look
into it as the system's own would allow. STEP is where it kills itself; «none» lets it finish.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from console.bootstrap import STORE
from console.clock import SystemClock
from console.services.at_rest import AtRest
from console.store.at_rest import DeskFileOnDisk


class FileSecrets:
    """A keyring for tests: what it is given is on the disk at once, in plain text."""

    kind = "file"
    passing = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str | None:
        """See `Secrets.get`."""
        return self._all().get(name)

    def put(self, name: str, secret: str) -> None:
        """See `Secrets.put`."""
        self._path.write_text(json.dumps(self._all() | {name: secret}), "utf-8")

    def drop(self, name: str) -> None:
        """See `Secrets.drop`."""
        self._path.write_text(json.dumps({key: value for key, value in self._all().items() if key != name}))

    def _all(self) -> dict[str, str]:
        kept: dict[str, str] = json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}
        return kept


def main() -> None:
    """Encrypt the desk in HOME."""
    home, last = Path(sys.argv[1]), sys.argv[2]

    def step(name: str) -> None:
        if name == last:
            os.kill(os.getpid(), signal.SIGKILL)

    file = DeskFileOnDisk(home / STORE, step)
    AtRest(file, FileSecrets(home.parent / "keyring.json"), SystemClock()).encrypt()


if __name__ == "__main__":
    main()
