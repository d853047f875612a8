"""What stands around a message when it is judged: its author's and its likes' recent messages, its thread."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from console.domain.messages import Account, Channel, IncomingMessage, Platform, ThreadEntry, author_key
from console.domain.sanctions import LadderSettings, standing
from console.services.connecting_ports import ConnectingReads
from console.services.ports import Earlier, Likeness, Reads

WINDOW = timedelta(days=30)
"""How far back a person's own words are looked at."""
SIMILAR_WINDOW = timedelta(days=14)
"""How far back nearly the same words of anybody are looked for."""
AUTHOR_LIMIT, SIMILAR_LIMIT = 20, 50
THREAD_LIMIT, THREADS_KEPT = 6, 5_000

Author = tuple[Platform, str]


class Threads:
    """Fills the thread of messages from those before them in the same import.

    Private messages of one conversation follow each other; a reply follows its comment and the other
    replies. Only the latest conversations are kept, so memory stays bounded.
    """

    def __init__(self) -> None:
        self._latest: OrderedDict[tuple[str, ...], deque[ThreadEntry]] = OrderedDict()

    def follow(self, message: IncomingMessage) -> IncomingMessage:
        """The message with its thread, unless the source gave one; remembers it for the next."""
        key = _conversation(message)
        entries = self._latest.setdefault(key, deque(maxlen=THREAD_LIMIT))
        self._latest.move_to_end(key)
        if len(self._latest) > THREADS_KEPT:
            self._latest.popitem(last=False)
        threaded = replace(message, thread=tuple(entries)) if entries and not message.thread else message
        entries.append(ThreadEntry(message.author_name, message.text, message.posted_at))
        return threaded


def _conversation(message: IncomingMessage) -> tuple[str, ...]:
    if message.channel is Channel.PRIVATE:
        other = message.post_external_id or author_key(message)
        return message.platform, message.account, "private", other
    # The comment itself opens the thread that its replies name as their parent.
    return message.platform, message.account, "comment", message.parent_external_id or message.external_id


@dataclass(frozen=True, slots=True)
class Around:
    """Context of one message."""

    author_recent: tuple[Earlier, ...]
    similar_recent: tuple[Earlier, ...]
    delivered_warnings: int


class Surroundings:
    """The context of one batch: what the store holds, and the rows of the batch before each.

    `keys` are the near-duplicate keys of the messages; `known` says of which the store holds an older
    text: that is no other message.
    """

    def __init__(
        self,
        reads: Reads,
        batch: Sequence[IncomingMessage],
        keys: Sequence[tuple[int, ...]],
        now: datetime,
        ladder: LadderSettings,
    ) -> None:
        self._now, self._ladder = now, ladder
        since = min((each.posted_at or now for each in batch), default=now) - WINDOW
        authors = sorted({_author(each) for each in batch})
        self._by_author: defaultdict[Author, list[Earlier]] = defaultdict(list)
        for author, words in reads.recent_by_author(authors, since).items():
            self._by_author[author] += words
        self._warnings = reads.warnings_by_author(authors)
        times = (each.posted_at or now for each in batch)
        asked = [Likeness(each, at - SIMILAR_WINDOW, at) for each, at in zip(keys, times, strict=True)]
        stored = reads.sharing_bands(asked, SIMILAR_LIMIT)
        self._alike_in_order = iter(zip(asked, stored, strict=True))
        self._by_key: defaultdict[int, list[Earlier]] = defaultdict(list)

    def of(self, message: IncomingMessage, known: bool) -> Around:
        """What came before the next message of the batch; each is asked for once, in order."""
        at = message.posted_at or self._now
        author = _author(message)
        like, stored = next(self._alike_in_order)
        alike = [*stored, *self._alike(like)]
        warnings = self._warnings.get(author, ())
        around = Around(
            _before(self._by_author[author], at, WINDOW, known, AUTHOR_LIMIT),
            _before(alike, at, SIMILAR_WINDOW, known, SIMILAR_LIMIT),
            len(standing(warnings, self._now, self._ladder, message.platform).counted) if warnings else 0,
        )
        earlier = Earlier(message.text, at, message.post_external_id, author_key(message))
        self._by_author[author].append(earlier)
        for key in like.bands:
            self._by_key[key].append(earlier)
        return around

    def _alike(self, like: Likeness) -> Iterator[Earlier]:
        """Those of the batch, by the measure that the store takes of its own."""
        holders = [each for key in like.bands for each in self._by_key.get(key, ())]
        shared, needed = Counter(map(id, holders)), like.needed
        different = {id(each): each for each in holders}
        return (each for key, each in different.items() if shared[key] >= needed)


def _author(message: IncomingMessage) -> Author:
    return message.platform, author_key(message)


def _before(
    found: Iterable[Earlier], at: datetime, window: timedelta, changed: bool, limit: int
) -> tuple[Earlier, ...]:
    """The newest `limit` within the window up to `at`, oldest first."""
    kept = [
        each
        for each in found
        if at - WINDOW <= each.posted_at <= at and not (changed and each.posted_at == at)
    ]
    kept.sort(key=lambda each: each.posted_at)
    return tuple(kept[-limit:])


def threaded(
    reads: ConnectingReads, account: Account, batch: Sequence[IncomingMessage]
) -> list[IncomingMessage]:
    """A batch of one account in the order of posting, each message with the thread before it: what is
    stored and what the batch holds. Threads that the source gave stay."""
    ordered = sorted(batch, key=lambda each: (each.posted_at is None, each.posted_at or _NEVER))
    private = {each.post_external_id for each in ordered if each.channel is Channel.PRIVATE}
    parents = {each.parent_external_id for each in ordered if each.channel is Channel.COMMENT}
    stored = reads.thread_parts(account, sorted(parents - {""}), sorted(private - {""}), _PARTS)
    parts: defaultdict[str, dict[str, ThreadEntry]] = defaultdict(dict)
    for root, found in stored.items():
        parts[root] |= {each.external_id: each.entry for each in found}
    for each in ordered:
        parts[_root(each)][each.external_id] = ThreadEntry(each.author_name, each.text, each.posted_at)
    return [each if each.thread else replace(each, thread=_until(each, parts)) for each in ordered]


_NEVER = datetime.max.replace(tzinfo=UTC)
_PARTS = 50
"""Newest messages of a thread that are read: of these the last few before a message count."""


def _root(message: IncomingMessage) -> str:
    if message.channel is Channel.PRIVATE:
        return message.post_external_id or f"private {author_key(message)}"
    return message.parent_external_id or message.external_id


def _until(
    message: IncomingMessage, parts: Mapping[str, Mapping[str, ThreadEntry]]
) -> tuple[ThreadEntry, ...]:
    before = [
        (entry.at, external_id, entry)
        for external_id, entry in parts[_root(message)].items()
        if entry.at is not None and message.posted_at is not None
        if external_id != message.external_id and entry.at <= message.posted_at
    ]
    return tuple(entry for _, _, entry in sorted(before, key=lambda each: each[:2])[-THREAD_LIMIT:])
