"""A keyring for tests of the installed command: `PYTHON_KEYRING_BACKEND=tests.e2e.file_keyring.Keyring`.

Its secrets are in the JSON file that `VIGIE_TEST_KEYRING` names; without it, it is locked.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class Keyring(KeyringBackend):
    """Plain text in a file: for tests only."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        """As the real ones."""
        return self._all().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """As the real ones."""
        self._path().write_text(json.dumps(self._all() | {f"{service}/{username}": password}), "utf-8")

    def delete_password(self, service: str, username: str) -> None:
        """As the real ones."""
        kept = self._all()
        del kept[f"{service}/{username}"]
        self._path().write_text(json.dumps(kept), "utf-8")

    def _all(self) -> dict[str, str]:
        path = self._path()
        kept: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return kept

    def _path(self) -> Path:
        named = os.environ.get("VIGIE_TEST_KEYRING")
        if not named:
            raise KeyringLocked("closed")
        return Path(named)
