"""People: who may look, that the look is recorded, and that links can be undone."""

from __future__ import annotations

import pytest

from console.domain.decisions import Action
from console.domain.ids import PersonId
from console.domain.roles import Role
from console.domain.sanctions import Rung
from console.errors import PermissionDeniedError, ValidationError
from tests.desks import Desk


def kinds(desk: Desk) -> list[str]:
    """What the journal says happened."""
    return [link.event.kind for link in desk.db.reads.journal()]


def test_reading_a_person_s_file_is_recorded_before_it_is_shown(desk: Desk) -> None:
    desk.warn_and_deliver("c1")
    (person,) = desk.services.people.page(desk.moderator).rows
    before = len(kinds(desk))
    (event,) = desk.services.people.history(desk.moderator, person.id)
    assert (event.actions, event.warning_rank) == ((Action.WARN, Action.HIDE), 1)
    said = list(desk.db.reads.journal())[-1].event
    assert (said.kind, said.subject, said.actor) == ("person.read", person.id, desk.moderator.staff.id)
    assert len(kinds(desk)) == before + 1
    desk.services.people.page(desk.moderator, "personne")
    assert len(kinds(desk)) == before + 1


def test_an_unknown_person_is_said_and_not_recorded(desk: Desk) -> None:
    before = len(kinds(desk))
    with pytest.raises(ValidationError, match=r"person\.unknown"):
        desk.services.people.history(desk.moderator, PersonId("personne"))
    assert len(kinds(desk)) == before


def test_linking_two_identities_adds_their_warnings_up_and_unlinking_takes_them_apart(desk: Desk) -> None:
    desk.warn_and_deliver("c1", author="une")
    desk.warn_and_deliver("c2", author="autre")
    case = desk.receive("c3", author="une")
    one, other = desk.services.people.page(desk.supervisor).rows
    assert desk.detail(case).standing.rung is Rung.SECOND_WARNING
    changed = desk.services.people.link(desk.supervisor, one.id, other.id)
    assert changed.people == {one.id, other.id}
    assert desk.detail(case).standing.rung is Rung.BAN
    assert len(desk.services.people.history(desk.supervisor, other.id)) == 2
    with pytest.raises(ValidationError, match=r"person\.linked"):
        desk.services.people.link(desk.supervisor, one.id, other.id)
    desk.services.people.unlink(desk.supervisor, other.id)
    assert desk.detail(case).standing.rung is Rung.SECOND_WARNING
    with pytest.raises(ValidationError, match=r"person\.not_linked"):
        desk.services.people.unlink(desk.supervisor, other.id)
    assert [kind for kind in kinds(desk) if kind.startswith("person")] == [
        "person.linked",
        "person.read",
        "person.unlinked",
    ]


def test_one_person_is_not_linked_to_themselves(desk: Desk) -> None:
    desk.receive("c1")
    (person,) = desk.services.people.page(desk.supervisor).rows
    with pytest.raises(ValidationError, match=r"person\.same"):
        desk.services.people.link(desk.supervisor, person.id, person.id)


def test_a_moderator_may_look_but_not_link_and_the_311_team_may_not_look(desk: Desk) -> None:
    desk.receive("c1", author="une")
    desk.receive("c2", author="autre")
    one, other = desk.services.people.page(desk.moderator).rows
    with pytest.raises(PermissionDeniedError):
        desk.services.people.link(desk.moderator, one.id, other.id)
    with pytest.raises(PermissionDeniedError):
        desk.services.people.unlink(desk.moderator, other.id)
    desk.services.access.switch(desk.admin.staff.id)
    agent = desk.services.access.introduce("Lou", Role.AGENT_311)
    with pytest.raises(PermissionDeniedError):
        desk.services.people.page(agent)
    with pytest.raises(PermissionDeniedError):
        desk.services.people.history(agent, one.id)
    assert "person.read" not in kinds(desk)


def test_a_decision_about_one_identity_refreshes_the_person_whom_cards_name(desk: Desk) -> None:
    desk.receive("c1", author="une")
    case = desk.receive("c2", author="autre")
    one, other = desk.services.people.page(desk.supervisor).rows
    kept, merged = (one, other) if one.name.endswith("une") else (other, one)
    desk.services.people.link(desk.supervisor, kept.id, merged.id)
    (card,) = desk.services.queue.rows([case])
    assert card.author_id == kept.id
    assert card.author_id in desk.decide(case, Action.WARN).people
