"""The emergency switch, who is at the desk, and the ladder's settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from console.domain.roles import Role
from console.domain.sanctions import LadderSettings
from console.errors import VigieError
from tests.desks import Desk

HOUR = timedelta(hours=1)


def test_the_switch_is_journalled_from_start_to_end(desk: Desk) -> None:
    mode, start = desk.services.emergency, desk.clock.now()
    mode.start(desk.supervisor, "Crue de la rivière", start + 4 * HOUR)
    mode.extend(desk.supervisor, start + 8 * HOUR)
    desk.clock.advance(9 * HOUR)
    current = mode.current()
    assert current is not None, "a planned end that passed is a reminder, not an end"
    assert current.planned_end == start + 8 * HOUR
    mode.stop(desk.supervisor, "Retour à la normale")
    assert mode.current() is None
    kinds = [link.event.kind for link in desk.db.reads.journal()][-3:]
    assert kinds == ["emergency.started", "emergency.extended", "emergency.ended"]


@pytest.mark.parametrize(
    ("reason", "hours", "code"),
    [(" ", 1, "emergency.reason_missing"), ("Crue", 0, "emergency.end_past")],
)
def test_it_needs_a_reason_and_an_end_to_come(desk: Desk, reason: str, hours: int, code: str) -> None:
    with pytest.raises(VigieError) as caught:
        desk.services.emergency.start(desk.supervisor, reason, desk.clock.now() + hours * HOUR)
    assert caught.value.code == code


def test_it_is_on_once_and_not_for_moderators(desk: Desk) -> None:
    end = desk.clock.now() + HOUR
    with pytest.raises(VigieError) as caught:
        desk.services.emergency.start(desk.moderator, "Crue", end)
    assert caught.value.code == "permission.denied"
    desk.services.emergency.start(desk.supervisor, "Crue", end)
    with pytest.raises(VigieError) as caught:
        desk.services.emergency.start(desk.supervisor, "Encore", end)
    assert caught.value.code == "emergency.already_on"


def test_only_who_manages_staff_adds_more_than_moderators(desk: Desk) -> None:
    desk.services.access.switch(desk.moderator.staff.id)
    with pytest.raises(VigieError) as caught:
        desk.services.access.introduce("Intrus", Role.ADMINISTRATOR)
    assert caught.value.code == "permission.denied"
    assert "Intrus" not in [person.name for person in desk.services.access.staff()]


def test_the_ladder_is_never_shorter_than_the_policy(desk: Desk) -> None:
    preferences = desk.services.preferences
    with pytest.raises(VigieError) as caught:
        preferences.set_ladder(desk.admin, replace(preferences.ladder(), warnings_before_ban=1))
    assert caught.value.code == "ladder.invalid"
    chosen = LadderSettings(warnings_before_ban=3, expire_after_days=365, ban_days=90)
    preferences.set_ladder(desk.admin, chosen)
    assert preferences.ladder() == chosen
    with pytest.raises(VigieError) as caught:
        preferences.set_ladder(desk.supervisor, chosen)
    assert caught.value.code == "permission.denied"
