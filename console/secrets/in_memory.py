"""Secrets that end with the process: for a desk that is to leave nothing behind."""

from __future__ import annotations


class MemorySecrets:
    """Fulfils `console.services.secret_ports.Secrets`, and is lost with its object."""

    kind = "memory"
    passing = True

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """See `Secrets.get`."""
        return self._kept.get(name)

    def put(self, name: str, secret: str) -> None:
        """See `Secrets.put`."""
        self._kept[name] = secret

    def drop(self, name: str) -> None:
        """See `Secrets.drop`."""
        self._kept.pop(name, None)

    def all(self) -> dict[str, str]:
        """Everything, to be handed to a process of one's own."""
        return dict(self._kept)
