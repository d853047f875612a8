"""Proposing, adopting and going back on a real desk, with an engine whose errors are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.bootstrap import EngineOnDemand
from console.domain.decisions import Action
from console.domain.ids import MessageId, RuleId
from console.domain.roles import Role
from console.domain.sanctions import LadderSettings
from console.errors import (
    CancelledError,
    ConfigurationError,
    ConflictError,
    PermissionDeniedError,
    ValidationError,
)
from console.netiquette.learned.desk import DeskLayer, RuleLayer, Weight
from console.netiquette.policy_loader import shipped
from console.services.learning import Learning, LearningState, Proposal
from console.services.learning_ports import StoredLayer
from console.services.policy import PolicyDesk
from console.services.ports import JudgeContext
from console.services.teaching import lessons_of
from tests.builders import NOW, DeskFile, desk_file, finding, judged, message, verdict
from tests.judges import PlainJudge
from tests.unit.learning.lessons import OBSCENITY, curses, engine, puppets, smells, thanks


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskFile]:
    with desk_file(tmp_path / "vigie.db") as opened:
        yield opened


def learning(desk: DeskFile) -> Learning:
    policy = PolicyDesk(desk.db, desk.clock, shipped())
    return Learning(desk.db, desk.clock, policy, PlainJudge(), LadderSettings, lambda _policy: engine())


def receive(desk: DeskFile, text: str, author: str, *rules: str) -> MessageId:
    opinion = verdict(*(finding(rule) for rule in rules))
    return desk.take_in(judged(message(text, author_external_id=author), opinion))[0]


def decide_the_town(desk: DeskFile) -> None:
    """The lessons of the layer's own tests, decided by two people as the screen does."""
    roles = (Role.MODERATOR, Role.SUPERVISOR)
    for place, each in enumerate([*smells(), *curses(), *puppets(), *thanks()]):
        found = [rule for rule in each.labels if rule == OBSCENITY]
        case = receive(desk, each.text, each.author, *found)
        broken = tuple(str(rule) for rule, said in each.labels.items() if said)
        desk.decide(
            case,
            Action.HIDE if broken else Action.KEEP,
            rules=broken,
            role=roles[place % 2],
            at=NOW,
        )


def propose(desk: DeskFile) -> Proposal:
    return learning(desk).propose(desk.actor(Role.SUPERVISOR), lambda done, total: None)


def state(desk: DeskFile) -> LearningState:
    return learning(desk).state(desk.actor(Role.SUPERVISOR))


def proposed(desk: DeskFile) -> str:
    layer = propose(desk).layer
    assert layer is not None
    return layer.id


def events(desk: DeskFile) -> list[str]:
    return [link.event.kind for link in desk.db.reads.journal() if link.event.kind.startswith("learning.")]


def test_a_blank_desk_says_what_is_missing(desk: DeskFile) -> None:
    assert (state(desk).lessons, state(desk).missing, state(desk).layers) == (0, 40, ())
    outcome = propose(desk)
    assert (outcome.layer, outcome.reason, outcome.decisions) == (None, "few", 0)


def test_a_proposal_changes_nothing_until_it_is_adopted(desk: DeskFile) -> None:
    decide_the_town(desk)
    layer = propose(desk).layer
    assert layer is not None
    assert (layer.decisions, layer.first, layer.made_by) == (48, NOW, "Samuel Roy")
    assert "insult" in layer.words
    assert layer.comparison is not None
    assert layer.comparison.gain > 5
    assert (state(desk).in_force, events(desk)) == (None, [])
    adopted = learning(desk).adopt(desk.actor(Role.SUPERVISOR), layer.name)
    assert adopted.in_force
    assert state(desk).in_force == adopted
    assert adopted.adopted_by == "Samuel Roy"


def test_the_same_decisions_give_the_same_layer_whoever_asks(desk: DeskFile) -> None:
    decide_the_town(desk)
    first = proposed(desk)
    assert proposed(desk) == first
    supervisor = desk.actor(Role.SUPERVISOR)
    learning(desk).adopt(supervisor, first)
    again = propose(desk)
    assert (again.layer, again.reason) == (None, "same")


def test_two_desks_of_one_city_propose_the_same(tmp_path: Path) -> None:
    """Messages have the same ids on every desk, people other numbers and decisions another order."""
    names = []
    for place in range(2):
        with desk_file(tmp_path / f"{place}.db") as desk:
            order = [*smells(), *curses(), *puppets(), *thanks()]
            for each in reversed(order) if place else order:
                found = [finding(str(rule)) for rule in each.labels if rule == OBSCENITY]
                known = message(each.text, external_id=str(each.message), author_external_id=each.author)
                (case,) = desk.take_in(judged(known, verdict(*found)))
                broken = tuple(str(rule) for rule, said in each.labels.items() if said)
                role = Role.MODERATOR if each.teacher == "Camille" else Role.SUPERVISOR
                desk.decide(case, Action.HIDE if broken else Action.KEEP, rules=broken, role=role)
            names.append(proposed(desk))
    assert names[0] == names[1]


