"""Learning at desks that share a database: decisions and disagreements travel, what was learned stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from console.domain.decisions import Action
from console.domain.ids import RuleId
from console.netiquette.learned.desk import DeskLayer, RuleLayer, Weight
from console.netiquette.policy_loader import shipped
from console.services.learning_ports import StoredLayer
from console.services.teaching import lessons_of
from tests.builders import NOW
from tests.hub.conftest import Hub
from tests.hub.desks import Seat, seat

Open = Callable[[str], Seat]
LAYER = DeskLayer("1.0", {RuleId("insult"): RuleLayer(-2.0, 3.5, (Weight("zoufri", "zoufris", 2.0),))})


@pytest.fixture
def sit(hub: Hub, tmp_path: Path) -> Iterator[Open]:
    """Opens a desk that has joined as the login given."""
    with ExitStack() as stack:
        yield lambda login: seat(stack, hub, tmp_path / login, login)


def test_desks_learn_from_the_same_decisions_and_adopt_each_for_itself(sit: Open) -> None:
    marie, solange = sit("marie"), sit("solange")
    decided, disputed = marie.receive("m1", author="a"), marie.receive("m2", author="b")
    marie.decide(decided, Action.KEEP)
    marie.services.decisions.disagree(marie.moderator, disputed, RuleId("insult"), "Une blague.")
    stored = StoredLayer(
        LAYER.id, LAYER.encode(), "{}", LAYER.engine, 50, NOW, NOW, NOW, solange.moderator.staff.id
    )
    with solange.db.write() as work:
        work.put_layer(stored)
    solange.services.learning.adopt(solange.moderator, LAYER.id)
    for _ in range(2):
        marie.sync()
        solange.sync()
    known = [
        {
            each.message: dict(each.labels)
            for each in lessons_of(desk.db.reads.judgements(9), desk.db.reads.disputes(9), shipped().rules)
        }
        for desk in (marie, solange)
    ]
    assert known[0] == known[1] == {decided: {"insult": False}, disputed: {"insult": False}}
    assert solange.services.sharing.refusals(solange.moderator) == ()
    assert solange.db.reads.layer_in_force() == (LAYER.id, LAYER.encode())
    assert marie.db.reads.layer_in_force() is None
    assert marie.db.reads.layers() == ()
