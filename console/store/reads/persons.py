"""People who write to the city: one person may have several identities, linked by a supervisor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, or_, select

from console.domain.ids import DecisionId, MessageId, PersonId
from console.domain.messages import Identity, Person, Platform
from console.domain.sanctions import IssuedWarning
from console.errors import ValidationError
from console.services.rows import Cursor, Page, PersonEvent, PersonRow
from console.store.reads.cards import delivered_warnings, excerpt
from console.store.reads.conditions import plain
from console.store.reads.wanted import person_numbers
from console.store.reads.words import words
from console.store.tables import decisions, messages, people, warnings
from console.store.writes.base import KEYS, VISIBLE
from console.store.writes.registers import as_keys
from console.store.writes.sanctions import issued_warning

_one = people.alias("one")
_given = select(KEYS.c.value)


def people_page(connection: Connection, text: str, after: Cursor | None, limit: int) -> Page[PersonRow]:
    """People with a visible message whose name, or that of a linked identity, has words that begin so."""
    query = select(people.c.number, people.c.id, people.c.name, people.c.folded_name).where(
        people.c.root == people.c.number, _seen()
    )
    asked = [word for group in words(text).groups for word in group]
    if asked:
        query = query.where(_named(asked))
    elif text.strip():
        return Page((), None)
    if after is not None:
        name, number = str(after.key[0]), int(after.key[1])
        later = or_(people.c.folded_name > name, people.c.number > number)
        query = query.where(people.c.folded_name >= name, later)
    query = query.order_by(people.c.folded_name, people.c.number).limit(limit + 1)
    rows = connection.execute(query).all()
    shown, roots = rows[:limit], [row.number for row in rows[:limit]]
    figures, platforms = _figures(connection, roots), _platforms(connection, roots)
    delivered = delivered_warnings(connection, roots)
    found = tuple(
        PersonRow(
            id=row.id,
            number=row.number,
            name=row.name,
            platforms=platforms.get(row.number, ()),
            messages=figures[row.number][0],
            delivered_warnings=delivered.get(row.number, 0),
            last_at=figures[row.number][1],
        )
        for row in shown
    )
    more = Cursor((shown[-1].folded_name, shown[-1].number)) if len(rows) > limit else None
    return Page(found, more)


def _seen() -> ColumnElement[bool]:
    theirs = and_(_one.c.root == people.c.number, messages.c.author == _one.c.number, VISIBLE)
    return exists().where(theirs).correlate(people)


def _named(asked: Sequence[str]) -> ColumnElement[bool]:
    """Whether words of the person's name, or of one linked identity's, begin so. Linked ones are few:
    they are looked for once, and the walk by name tests its own index only."""
    linked = select(_one.c.root).where(_one.c.merged_into.is_not(None), *_begin(_one.c.folded_name, asked))
    return or_(and_(*_begin(people.c.folded_name, asked)), plain(people.c.number).in_(linked))


def _begin(name: ColumnElement[str], asked: Sequence[str]) -> list[ColumnElement[bool]]:
    return [func.instr(" " + name, f" {word}") > 0 for word in asked]


def _figures(connection: Connection, roots: Sequence[int]) -> Mapping[int, tuple[int, Any]]:
    rows = connection.execute(
        select(people.c.root, func.count(messages.c.pk), func.max(messages.c.posted_at))
        .join_from(people, messages, messages.c.author == people.c.number)
        .where(people.c.root.in_(_given), VISIBLE)
        .group_by(people.c.root),
        as_keys(roots),
    )
    return {root: (number, last) for root, number, last in rows}


def _platforms(connection: Connection, roots: Sequence[int]) -> Mapping[int, tuple[Platform, ...]]:
    found: dict[int, list[Platform]] = defaultdict(list)
    rows = connection.execute(
        select(people.c.root, people.c.platform)
        .where(people.c.root.in_(_given))
        .distinct()
        .order_by(people.c.root, people.c.platform),
        as_keys(roots),
    )
    for root, platform in rows:
        found[root].append(platform)
    return {root: tuple(each) for root, each in found.items()}


def person_at(connection: Connection, number: int) -> tuple[Person, int, int]:
    """The person behind an identity's number, with the number shown and the warnings files declare."""
    root = select(people.c.root).where(people.c.number == number).scalar_subquery()
    rows = connection.execute(select(people).where(people.c.root == root).order_by(people.c.number)).all()
    top = next(row for row in rows if row.number == row.root)
    identities = tuple(Identity(row.platform, row.external_id, row.name) for row in rows)
    declared = sum(row.declared_warnings for row in rows)
    return Person(top.id, top.name, identities), top.number, declared


