"""LinkedIn over real HTTP: reading, acting, looking back, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.messages import LINKEDIN, Kind
from console.domain.platforms import Act, Result, Target
from console.errors import (
    AccessLostError,
    EnvironmentProblemError,
    OfflineError,
    RateLimitedError,
    UncertainError,
)
from console.platforms.linkedin import LinkedInConnector
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.linkedin import LinkedinApi
from console.platforms.simulator.running import Simulator, running
from console.platforms.simulator.things import SimComment
from tests.platforms.connecting import Desk, Kept, no_wait, target_of, until_of

HOUR = timedelta(hours=1)


def connected(sim: Simulator, kept: Kept | None = None, **given_settings: str) -> LinkedInConnector:
    connection = sim.connection(LINKEDIN)
    connection = replace(connection, settings={**connection.settings, **given_settings})
    return LinkedInConnector(connection, kept or Kept(sim.tokens(LINKEDIN)), sim.clock, no_wait)


@pytest.fixture
def linkedin(sim: Simulator) -> Iterator[LinkedInConnector]:
    made = connected(sim)
    yield made
    made.close()


def linkedin_api(sim: Simulator) -> LinkedinApi:
    api = sim.api(LINKEDIN)
    assert isinstance(api, LinkedinApi)
    return api


def a_comment(sim: Simulator, text: str = "texte") -> SimComment:
    return sim.world.comment(sim.world.publish(LINKEDIN, "Annonce"), sim.world.person(LINKEDIN, "Ève"), text)


def urn(comment: SimComment) -> str:
    return f"urn:li:comment:({comment.post.id},{comment.id})"


def target(comment: SimComment) -> Target:
    found = target_of(comment, urn(comment))
    return replace(found, parent_external_id=urn(comment.parent) if comment.parent else "")


def test_comments_and_replies_come_in_without_names(sim: Simulator, linkedin: LinkedInConnector) -> None:
    comment = a_comment(sim, "Bonjour «à tous»")
    reply = sim.world.comment(comment.post, sim.world.cities[LINKEDIN], "Merci", parent=comment)
    desk = Desk()
    desk.collect(linkedin)
    top, answer = desk.known[urn(comment)], desk.known[urn(reply)]
    assert (top.text, top.post_text, top.post_external_id) == ("Bonjour «à tous»", "Annonce", comment.post.id)
    assert (top.author_external_id, top.author_name, top.by_city) == (comment.person.id, "", False)
    assert top.permalink.startswith(
        f"https://www.linkedin.com/feed/update/{comment.post.id}?commentUrn=urn%3Ali"
    )
    assert (answer.parent_external_id, answer.kind, answer.by_city) == (urn(comment), Kind.REPLY, True)


def test_replies_are_read_again_when_their_number_changes(
    sim: Simulator, linkedin: LinkedInConnector
) -> None:
    comment = a_comment(sim)
    first = sim.world.comment(comment.post, comment.person, "une", parent=comment)
    desk = Desk()
    desk.collect(linkedin)
    before = len(sim.calls)
    desk.collect(linkedin)
    assert len(sim.calls) - before == 2
    second = sim.world.comment(comment.post, comment.person, "deux", parent=comment)
    desk.collect(linkedin)
    assert set(desk.texts) == {urn(comment), urn(first), urn(second)}


def test_older_posts_are_read_once_an_hour(sim: Simulator, linkedin: LinkedInConnector) -> None:
    old = sim.world.publish(LINKEDIN, "Vieille annonce", at=sim.clock.now() - timedelta(days=9))
    desk = Desk()
    desk.collect(linkedin)
    late = sim.world.comment(old, sim.world.person(LINKEDIN, "Ève"), "tard")
    desk.collect(linkedin)
    assert not desk.known
    sim.clock.advance(HOUR)
    desk.collect(linkedin)
    assert set(desk.texts) == {urn(late)}


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    """One simulator for all examples of a property."""
    with running() as simulator:
        simulator.quota(LINKEDIN, left=1_000_000)
        yield simulator


@settings(max_examples=10)
@given(
    before=st.lists(st.integers(0, 130), min_size=1, max_size=2),
    newest_first=st.booleans(),
    shift=st.integers(0, 2),
    stop_at=st.integers(1, 5),
    removed=st.lists(st.integers(0, 129), max_size=20, unique=True),
    edited=st.lists(st.integers(0, 129), max_size=5),
    answered=st.lists(st.integers(0, 129), max_size=5),
)
def test_after_the_walks_everything_that_stands_is_known_once_with_its_newest_text(
    shared: Simulator,
    before: list[int],
    newest_first: bool,
    shift: int,
    stop_at: int,
    removed: list[int],
    edited: list[int],
    answered: list[int],
) -> None:
    """Offsets that shift both ways under the reader, either order, and a kill between two pages."""
    sim, world = shared, shared.world
    for left in world.posts(LINKEDIN):
        world.remove(left)
    linkedin_api(sim).newest_first = newest_first
    linkedin = connected(sim, Kept(sim.tokens(LINKEDIN)), calls="1000000", calls_reading="1000000")
    person, now = world.person(LINKEDIN, "Ève"), sim.clock.now()
    posts = [world.publish(LINKEDIN, f"Annonce {number}") for number in range(len(before))]
    made = [
        [world.comment(post, person, f"texte {n}", at=now - timedelta(minutes=n)) for n in range(many)]
        for post, many in zip(posts, before, strict=True)
    ]
    desk = Desk()
    sim.faults.shift(LINKEDIN, shift)
    desk.collect(linkedin, stop_at)
    standing = made[0]
    for index in removed:
        if index < len(standing):
            world.remove(standing[index])
    for index in edited:
        if index < len(standing) and not standing[index].removed:
            world.edit(standing[index], f"revu {index}")
    for index in answered:
        if index < len(standing) and not standing[index].removed:
            world.comment(posts[0], person, f"à {index}", parent=standing[index])
    desk.collect(linkedin)
    sim.faults.clear()
    desk.collect(linkedin)
    desk.look(linkedin, {urn(each) for each in standing if each.removed})
    linkedin.close()
    assert desk.texts == {urn(each): each.text for each in world.comments(LINKEDIN)}


def test_a_role_that_was_lost_deletes_nothing(sim: Simulator, linkedin: LinkedInConnector) -> None:
    comment = a_comment(sim)
    desk = Desk()
    desk.collect(linkedin)
    linkedin_api(sim).role_lost = True
    with pytest.raises(AccessLostError, match=r"platform\.permission"):
        desk.collect(linkedin)
    with pytest.raises(AccessLostError, match=r"platform\.permission"):
        linkedin.check()
    assert urn(comment) in desk.texts


def test_looking_tells_what_is_gone(sim: Simulator, linkedin: LinkedInConnector) -> None:
    here, gone = a_comment(sim, "ici"), a_comment(sim, "parti")
    sim.world.remove(gone)
    found = linkedin.look([urn(here), urn(gone), "autre chose"])
    assert set(found) == {urn(here), urn(gone)}
    assert found[urn(gone)] is None
    assert (found[urn(here)] or pytest.fail("missing")).text == "ici"


def test_deleting_and_where_it_is_refused(sim: Simulator, linkedin: LinkedInConnector) -> None:
    comment, other = a_comment(sim), a_comment(sim)
    receipt = linkedin.carry_out(Act.DELETE, target(comment))
    assert (receipt.result, receipt.status, bool(receipt.request_id)) == (Result.DONE, 204, True)
    assert comment.removed
    linkedin_api(sim).may_delete = False
    refused = linkedin.carry_out(Act.DELETE, target(other))
    assert (refused.result, refused.status, refused.code) == (Result.BY_HAND, 403, "ACCESS_DENIED")


def test_a_reply_under_a_comment_and_under_a_reply(sim: Simulator, linkedin: LinkedInConnector) -> None:
    comment = a_comment(sim)
    below = sim.world.comment(comment.post, comment.person, "bas", parent=comment)
    for each in (comment, below):
        receipt = linkedin.carry_out(Act.REPLY, target(each), "Merci d’écrire")
        made = sim.world.replies(comment)[-1]
        assert (receipt.result, receipt.status, receipt.external_id) == (Result.DONE, 201, urn(made))
        assert made.text == "Merci d’écrire"
    too_long = linkedin.carry_out(Act.REPLY, target(comment), "a" * 1_251)
    assert (too_long.result, too_long.code) == (Result.REFUSED, "ILLEGAL_ARGUMENT")


@pytest.mark.parametrize("act", [Act.HIDE, Act.UNHIDE, Act.BAN, Act.UNBAN, Act.REPORT, Act.MESSAGE])
def test_what_linkedin_does_not_offer_is_left_to_people(
    sim: Simulator, linkedin: LinkedInConnector, act: Act
) -> None:
    receipt = linkedin.carry_out(act, target(a_comment(sim)))
    assert receipt.result is Result.BY_HAND
    assert receipt.code.startswith("by_hand.")
    assert not sim.calls


def test_a_comment_from_a_file_has_no_name_to_act_on(sim: Simulator, linkedin: LinkedInConnector) -> None:
    receipt = linkedin.carry_out(Act.DELETE, replace(target(a_comment(sim)), external_id="vigie-0123"))
    assert receipt.result is Result.BY_HAND
    assert not sim.calls


@pytest.mark.parametrize("act", [Act.DELETE, Act.REPLY])
def test_a_comment_that_is_gone_is_no_failure(sim: Simulator, linkedin: LinkedInConnector, act: Act) -> None:
    comment = a_comment(sim)
    sim.world.remove(comment)
    receipt = linkedin.carry_out(act, target(comment), "Bonjour")
    assert (receipt.result, receipt.status) == (Result.GONE, 404)


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.SERVER_ERROR, Fault.TRANSIENT])
def test_a_reply_in_doubt_is_looked_for_before_it_is_sent_again(
    sim: Simulator, linkedin: LinkedInConnector, fault: Fault
) -> None:
    comment = a_comment(sim)
    since = sim.clock.now()
    sim.faults.next(LINKEDIN, "POST", "/socialActions/*", fault)
    with pytest.raises(UncertainError, match=r"platform\.uncertain"):
        linkedin.carry_out(Act.REPLY, target(comment), "Bonjour")
    receipt = linkedin.read_back(Act.REPLY, target(comment), "Bonjour", since)
    if fault is Fault.ANSWER_LOST:
        assert receipt is not None
        assert (receipt.result, receipt.external_id) == (Result.DONE, urn(sim.world.replies(comment)[0]))
    else:
        assert receipt is None
    assert linkedin.read_back(Act.REPLY, target(comment), "autre chose", since) is None


def test_looking_back_at_what_was_deleted(sim: Simulator, linkedin: LinkedInConnector) -> None:
    comment = a_comment(sim)
    now = sim.clock.now()
    assert linkedin.read_back(Act.DELETE, target(comment), "", now) is None
    sim.faults.next(LINKEDIN, "DELETE", "/socialActions/*", Fault.ANSWER_LOST)
    assert linkedin.carry_out(Act.DELETE, target(comment)).result is Result.GONE
    seen = linkedin.read_back(Act.DELETE, target(comment), "", now)
    assert seen is not None
    assert (seen.result, seen.read_back) == (Result.DONE, True)


def test_the_days_quota(sim: Simulator, linkedin: LinkedInConnector) -> None:
    sim.quota(LINKEDIN, left=0)
    with pytest.raises(RateLimitedError, match=r"platform\.rate_limited") as caught:
        Desk().collect(linkedin)
    assert until_of(caught.value) - sim.clock.now() == HOUR


def test_reading_leaves_acting_its_calls(sim: Simulator) -> None:
    comment = a_comment(sim)
    linkedin, desk = connected(sim, calls="60", calls_reading="20"), Desk()
    with pytest.raises(RateLimitedError):
        _read_on(desk, linkedin)
    assert linkedin.carry_out(Act.REPLY, target(comment), "Bonjour").result is Result.DONE
    (budget,) = linkedin.budgets()
    assert (budget.name, budget.limit) == ("calls", 60)
    assert 0 < budget.used < 60
    linkedin.close()


def _read_on(desk: Desk, linkedin: LinkedInConnector) -> None:
    for _ in range(100):
        desk.collect(linkedin)


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Fault.PERMISSION, "permission"), (Fault.BLOCKED, "blocked"), (Fault.TOKEN_EXPIRED, "token")],
)
def test_access_that_is_lost(sim: Simulator, linkedin: LinkedInConnector, fault: Fault, code: str) -> None:
    sim.faults.next(LINKEDIN, "GET", "/posts", fault)
    with pytest.raises(AccessLostError, match=rf"platform\.{code}"):
        Desk().collect(linkedin)


def test_a_token_that_ends_needs_a_person_and_the_new_one_is_taken_up(sim: Simulator) -> None:
    kept = Kept(sim.tokens(LINKEDIN))
    linkedin = connected(sim, kept)
    sim.clock.advance(timedelta(days=61))
    with pytest.raises(AccessLostError, match=r"platform\.token"):
        Desk().collect(linkedin)
    kept.tokens = sim.tokens(LINKEDIN)
    Desk().collect(linkedin)
    linkedin.close()


def test_without_a_version_of_its_own_one_that_is_served_is_asked_for(sim: Simulator) -> None:
    linkedin = connected(sim, version="")
    for _ in range(3):
        sim.clock.advance(timedelta(days=200))
        made = connected(sim, Kept(sim.tokens(LINKEDIN)), version="")
        assert made.check().external_id == sim.connection(LINKEDIN).external_id
        made.close()
    linkedin.close()
    old = connected(sim, Kept(sim.tokens(LINKEDIN)), version="201901")
    with pytest.raises(EnvironmentProblemError, match=r"platform\.answer.*NONEXISTENT_VERSION"):
        old.check()
    old.close()


def test_garbage_is_a_clear_error_and_reading_goes_on(sim: Simulator, linkedin: LinkedInConnector) -> None:
    post = sim.world.publish(LINKEDIN, "Annonce")
    for number in range(150):
        sim.world.comment(post, sim.world.person(LINKEDIN, "Ève"), f"texte {number}")
    desk = Desk()
    sim.faults.next(LINKEDIN, "GET", "/socialActions/*", Fault.GARBAGE, times=4)
    with pytest.raises(EnvironmentProblemError, match=r"platform\.answer"):
        desk.collect(linkedin)
    desk.collect(linkedin)
    assert len(desk.texts) == 150


def test_no_line_at_all(sim: Simulator, linkedin: LinkedInConnector) -> None:
    found = target(a_comment(sim))
    with sim.down(), pytest.raises(OfflineError, match=r"platform\.unreachable") as caught:
        linkedin.carry_out(Act.REPLY, found, "Bonjour")
    assert not isinstance(caught.value, UncertainError)


def test_who_the_token_is(sim: Simulator, linkedin: LinkedInConnector) -> None:
    health = linkedin.check()
    assert (health.external_id, health.missing) == (sim.connection(LINKEDIN).external_id, ())
    assert health.name == sim.world.cities[LINKEDIN].name
    linkedin.revoke()
