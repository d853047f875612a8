"""A desk that is killed while it learns, adopts and goes back is always whole: adopted with its entry in the
journal, or not at all."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from console.domain.roles import Role
from console.domain.sanctions import LadderSettings
from console.errors import ConflictError
from console.netiquette.learned.desk import DeskLayer
from console.netiquette.policy_loader import shipped
from console.services.history import verify_journal
from console.services.learning import Learning
from console.services.policy import PolicyDesk
from tests.builders import DeskFile, desk_file
from tests.desks import open_desk
from tests.judges import PlainJudge
from tests.killing import Say, run_and_kill
from tests.store.file_state import check
from tests.unit.learning.lessons import engine
from tests.unit.learning.town import decide_the_town, over_the_small_engine

KILLS = 25

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")


def learning(desk: DeskFile) -> Learning:
    policy = PolicyDesk(desk.db, desk.clock, shipped())
    return Learning(desk.db, desk.clock, policy, PlainJudge(), LadderSettings, lambda _policy: engine())


def work(path: Path, seed: int, say: Say) -> None:
    """Learn, adopt and go back until somebody kills it."""
    chance = random.Random(seed)
    with desk_file(path) as desk:
        service, supervisor = learning(desk), desk.actor(Role.SUPERVISOR)
        say("opened")
        if seed % 5 == 0:
            service.propose(supervisor, lambda done, total: None)
            say("proposed")
        while True:
            layers = service.state(supervisor).layers
            if layers and chance.random() < 0.6:
                adopted = service.adopt(supervisor, chance.choice(layers).id)
                say("now", adopted.id)
            else:
                try:
                    back = service.roll_back(supervisor)
                except ConflictError:
                    continue
                say("now", back.id if back else "none")


def stack_by_journal(desk: DeskFile) -> list[str]:
    """What is in force by what the journal says, the newest last."""
    stack: list[str] = []
    for link in desk.db.reads.journal():
        event = link.event
        if event.kind == "learning.adopted":
            assert event.payload["before"] == (stack[-1] if stack else None)
            stack.append(event.subject)
        elif event.kind == "learning.rolled_back":
            assert stack.pop() == event.subject
            assert event.payload["after"] == (stack[-1] if stack else None)
    return stack


@pytest.mark.timeout(600)
def test_killed_anywhere_what_is_in_force_is_what_the_journal_says(tmp_path: Path) -> None:
    with open_desk(tmp_path) as town:
        over_the_small_engine(town)
        decide_the_town(town)
        town.services.learning.propose(town.supervisor, lambda done, total: None)
    path = tmp_path / "vigie.db"
    chance = random.Random(20261128)
    acknowledged = 0
    for seed in range(1, KILLS + 1):
        said = run_and_kill(work, (path, seed), chance.randint(1, 6))
        check(path)
        with desk_file(path) as desk:
            assert verify_journal(desk.db.reads, lambda _done, _total: None) is None
            stack = stack_by_journal(desk)
            standing = [each.layer for each in desk.db.reads.adoptions() if each.withdrawn_at is None]
            assert standing[::-1] == stack
            in_force = desk.db.reads.layer_in_force()
            assert (in_force[0] if in_force else None) == (stack[-1] if stack else None)
            for each in desk.db.reads.layers():
                assert DeskLayer.decode(each.body, each.id).rules
            acknowledged += sum(line.startswith("now") for line in said)
    assert acknowledged > KILLS


def test_killed_while_open_cases_are_judged_anew_the_adoption_stands_and_the_rest_follows(
    tmp_path: Path,
) -> None:
    """Adopting again what is in force says nothing twice and finishes the judging."""
    with open_desk(tmp_path) as town:
        over_the_small_engine(town)
        decide_the_town(town)
        waiting = town.receive("attend", text="Merci", author="z")
        service = town.services.learning
        layer = service.propose(town.supervisor, lambda done, total: None).layer
        assert layer is not None
        service.adopt(town.supervisor, layer.id)
    with desk_file(tmp_path / "vigie.db") as desk:
        service, supervisor = learning(desk), desk.actor(Role.SUPERVISOR)
        service.adopt(supervisor, layer.id)
        assert service.judge_again(supervisor, lambda done, total: None).messages == {waiting}
        kinds = [link.event.kind for link in desk.db.reads.journal()]
        assert kinds.count("learning.adopted") == 1