def test_adopting_and_going_back_are_signed_and_adopting_twice_is_not_said_twice(desk: DeskFile) -> None:
    decide_the_town(desk)
    service, supervisor = learning(desk), desk.actor(Role.SUPERVISOR)
    name = proposed(desk)
    service.adopt(supervisor, name)
    service.adopt(supervisor, name)
    assert service.roll_back(supervisor) is None
    assert events(desk) == ["learning.adopted", "learning.rolled_back"]
    adopted, back = (
        link.event for link in desk.db.reads.journal() if link.event.kind.startswith("learning.")
    )
    assert {adopted.actor, back.actor} == {supervisor.staff.id}
    assert (adopted.payload["before"], adopted.payload["after"]) == (None, name)
    assert adopted.payload["decisions"] == 48
    assert (back.payload["before"], back.payload["after"]) == (name, None)
    assert "marionnettes" not in str(adopted.payload)
    with pytest.raises(ConflictError) as caught:
        service.roll_back(supervisor)
    assert caught.value.code == "learning.nothing_before"


def test_going_back_leads_to_the_version_before(desk: DeskFile) -> None:
    decide_the_town(desk)
    service, supervisor = learning(desk), desk.actor(Role.SUPERVISOR)
    first = proposed(desk)
    service.adopt(supervisor, first)
    for case in [
        receive(desk, f"Belle soirée dans le parc {number} " * 2, f"p{number}") for number in range(3)
    ]:
        desk.decide(case, Action.KEEP, rules=())
    (case,) = desk.take_in("Quel troupeau de marionnettes au conseil municipal")
    desk.decide(case, Action.HIDE, rules=("insult",))
    second = proposed(desk)
    assert second != first
    service.adopt(supervisor, second)
    assert state(desk).before == first
    back = service.roll_back(supervisor)
    assert back is not None
    assert back.id == first
    assert state(desk).before == ""


def test_only_supervision_proposes_adopts_and_goes_back(desk: DeskFile) -> None:
    service = learning(desk)
    for role in (Role.MODERATOR, Role.AUDITOR, Role.AGENT_311):
        actor = desk.actor(role)
        for act in (
            lambda actor=actor: service.propose(actor, lambda done, total: None),
            lambda actor=actor: service.adopt(actor, "0" * 64),
            lambda actor=actor: service.roll_back(actor),
            lambda actor=actor: service.judge_again(actor, lambda done, total: None),
        ):
            with pytest.raises(PermissionDeniedError):
                act()
    assert service.state(desk.actor(Role.AUDITOR)).lessons == 0


def test_names_that_lead_nowhere(desk: DeskFile) -> None:
    decide_the_town(desk)
    name = proposed(desk)
    service, supervisor = learning(desk), desk.actor(Role.SUPERVISOR)
    for wrong in ("", "zzzz", name[:3], f"{name}0"):
        with pytest.raises(ValidationError) as caught:
            service.adopt(supervisor, wrong)
        assert caught.value.code == "learning.unknown"


def _tear(desk: DeskFile, name: str) -> None:
    stored = next(each for each in desk.db.reads.layers() if each.id == name)
    with desk.db.write() as work:
        work.put_layer(replace(stored, body=stored.body[:-3], figures="["))


def test_a_damaged_layer_is_said_never_adopted_and_mended_by_learning_again(desk: DeskFile) -> None:
    decide_the_town(desk)
    service, supervisor = learning(desk), desk.actor(Role.SUPERVISOR)
    name = proposed(desk)
    service.adopt(supervisor, name)
    _tear(desk, name)
    view = state(desk).in_force
    assert view is not None
    assert (view.problem, view.comparison, view.words) == ("learning.damaged", None, {})
    with pytest.raises(ConfigurationError) as caught:
        service.adopt(supervisor, name)
    assert caught.value.code == "learning.damaged"
    assert propose(desk).reason == "same"
    mended = state(desk).in_force
    assert mended is not None
    assert mended.problem == ""


def test_stopping_leaves_nothing(desk: DeskFile) -> None:
    decide_the_town(desk)

    def stop(done: int, total: int | None) -> None:
        raise CancelledError("work.cancelled")

    with pytest.raises(CancelledError):
        learning(desk).propose(desk.actor(Role.SUPERVISOR), stop)
    assert state(desk).layers == ()


