"""Accounts, people and posts that messages refer to: found, added, or brought up to date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, update

from console.domain.folding import fold
from console.domain.ids import ImportId, account_id, person_id, post_id
from console.domain.messages import AccountType, IncomingMessage, Platform, author_key
from console.services.ports import Judged
from console.store.tables import accounts, people, posts
from console.store.writes.base import KEYS, Writes


class PersonChange(msgspec.Struct, frozen=True, tag="person"):
    """A name or a number of declared warnings that a file knows better."""

    number: int
    name: str
    declared_warnings: int


class PostChange(msgspec.Struct, frozen=True, tag="post"):
    """The text or date of a post that a file knows better."""

    pk: int
    text: str
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A message with the keys of everything it refers to."""

    judged: Judged
    account: int
    author: int
    post: int | None


def as_keys(values: Iterable[str | int]) -> dict[str, str]:
    """Parameters for a statement with `KEYS`."""
    return {"keys": msgspec.json.encode(list(values)).decode()}


class Registers:
    """One batch's view of the registers. What has to change in rows that others see goes to `later`
    while an import is being staged, and is done at once otherwise (`apply`)."""

    def __init__(self, work: Writes, import_id: ImportId | None) -> None:
        self._work, self._import_id = work, import_id
        self._connection: Connection = work.connection
        rows = self._connection.execute(select(accounts.c.pk, accounts.c.platform, accounts.c.name))
        self._accounts = {(row.platform, row.name): row.pk for row in rows}
        self.later: list[PersonChange | PostChange] = []

    def place(self, batch: Sequence[Judged]) -> list[Placed]:
        """Keys for every message of the batch, in order."""
        incoming = [judged.incoming for judged in batch]
        for message in incoming:
            self._account(message.platform, message.account)
        authors = self._people(incoming)
        under = self._posts(incoming)
        placed = []
        for judged in batch:
            message = judged.incoming
            account = self._accounts[message.platform, message.account]
            placed.append(
                Placed(
                    judged,
                    account,
                    authors[message.platform, author_key(message)],
                    under.get((account, message.post_external_id)),
                )
            )
        if self._import_id is None:
            apply(self._connection, self.later)
            self.later = []
        return placed

    def account(self, platform: Platform, name: str) -> int | None:
        """The key of an account, if it is known."""
        return self._accounts.get((platform, name))

    def _account(self, platform: Platform, name: str) -> None:
        if (platform, name) in self._accounts:
            return
        added = self._connection.execute(
            insert(accounts).values(
                id=account_id(platform, name),
                platform=platform,
                name=name,
                type=AccountType.OFFICIAL,
                import_id=self._import_id,
            )
        ).inserted_primary_key
        self._accounts[platform, name] = added[0] if added else 0

    def _people(self, incoming: Sequence[IncomingMessage]) -> Mapping[tuple[str, str], int]:
        """Numbers by (platform, key); the last name and the most declared warnings of the batch count."""
        said: dict[tuple[str, str], tuple[str, int]] = {}
        for message in incoming:
            key = (message.platform, author_key(message))
            name, declared = said.get(key, ("", 0))
            said[key] = (message.author_name or name, max(declared, message.author_warnings))
        numbers: dict[tuple[str, str], int] = {}
        for platform, keys in _grouped(said).items():
            rows = self._connection.execute(_KNOWN_PEOPLE, {"platform_": platform, **as_keys(keys)})
            for number, external_id, name, declared in rows:
                numbers[platform, external_id] = number
                self._compare(number, (name, declared), said[platform, external_id])
        self._add_people([key for key in said if key not in numbers], said, numbers)
        return numbers

    def _compare(self, number: int, known: tuple[str, int], said: tuple[str, int]) -> None:
        name, declared = said[0] or known[0], max(known[1], said[1])
        if (name, declared) != known:
            self.later.append(PersonChange(number, name, declared))

    def _add_people(
        self,
        keys: list[tuple[str, str]],
        said: Mapping[tuple[str, str], tuple[str, int]],
        numbers: dict[tuple[str, str], int],
    ) -> None:
        rows = []
        for number, key in enumerate(keys, self._work.next_key("people") if keys else 0):
            name, declared = said[key]
            rows.append(
                {
                    "number": number,
                    "id": person_id(*key),
                    "platform": key[0],
                    "external_id": key[1],
                    "name": name,
                    "folded_name": fold(name),
                    "declared_warnings": declared,
                    "root": number,
                }
            )
            numbers[key] = number
        if rows:
            self._connection.execute(insert(people), rows)

    def _posts(self, incoming: Sequence[IncomingMessage]) -> Mapping[tuple[int, str], int]:
        said: dict[tuple[int, str], tuple[str, datetime | None]] = {}
        for message in incoming:
            if message.post_external_id:
                key = (self._accounts[message.platform, message.account], message.post_external_id)
                text, at = said.get(key, ("", None))
                said[key] = (message.post_text or text, message.post_posted_at or at)
        keys: dict[tuple[int, str], int] = {}
        for account, external_ids in _grouped(said).items():
            rows = self._connection.execute(_KNOWN_POSTS, {"account_": account, **as_keys(external_ids)})
            for row in rows:
                keys[account, row.external_id] = row.pk
                text, at = said[account, row.external_id]
                better = PostChange(row.pk, text or row.text, at or row.posted_at)
                if better != PostChange(row.pk, row.text, row.posted_at):
                    self.later.append(better)
        new = [key for key in said if key not in keys]
        of = {number: account for account, number in self._accounts.items()} if new else {}
        added: list[dict[str, Any]] = []
        for pk, key in enumerate(new, self._work.next_key("posts") if new else 0):
            text, at = said[key]
            identity = post_id(*of[key[0]], key[1])
            added.append(
                {"pk": pk, "id": identity, "account": key[0], "external_id": key[1], "text": text}
                | {"posted_at": at}
            )
            keys[key] = pk
        if added:
            self._connection.execute(insert(posts), added)
        return keys


