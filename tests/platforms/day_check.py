"""What must hold at the end of a day: the platforms and the store say the same, and where they do not the
journal names the reason. Expectations come from the journal's facts, never from what the model did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from console.domain.ids import OutgoingId
from console.domain.messages import YOUTUBE, Channel, Platform
from console.domain.platforms import Act, Result, Target
from console.platforms.simulator.city_life import PLATFORMS
from console.platforms.simulator.things import SimComment, SimMessage
from console.platforms.simulator.youtube import YoutubeApi
from console.services.delivery_ports import Dispatch
from console.services.outlook import NOTICES
from console.services.rows import FINAL_STATES, OutgoingState
from console.store import tables
from tests.platforms.day import Day
from tests.platforms.day_book import Book, Told
from tests.platforms.day_town import hidden_now, sim_id, taken_away, thing_of

_SAID = frozenset({Result.DONE})
_SO = frozenset({Result.DONE, Result.ALREADY})
_EXPLAINED = frozenset(
    {OutgoingState.REFUSED, OutgoingState.BY_HAND, OutgoingState.FAILED, OutgoingState.UNKNOWN}
)
Key = tuple[Platform, Channel, str]
Effect = tuple[datetime, bool, bool]
"""When; whether it puts (else takes away); whether it is certain."""


class Agreement:
    """Compares one day's platforms with its desk."""

    def __init__(self, day: Day) -> None:
        self._day, self._sim, self._world = day, day.sim, day.sim.world
        self.book = Book()
        for link in day.db.reads.journal():
            self.book.take(link)
        self._dispatches: dict[OutgoingId, Dispatch] = {}
        ids = list(self.book.items)
        for start in range(0, len(ids), 500):
            found = day.db.reads.dispatches(ids[start : start + 500])
            self._dispatches |= {each.id: each for each in found}
        self.unexplained: list[str] = []
        self.explained: Counter[str] = Counter()

    def check(self) -> None:
        """Everything; raises with the smallest story of what nothing explains."""
        assert self._day.services.history.verify(lambda done, total: None) is None
        self._messages()
        self._items()
        self._texts()
        self._hidden()
        self._banned()
        self._warnings()
        if self.unexplained:
            shown = "\n".join(self.unexplained[:8])
            raise AssertionError(f"seed {self._day.seed}: {len(self.unexplained)} differences\n{shown}")

    # --- what people wrote -----------------------------------------------------------------------

    def _messages(self) -> None:
        stored = self._stored()
        for platform in PLATFORMS:
            for comment in self._world.comments(platform, removed=True):
                self._one((platform, Channel.COMMENT, comment.id), comment, stored)
            for message in self._world.messages(platform):
                self._one((platform, Channel.PRIVATE, message.id), message, stored)
        for key, rows in stored.items():
            if len(rows) > 1:
                self._say("stored twice", rows[0].id, key)

    def _stored(self) -> dict[Key, list[Any]]:
        m, a = tables.messages, tables.accounts
        query = select(
            m.c.id,
            m.c.external_id,
            m.c.channel,
            m.c.text,
            m.c.deleted_at,
            m.c.by_city,
            m.c.state,
            a.c.platform,
        ).join_from(m, a, a.c.pk == m.c.account)
        found: dict[Key, list[Any]] = defaultdict(list)
        with self._day.db._reader.begin() as connection:
            for row in connection.execute(query):
                found[row.platform, row.channel, sim_id(row.platform, row.channel, row.external_id)].append(
                    row
                )
        return found

    def _one(self, key: Key, thing: SimComment | SimMessage, stored: dict[Key, list[Any]]) -> None:
        rows = stored.get(key, [])
        gone = self._gone(thing)
        if not rows:
            if not gone and not (thing.by_city and thing.at >= self._read_until(key[0])):
                self._say("not in the store", "", key, thing.text, thing.at, thing.by_city)
            return
        row = rows[0]
        if gone and row.deleted_at is None and not row.by_city:
            self._say("gone, and not here", row.id, key, row.state)
        if not gone and row.deleted_at is not None:
            self._say("there, and gone here", row.id, key)
        if not gone and row.text != thing.text:
            self._say("another text", row.id, key, row.text, thing.text, row.state)

    def _read_until(self, platform: Platform) -> datetime:
        """When the account was collected last: what the city wrote in that instant or later came after it."""
        found = (each for each in self._day.db.reads.connections() if each.connection.platform == platform)
        return next(each.collected_at for each in found if each.collected_at is not None)

    def _gone(self, thing: SimComment | SimMessage) -> bool:
        if isinstance(thing, SimMessage):
            return thing.removed
        if thing.platform == YOUTUBE:
            api = self._sim.api(YOUTUBE)
            assert isinstance(api, YoutubeApi)
            above = thing.parent is not None and self._gone(thing.parent)
            return thing.removed or above or api.status_of(thing) == "rejected"
        return thing.removed

    # --- what was decided ------------------------------------------------------------------------

    def _items(self) -> None:
        now = self._sim.clock.now()
        for told in self.book.items.values():
            item = self._dispatches[told.item.id]
            rests = item.state is OutgoingState.GRACE and item.not_before > now
            if item.state in FINAL_STATES or rests:
                continue
            code = self._code(item.id)
            if not code and item.state is OutgoingState.BY_HAND and self._was_away(item):
                code = "the journal says that its account was disconnected"
            if item.state in _EXPLAINED and code:
                self.explained[f"{item.state}: {code}"] += 1
                continue
            self._say("neither final nor explained", told.message, item.operation, item.state, code)

    def _was_away(self, item: Dispatch) -> bool:
        """An account without a connection needs no code: there was none when its turn came."""
        events = self.book.events.get(item.to.account, [])
        return any(link.event.kind == "account.disconnected" for link in events)

    def _code(self, item: OutgoingId) -> str:
        with self._day.db._reader.begin() as connection:
            o = tables.outgoing
            return str(connection.scalar(select(o.c.code).where(o.c.id == item)) or "")

    def _texts(self) -> None:
        """Each text exactly once, and none that nobody decided."""
        there: Counter[str] = Counter()
        for platform in PLATFORMS:
            there.update(c.text for c in self._world.comments(platform, removed=True) if c.by_city)
            there.update(m.text for m in self._world.messages(platform) if m.by_city)
        surely: Counter[str] = Counter()
        perhaps: Counter[str] = Counter()
        whose: dict[str, list[Told]] = defaultdict(list)
        claimed: dict[tuple[Platform, str], Told] = {}
        for told in self.book.items.values():
            if not told.text:
                continue
            whose[told.text].append(told)
            surely[told.text] += self._was_said(told, claimed)
            perhaps[told.text] += self._may_have_been_said(told)
        for text in there.keys() | surely.keys():
            least, most = surely[text], surely[text] + perhaps[text]
            if not least <= there[text] <= most:
                stories = list(whose[text][:2])
                message = stories[0].message if stories else ""
                self._say("said", message, text, f"{there[text]} times, decided {least} to {most}")
            elif perhaps[text]:
                self.explained["an answer was lost before it was taken back, given up or gone"] += perhaps[
                    text
                ]

    def _was_said(self, told: Told, claimed: dict[tuple[Platform, str], Told]) -> bool:
        item = self._dispatches[told.item.id]
        for each in item.attempts:
            if each.act in NOTICES and each.result in _SAID:
                self._is_there(told, item.to.target, each.act, each.external_id, claimed)
                return True
        return told.done is not None and not told.done.receipts

    def _may_have_been_said(self, told: Told) -> bool:
        item = self._dispatches[told.item.id]
        said = any(each.act in NOTICES and each.result in _SAID for each in item.attempts)
        if said:
            return False
        # Who removes a message takes the answers along: once it is gone nobody can look any more.
        late = any(
            each.act in NOTICES and each.result is Result.GONE and each.read_back for each in item.attempts
        )
        lost = any(each.act in NOTICES and each.lost for each in item.attempts)
        return late or (lost and told.done is None)

    def _is_there(
        self,
        told: Told,
        target: Target,
        act: Act,
        external_id: str,
        claimed: dict[tuple[Platform, str], Told],
    ) -> None:
        """The receipt names what stands there, with its words, to the right person, and nothing else does."""
        if not external_id:
            self.explained["a receipt without a name"] += 1
            return
        channel = Channel.PRIVATE if act is Act.MESSAGE else Channel.COMMENT
        identifier = sim_id(target.platform, channel, external_id)
        known = claimed.setdefault((target.platform, identifier), told)
        if known is not told:
            self._say("one receipt for two", told.message, told.text, known.message)
        made = (
            self._world.message_by_id(target.platform, identifier)
            if act is Act.MESSAGE
            else self._world.comment_by_id(target.platform, identifier)
        )
        to = thing_of(self._world, target)
        if made is None or not made.by_city or made.text != told.text:
            self._say("the receipt names something else", told.message, external_id, made and made.text)
        elif isinstance(made, SimMessage) and to is not None and made.person is not to.person:
            self._say("to somebody else", told.message, told.text)
        elif isinstance(made, SimComment) and isinstance(to, SimComment) and _top(made) is not _top(to):
            self._say("under something else", told.message, told.text)

    # --- states ----------------------------------------------------------------------------------

    def _effects(self, told: Told, puts: Act, takes: Act) -> Iterator[Effect]:
        item = self._dispatches[told.item.id]
        for each in item.attempts:
            if each.act in (puts, takes) and (each.result in _SO or each.lost):
                at = each.ended_at or each.begun_at
                yield at, each.act is puts, each.result in _SO
        by_hand = told.done is not None and not told.done.receipts
        if by_hand and told.item.operation in (puts.value, takes.value) and told.done_at is not None:
            yield told.done_at, told.item.operation == puts.value, True

    def _hidden(self) -> None:
        effects: dict[int, list[Effect]] = defaultdict(list)
        stories: dict[int, list[Told]] = defaultdict(list)
        things: dict[int, SimComment] = {}
        for told in self.book.items.values():
            thing = thing_of(self._world, self._dispatches[told.item.id].to.target)
            if not isinstance(thing, SimComment):
                continue
            things[thing.number] = thing
            stories[thing.number].append(told)
            effects[thing.number] += self._effects(told, Act.HIDE, Act.UNHIDE)
            deleted = any(certain for _, _, certain in self._effects(told, Act.DELETE, Act.DELETE))
            if deleted and not taken_away(thing):
                self._say("deleted, and there", told.message, thing.platform, thing.id)
        for number, thing in things.items():
            if not self._taken_with_it(thing):
                where = (thing.platform, thing.id)
                self._state("hidden", hidden_now(thing), effects[number], stories[number], where)
        for platform in PLATFORMS:
            for comment in self._world.comments(platform):
                if comment.number not in things and hidden_now(comment):
                    self._say("hidden by nobody", "", platform, comment.id)

    def _banned(self) -> None:
        effects: dict[tuple[Platform, str], list[Effect]] = defaultdict(list)
        stories: dict[tuple[Platform, str], list[Told]] = defaultdict(list)
        for told in self.book.items.values():
            target = self._dispatches[told.item.id].to.target
            thing = thing_of(self._world, target)
            assert thing is not None
            if told.item.operation in ("ban", "unban"):
                who = (target.platform, thing.person.id)
                effects[who] += self._effects(told, Act.BAN, Act.UNBAN)
                stories[who].append(told)
        for platform in PLATFORMS:
            for person in self._world.banned(platform):
                if (platform, person) not in stories:
                    self._say("banned by nobody", "", platform, person)
        for who, told_of in stories.items():
            self._state("banned", who[1] in self._world.banned(who[0]), effects[who], told_of, who)

    def _state(
        self, name: str, so: bool, effects: list[Effect], stories: list[Told], where: tuple[Platform, str]
    ) -> None:
        """Whether something is as the calls left it, and as the decisions that stand want it."""
        put = "hide" if name == "hidden" else "ban"
        wanted = [each for each in stories if each.item.operation == put and self._stands(each)]
        if so not in _allowed(effects):
            self._say(f"{'' if so else 'not '}{name}", stories[0].message, where, sorted(effects))
        elif wanted and not so:
            self.explained[f"not {name}: another decision was taken back or ended"] += 1
        elif so and not wanted and not any(self._is_open(each) for each in stories):
            self._say(f"{name}, and no decision stands", stories[0].message, where)

    def _stands(self, told: Told) -> bool:
        """What was carried out and neither taken back nor, for a ban, at its end."""
        if told.done is None or told.decision in self.book.undone:
            return False
        return not any(
            other.done is not None
            for other in self.book.of_decision[told.decision]
            if other.item.operation == f"un{told.item.operation}"
        )

    def _is_open(self, told: Told) -> bool:
        """Not at its end, or given up with a reason: the journal or the outbox says so."""
        given_up = any(
            link.event.kind == "outbox.given_up" and link.event.payload["item"] == told.item.id
            for link in self.book.events[told.message]
        )
        return given_up or self._dispatches[told.item.id].state not in FINAL_STATES

    def _warnings(self) -> None:
        """What counts was said, and there is a receipt."""
        w = tables.warnings
        with self._day.db._reader.begin() as connection:
            rows = connection.execute(
                select(w).where(w.c.delivered_at.is_not(None), w.c.withdrawn_at.is_(None))
            ).all()
        for row in rows:
            done = self.book.warned.get(row.id)
            if done is None:
                self._say("a warning that counts without a word", "", row.id)
                continue
            told = self.book.items[done.item]
            proofs = [each for each in done.receipts if each.act in NOTICES and each.result is Result.DONE]
            if done.receipts and not proofs:
                self._say("a warning that counts without proof", told.message, row.id)
            target = self._dispatches[done.item].to.target
            thing = thing_of(self._world, target)
            if not self._day.hands.sees(target, told.text) and not self._taken_with_it(thing):
                self._say("a warning that counts and was not said", told.message, told.text)

    def _taken_with_it(self, thing: SimComment | SimMessage | None) -> bool:
        """Who removes a comment removes the answers to it."""
        return isinstance(thing, SimComment) and (
            taken_away(thing) or (thing.parent is not None and taken_away(thing.parent))
        )

    # --- telling ---------------------------------------------------------------------------------

    def _say(self, what: str, message: str, *facts: object) -> None:
        """Something that nothing explains, with the events of its message."""
        lines = [f"* {what}: {' · '.join(str(each) for each in facts)}"]
        for link in self.book.events.get(message, ()):
            event = link.event
            lines.append(f"    {event.at:%d %H:%M:%S} {event.kind} {_short(event.payload)}")
        for told in self.book.items.values():
            if told.message == message:
                item = self._dispatches[told.item.id]
                lines.append(f"    item {item.operation} {item.state} {self._code(item.id)}")
                lines += [
                    f"      {each.begun_at:%d %H:%M:%S} {each.act} {each.result} {each.code} "
                    f"{each.external_id} {'read back' if each.read_back else ''}"
                    for each in item.attempts
                ]
        self.unexplained.append("\n".join(lines))


def _allowed(effects: list[Effect]) -> set[bool]:
    """In which states a thing may be after all that was done to it."""
    allowed = {False}
    for _, puts, certain in sorted(effects):
        allowed = {puts} if certain else allowed | {puts}
    return allowed


def _top(comment: SimComment) -> SimComment:
    while comment.parent is not None:
        comment = comment.parent
    return comment


def _short(payload: Any) -> str:
    kept = {
        key: value
        for key, value in dict(payload).items()
        if key in ("actions", "operation", "state", "code", "means", "proof", "reason", "receipts", "texts")
    }
    return str(kept)[:300]