def test_open_cases_are_judged_anew_and_decided_ones_keep_their_verdict(desk: DeskFile) -> None:
    decided, waiting = desk.take_in("Bande de pourris", "Gang de pourris")
    desk.decide(decided)
    changes = learning(desk).judge_again(desk.actor(Role.SUPERVISOR), lambda done, total: None)
    assert changes.messages == {waiting}


# --- what is a lesson ------------------------------------------------------------------------------


def lessons(desk: DeskFile) -> dict[MessageId, dict[RuleId, bool]]:
    reads = desk.db.reads
    found = lessons_of(reads.judgements(99), reads.disputes(99), shipped().rules)
    return {each.message: dict(each.labels) for each in found}


def dispute(desk: DeskFile, case: MessageId, rule: str) -> None:
    with desk.db.write() as work:
        work.append(desk.event("finding.disputed", case, {"rule": rule, "reason": ""}))


def test_acts_say_which_rules_are_broken(desk: DeskFile) -> None:
    confirmed = receive(desk, "a", "1", "insult", "aggression")
    desk.decide(confirmed, Action.HIDE, rules=("insult", "defamation"))
    cleared = receive(desk, "b", "2", "insult")
    desk.decide(cleared, Action.KEEP, rules=())
    plain = receive(desk, "c", "3")
    desk.decide(plain, Action.KEEP, rules=())
    for place, action in enumerate((Action.ESCALATE, Action.NO_REPLY, Action.REPLY, Action.REDIRECT_311)):
        desk.decide(receive(desk, "d", f"4{place}", "insult"), action, rules=())
    gone = receive(desk, "e", "5", "insult")
    desk.decide(gone, Action.HIDE, rules=("a_rule_of_old", "insult"))
    assert lessons(desk) == {
        confirmed: {"insult": True, "aggression": False, "defamation": True},
        cleared: {"insult": False},
        plain: {},
        gone: {"insult": True},
    }


def test_a_disagreement_holds_unless_somebody_confirms_the_rule_later(desk: DeskFile) -> None:
    open_case = receive(desk, "a", "1", "insult", "aggression")
    dispute(desk, open_case, "insult")
    later = receive(desk, "b", "2", "insult")
    dispute(desk, later, "insult")
    desk.clock.set(desk.clock.now().replace(year=desk.clock.now().year + 1)) if hasattr(
        desk.clock, "set"
    ) else None
    desk.decide(later, Action.HIDE, rules=("insult",), at=NOW.replace(year=NOW.year + 1))
    before = receive(desk, "c", "3", "insult")
    desk.decide(before, Action.HIDE, rules=("insult",), at=NOW.replace(year=NOW.year - 1))
    dispute(desk, before, "insult")
    assert lessons(desk) == {
        open_case: {"insult": False},
        later: {"insult": True},
        before: {"insult": False},
    }


# --- the engine at the desk ------------------------------------------------------------------------


def put_in_force(desk: DeskFile, layer: DeskLayer, body: bytes | None = None) -> None:
    stored = StoredLayer(
        layer.id,
        layer.encode() if body is None else body,
        "",
        layer.engine,
        1,
        NOW,
        NOW,
        NOW,
        desk.actor().staff.id,
    )
    with desk.db.write() as work:
        work.put_layer(stored)
        work.adopt_layer(stored.id, NOW, desk.actor().staff.id)


def test_the_engine_takes_up_the_layer_in_force_and_goes_on_without_a_broken_one(
    desk: DeskFile, expected_logs: object
) -> None:
    expected_logs.expect("what the desk has learned is left out")
    policy = PolicyDesk(desk.db, desk.clock, shipped())
    judge = EngineOnDemand(policy, desk.db.reads.layer_in_force)
    plain = judge.version
    layer = DeskLayer(plain, {RuleId("insult"): RuleLayer(-2.0, 3.5, (Weight("zoufri", "zoufris", 2.5),))})
    put_in_force(desk, layer)
    assert judge.version == plain
    judge.prepare()
    assert judge.version == f"{plain}+desk.{layer.id[:8]}"
    said = judge.judge(message("Bonjour"), JudgeContext())
    assert said.engine == judge.version
    put_in_force(desk, layer, layer.encode()[:-1])
    judge.prepare()
    assert judge.version == plain
    put_in_force(desk, layer)
    judge.prepare()
    assert judge.version != plain
    with desk.db.write() as work:
        for _ in range(3):
            work.withdraw_layer(NOW, desk.actor().staff.id)
    judge.prepare()
    assert judge.version == plain
