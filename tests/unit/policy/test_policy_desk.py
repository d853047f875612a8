"""The administrator's part: official wording and the directory, on a real store, with journal and rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.ids import RuleId
from console.domain.journal import Event
from console.errors import PermissionDeniedError, ValidationError, VigieError
from console.netiquette.policy_loader import shipped
from console.services.policy import COORDINATES, OFFICIAL, PolicyDesk, apply_policy_event, overlaid
from console.store.database import open_store
from tests.desks import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def last_event(desk: Desk) -> Event:
    return list(desk.db.reads.journal())[-1].event


def test_without_settings_the_policy_is_the_one_of_the_file(desk: Desk) -> None:
    policy = desk.services.policy
    assert policy.version() == shipped().version
    assert [each.number for each in policy.articles()][:2] == ["1", "2"]
    assert RuleId("insult") in policy.article("4").rules
    assert policy.rules()[RuleId("advertising")].title == "Publicité"
    assert not policy.has_311_coordinates()
    assert list(policy.placeholders()) == list(shipped().placeholders)


def test_official_wording_makes_a_version_and_is_kept_word_for_word_in_the_journal(desk: Desk) -> None:
    policy = desk.services.policy
    before = policy.version()
    made = policy.set_official_wording(desk.admin, {"4": " Texte officiel.\r\nSuite. ", "8": "Huit."})
    assert made == policy.version() != before
    assert policy.article("4").official == "Texte officiel.\nSuite."
    assert policy.article("4").summary == shipped().articles["4"].summary
    event = last_event(desk)
    assert event.kind == "policy.official_set"
    assert event.actor == desk.admin.staff.id
    assert event.payload["wording"] == {"4": "Texte officiel.\nSuite.", "8": "Huit."}
    assert (event.payload["before"], event.payload["after"]) == (str(before), str(made))


def test_a_blank_text_brings_the_summary_back_and_others_stay(desk: Desk) -> None:
    policy = desk.services.policy
    policy.set_official_wording(desk.admin, {"4": "Quatre."})
    policy.set_official_wording(desk.admin, {"8": "Huit."})
    assert (policy.article("4").official, policy.article("8").official) == ("Quatre.", "Huit.")
    policy.set_official_wording(desk.admin, {"4": " ", "8": ""})
    assert policy.version() == shipped().version


def test_a_filled_coordinate_opens_the_redirect_and_leaves_the_version(desk: Desk) -> None:
    policy = desk.services.policy
    policy.set_coordinate(desk.admin, "telephone_311", " 819 555-0100 ")
    assert policy.coordinates()["telephone_311"] == "819 555-0100"
    assert list(policy.coordinates()) == list(shipped().coordinates)
    assert policy.has_311_coordinates()
    assert policy.version() == shipped().version
    assert dict(last_event(desk).payload) == {
        "coordinate": "telephone_311",
        "before": "",
        "after": "819 555-0100",
    }
    policy.set_coordinate(desk.admin, "telephone_311", "")
    assert not policy.has_311_coordinates()


def test_settings_outlive_the_program(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        made = desk.services.policy.set_official_wording(desk.admin, {"1": "Un."})
        desk.services.policy.set_coordinate(desk.admin, "site_web", "ville.example")
        place, clock = desk.db.path, desk.clock
    reopened = open_store(place, clock)
    try:
        policy = PolicyDesk(reopened, clock, shipped())
        assert policy.version() == made
        assert policy.coordinates()["site_web"] == "ville.example"
    finally:
        reopened.close()


@pytest.mark.parametrize("role", ["moderator", "supervisor"])
def test_only_an_administrator_may_change_the_policy(desk: Desk, role: str) -> None:
    actor = getattr(desk, role)
    for attempt in (
        lambda: desk.services.policy.set_coordinate(actor, "telephone_311", "819 555-0100"),
        lambda: desk.services.policy.set_official_wording(actor, {"4": "…"}),
    ):
        with pytest.raises(PermissionDeniedError):
            attempt()
    assert desk.services.policy.policy() == shipped()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda desk: desk.services.policy.set_official_wording(desk.admin, {"11": "…"}), "article_unknown"),
        (lambda desk: desk.services.policy.set_official_wording(desk.admin, {"4": "a" * 20_001}), "too_long"),
        (lambda desk: desk.services.policy.set_coordinate(desk.admin, "fax", "1"), "coordinate_unknown"),
        (lambda desk: desk.services.policy.set_coordinate(desk.admin, "site_web", "1" * 501), "too_long"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    desk: Desk, change: Callable[[Desk], object], code: str
) -> None:
    length = len(list(desk.db.reads.journal()))
    with pytest.raises(ValidationError) as raised:
        change(desk)
    assert raised.value.code == f"policy.{code}"
    assert len(list(desk.db.reads.journal())) == length
    assert desk.services.policy.policy() == shipped()


def test_an_unknown_article_is_said(desk: Desk) -> None:
    with pytest.raises(ValidationError) as raised:
        desk.services.policy.article("12")
    assert raised.value.code == "policy.article_unknown"


class _JournalBrokenError(VigieError):
    pass


class _BreaksAtJournal:
    """The desk's store, but every journal entry fails: the disk is full at the worst moment."""

    def __init__(self, desk: Desk) -> None:
        self._db = desk.db
        self.reads = desk.db.reads
        self.desk = desk.db.desk
        self.path = desk.db.path

    @contextmanager
    def write(self) -> Iterator[Any]:
        with self._db.write() as work:
            yield _Unit(work)

    def close(self) -> None:
        self._db.close()


