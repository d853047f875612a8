"""The queue as the screen uses it: frozen lists, saved views, notes."""

from __future__ import annotations

import hashlib

import pytest

from console.domain.decisions import Action
from console.domain.ids import MessageId, RuleId
from console.domain.roles import Role
from console.errors import ConflictError, PermissionDeniedError, ValidationError
from console.services.rows import QueueFilter, SavedView, Sort
from tests.desks import Desk


def test_a_frozen_list_does_not_grow_and_says_how_many_wait(desk: Desk) -> None:
    queue = desk.services.queue
    first = desk.receive("c1")
    mark = queue.watermark()
    frozen = QueueFilter(arrived_before=mark + 1)
    second = desk.receive("c2")
    assert [row.id for row in queue.page(frozen, Sort.NEWEST).rows] == [first]
    assert queue.arrivals(QueueFilter(), mark) == 1
    assert {row.id for row in queue.page(QueueFilter(), Sort.NEWEST).rows} == {first, second}
    assert queue.matches(QueueFilter()) == 2


def test_cards_refresh_in_place(desk: Desk) -> None:
    case = desk.receive("c1")
    desk.decide(case, Action.KEEP)
    (card,) = desk.services.queue.rows([case])
    assert (card.decided_by, card.decided_actions) == ("Camille", (Action.KEEP,))
    assert desk.services.queue.counts(desk.moderator).pending == 0


def test_an_unknown_case_is_said(desk: Desk) -> None:
    with pytest.raises(ConflictError, match=r"case\.unknown"):
        desk.services.queue.detail(MessageId("nowhere"))


def test_views_are_kept_by_name_without_what_belongs_to_the_moment(desk: Desk) -> None:
    queue = desk.services.queue
    chosen = QueueFilter(rules=frozenset({RuleId("hate")}), text="rue", arrived_before=12, emergency=True)
    queue.save_view(desk.moderator, SavedView("  Haine   en ligne ", chosen, Sort.OLDEST))
    queue.save_view(desk.moderator, SavedView("Tout", QueueFilter(), Sort.NEWEST))
    queue.save_view(desk.moderator, SavedView("Haine en ligne", chosen, Sort.PRIORITY))
    first, second = queue.views()
    assert (first.name, first.sort, second.name) == ("Haine en ligne", Sort.PRIORITY, "Tout")
    assert first.filter == QueueFilter(rules=frozenset({RuleId("hate")}), text="rue")
    queue.drop_view(desk.moderator, "Tout")
    queue.drop_view(desk.moderator, "jamais vue")
    assert [view.name for view in queue.views()] == ["Haine en ligne"]


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_a_view_without_a_name_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(ValidationError, match=r"view\.name_missing"):
        desk.services.queue.save_view(desk.moderator, SavedView(name, QueueFilter(), Sort.NEWEST))


def test_a_note_is_shown_and_recorded_by_its_hash_only(desk: Desk) -> None:
    case = desk.receive("c1")
    changed = desk.services.queue.add_note(desk.moderator, case, "  voir avec le 311 ")
    assert changed.messages == {case}
    (note,) = desk.detail(case).notes
    assert (note.author, note.text, note.at) == ("Camille", "voir avec le 311", desk.clock.now())
    said = list(desk.db.reads.journal())[-1].event
    digest = hashlib.sha256(b"voir avec le 311").hexdigest()
    assert (said.kind, said.subject, said.payload) == ("note.added", case, {"sha256": digest})


def test_a_note_that_cannot_be_kept_leaves_no_trace(desk: Desk) -> None:
    case = desk.receive("c1")
    before = desk.db.reads.journal_head()
    with pytest.raises(ValidationError, match=r"note\.empty"):
        desk.services.queue.add_note(desk.moderator, case, " \n")
    with pytest.raises(ConflictError, match=r"case\.unknown"):
        desk.services.queue.add_note(desk.moderator, MessageId("nowhere"), "mot")
    desk.services.access.switch(desk.admin.staff.id)
    auditor = desk.services.access.introduce("Vera", Role.AUDITOR)
    head = desk.db.reads.journal_head()
    with pytest.raises(PermissionDeniedError):
        desk.services.queue.add_note(auditor, case, "mot")
    assert desk.db.reads.journal_head() == head
    assert head != before
    assert desk.detail(case).notes == ()
