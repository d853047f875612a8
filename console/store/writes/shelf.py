"""Messages on their way into the tables: new ones, edited ones, and staged ones that become visible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Boolean, bindparam, case, insert, null, select, update
from sqlalchemy.sql import func

from console.domain.cases import CaseState
from console.domain.folding import fold
from console.domain.ids import ImportId, MessageId, message_id
from console.domain.messages import Channel
from console.domain.verdicts import Route
from console.services.ports import Judged
from console.store.bulk import BulkInsert
from console.store.codes import week_of
from console.store.search import forget, search
from console.store.tables import bands, messages, snapshots, verdicts
from console.store.writes.base import KEYS, Tally, Writes
from console.store.writes.findings import NO_FINDINGS, Findings
from console.store.writes.registers import Placed, as_keys


@dataclass(slots=True)
class Aim:
    """Where arrivals go: in sight (`import_id` is None) or into a staged import."""

    import_id: ImportId | None
    arrival: int
    """The last number given."""
    tally: Tally = field(default_factory=Counter)

    def next(self) -> int:
        """The next arrival number."""
        self.arrival += 1
        return self.arrival


@dataclass(frozen=True, slots=True)
class Held:
    """What the tables hold of a message that comes again."""

    pk: int
    id: MessageId
    sha256: str
    revision: int
    state: CaseState
    channel: Channel
    route: Route
    arrival: int


class Shelf:
    """Writes messages for one unit of work; counts and arrival numbers go to the aim."""

    def __init__(self, work: Writes, aim: Aim) -> None:
        self._work, self._connection, self._aim = work, work.connection, aim
        self._findings = Findings(work)

    def held(self, account: int, external_ids: Sequence[str]) -> dict[str, Held]:
        """Messages of an account that are known, by the platform's id."""
        rows = self._connection.execute(_HELD, {"account_": account, **as_keys(external_ids)})
        return {row[0]: Held(*row[1:]) for row in rows}

    def add(self, placed: Sequence[Placed], at: datetime) -> tuple[MessageId, ...]:
        """Store new messages with their cases, verdicts, chips, near-duplicate keys and search words."""
        if not placed:
            return ()
        first, verdict = self._work.next_key("messages"), self._work.next_key("verdicts")
        rows, judged = [], []
        for pk, each in enumerate(placed, first):
            row = self._row(pk, each, at)
            if each.judged.verdict is not None:
                row["verdict"] = verdict
                judged.append((verdict, pk, 1, each.judged.verdict))
                verdict += 1
            rows.append(row)
            self._aim.tally[row["state"], row["channel"], row["route"] is Route.EMERGENCY] += 1
        _ADD_MESSAGES(self._connection, [tuple(row.values()) for row in rows])
        _ADD_VERDICTS(self._connection, judged)
        keyed = dict(enumerate(placed, first))
        self._findings.add({pk: each.judged.verdict for pk, each in keyed.items()})
        self._add_bands({pk: each.judged for pk, each in keyed.items()}, at)
        self._index([(row["pk"], row["text"], row["author_name"]) for row in rows])
        return tuple(row["id"] for row in rows)

    def change(self, changes: Sequence[tuple[Held, Judged]], at: datetime) -> tuple[MessageId, ...]:
        """Store new texts of known messages as new revisions; returns the cases that this reopens.

        The text before becomes a snapshot. A decided case waits for a person again, as one that was
        closed because the message had gone; cases before supervision stay there.
        """
        if not changes:
            return ()
        by_pk = {held.pk: judged for held, judged in changes}
        self._connection.execute(_KEEP, as_keys(by_pk))
        names = self._unindex(by_pk)
        verdict = self._work.next_key("verdicts")
        rows, judged_rows, reopened = [], [], []
        for held, judged in changes:
            row = self._changed(held, judged, at)
            if judged.verdict is not None:
                judged_rows.append((verdict, held.pk, held.revision + 1, judged.verdict))
                row["verdict_"], verdict = verdict, verdict + 1
            if row["state_"] is not held.state:
                reopened.append(held.id)
            rows.append(row)
        self._connection.execute(_CHANGE, rows)
        _ADD_VERDICTS(self._connection, judged_rows)
        self._findings.replace({pk: judged.verdict for pk, judged in by_pk.items()})
        self._add_bands(by_pk, at)
        self._index([(pk, judged.incoming.text, names[pk]) for pk, judged in by_pk.items()])
        return tuple(reopened)

    def reveal(self, held: Held) -> Held:
        """A message that a staged import holds came in by itself as well: in sight from now."""
        shown = replace(held, arrival=self._aim.next())
        self._work.change_message(held.pk, arrival=shown.arrival)
        self._aim.tally[held.state, held.channel, held.route is Route.EMERGENCY] += 1
        return shown

    # --- rows ----------------------------------------------------------------------------------

    def _row(self, pk: int, placed: Placed, at: datetime) -> dict[str, Any]:
        judged, incoming = placed.judged, placed.judged.incoming
        return {
            "pk": pk,
            "id": message_id(incoming.platform, incoming.account, incoming.external_id),
            "account": placed.account,
            "external_id": incoming.external_id,
            "state": CaseState.CLOSED if judged.verdict is None else CaseState.PENDING,
            "channel": incoming.channel,
            "kind": incoming.kind,
            "similar": judged.similar,
            "by_city": incoming.by_city,
            "posted_at": incoming.posted_at or at,
            "received_at": at,
            "arrival": self._aim.next(),
            "author": placed.author,
            "author_name": incoming.author_name,
            "post": placed.post,
            "parent_external_id": incoming.parent_external_id,
            "verdict": None,
            "sha256": judged.sha256,
            "permalink": incoming.permalink,
            "thread": incoming.thread or None,
            "attachments": incoming.attachments or None,
            "text": incoming.text,
            **self._findings.columns(judged.verdict),
        }

    def _changed(self, held: Held, judged: Judged, at: datetime) -> dict[str, Any]:
        again = judged.verdict is not None and held.state in (CaseState.DECIDED, CaseState.CLOSED)
        state = CaseState.PENDING if again else held.state
        columns = self._findings.columns(judged.verdict)
        self._aim.tally[held.state, held.channel, held.route is Route.EMERGENCY] -= 1
        self._aim.tally[state, held.channel, columns["route"] is Route.EMERGENCY] += 1
        row = {f"{name}_": value for name, value in columns.items()}
        return row | {
            "pk_": held.pk,
            "state_": state,
            "reopened_": again,
            "arrival_": self._aim.next() if again else held.arrival,
            "revision_": held.revision + 1,
            "edited_at_": at,
            "verdict_": None,
            "sha256_": judged.sha256,
            "similar_": judged.similar,
            "text_": judged.incoming.text,
        }

    def _add_bands(self, judged: Mapping[int, Judged], at: datetime) -> None:
        rows = []
        for pk, each in judged.items():
            week = week_of(each.incoming.posted_at or at)
            rows += [(week, band, pk) for band in each.bands]
        rows.sort()  # in the order of the tree: neighbours go to the same page
        _ADD_BANDS(self._connection, rows)

    def _index(self, words: Sequence[tuple[int, str, str]]) -> None:
        _INDEX(self._connection, [(pk, fold(text), fold(author)) for pk, text, author in words])

    def _unindex(self, keys: Mapping[int, Any]) -> dict[int, str]:
        """Take texts out of the search as they went in; returns the authors' names."""
        rows = self._connection.execute(_WORDS, as_keys(keys)).all()
        forget(self._connection, rows)
        return {row.pk: row.author_name for row in rows}