class _Unit:
    def __init__(self, work: Any) -> None:
        self.setting, self.put_setting = work.setting, work.put_setting

    def append(self, event: Event) -> None:
        raise _JournalBrokenError(event.kind)


def test_without_its_journal_entry_nothing_is_changed(desk: Desk) -> None:
    broken = PolicyDesk(_BreaksAtJournal(desk), desk.clock, shipped())
    with pytest.raises(_JournalBrokenError):
        broken.set_official_wording(desk.admin, {"4": "Quatre."})
    with pytest.raises(_JournalBrokenError):
        broken.set_coordinate(desk.admin, "telephone_311", "819 555-0100")
    assert desk.db.reads.setting(OFFICIAL) is None
    assert desk.db.reads.setting(COORDINATES) is None
    assert desk.services.history.verify(lambda done, total: None) is None


def test_settings_of_an_older_file_are_left_aside_and_stay(desk: Desk) -> None:
    with desk.db.write() as work:
        work.put_setting(OFFICIAL, {"12": "Ancien article."})
        work.put_setting(COORDINATES, {"telecopieur": "819 555-0101"})
    assert desk.services.policy.policy() == shipped()
    desk.services.policy.set_coordinate(desk.admin, "telephone_311", "819 555-0100")
    desk.services.policy.set_official_wording(desk.admin, {"4": "Quatre."})
    assert desk.db.reads.setting(COORDINATES)["telecopieur"] == "819 555-0101"
    assert desk.db.reads.setting(OFFICIAL)["12"] == "Ancien article."


def test_a_pasted_text_with_half_a_character_is_kept_without_it(desk: Desk) -> None:
    desk.services.policy.set_official_wording(desk.admin, {"4": "Quatre \ud83d fin."})
    assert desk.services.policy.article("4").official == "Quatre ? fin."


@given(
    st.dictionaries(st.text(max_size=4), st.text(max_size=20), max_size=4),
    st.dictionaries(st.text(max_size=4), st.text(max_size=20), max_size=4),
)
def test_any_stored_settings_give_a_policy(official: dict[str, str], coordinates: dict[str, str]) -> None:
    policy = overlaid(shipped(), official, coordinates)
    assert list(policy.articles) == list(shipped().articles)
    assert list(policy.coordinates) == list(shipped().coordinates)


def test_a_list_makes_a_version_and_is_kept_in_the_journal(desk: Desk) -> None:
    policy = desk.services.policy
    before = policy.version()
    made = policy.set_list(desk.admin, "candidates", ["  Lucie  Exemple ", "", "Marc Fictif", "Marc Fictif"])
    assert policy.lists()["candidates"] == ("Lucie Exemple", "Marc Fictif")
    assert made == policy.version() != before
    event = last_event(desk)
    assert (event.kind, event.subject) == ("policy.list_set", "candidates")
    assert event.payload["after"] == ["Lucie Exemple", "Marc Fictif"]
    assert policy.lists()["public_domains"] == shipped().lists["public_domains"]
    policy.set_list(desk.admin, "candidates", [])
    assert policy.version() == before


@pytest.mark.parametrize(
    ("key", "entry", "code"),
    [
        ("candidates", "https://x.example", "policy.list_entry"),
        ("candidates", "7", "policy.list_entry"),
        ("public_domains", "pas un domaine", "policy.list_entry"),
        ("election_periods", "2025-11-02 2025-09-19", "policy.list_entry"),
        ("election_periods", "2025-13-02 2025-14-19", "policy.list_entry"),
        ("autre", "x", "policy.list_unknown"),
    ],
)
def test_what_does_not_fit_a_list_changes_nothing(desk: Desk, key: str, entry: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        desk.services.policy.set_list(desk.admin, key, [entry])
    assert caught.value.code == code
    assert desk.services.policy.lists() == shipped().lists


def test_a_list_of_another_desk_is_put_in_force(desk: Desk) -> None:
    with desk.db.write() as work:
        apply_policy_event(work, "policy.list_set", {"list": "council", "after": ["Lucie Exemple"]})
    assert desk.services.policy.lists()["council"] == ("Lucie Exemple",)
    with desk.db.write() as work:
        apply_policy_event(work, "policy.list_set", {"list": "d'une autre version", "after": ["x"]})
    assert desk.services.policy.lists()["council"] == ("Lucie Exemple",)
