"""Legal moves of a case, and which actions make one decision."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.cases import TRANSITIONS, CaseState, move
from console.domain.decisions import SANCTIONS, WRITTEN, Action, check_decision, combinable
from console.domain.ids import RuleId
from console.errors import ConflictError, ValidationError

actions = st.frozensets(st.sampled_from(list(Action)))
A_RULE = (RuleId("insult"),)


@given(st.sampled_from(list(CaseState)), st.sampled_from(list(CaseState)))
def test_only_listed_moves_are_legal(state: CaseState, to: CaseState) -> None:
    if to in TRANSITIONS[state]:
        assert move(state, to) is to
    else:
        with pytest.raises(ConflictError) as caught:
            move(state, to)
        assert caught.value.code == "case.transition"


def test_every_case_can_still_end_decided() -> None:
    for start in CaseState:
        reached, border = {start}, [start]
        while border:
            for following in TRANSITIONS[border.pop()] - reached:
                reached.add(following)
                border.append(following)
        assert CaseState.DECIDED in reached


@given(actions)
def test_combinations_shrink_to_combinations(chosen: frozenset[Action]) -> None:
    """What goes together still does when one action is left out."""
    if combinable(chosen):
        for action in chosen:
            assert len(chosen) == 1 or combinable(chosen - {action})


@pytest.mark.parametrize(
    "together",
    [
        {Action.HIDE, Action.WARN},
        {Action.DELETE, Action.REPORT, Action.BAN},
        {Action.KEEP, Action.REPLY},
        {Action.KEEP, Action.REDIRECT_311},
        {Action.HIDE, Action.REDIRECT_311},
    ],
)
def test_what_a_moderator_combines(together: set[Action]) -> None:
    assert combinable(frozenset(together))


@pytest.mark.parametrize(
    "apart",
    [
        set(),
        {Action.HIDE, Action.DELETE},
        {Action.WARN, Action.BAN},
        {Action.KEEP, Action.HIDE},
        {Action.ESCALATE, Action.HIDE},
        {Action.NO_REPLY, Action.REPLY},
    ],
)
def test_what_contradicts_itself(apart: set[Action]) -> None:
    assert not combinable(frozenset(apart))


@given(actions, st.booleans(), st.text(max_size=4), st.text(max_size=8))
def test_no_sanction_without_rule_and_reason_and_no_open_placeholder(
    chosen: frozenset[Action], with_rule: bool, reason: str, text: str
) -> None:
    """An accepted decision keeps every promise of the policy, whatever was given."""
    texts = dict.fromkeys(WRITTEN, text)
    try:
        check_decision(chosen, A_RULE if with_rule else (), reason, texts)
    except ValidationError:
        return
    assert combinable(chosen)
    if chosen & SANCTIONS:
        assert with_rule
        assert reason.strip()
    if chosen & WRITTEN:
        assert text.strip()
        assert not set("{}") & set(text)
