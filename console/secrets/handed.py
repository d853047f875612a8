"""Secrets that another process hands over on standard input: in no file, in no environment."""

from __future__ import annotations

import json
import os
import sys

from console.secrets.in_memory import MemorySecrets

VARIABLE = "VIGIE_SECRETS"
"""Environment: «stdin» says that one line of JSON (name → secret) comes on standard input."""


def handed_over() -> MemorySecrets | None:
    """The secrets, or None when nobody hands any over. What comes is read once, and kept in memory only."""
    if os.environ.get(VARIABLE) != "stdin":
        return None
    kept = MemorySecrets()
    for name, secret in json.loads(sys.stdin.readline() or "{}").items():
        kept.put(str(name), str(secret))
    return kept


def as_line(secrets: MemorySecrets) -> bytes:
    """What `handed_over` reads."""
    return json.dumps(secrets.all()).encode() + b"\n"
