"""A real process that sends to a real server is killed with SIGKILL at each of its steps: the next one looks
what became of the last call, and in the end each effect happened exactly once."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from console.clock import FixedClock
from console.domain.decisions import Action
from console.domain.ids import MessageId, account_id
from console.domain.journal import first_break
from console.domain.messages import FACEBOOK
from console.paths import RESOURCES
from console.platforms.facebook import Facebook
from console.platforms.simulator.running import Simulator, running
from console.platforms.simulator.things import SimComment
from console.services.platform_ports import Connection
from console.services.ports import Judged
from console.services.rows import OutgoingState
from tests.delivering import reopened
from tests.desks import NOW, Desk, insult_verdict, open_desk
from tests.platforms.connecting import Kept, no_wait

DECIDED = (Action.HIDE, Action.REPLY, Action.WARN)
MOST_STEPS = 60

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="desks are forked")


@dataclass
class Scene:
    """A desk's file, the simulated page, and the process that forks desks over the file."""

    path: Path
    sim: Simulator
    clock: FixedClock
    connection: Connection
    worker: subprocess.Popen[str]

    def run(self, kill: int = 0) -> tuple[int | None, int]:
        """One round of a desk: its steps when it got through, and how it ended."""
        order = {
            "connection": self.connection,
            "tokens": {"access": self.sim.tokens(FACEBOOK).access},
            "now": self.clock.now(),
            "kill": kill,
        }
        assert self.worker.stdin is not None
        assert self.worker.stdout is not None
        self.worker.stdin.write(msgspec.json.encode(order).decode() + "\n")
        taken, line = None, self.worker.stdout.readline()
        if line.startswith("finished "):
            taken, line = int(line.split()[1]), self.worker.stdout.readline()
        return taken, int(line.removeprefix("gone "))

    def decide(self, number: int) -> tuple[MessageId, SimComment]:
        """A new comment, read from the platform and decided; the grace is over."""
        world = self.sim.world
        post = world.posts(FACEBOOK)[0]
        comment = world.comment(post, world.person(FACEBOOK, f"Personne {number}"), f"Voleurs {number}")
        reader = Facebook(self.connection, Kept(self.sim.tokens(FACEBOOK)), self.clock, wait=no_wait)
        seen = [each for page in reader.fetch("") for each in page.messages]
        reader.close()
        incoming = next(each for each in seen if each.text == f"Voleurs {number}")
        desk = reopened(self.path, self.clock)
        digest = hashlib.sha256(incoming.text.encode()).hexdigest()
        with desk.db.write() as work:
            judged = Judged(incoming, digest, insult_verdict(incoming.text))
            (message,) = work.take_in([judged], self.clock.now()).added
        if number == 1:
            self.connect(desk, incoming.account)
        desk.decide(message, *DECIDED)
        desk.db.close()
        self.clock.advance(timedelta(seconds=31))
        return message, comment

    def connect(self, desk: Desk, account: str) -> None:
        """The account is known from its first message on."""
        self.connection = replace(self.connection, account=account_id(FACEBOOK, account), name=account)
        with desk.db.write() as work:
            work.put_connection(self.connection)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Nothing decided yet."""
    clock = FixedClock(NOW)
    with open_desk(tmp_path):
        pass
    command = [sys.executable, "-m", "tests.platforms.delivery_worker", str(tmp_path / "vigie.db")]
    with (
        running(clock) as sim,
        subprocess.Popen(
            command, cwd=RESOURCES.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        ) as worker,
    ):
        sim.world.publish(FACEBOOK, "Publication")
        yield Scene(tmp_path / "vigie.db", sim, clock, sim.connection(FACEBOOK), worker)
        assert worker.stdin is not None
        worker.stdin.close()


def test_each_effect_once_wherever_the_sender_is_killed(scene: Scene) -> None:
    decided: list[tuple[MessageId, SimComment]] = []
    for step in range(1, MOST_STEPS):
        decided.append(scene.decide(step))
        taken, ended = scene.run(kill=step)
        assert ended == (0 if taken is not None else -signal.SIGKILL)
        scene.clock.advance(timedelta(minutes=3))
        assert scene.run()[0] is not None
        if taken is not None:
            break
    assert len(decided) > 15, "a round has that many steps"
    for number, (_, comment) in enumerate(decided, start=1):
        assert comment.hidden, number
        assert len(scene.sim.world.replies(comment)) == 1, number
        assert len(scene.sim.world.sent(comment.person)) == 1, number
    desk = reopened(scene.path, scene.clock)
    for message, _ in decided:
        detail = desk.detail(message)
        assert {row.state for row in detail.outgoing} == {OutgoingState.DONE}
        assert len(detail.standing.counted) == 1
    assert first_break(desk.db.reads.journal(), desk.db.reads.journal_head()) is None
    desk.db.close()