def apply(connection: Connection, changes: Sequence[PersonChange | PostChange]) -> None:
    """Bring rows up to date; a person's declared warnings only grow."""
    people_rows = [
        {
            "number_": change.number,
            "name_": change.name,
            "folded_": fold(change.name),
            "declared_": change.declared_warnings,
        }
        for change in changes
        if isinstance(change, PersonChange)
    ]
    post_rows = [
        {"pk_": change.pk, "text_": change.text, "at_": change.posted_at}
        for change in changes
        if isinstance(change, PostChange)
    ]
    if people_rows:
        connection.execute(_RENAME, people_rows)
    if post_rows:
        connection.execute(_REWRITE, post_rows)


def _grouped(keys: Iterable[tuple[Any, str]]) -> dict[Any, list[str]]:
    groups: dict[Any, list[str]] = defaultdict(list)
    for group, key in keys:
        groups[group].append(key)
    return groups


_KNOWN_PEOPLE = select(
    people.c.number, people.c.external_id, people.c.name, people.c.declared_warnings
).where(people.c.platform == bindparam("platform_"), people.c.external_id.in_(select(KEYS.c.value)))
_KNOWN_POSTS = select(posts.c.pk, posts.c.external_id, posts.c.text, posts.c.posted_at).where(
    posts.c.account == bindparam("account_"), posts.c.external_id.in_(select(KEYS.c.value))
)
_RENAME = (
    update(people)
    .where(people.c.number == bindparam("number_"))
    .values(
        name=bindparam("name_"),
        folded_name=bindparam("folded_"),
        declared_warnings=func.max(people.c.declared_warnings, bindparam("declared_")),
    )
)
_REWRITE = (
    update(posts)
    .where(posts.c.pk == bindparam("pk_"))
    .values(text=bindparam("text_"), posted_at=bindparam("at_"))
)
