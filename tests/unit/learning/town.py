"""A desk whose moderators have decided the town's lessons, and that learns over the small engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from console.domain.decisions import Action
from console.domain.sanctions import LadderSettings
from console.services.learning import Learning
from tests.builders import finding, judged, message, verdict
from tests.desks import Desk
from tests.judges import PlainJudge
from tests.unit.learning.lessons import OBSCENITY, engine, town


def over_the_small_engine(desk: Desk) -> Desk:
    """The same desk, learning over an engine whose errors are known."""
    learning = Learning(
        desk.db, desk.clock, desk.services.policy, PlainJudge(), LadderSettings, lambda _policy: engine()
    )
    desk.services = replace(desk.services, learning=learning)
    return desk


def decide_the_town(desk: Desk, *, count: int = 48, apart: timedelta = timedelta(minutes=1)) -> None:
    """The first `count` lessons, decided in turn by two people as the screen does, some time apart."""
    for place, each in enumerate(town()[:count]):
        found = [finding(str(rule)) for rule in each.labels if rule == OBSCENITY]
        incoming = judged(message(each.text, author_external_id=each.author), verdict(*found))
        with desk.db.write() as work:
            (case,) = work.take_in([incoming], desk.clock.now()).added
        broken = tuple(rule for rule, said in each.labels.items() if said)
        request = desk.request(case, Action.HIDE if broken else Action.KEEP)
        by = (desk.moderator, desk.colleague)[place % 2]
        desk.services.decisions.decide(by, replace(request, rules=broken, texts={}))
        desk.clock.advance(apart)
