"""Two desks connected to the same account: what goes out goes out once, and both know what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.clock import FixedClock
from console.domain.decisions import Action, BanException
from console.domain.ids import account_id
from console.domain.messages import FACEBOOK
from console.domain.platforms import Act, Result
from console.errors import ConflictError, OfflineError
from console.hub import credentials
from console.hub.connection import reach
from console.hub.session import Session
from console.platforms.abilities import abilities_of
from console.secrets.in_memory import MemorySecrets
from console.services.outlook import Outlook
from console.services.rows import OutgoingRow, OutgoingState
from console.services.sharing_ports import Line, LineState
from tests.delivering import Fate, Killed, Remote, Sender, connect, sender_at
from tests.desks import NOW
from tests.hub.conftest import Hub
from tests.hub.desks import Seat, seat

LEASE = 90


@dataclass
class SteppedLine:
    """The line of a desk whose thread does not run: leases are asked of the hub here and now."""

    of: Seat
    online: bool = True
    refused: list[str] = field(default_factory=list)

    def line(self) -> Line:
        """On or off, as the test says."""
        return Line(LineState.ONLINE if self.online else LineState.OFFLINE)

    def lease_item(self, item: str) -> bool:
        """From the hub."""
        if not self.online:
            raise OfflineError("hub.unreachable")
        known = credentials.load(self.of.secrets, self.of.address)
        with closing(reach(self.of.address, known.password)) as connection:
            secret = bytes.fromhex(known.secret)
            session = Session(self.of.db, self.of.clock, connection, secret, lambda _changes: None)
            lent = session.lease_item(item, LEASE)
        if not lent:
            self.refused.append(item)
        return lent

    def __getattr__(self, name: str) -> Any:
        return getattr(self.of.member, name)


@dataclass
class Pair:
    """Two desks, one hub, one platform."""

    hub: Hub
    marie: Sender
    noah: Sender
    solange: Seat
    remote: Remote

    def meet(self) -> None:
        """Everybody exchanges until nobody has news."""
        for _ in range(2):
            for each in (self.marie.desk, self.noah.desk, self.solange):
                each.sync()

    def wait(self, by: timedelta = timedelta(minutes=2)) -> None:
        """All clocks go on."""
        for each in (self.marie.desk, self.noah.desk, self.solange):
            each.clock.advance(by)
        self.remote.clock.advance(by)

    def leases_end(self) -> None:
        """As if their ninety seconds had passed."""
        self.hub.admin().execute("UPDATE vigie.outgoing SET lease_until = now() - interval '1 second'")


@pytest.fixture
def pair(hub: Hub, tmp_path: Path) -> Iterator[Pair]:
    """Marie and Noah, both connected; Solange supervises and is not."""
    remote = Remote(FixedClock(NOW))
    with ExitStack() as stack:
        sit: Callable[[str], Seat] = lambda login: seat(stack, hub, tmp_path / login, login)  # noqa: E731  a def of one line reads worse here
        desks = [sit("marie"), sit("noah")]
        desks[0].receive("m0")
        desks[0].sync()
        desks[1].sync()
        senders = []
        for desk in desks:
            secrets = MemorySecrets()
            connect(desk.db, secrets, account_id(FACEBOOK, "Ville"))
            senders.append(sender_at(desk, remote, secrets, SteppedLine(desk)))
        yield Pair(hub, *senders, sit("solange"), remote)


def row_of(sender: Sender, operation: str) -> OutgoingRow:
    """The newest item of an operation, as this desk has it."""
    actor = sender.desk.moderator
    rows = (*sender.outbox.sent(actor), *sender.outbox.waiting(actor))
    return max((row for row in rows if row.operation == operation), key=lambda row: row.id)


def test_nothing_goes_out_before_the_hub_took_the_decision_nor_without_it(pair: Pair) -> None:
    message = pair.marie.desk.receive("m1")
    pair.marie.desk.decide(message, Action.HIDE)
    report = pair.marie.round()
    assert (report.sent, pair.remote.calls) == (0, [])
    assert report.next_at is not None, "it is looked at again soon"
    pair.meet()
    pair.marie.outlook.end_grace()
    line = pair.marie.delivery._line
    assert isinstance(line, SteppedLine)
    line.online = False
    assert pair.marie.round().sent == 0
    line.online = True
    assert pair.marie.round().sent == 1


def test_both_desks_may_send_and_each_effect_happens_once(pair: Pair) -> None:
    message = pair.marie.desk.receive("m1")
    pair.marie.desk.decide(message, Action.HIDE, Action.WARN)
    pair.meet()
    pair.wait()
    assert pair.noah.round(grace=False).sent == 2
    assert pair.marie.round(grace=False).sent == 0, "Noah has them on loan, or has done them"
    pair.meet()
    pair.marie.round()
    assert pair.remote.done == [(Act.HIDE, "m1"), (Act.MESSAGE, "m1")]
    for sender in (pair.marie, pair.noah):
        told = row_of(sender, "warn")
        assert (told.state, told.proof, told.done_by) == (OutgoingState.DONE, "api.message · r1", "Noah")
        assert [(each.act, each.result, each.external_id) for each in told.attempts] == [
            (Act.MESSAGE, Result.DONE, "r1")
        ]
        assert len(sender.desk.detail(message).standing.counted) == 1


def test_a_desk_that_was_stopped_in_the_middle_is_relieved_without_sending_twice(pair: Pair) -> None:
    message = pair.marie.desk.receive("m1")
    pair.marie.desk.decide(message, Action.WARN)
    pair.meet()
    pair.wait()
    pair.remote.fates.append(Fate.KILLED_AFTER)
    with pytest.raises(Killed):
        pair.marie.round(grace=False)
    assert pair.noah.round(grace=False).sent == 0, "still on loan to Marie"
    pair.leases_end()
    assert pair.noah.round(grace=False).sent == 1
    assert len(pair.remote.texts("m1")) == 1, "it was looked for before it was sent"
    pair.meet()
    pair.marie.round()
    told = row_of(pair.marie, "warn")
    assert (told.state, told.done_by) == (OutgoingState.DONE, "Noah")
    assert len(told.attempts) == 1, "the call that Marie's desk made stays written"
    assert pair.marie.desk.detail(message).warnings == pair.noah.desk.detail(message).warnings


def test_trouble_at_one_desk_is_seen_at_the_other_which_leaves_the_item_alone(pair: Pair) -> None:
    pair.marie.desk.decide(pair.marie.desk.receive("m1"), Action.WARN)
    pair.meet()
    pair.wait()
    pair.remote.fates.extend([Fate.FINE, Fate.LOST])  # with a hub, it is looked for first
    pair.remote.tells = False
    pair.marie.round(grace=False)
    pair.meet()
    pair.leases_end()
    for _ in range(3):
        pair.wait(timedelta(minutes=10))
        pair.noah.round()
    assert len(pair.remote.texts("m1")) == 1
    row = row_of(pair.noah, "warn")
    assert (row.state, row.code) == (OutgoingState.UNKNOWN, "platform.uncertain")
    assert pair.noah.outbox.trouble(pair.noah.desk.moderator) == 1
    pair.noah.outbox.again(pair.noah.desk.moderator, row.id)
    pair.noah.round()
    assert len(pair.remote.texts("m1")) == 1, "nobody can tell: nothing is sent"
    with pytest.raises(ConflictError, match=r"account\.not_connected"):
        pair.solange.services.outbox.again(pair.solange.moderator, row.id)
    pair.remote.tells = True
    pair.noah.outbox.again(pair.noah.desk.moderator, row.id)
    pair.leases_end()
    assert pair.noah.round().sent == 1
    assert len(pair.remote.texts("m1")) == 1


def test_what_a_person_took_over_no_other_desk_sends(pair: Pair) -> None:
    pair.marie.desk.decide(pair.marie.desk.receive("m1"), Action.WARN)
    pair.meet()
    pair.wait()
    pair.marie.outlook.end_grace()
    pair.marie.outbox.by_hand(pair.marie.desk.moderator, row_of(pair.marie, "warn").id)
    pair.meet()
    assert pair.noah.round(grace=False).sent == 0
    assert row_of(pair.noah, "warn").state is OutgoingState.BY_HAND
    pair.marie.outbox.confirm(pair.marie.desk.moderator, row_of(pair.marie, "warn").id, "message privé")
    pair.meet()
    assert row_of(pair.noah, "warn").state is OutgoingState.DONE
    assert pair.remote.calls == []


def test_what_this_desk_knows_of_its_calls_outlives_the_news_of_others(pair: Pair) -> None:
    message = pair.marie.desk.receive("m1")
    pair.marie.desk.decide(message, Action.WARN, Action.HIDE)
    pair.meet()
    pair.wait()
    pair.remote.fates.extend([Fate.FINE, Fate.FINE, Fate.LOST])
    pair.marie.round(grace=False)
    before = row_of(pair.marie, "warn")
    assert before.state is OutgoingState.UNKNOWN
    # An edit of the message at another desk takes the case back to its beginning here.
    pair.noah.desk.receive("m1", text="Gang de pourris!!")
    pair.meet()
    after = row_of(pair.marie, "warn")
    assert (after.state, after.retry_at, after.attempts) == (before.state, before.retry_at, before.attempts)
    hidden = row_of(pair.marie, "hide")
    assert (hidden.state, len(hidden.attempts)) == (OutgoingState.DONE, 1)
    pair.wait()
    pair.leases_end()
    pair.marie.round()
    assert row_of(pair.marie, "warn").state is OutgoingState.DONE
    assert len(pair.remote.texts("m1")) == 1


def test_taking_back_at_one_desk_reverses_what_another_may_be_sending(pair: Pair) -> None:
    message = pair.marie.desk.receive("m1")
    made = pair.marie.desk.decide(message, Action.HIDE)
    pair.meet()
    pair.wait()
    there = frozenset({account_id(FACEBOOK, "Ville")})
    Outlook(pair.solange.db, pair.solange.clock, abilities_of, lambda: there).end_grace()
    assert pair.marie.round(grace=False).sent == 1
    # Marie's news has not reached Solange's desk, where the item still waits.
    pair.solange.services.decisions.undo(pair.solange.moderator, made.decision)
    pair.solange.sync()
    pair.meet()
    assert pair.remote.hidden == {"m1"}
    pair.wait()
    pair.noah.round()
    pair.meet()
    assert pair.remote.hidden == set()
    for sender in (pair.marie, pair.noah):
        assert sender.states() == {"hide": "cancelled", "unhide": "done"}


def test_the_end_of_a_ban_is_known_to_the_hub(pair: Pair) -> None:
    ladder = pair.solange.services.preferences.ladder()
    for desk in (pair.marie.desk, pair.noah.desk, pair.solange):
        with desk.db.write() as work:
            work.put_setting("city.ladder", _settings(ladder))
    message = pair.marie.desk.receive("m1")
    request = pair.marie.desk.request(message, Action.BAN, exception=BanException("Menace de mort."))
    pair.marie.desk.services.decisions.decide(pair.marie.desk.moderator, request)
    pair.meet()
    (waiting,) = pair.solange.services.escalations.open(pair.solange.moderator)
    pair.solange.services.escalations.sign(pair.solange.moderator, waiting.id)
    pair.meet()
    pair.wait()
    assert pair.noah.round().sent == 1
    pair.meet()
    rows = pair.hub.admin().execute(
        "SELECT operation, state, inverse FROM vigie.outgoing ORDER BY not_before"
    )
    assert [tuple(row) for row in rows] == [("ban", "done", False), ("unban", "open", False)]
    assert pair.solange.services.sharing.refusals(pair.solange.moderator) == ()


def _settings(ladder: Any) -> dict[str, Any]:
    changed = replace(ladder, ban_days=30)
    return {name: getattr(changed, name) for name in changed.__dataclass_fields__}
