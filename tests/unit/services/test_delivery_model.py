"""Whatever goes wrong, and wherever the program is killed: each effect once, and each warning that counts
was read."""

from __future__ import annotations

import shutil
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import FixedClock
from console.domain.decisions import Action
from console.domain.ids import MessageId, account_id
from console.domain.journal import first_break
from console.domain.messages import FACEBOOK
from console.domain.platforms import Act
from console.secrets.in_memory import MemorySecrets
from console.services.rows import FINAL_STATES, OutgoingRow, OutgoingState
from tests.delivering import Fate, Killed, Remote, Sender, connect, reopened, sender_at
from tests.desks import NOW, open_desk

MESSAGES = ("m0", "m1", "m2")
SETS = (
    (Action.HIDE, Action.WARN),
    (Action.WARN,),
    (Action.REPLY,),
    (Action.DELETE, Action.REPLY),
    (Action.HIDE,),
    (Action.HIDE, Action.REPORT, Action.WARN),
)


@dataclass
class Seed:
    """A desk's file with three messages, made once and copied for every example."""

    folder: Path
    messages: list[MessageId] = field(default_factory=list)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Seed:
    """Closed before it is copied."""
    made = Seed(tmp_path_factory.mktemp("seed"))
    with open_desk(made.folder) as desk:
        made.messages = [desk.receive(name, author=f"personne-{name}") for name in MESSAGES]
        connect(desk.db, made.secrets, account_id(FACEBOOK, "Ville"))
        desk.services.access.switch(desk.supervisor.staff.id)
    return made


class Run:
    """A desk that sends, is killed where the schedule says, and is opened again."""

    def __init__(self, seed: Seed, folder: Path, fates: list[Fate], commits: list[int]) -> None:
        shutil.copy(seed.folder / "vigie.db", folder / "vigie.db")
        self.path, self.secrets = folder / "vigie.db", seed.secrets
        self.clock = FixedClock(NOW)
        self.remote = Remote(self.clock, fates=deque(fates))
        self.commits, self.until_killed = deque(commits), -1
        self.sender = self._open()

    def _open(self) -> Sender:
        desk = reopened(self.path, self.clock)
        desk.db.on_commit = self._committed
        return sender_at(desk, self.remote, self.secrets)

    def _committed(self) -> None:
        self.until_killed -= 1
        if self.until_killed == 0:
            raise Killed

    def round(self) -> None:
        """One round, in which the process may die after any commit."""
        self.clock.advance(timedelta(minutes=41))
        self.until_killed = self.commits.popleft() if self.commits else -1
        try:
            self.sender.delivery.run(self.sender.desk.moderator, lambda: False)
        except Killed:
            self.until_killed = -1
            self.sender.desk.db.close()
            self.sender = self._open()
        self.until_killed = -1

    def items(self) -> list[OutgoingRow]:
        """Everything, in the order of deciding."""
        actor = self.sender.desk.moderator
        rows = (*self.sender.outbox.sent(actor), *self.sender.outbox.waiting(actor))
        return sorted(rows, key=lambda row: row.id)


fates = st.lists(
    st.sampled_from([*Fate, Fate.FINE, Fate.LOST, Fate.KILLED_AFTER, Fate.KILLED_BEFORE])
    .filter(lambda fate: fate is not Fate.BUG),
    max_size=14,
)  # fmt: skip


@settings(max_examples=15)
@given(
    decided=st.lists(st.sampled_from(SETS), min_size=1, max_size=3),
    fates=fates,
    commits=st.lists(st.integers(1, 14), max_size=6),
    tells=st.booleans(),
    undo_at=st.none() | st.integers(0, 5),
)
def test_each_effect_once_whatever_happens(
    seed: Seed,
    decided: list[tuple[Action, ...]],
    fates: list[Fate],
    commits: list[int],
    tells: bool,
    undo_at: int | None,
) -> None:
    with TemporaryDirectory() as folder:
        run = Run(seed, Path(folder), fates, commits)
        run.remote.tells = tells
        try:
            for message, actions in zip(seed.messages, decided, strict=False):
                run.sender.desk.decide(message, *actions)
            for number in range(24):
                if number == undo_at and Action.DELETE not in decided[-1]:
                    run.sender.desk.services.decisions.undo(run.sender.desk.moderator)
                run.round()
            check(run, seed)
        finally:
            run.sender.desk.db.close()


def check(run: Run, seed: Seed) -> None:
    """Nothing was done twice, what is said to be done is done, and what counts was read."""
    said = Counter((act, about) for act, about, _, _ in run.remote.said)
    assert all(times == 1 for times in said.values()), said
    names = dict(zip(seed.messages, MESSAGES, strict=True))
    desk = run.sender.desk
    for row in run.items():
        about = names[row.message_id]
        texts = [act for act, _ in run.remote.texts(about)]
        assert row.state not in (OutgoingState.GRACE, OutgoingState.SENDING, OutgoingState.WAITING), row
        if row.operation in ("warn", "reply"):
            if row.state is OutgoingState.DONE:
                assert texts, row
            elif texts and row.operation == "warn":
                # It is out there, and nobody here can know: shown, or its decision was taken back.
                assert row.state in (OutgoingState.UNKNOWN, OutgoingState.CANCELLED), row
        if row.operation == "hide" and row.state is OutgoingState.DONE and about not in run.remote.gone:
            undone = any(each.operation == "unhide" for each in desk.detail(row.message_id).outgoing)
            assert (about in run.remote.hidden) is not undone
        if row.operation == "unhide":
            assert about not in run.remote.hidden
    for message, name in names.items():
        for warning in desk.detail(message).standing.counted:
            if warning.incident == message:
                assert run.remote.texts(name), "a warning counts that nobody could read"
    done = [
        link.event.payload["item"] for link in desk.db.reads.journal() if link.event.kind == "outbox.done"
    ]
    assert len(set(done)) == len(done)
    assert {row.id for row in run.items() if row.state in FINAL_STATES - {OutgoingState.CANCELLED}} == set(
        done
    )
    assert first_break(desk.db.reads.journal(), desk.db.reads.journal_head()) is None
    order(run)


def order(run: Run) -> None:
    """What the console did about one message is in the order in which it was decided."""
    place = {Act.HIDE: 0, Act.DELETE: 0, Act.REPLY: 1, Act.MESSAGE: 2, Act.UNHIDE: 3}
    for name in MESSAGES:
        acts = [place[act] for act, about in run.remote.done if about == name]
        assert acts == sorted(acts), acts
