"""A stored message as it would come in: what desks send each other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from console.domain.messages import IncomingMessage
from console.services.judged import Judged
from console.store.tables import accounts, messages, people, posts, verdicts

INCOMING = (
    select(
        messages,
        accounts.c.platform,
        accounts.c.name.label("account_name"),
        people.c.external_id.label("author_external_id"),
        people.c.declared_warnings,
        posts.c.external_id.label("post_external_id"),
        posts.c.text.label("post_text"),
        posts.c.posted_at.label("post_posted_at"),
        verdicts.c.body,
    )
    .join_from(messages, accounts, accounts.c.pk == messages.c.account)
    .join(people, people.c.number == messages.c.author)
    .outerjoin(posts, posts.c.pk == messages.c.post)
    .outerjoin(verdicts, verdicts.c.pk == messages.c.verdict)
)


def incoming_of(row: Row[Any]) -> Judged:
    """A row of `INCOMING`. Near-duplicate keys are left out: whoever takes it in makes them again."""
    return Judged(
        IncomingMessage(
            external_id=row.external_id,
            text=row.text,
            platform=row.platform,
            channel=row.channel,
            kind=row.kind,
            account=row.account_name,
            # `author_key` prefers this id, so that a person keeps their identity on every desk.
            author_external_id=row.author_external_id,
            author_name=row.author_name,
            author_warnings=row.declared_warnings,
            posted_at=row.posted_at,
            post_external_id=row.post_external_id or "",
            post_text=row.post_text or "",
            post_posted_at=row.post_posted_at,
            parent_external_id=row.parent_external_id,
            thread=row.thread or (),
            attachments=row.attachments or (),
            permalink=row.permalink,
            by_city=row.by_city,
        ),
        row.sha256,
        row.body,
        row.similar,
    )
