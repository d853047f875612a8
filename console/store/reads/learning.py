"""Decisions as lessons, and what was learned from them."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, Select, literal, select, union_all

from console.domain.ids import MessageId, RuleId, StaffId
from console.services.learning_ports import Adoption, Dispute, Judgement, StoredLayer
from console.store.tables import (
    adoptions,
    decisions,
    journal,
    layers,
    messages,
    people,
    posts,
    shared_events,
    snapshots,
    verdicts,
)
from console.store.writes.base import VISIBLE
from console.store.writes.learning import STANDING

_DISPUTED = "finding.disputed"


def judgements(connection: Connection, limit: int) -> tuple[Judgement, ...]:
    """The newest decision of each message, undone ones aside, with the text that it was made on."""
    rows = connection.execute(_JUDGEMENTS.limit(limit))
    return tuple(
        Judgement(
            message=MessageId(row.id),
            text=row.text if row.earlier is None else row.earlier,
            parent=row.parent or "",
            channel=row.channel,
            author=row.root,
            actor=StaffId(row.actor),
            at=row.at,
            actions=row.actions,
            rules=tuple(map(RuleId, row.rules)),
            found=tuple(finding.rule for finding in row.body.findings) if row.body else (),
        )
        for row in rows
    )


def disputes(connection: Connection, limit: int) -> tuple[Dispute, ...]:
    """Disagreements, newest first; those whose message is not here are left out."""
    found = (_dispute(row) for row in connection.execute(_DISPUTES.limit(limit)))
    return tuple(each for each in found if each is not None)


def _dispute(row: Row[Any]) -> Dispute | None:
    """None for an event of another desk that does not say what it should."""
    try:
        said = json.loads(row.said)
        payload = said["payload"] if row.whole else said
        rule, actor = str(payload["rule"]), str(said["actor"] if row.whole else row.actor)
    except (ValueError, KeyError, TypeError):
        return None
    return Dispute(
        MessageId(row.id),
        RuleId(rule),
        row.text,
        row.parent or "",
        row.channel,
        row.root,
        StaffId(actor),
        row.at,
    )


def layer_in_force(connection: Connection) -> tuple[str, bytes] | None:
    """Its id and body, unchecked."""
    standing = STANDING.subquery()
    row = connection.execute(
        select(standing.c.layer, layers.c.body).outerjoin_from(
            standing, layers, layers.c.id == standing.c.layer
        )
    ).one_or_none()
    return None if row is None else (row.layer, row.body or b"")


def all_layers(connection: Connection) -> tuple[StoredLayer, ...]:
    """The newest first."""
    rows = connection.execute(select(layers).order_by(layers.c.made_at.desc(), layers.c.id))
    return tuple(StoredLayer(**row._mapping) for row in rows)


def all_adoptions(connection: Connection) -> tuple[Adoption, ...]:
    """The newest first."""
    rows = connection.execute(select(adoptions).order_by(adoptions.c.pk.desc()))
    return tuple(Adoption(row.layer, row.at, row.by, row.withdrawn_at, row.withdrawn_by) for row in rows)


_later = decisions.alias("later")
_NEWEST = ~(
    select(_later.c.pk)
    .where(
        _later.c.message == decisions.c.message,
        _later.c.undone_at.is_(None),
        (_later.c.at > decisions.c.at) | ((_later.c.at == decisions.c.at) & (_later.c.pk > decisions.c.pk)),
    )
    .exists()
)
"""Also of a message that waits again since its author changed it: the decision was about the text before."""
_JUDGEMENTS = (
    select(
        messages.c.id,
        messages.c.text,
        messages.c.channel,
        people.c.root,
        posts.c.text.label("parent"),
        snapshots.c.text.label("earlier"),
        decisions.c.actor,
        decisions.c.at,
        decisions.c.actions,
        decisions.c.rules,
        verdicts.c.body,
    )
    .join_from(decisions, messages, messages.c.pk == decisions.c.message)
    .join(people, people.c.number == messages.c.author)
    .outerjoin(posts, posts.c.pk == messages.c.post)
    .outerjoin(verdicts, verdicts.c.pk == decisions.c.verdict)
    .outerjoin(
        snapshots,
        (snapshots.c.message == messages.c.pk) & (snapshots.c.revision == decisions.c.revision),
    )
    .where(decisions.c.undone_at.is_(None), _NEWEST, VISIBLE)
    .order_by(decisions.c.at.desc(), decisions.c.pk.desc())
)


def _disputed() -> Select[Any]:
    """Own ones are in the journal, those of others whole in what came from them."""
    own = select(
        journal.c.subject,
        journal.c.at,
        journal.c.actor,
        journal.c.payload.label("said"),
        literal(False).label("whole"),
    ).where(journal.c.kind == _DISPUTED)
    others = select(
        shared_events.c.subject,
        shared_events.c.accepted_at.label("at"),
        literal("").label("actor"),
        shared_events.c.body.label("said"),
        literal(True).label("whole"),
    ).where(
        shared_events.c.kind == _DISPUTED,
        shared_events.c.own.is_(False),
        shared_events.c.accepted_at.is_not(None),
    )
    said = union_all(own, others).subquery("disputed")
    return (
        select(
            said,
            messages.c.id,
            messages.c.text,
            messages.c.channel,
            people.c.root,
            posts.c.text.label("parent"),
        )
        .join_from(said, messages, messages.c.id == said.c.subject)
        .join(people, people.c.number == messages.c.author)
        .outerjoin(posts, posts.c.pk == messages.c.post)
        .where(VISIBLE)
        .order_by(said.c.at.desc(), messages.c.pk.desc())
    )


_DISPUTES = _disputed()
