"""Desks that meet in a hub: what one decides is what the other sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.services.rows import HistoryFilter
from tests.hub.conftest import Hub
from tests.hub.desks import Seat, seat

Open = Callable[[str], Seat]


@pytest.fixture
def sit(hub: Hub, tmp_path: Path) -> Iterator[Open]:
    """Opens a desk that has joined as the login given."""
    with ExitStack() as stack:
        yield lambda login: seat(stack, hub, tmp_path / login, login)


def test_a_decision_made_at_one_desk_is_seen_at_the_other(sit: Open) -> None:
    marie, noah = sit("marie"), sit("noah")
    message = marie.receive("m1", text="Gang de pourris")
    marie.decide(message, Action.HIDE, Action.WARN)
    marie.sync()
    noah.sync()
    seen = noah.detail(message)
    assert seen.state is CaseState.DECIDED
    assert seen.message.text == "Gang de pourris"
    assert seen.verdict == marie.detail(message).verdict
    (line,) = noah.services.history.page(noah.moderator, HistoryFilter()).rows
    assert (line.decided_by, line.actions) == ("Marie", (Action.WARN, Action.HIDE))
    assert [each.operation for each in noah.services.outbox.waiting(noah.moderator)] == ["hide", "warn"]