_INDEX = BulkInsert(search, "rowid", "text", "author")
_ADD_VERDICTS = BulkInsert(verdicts, "pk", "message", "revision", "body")
_ADD_BANDS = BulkInsert(bands, "week", "band", "message", ignore=True)
_ADD_MESSAGES = BulkInsert(
    messages,
    "pk",
    "id",
    "account",
    "external_id",
    "state",
    "channel",
    "kind",
    "similar",
    "by_city",
    "posted_at",
    "received_at",
    "arrival",
    "author",
    "author_name",
    "post",
    "parent_external_id",
    "verdict",
    "sha256",
    "permalink",
    "thread",
    "attachments",
    "text",
    *NO_FINDINGS,
)
"""In the order of `Shelf._row`."""
_HELD = select(
    messages.c.external_id,
    messages.c.pk,
    messages.c.id,
    messages.c.sha256,
    messages.c.revision,
    messages.c.state,
    messages.c.channel,
    messages.c.route,
    messages.c.arrival,
).where(messages.c.account == bindparam("account_"), messages.c.external_id.in_(select(KEYS.c.value)))
_WORDS = select(messages.c.pk, messages.c.text, messages.c.author_name).where(
    messages.c.pk.in_(select(KEYS.c.value))
)
_KEEP = insert(snapshots).from_select(
    ["message", "revision", "text", "sha256", "seen_at"],
    select(
        messages.c.pk,
        messages.c.revision,
        messages.c.text,
        messages.c.sha256,
        func.coalesce(messages.c.edited_at, messages.c.received_at),
    ).where(messages.c.pk.in_(select(KEYS.c.value))),
)
_REOPENED: BindParameter[bool] = bindparam("reopened_", type_=Boolean)
_CHANGE = (
    update(messages)
    .where(messages.c.pk == bindparam("pk_"))
    .values(
        decision=case((_REOPENED, null()), else_=messages.c.decision),
        deleted_at=case((_REOPENED, null()), else_=messages.c.deleted_at),
        **{
            name: bindparam(f"{name}_")
            for name in (
                "state",
                "arrival",
                "revision",
                "edited_at",
                "verdict",
                "sha256",
                "similar",
                "text",
                "priority",
                "severity",
                "route",
                "criticism",
                "rules",
            )
        },
    )
)
