"""A desk's file with as many messages as wanted, straight into the tables: 1 million in about 2 minutes.

What is made up has the shape of the real thing: word frequencies by Zipf's law over a large
vocabulary, a few people who write much, evenings of flood, four of five messages harmless, half of
them decided, two decisions in a hundred with a warning. The journal is a true chain.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from console.clock import FixedClock
from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.folding import fold
from console.domain.ids import DeskId, EventId, RuleId, StaffId
from console.domain.journal import GENESIS, Event, seal
from console.domain.messages import KNOWN_PLATFORMS
from console.domain.verdicts import Finding, Language, PolicyVersion, Route, Severity, Span, Verdict
from console.store.codes import ACTION_BITS, ROUTE_CODES, STATE_CODES, rule_bit
from console.store.database import open_store
from console.store.engine import raw_connection
from console.store.types import to_micros

NOW = datetime(2026, 6, 24, 18, 30, tzinfo=UTC)
_DAYS = 3 * 365
_COMMON = tuple(
    word
    for line in (
        "la de le et les des en que pas une ville rue neige pour est dans vous sur plus maire ça au du il",
        "je on nous avec ce qui mais tout bien merci parc eau trottoir déneigement école taxe conseil",
        "encore jamais toujours monde argent travaux circulation stationnement piscine aréna bibliothèque",
    )
    for word in line.split()
)
_SYLLABLES = tuple(
    map("".join, zip("rlmtpcdvslmsbgfnpcbqdlvnéo", "aéoieouiaoaileueiahourrieèi", strict=False))
)
_RULES = tuple(
    rule
    for line in (
        "insult obscenity capitals aggression off_topic advertising repetition disinformation",
        "abusive_links special_characters hate violence defamation personal_information not_french",
        "fraud propaganda sexism racism discrimination privacy sexual_content incomprehensible",
        "xenophobia homophobia ageism misogyny partisan_politics",
    )
    for rule in line.split()
)
_POLICY = PolicyVersion("2025-1", "ab" * 32)
_STATES = (
    (CaseState.PENDING, 50),
    (CaseState.DECIDED, 46),
    (CaseState.CLOSED, 3),
    (CaseState.ESCALATED, 0.4),
    (CaseState.RETURNED, 0.4),
    (CaseState.HELD, 0.1),
    (CaseState.AWAITING_SIGNATURE, 0.1),
)
_ROUTES = (
    (Route.NONE, 80),
    (Route.SERVICE_311, 9),
    (Route.QUESTION, 8),
    (Route.COMPLAINT_311, 2),
    (Route.ILLEGAL_311, 0.9),
    (Route.EMERGENCY, 0.1),
)
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Words:
    """Words to search for, by how often they occur."""

    common: str
    middling: str
    rare: str


def vocabulary(chance: random.Random) -> list[str]:
    """French-looking words; the first are the most frequent."""
    made = dict.fromkeys(_COMMON)
    while len(made) < 60_000:
        word = "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5)))
        made[word + ("s" if chance.random() < 0.3 else "")] = None
    return list(made)


def build(path: Path, number: int) -> Words:
    """Make a file of `number` messages at `path`; the same for the same number every time."""
    database = open_store(path, FixedClock(NOW))
    desk = database.desk
    database.close()
    connection = raw_connection(path)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    apart = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    connection.execute("BEGIN")
    for kind, name, _ in apart:
        connection.execute(f"DROP {kind} {name}")
    maker = _Maker(connection, number, desk)
    maker.registers()
    for first in range(1, number + 1, _BATCH):
        maker.messages(first, min(first + _BATCH, number + 1))
    maker.finish()
    for _, _, sql in apart:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return Words(_COMMON[0], _COMMON[12], maker.vocabulary[20_000])


class _Maker:
    """Rows by the batch, handed to the driver as plain tuples."""

    def __init__(self, connection: sqlite3.Connection, number: int, desk: DeskId) -> None:
        self._connection, self._number, self._desk = connection, number, desk
        self._chance, self._numbers = random.Random(number), np.random.default_rng(number)
        self.vocabulary = vocabulary(random.Random(1))
        self._folded = [fold(word) for word in self.vocabulary]
        weights = 1.0 / (np.arange(len(self.vocabulary)) + 2.7)
        self._cumulated = np.cumsum(weights) / weights.sum()
        self._people, self._posts = max(5, number // 6), max(1, number // 40)
        self._counters: Counter[tuple[int, int, int]] = Counter()
        self._decisions, self._sequence, self._previous = 0, 0, GENESIS
        self._staff = [StaffId(_id(8, number)) for number in range(5)]
        self._verdicts = {severity: list(self._opinions(severity)) for severity in range(5)}

    def registers(self) -> None:
        """Accounts, people, posts, rules and staff."""
        accounts = [(pk, _id(1, pk), KNOWN_PLATFORMS[pk % 6], f"Compte {pk}", 0) for pk in range(1, 13)]
        self._insert("accounts", "pk id platform name type", accounts)
        self._names = [f"{self._word().title()} {self._word().title()}" for _ in range(self._people)]
        self._folded_names = [fold(name) for name in self._names]
        people = [
            (n, _id(2, n), KNOWN_PLATFORMS[n % 6], f"p{n}", name, self._folded_names[n - 1], n)
            for n, name in enumerate(self._names, 1)
        ]
        self._insert("people", "number id platform external_id name folded_name root", people)
        posts = [
            (pk, _id(3, pk), 1 + pk % 12, f"post{pk}", "Une publication.") for pk in range(1, self._posts + 1)
        ]
        self._insert("posts", "pk id account external_id text", posts)
        self._insert("rules", "number id", list(enumerate(_RULES, 1)))
        self._insert(
            "staff", "id name role", [(each, f"Personne {n}", 1) for n, each in enumerate(self._staff)]
        )

    def messages(self, first: int, end: int) -> None:
        """One batch with verdicts, chips, search words and decisions."""
        keys, drawn = range(first, end), self._drawn(end - first)
        rows, chips, bodies, words, decided = [], [], [], [], []
        for pk, (text, folded), author, state, route, severity, ago in zip(keys, *drawn, strict=True):
            opinion, body, mask = self._chance.choice(self._verdicts[severity])
            name = self._names[author - 1]
            channel = 1 if self._chance.random() < 0.1 else 0
            posted = to_micros(NOW - timedelta(minutes=ago))
            account = 1 + author % 12
            decision = _id(5, pk) if state == STATE_CODES[CaseState.DECIDED] else None
            case = (
                state,
                opinion.priority + pk % 7,
                severity,
                route,
                channel,
                2 * channel or pk % 5 // 4,
                mask,
            )
            place = (posted, posted, pk, author, name, 1 + pk % self._posts, pk, decision)
            text_and_hash = (hashlib.sha256(text.encode()).hexdigest(), text)
            rows.append((pk, _id(4, pk), account, f"m{pk}", *case, *place, *text_and_hash))
            for position, each in enumerate(opinion.findings):
                chips.append((pk, position, _RULES.index(each.rule) + 1, each.article, int(each.severity)))
            bodies.append((pk, pk, 1, body))
            words.append((pk, folded, self._folded_names[author - 1]))
            self._counters[state, channel, int(route == ROUTE_CODES[Route.EMERGENCY])] += 1
            if decision is not None:
                decided.append((pk, rows[-1][1], decision, account, opinion, posted, author))
        self._insert("messages", _MESSAGE, rows)
        self._insert("findings", "message position rule article severity", chips)
        self._insert("verdicts", "pk message revision body", bodies)
        self._insert("search", "rowid text author", words)
        self._decide(decided)

    def finish(self) -> None:
        """What the store keeps beside the rows: counters, watermark, head of the chain, statistics."""
        counted = [(*cell, number) for cell, number in self._counters.items()]
        self._insert("counters", "state channel emergency number", counted)
        self._connection.execute(
            "INSERT OR REPLACE INTO watermark (one, arrival) VALUES (1, ?)", (self._number,)
        )
        head = (self._sequence, self._previous)
        self._connection.execute("INSERT OR REPLACE INTO journal_head VALUES (1, ?, ?)", head)

    def _drawn(self, size: int) -> tuple[Sequence[Any], ...]:
        """Texts, authors, states, routes, severities and ages (minutes) of a batch."""
        draw = self._numbers
        lengths = np.clip(draw.lognormal(2.6, 0.7, size), 2, 200).astype(int)
        at = np.searchsorted(self._cumulated, draw.random(int(lengths.sum())))
        ends = np.cumsum(lengths)
        spans = [at[end - length : end].tolist() for end, length in zip(ends, lengths, strict=True)]
        # Folding goes word by word: the folded text is the text of the folded words.
        texts = [(" ".join([self.vocabulary[each] for each in span]),
                  " ".join([self._folded[each] for each in span])) for span in spans]  # fmt: skip
        # Cubing a uniform number makes a few people write much.
        authors = (draw.random(size) ** 3 * self._people).astype(int) + 1
        flood = draw.random(size) < 0.05
        age = np.where(flood, draw.integers(0, 12, size) * 80_000 + draw.integers(0, 240, size),
                       draw.integers(0, _DAYS * 1_440, size))  # fmt: skip
        severity = draw.choice(5, size, p=(0.8, 0.05, 0.06, 0.05, 0.04))
        states = [STATE_CODES[each] for each in _draw(self._chance, _STATES, size)]
        routes = [ROUTE_CODES[each] for each in _draw(self._chance, _ROUTES, size)]
        return texts, authors.tolist(), states, routes, severity.tolist(), age.tolist()

    def _opinions(self, severity: int) -> Iterator[tuple[Verdict, str, int]]:
        """Verdicts of one severity to choose from: as objects, as JSON, and their rules' mask."""
        for _ in range(60 if severity else 1):
            # Zipf again: the first rules are found often, the last hardly ever.
            places = {min(int(self._chance.paretovariate(0.9)) - 1, 27) for _ in range(1 + severity // 3)}
            found = tuple(self._finding(place, severity) for place in sorted(places) if severity)
            actions = (Action.HIDE,) if found else (Action.KEEP,)
            language = Language("fr", 0.98)
            opinion = Verdict(found, Route.NONE, language, actions, severity * 20, _POLICY, "moteur-1")
            yield opinion, msgspec.json.encode(opinion).decode(), _mask(each.rule for each in found)

    def _finding(self, place: int, severity: int) -> Finding:
        words = "Explication du constat."
        return Finding(RuleId(_RULES[place]), "4", Severity(severity), 0.9, (Span(0, 4),), words, ("mots",))

    def _decide(self, decided: Sequence[tuple[Any, ...]]) -> None:
        rows, links, words, warned = [], [], [], []
        for pk, message, identity, account, opinion, posted, author in decided:
            self._decisions += 1
            actor = self._staff[self._decisions % 5]
            rules = [each.rule for each in opinion.findings]
            action, at = opinion.actions[0], posted + 3_600_000_000
            reason = "Insulte envers une personne" if rules else ""
            what = (
                f'["{action.value}"]',
                ACTION_BITS[action],
                msgspec.json.encode(rules).decode(),
                _mask(rules),
            )
            who = (reason, "[]", actor, at, "2025-1", "moteur-1", "[]", 1)
            rows.append((self._decisions, identity, pk, account, 1, pk, *what, *who))
            words.append((self._decisions, fold(reason)))
            if rules and self._decisions % 10 == 0:
                warned.append((_id(6, pk), author, identity, pk, "facebook", "[]", at, at))
            links.append(self._link(message, identity, actor, at))
        self._insert("decisions", _DECISION, rows)
        self._insert("decision_search", "rowid words", words)
        self._insert("warnings", "id person decision incident platform rules issued_at delivered_at", warned)
        self._insert("journal", "sequence event_id kind subject actor desk at payload previous sha256", links)

    def _link(self, message: str, decision: str, actor: StaffId, at: int) -> tuple[Any, ...]:
        payload = {"decision": decision}
        when = datetime.fromtimestamp(at / 1e6, UTC).replace(microsecond=at % 1_000_000)
        event = Event(
            EventId(_id(7, self._sequence)), "decision.made", message, actor, self._desk, when, payload
        )
        link = seal(event, self._sequence + 1, self._previous)
        self._sequence, self._previous = link.sequence, link.sha256
        body = f'{{"decision":"{decision}"}}'
        return (
            link.sequence,
            event.id,
            event.kind,
            message,
            actor,
            self._desk,
            at,
            body,
            link.previous,
            link.sha256,
        )

    def _word(self) -> str:
        return self.vocabulary[self._chance.randrange(500, 5_000)]

    def _insert(self, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
        names = columns.split()
        marks = ", ".join("?" * len(names))
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)


def _id(kind: int, number: int) -> str:
    """As long as the real ones, and quicker made."""
    return f"{kind:08x}{number:024x}"


def _mask(rules: Iterable[str]) -> int:
    mask = 0
    for rule in rules:
        mask |= rule_bit(_RULES.index(rule) + 1)
    return mask


def _draw(chance: random.Random, shares: Sequence[tuple[Any, float]], size: int) -> list[Any]:
    return chance.choices([each for each, _ in shares], weights=[share for _, share in shares], k=size)


_MESSAGE = (
    "pk id account external_id state priority severity route channel kind rules posted_at received_at "
    "arrival author author_name post verdict decision sha256 text"
)
_DECISION = (
    "pk id message account revision verdict actions actions_mask rules rules_mask reason texts actor at "
    "policy engine suggested state_before"
)
