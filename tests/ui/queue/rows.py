"""Rows for the tests of the queue: plain values, made by the hundred."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from console.domain.cases import CaseState
from console.domain.ids import MessageId, PersonId, RuleId
from console.domain.messages import FACEBOOK, Channel, Kind
from console.domain.verdicts import Route
from console.services.rows import Chip, QueueRow

NOW = datetime(2026, 11, 14, 19, 6, tzinfo=UTC)


def queue_row(number: int, **changes: Any) -> QueueRow:
    """A pending comment that breaks article 4, `number` minutes old."""
    row = QueueRow(
        id=MessageId(f"m{number:04d}"),
        state=CaseState.PENDING,
        platform=FACEBOOK,
        account="Ville de Drummondville",
        author=f"Auteure {number}",
        author_id=PersonId(f"p{number}"),
        author_number=number,
        channel=Channel.COMMENT,
        kind=Kind.COMMENT,
        excerpt=f"Message numéro {number}",
        posted_at=NOW - timedelta(minutes=number),
        priority=50,
        severity=4,
        chips=(Chip(RuleId("violence"), "4", 4),),
        route=Route.NONE,
        criticism=False,
        similar=0,
        warnings=0,
        revision=1,
        arrival=number,
    )
    return replace(row, **changes)