def warnings_of(connection: Connection, numbers: Sequence[int]) -> tuple[IssuedWarning, ...]:
    """Warnings of these identities, oldest first."""
    rows = connection.execute(
        select(warnings, people.c.id.label("person_id"), messages.c.id.label("incident_id"))
        .join_from(warnings, people, people.c.number == warnings.c.person)
        .join(messages, messages.c.pk == warnings.c.incident)
        .where(warnings.c.person.in_(_given))
        .order_by(warnings.c.issued_at, warnings.c.id),
        as_keys(numbers),
    )
    return tuple(issued_warning(row) for row in rows)


def person_history(connection: Connection, person: PersonId, limit: int) -> tuple[PersonEvent, ...]:
    """Decisions about a person, all identities, newest first. Code `person.unknown`."""
    numbers = person_numbers(connection, person)
    if not numbers:
        raise ValidationError("person.unknown", person=person)
    return events_of(connection, numbers, warnings_of(connection, numbers), limit)


def events_of(
    connection: Connection, numbers: Sequence[int], issued: Sequence[IssuedWarning], limit: int
) -> tuple[PersonEvent, ...]:
    """The newest decisions about these identities, each with its warning and the warning's rank."""
    rows = connection.execute(_EVENTS, {"most_": limit, **as_keys(numbers)})
    ranks, by_decision = _ranks(issued), {each.decision_id: each for each in issued}
    events = []
    for row in rows:
        warning = by_decision.get(DecisionId(row.id))
        delivery = warning.delivery if warning else None
        events.append(
            PersonEvent(
                at=row.at,
                message_id=row.message_id,
                excerpt=excerpt(row.text),
                actions=row.actions,
                rules=row.rules,
                route=row.route,
                warning_rank=ranks.get(warning.incident, 0) if warning and not warning.withdrawn_at else 0,
                delivered_at=delivery.at if delivery else None,
                delivery_means=delivery.means if delivery else "",
                undone=row.undone_at is not None,
            )
        )
    return tuple(events)


def _ranks(issued: Sequence[IssuedWarning]) -> Mapping[MessageId, int]:
    """1 for the first incident that a person was warned of, 2 for the second; withdrawn ones are none."""
    ranks: dict[MessageId, int] = {}
    for warning in issued:
        if warning.withdrawn_at is None:
            ranks.setdefault(warning.incident, len(ranks) + 1)
    return ranks


# Keys first, from indexes alone: somebody who floods has ten thousand messages, and fifty are shown.
_newest = (
    select(decisions.c.pk)
    .join_from(messages, decisions, decisions.c.message == messages.c.pk)
    .where(messages.c.author.in_(_given))
    .order_by(decisions.c.at.desc(), decisions.c.pk.desc())
    .limit(bindparam("most_"))
)
_EVENTS = (
    select(
        decisions.c.id,
        decisions.c.at,
        decisions.c.actions,
        decisions.c.rules,
        decisions.c.undone_at,
        messages.c.id.label("message_id"),
        messages.c.route,
        func.substr(messages.c.text, 1, 1_200).label("text"),
    )
    .join_from(decisions, messages, messages.c.pk == decisions.c.message)
    .where(decisions.c.pk.in_(_newest))
    .order_by(decisions.c.at.desc(), decisions.c.pk.desc())
)
