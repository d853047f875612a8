"""The queue as anyone would write it over a list: what the store's pages are compared with."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from console.domain.cases import CaseState
from console.domain.folding import fold
from console.domain.ids import MessageId
from console.domain.messages import FACEBOOK, INSTAGRAM, YOUTUBE, Channel, Kind, Platform
from console.domain.verdicts import Route
from console.services.ports import Judged
from console.services.rows import QueueFilter, Sort
from tests.builders import NOW, DeskFile, finding, judged, message, verdict

RULES = ("insult", "hate", "violence", "capitals", "advertising")
AUTHORS = ("Zoé Tremblay", "Éric Roy", "zoe tremblay", "Anne-Marie Côté", "")
ACCOUNTS: tuple[tuple[Platform, str], ...] = (
    (FACEBOOK, "Ville"),
    (FACEBOOK, "Bibliothèque"),
    (INSTAGRAM, "Ville"),
    (YOUTUBE, "Ville"),
)
WORDS = (
    *("neige", "rue", "école", "maire", "l’eau", "cœur", "évènement", "événement", "déneigement"),
    *("https://drummondville.ca/neige", "#parc", "819-555-0199", "bon!", "week-end", "aréna", "taxe"),
)


@dataclass(frozen=True)
class Known:
    """What was put into the store, so that nothing has to be read back to know it."""

    id: MessageId
    place: int
    """Grows in the order of storing, as ids do."""
    state: CaseState
    platform: Platform
    account: str
    channel: Channel
    kind: Kind
    rules: frozenset[str]
    severity: int
    route: Route
    author_key: str
    author_name: str
    priority: int
    posted_at: datetime
    text: str
    arrival: int


def fill(desk: DeskFile, number: int, seed: int = 7) -> list[Known]:
    """Store random messages with few distinct values, so that ties abound; some decided, some escalated."""
    chance = random.Random(seed)
    known: list[Known] = []
    batch: list[Judged] = []
    for _ in range(number):
        platform, account = chance.choice(ACCOUNTS)
        rules = frozenset(chance.sample(RULES, chance.choice((0, 0, 1, 1, 2))))
        severities = [chance.choice((1, 2, 3, 4)) for _ in rules]
        key, name = f"a{chance.randrange(9)}", chance.choice(AUTHORS)
        posted = NOW - timedelta(hours=chance.randrange(12))
        opinion = verdict(
            *(finding(rule, severity) for rule, severity in zip(sorted(rules), severities, strict=True)),
            priority=chance.randrange(4),
            route=chance.choice((Route.NONE, Route.NONE, Route.QUESTION, Route.EMERGENCY)),
        )
        incoming = message(
            " ".join(chance.choices(WORDS, k=chance.randrange(1, 9))),
            platform=platform,
            account=account,
            channel=chance.choice(list(Channel)),
            kind=chance.choice((Kind.COMMENT, Kind.REPLY, Kind.IMAGE)),
            author_external_id=key,
            author_name=name,
            posted_at=posted,
        )
        batch.append(judged(incoming, opinion))
        known.append(
            Known(
                MessageId(""),
                len(known),
                CaseState.PENDING,
                platform,
                account,
                incoming.channel,
                incoming.kind,
                rules,
                max(severities, default=0),
                opinion.route,
                f"{platform}/{key}",
                name,
                opinion.priority,
                posted,
                incoming.text,
                len(known) + 1,
            )
        )
    known = [replace(row, id=identity) for row, identity in zip(known, desk.take_in(*batch), strict=True)]
    with desk.db.write() as work:
        for place, state in enumerate(chance.choices(list(CaseState), k=number // 2)):
            if state is not CaseState.PENDING:
                work.set_state(known[place].id, state)
                known[place] = replace(known[place], state=state)
    return known


def expected(rows: Sequence[Known], where: QueueFilter, sort: Sort, names: Names) -> list[MessageId]:
    """Filter and sort, plainly."""
    found = [row for row in rows if matches(row, where, names)]
    # Sorting is stable: by place first, then by the key.
    found.sort(key=lambda row: row.place, reverse=sort is Sort.NEWEST)
    if sort is Sort.PRIORITY:
        found.sort(key=lambda row: -row.priority)
    else:
        found.sort(key=lambda row: row.posted_at, reverse=sort is Sort.NEWEST)
    if where.emergency:
        found.sort(key=lambda row: row.route is not Route.EMERGENCY)
    return [row.id for row in found]


@dataclass(frozen=True)
class Names:
    """Ids that the store gave: account id → (platform, name), person id → author key."""

    accounts: dict[str, tuple[Platform, str]]
    authors: dict[str, str]


def matches(row: Known, where: QueueFilter, names: Names) -> bool:
    """Whether a row is what the filter asks for."""
    accounts = {names.accounts[each] for each in where.accounts}
    return all(
        (
            not where.states or row.state in where.states,
            not where.platforms or row.platform in where.platforms,
            not accounts or (row.platform, row.account) in accounts,
            not where.channels or row.channel in where.channels,
            not where.kinds or row.kind in where.kinds,
            not where.rules or bool(row.rules & where.rules),
            not where.severities or row.severity in where.severities,
            not where.routes or row.route in where.routes,
            where.author is None or names.authors[where.author] == row.author_key,
            where.posted_from is None or row.posted_at >= where.posted_from,
            where.posted_to is None or row.posted_at < where.posted_to,
            where.arrived_before is None or row.arrival < where.arrived_before,
            not where.text.strip() or says(row, where.text),
        )
    )


def says(row: Known, asked: str) -> bool:
    """Whether each run of letters asked for stands in the text or the name; the last may be begun.

    For plain words only: the queries of the properties hold no quotes and no signs.
    """
    columns = [fold(row.text).split(), fold(row.author_name).split()]
    typed = asked.split()
    for position, group in enumerate(typed):
        tokens = fold(group).split()
        begun = position == len(typed) - 1 and asked[-1].isalnum() and len(tokens[-1]) >= 3
        if not any(_holds(column, tokens, begun) for column in columns):
            return False
    return True


def _holds(column: list[str], tokens: list[str], begun: bool) -> bool:
    for start in range(len(column) - len(tokens) + 1):
        here = column[start : start + len(tokens)]
        if here[:-1] == tokens[:-1] and (
            here[-1] == tokens[-1] or (begun and here[-1].startswith(tokens[-1]))
        ):
            return True
    return False
