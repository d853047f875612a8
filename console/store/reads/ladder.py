"""Warnings by the keys that incoming messages carry, before anyone knows the person's id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from console.domain.messages import Platform
from console.domain.sanctions import IssuedWarning
from console.store.tables import messages, people, warnings
from console.store.writes.base import KEYS
from console.store.writes.registers import as_keys
from console.store.writes.sanctions import issued_warning


def warnings_by_author(
    connection: Connection, authors: Sequence[tuple[Platform, str]]
) -> Mapping[tuple[Platform, str], tuple[IssuedWarning, ...]]:
    """Warnings of these authors (platform, `author_key`) and of identities linked with them, oldest
    first; only authors who have any."""
    asked: dict[Platform, list[str]] = defaultdict(list)
    for platform, key in dict.fromkeys(authors):
        asked[platform].append(key)
    found: dict[tuple[Platform, str], list[IssuedWarning]] = defaultdict(list)
    for platform, keys in asked.items():
        for row in connection.execute(_WARNINGS, {"platform_": platform, **as_keys(keys)}):
            found[platform, row.asked_key].append(issued_warning(row))
    return {author: tuple(each) for author, each in found.items()}


_asked = people.alias("asked")
_WARNINGS = (
    select(
        warnings,
        people.c.id.label("person_id"),
        messages.c.id.label("incident_id"),
        _asked.c.external_id.label("asked_key"),
    )
    .join_from(_asked, people, people.c.root == _asked.c.root)
    .join(warnings, warnings.c.person == people.c.number)
    .join(messages, messages.c.pk == warnings.c.incident)
    .where(_asked.c.platform == bindparam("platform_"), _asked.c.external_id.in_(select(KEYS.c.value)))
    .order_by(warnings.c.issued_at, warnings.c.id)
)
