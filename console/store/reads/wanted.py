"""A queue filter as the store understands it: ids resolved to keys, codes and masks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from console.domain.cases import CaseState
from console.domain.ids import PersonId, RuleId
from console.services.rows import QueueFilter
from console.store.reads.words import words
from console.store.tables import accounts, people, rule_bit, rules, watermark


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a filter asks of a row. None means «any»; an empty set, that nothing can match."""

    where: QueueFilter
    states: tuple[CaseState, ...]
    ceiling: int
    """The newest arrival number that may be seen."""
    accounts: tuple[int, ...] | None
    rules: tuple[int, ...] | None
    rules_mask: int
    rules_exact: bool
    """Whether no other rule shares a bit with those asked for."""
    authors: tuple[int, ...] | None
    match: str | None
    """FTS5 expression; "" when the text holds no word to search for."""

    @property
    def hopeless(self) -> bool:
        """Whether nothing can match."""
        return any(
            each is not None and not each for each in (self.accounts, self.rules, self.authors, self.match)
        )


def resolve(connection: Connection, where: QueueFilter) -> Wanted:
    """Look the filter's ids up, once for all the statements of a read."""
    ceiling = visible_arrival(connection)
    if where.arrived_before is not None:
        ceiling = min(ceiling, where.arrived_before - 1)
    numbers, mask, exact = rules_asked(connection, where.rules)
    return Wanted(
        where=where,
        states=tuple(state for state in CaseState if state in where.states or not where.states),
        ceiling=ceiling,
        accounts=_accounts(connection, where),
        rules=numbers if where.rules else None,
        rules_mask=mask,
        rules_exact=exact,
        authors=None if where.author is None else person_numbers(connection, where.author),
        match=match_of(where.text),
    )


def visible_arrival(connection: Connection) -> int:
    """The newest arrival number that the screen may see; 0 when there is none."""
    return connection.scalar(select(watermark.c.arrival)) or 0


def match_of(text: str) -> str | None:
    """The FTS5 expression for `text`: None when there is no text, "" when it holds no word."""
    if not text.strip():
        return None
    found = words(text)
    return found.expression if found.groups else ""


def person_numbers(connection: Connection, person: PersonId) -> tuple[int, ...]:
    """Numbers of all the identities that are one person with `person`; empty when it is unknown."""
    root = select(people.c.root).where(people.c.id == person).scalar_subquery()
    return tuple(connection.scalars(select(people.c.number).where(people.c.root == root)))


def _accounts(connection: Connection, where: QueueFilter) -> tuple[int, ...] | None:
    if not where.accounts and not where.platforms:
        return None
    asked = []
    if where.accounts:
        asked.append(accounts.c.id.in_(sorted(where.accounts)))
    if where.platforms:
        asked.append(accounts.c.platform.in_(sorted(where.platforms)))
    return tuple(connection.scalars(select(accounts.c.pk).where(and_(*asked)).order_by(accounts.c.pk)))


def rules_asked(connection: Connection, asked: frozenset[RuleId]) -> tuple[tuple[int, ...], int, bool]:
    """Numbers of the known rules, their mask, and whether no other rule shares a bit with it."""
    if not asked:
        return (), 0, True
    known = {row.id: row.number for row in connection.execute(select(rules.c.id, rules.c.number))}
    numbers = tuple(sorted(known[rule] for rule in asked if rule in known))
    mask = 0
    for number in numbers:
        mask |= rule_bit(number)
    sharing = [number for number in known.values() if rule_bit(number) & mask and number not in numbers]
    return numbers, mask, not sharing
