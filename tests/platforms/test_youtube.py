"""YouTube over real HTTP: reading, acting, looking back, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.messages import YOUTUBE, Kind
from console.domain.platforms import Act, Result
from console.errors import (
    AccessLostError,
    EnvironmentProblemError,
    OfflineError,
    RateLimitedError,
    UncertainError,
)
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.running import Simulator
from console.platforms.simulator.youtube import YoutubeApi
from console.platforms.youtube import YouTubeConnector
from tests.platforms.connecting import Desk, Kept, no_wait, target_of, until_of

HOUR = timedelta(hours=1)


def connected(sim: Simulator, kept: Kept | None = None, **settings: str) -> YouTubeConnector:
    connection = sim.connection(YOUTUBE)
    connection = replace(connection, settings={**connection.settings, **settings})
    return YouTubeConnector(connection, kept or Kept(sim.tokens(YOUTUBE)), sim.clock, no_wait)


@pytest.fixture
def youtube(sim: Simulator) -> Iterator[YouTubeConnector]:
    made = connected(sim)
    yield made
    made.close()


def youtube_api(sim: Simulator) -> YoutubeApi:
    api = sim.api(YOUTUBE)
    assert isinstance(api, YoutubeApi)
    return api


def test_comments_and_replies_come_in_with_their_video(sim: Simulator, youtube: YouTubeConnector) -> None:
    post = sim.world.publish(YOUTUBE, "Conseil de ville\ndescription")
    person = sim.world.person(YOUTUBE, "Ève")
    first = sim.world.comment(post, person, "Bonjour\r\n«à tous»")
    reply = sim.world.comment(post, sim.world.cities[YOUTUBE], "Merci", parent=first)
    desk = Desk()
    desk.collect(youtube)
    top, answer = desk.known[first.id], desk.known[reply.id]
    assert (top.text, top.post_text, top.post_external_id) == (
        "Bonjour\n«à tous»",
        "Conseil de ville",
        post.id,
    )
    assert (top.author_external_id, top.kind, top.by_city) == (person.id, Kind.COMMENT, False)
    assert top.permalink == f"https://www.youtube.com/watch?v={post.id}&lc={first.id}"
    assert (answer.parent_external_id, answer.kind, answer.by_city) == (first.id, Kind.REPLY, True)


def test_held_comments_and_those_taken_for_spam_come_in_too(
    sim: Simulator, youtube: YouTubeConnector
) -> None:
    post = sim.world.publish(YOUTUBE, "Film")
    person = sim.world.person(YOUTUBE, "Ève")
    made = [sim.world.comment(post, person, f"numéro {number}") for number in range(3)]
    for comment, status in zip(made, ("published", "heldForReview", "likelySpam"), strict=True):
        comment.status = status
    desk = Desk()
    desk.collect(youtube)
    assert set(desk.texts) == {each.id for each in made}


def test_more_replies_than_a_thread_shows_are_read_when_their_number_changes(
    sim: Simulator, youtube: YouTubeConnector
) -> None:
    post = sim.world.publish(YOUTUBE, "Film")
    person = sim.world.person(YOUTUBE, "Ève")
    top = sim.world.comment(post, person, "haut", at=sim.clock.now() - timedelta(days=3))
    made = [sim.world.comment(post, person, f"réponse {number}", parent=top) for number in range(130)]
    desk = Desk()
    desk.collect(youtube)
    assert set(desk.texts) == {top.id, *(each.id for each in made)}
    before = len(sim.calls)
    desk.collect(youtube)
    assert [call.path for call in sim.calls[before:]] == ["/commentThreads"] * 3
    late = sim.world.comment(post, person, "après trois jours", parent=top)
    desk.collect(youtube)
    assert late.id in desk.texts


def test_an_old_edited_comment_comes_again_within_the_hour(sim: Simulator, youtube: YouTubeConnector) -> None:
    post = sim.world.publish(YOUTUBE, "Film")
    old = sim.world.comment(
        post, sim.world.person(YOUTUBE, "Ève"), "avant", at=sim.clock.now() - timedelta(days=9)
    )
    desk = Desk()
    desk.collect(youtube)
    sim.world.edit(old, "après")
    sim.clock.advance(HOUR)
    desk.collect(youtube)
    assert desk.texts[old.id] == "après"


@settings(max_examples=15)
@given(
    before=st.integers(0, 230),
    replies=st.integers(0, 12),
    shift=st.integers(0, 3),
    stop_at=st.integers(1, 6),
    touched=st.lists(
        st.tuples(st.integers(0, 229), st.sampled_from(["edit", "remove", "answer"])), max_size=6
    ),
    lost=st.booleans(),
)
def test_after_the_walks_everything_that_stands_is_known_once_with_its_newest_text(
    shared: Simulator,
    before: int,
    replies: int,
    shift: int,
    stop_at: int,
    touched: list[tuple[int, str]],
    lost: bool,
) -> None:
    """Pages that shift under the reader, a kill between two pages, edits and removals meanwhile."""
    sim, world = shared, shared.world
    for comment in world.comments(YOUTUBE):
        world.remove(comment)
    youtube = connected(sim, units="1000000", units_reading="1000000")
    person = world.person(YOUTUBE, "Ève")
    post = world.publish(YOUTUBE, "Film")
    made = [
        world.comment(post, person, f"texte {n}", at=sim.clock.now() - timedelta(hours=n))
        for n in range(before)
    ]
    for number in range(replies if made else 0):
        world.comment(post, person, f"réponse {number}", parent=made[0])
    desk = Desk()
    sim.faults.shift(YOUTUBE, shift)
    desk.collect(youtube, stop_at)
    for index, what in touched:
        if index < len(made) and not made[index].removed:
            if what == "edit":
                world.edit(made[index], f"revu {index}")
            elif what == "answer":
                world.comment(post, person, f"à {index}", parent=made[index])
            else:
                world.remove(made[index])
    if lost:
        sim.faults.forget_pages(YOUTUBE)
    desk.collect(youtube)
    sim.faults.clear()
    sim.clock.advance(HOUR)
    desk.collect(youtube)
    desk.look(youtube)
    youtube.close()
    assert desk.texts == {each.id: each.text for each in world.comments(YOUTUBE)}


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    """One simulator for all examples of a property."""
    from console.platforms.simulator.running import running

    with running() as simulator:
        simulator.quota(YOUTUBE, left=1_000_000)
        yield simulator


def test_looking_tells_what_is_gone(sim: Simulator, youtube: YouTubeConnector) -> None:
    post = sim.world.publish(YOUTUBE, "Film")
    person = sim.world.person(YOUTUBE, "Ève")
    here, gone = (sim.world.comment(post, person, text) for text in ("ici", "parti"))
    sim.world.remove(gone)
    found = youtube.look([here.id, gone.id, here.id])
    assert found[gone.id] is None
    assert (found[here.id] or pytest.fail("missing")).text == "ici"
    assert youtube.look([]) == {}


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (Act.HIDE, "heldForReview"),
        (Act.UNHIDE, "published"),
        (Act.DELETE, "rejected"),
        (Act.BAN, "rejected"),
    ],
)
def test_acts_that_moderate(sim: Simulator, youtube: YouTubeConnector, act: Act, status: str) -> None:
    post = sim.world.publish(YOUTUBE, "Film")
    person = sim.world.person(YOUTUBE, "Ève")
    comment = sim.world.comment(post, person, "texte")
    if act is Act.UNHIDE:
        comment.status = "heldForReview"
    receipt = youtube.carry_out(act, target_of(comment))
    assert (receipt.result, receipt.status, receipt.act) == (Result.DONE, 204, act)
    assert comment.status == status
    assert (person.id in sim.world.banned(YOUTUBE)) is (act is Act.BAN)


def test_a_reply_goes_under_the_top_comment_and_its_receipt_holds_no_text(
    sim: Simulator, youtube: YouTubeConnector
) -> None:
    post = sim.world.publish(YOUTUBE, "Film")
    person = sim.world.person(YOUTUBE, "Ève")
    top = sim.world.comment(post, person, "haut")
    below = sim.world.comment(post, person, "bas", parent=top)
    receipt = youtube.carry_out(Act.REPLY, target_of(below), "Merci d’écrire")
    (made,) = sim.world.replies(top)
    assert (receipt.result, receipt.external_id, made.text) == (Result.DONE, made.id, "Merci d’écrire")
    assert "Merci" not in receipt.answer
    assert len(receipt.answer) <= 500
    assert "Ève" not in receipt.answer


@pytest.mark.parametrize("act", [Act.UNBAN, Act.REPORT, Act.MESSAGE])
def test_what_youtube_does_not_offer_is_left_to_people(
    sim: Simulator, youtube: YouTubeConnector, act: Act
) -> None:
    comment = sim.world.comment(sim.world.publish(YOUTUBE, "Film"), sim.world.person(YOUTUBE, "Ève"), "texte")
    receipt = youtube.carry_out(act, target_of(comment))
    assert receipt.result is Result.BY_HAND
    assert receipt.code.startswith("by_hand.")
    assert youtube.read_back(act, target_of(comment), "", sim.clock.now()) is None
    assert not sim.calls


@pytest.mark.parametrize("act", [Act.HIDE, Act.DELETE, Act.BAN, Act.REPLY])
def test_a_comment_that_is_gone_is_no_failure(sim: Simulator, youtube: YouTubeConnector, act: Act) -> None:
    comment = sim.world.comment(sim.world.publish(YOUTUBE, "Film"), sim.world.person(YOUTUBE, "Ève"), "texte")
    sim.world.remove(comment)
    receipt = youtube.carry_out(act, target_of(comment), "Bonjour")
    assert (receipt.result, receipt.status) == (Result.GONE, 404)
    assert receipt.code in {"commentNotFound", "parentCommentNotFound"}


def test_refusals_keep_the_platforms_own_reason(sim: Simulator, youtube: YouTubeConnector) -> None:
    post = sim.world.publish(YOUTUBE, "Film")
    comment = sim.world.comment(post, sim.world.person(YOUTUBE, "Ève"), "texte")
    post.closed = True
    closed = youtube.carry_out(Act.REPLY, target_of(comment), "Bonjour")
    assert (closed.result, closed.code, closed.status) == (Result.REFUSED, "commentsDisabled", 403)
    sim.faults.next(YOUTUBE, "POST", "/comments/setModerationStatus", Fault.PERMISSION)
    forbidden = youtube.carry_out(Act.HIDE, target_of(comment))
    assert (forbidden.result, forbidden.code) == (Result.BY_HAND, "forbidden")
    too_long = youtube.carry_out(Act.REPLY, target_of(comment), "a" * 10_001)
    assert (too_long.result, too_long.code) == (Result.REFUSED, "commentTextTooLong")


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GARBAGE, Fault.SERVER_ERROR, Fault.TRANSIENT])
def test_a_reply_in_doubt_is_looked_for_before_it_is_sent_again(
    sim: Simulator, youtube: YouTubeConnector, fault: Fault
) -> None:
    comment = sim.world.comment(sim.world.publish(YOUTUBE, "Film"), sim.world.person(YOUTUBE, "Ève"), "texte")
    target, since, text = target_of(comment), sim.clock.now(), "Voir https://ville.example/a?b=1&c=2"
    sim.faults.next(YOUTUBE, "POST", "/comments", fault)
    with pytest.raises(UncertainError, match=r"platform\.uncertain"):
        youtube.carry_out(Act.REPLY, target, text)
    receipt = youtube.read_back(Act.REPLY, target, text, since)
    if fault in {Fault.ANSWER_LOST, Fault.GARBAGE}:
        assert receipt is not None
        assert (receipt.result, receipt.read_back) == (Result.DONE, True)
        assert receipt.external_id == sim.world.replies(comment)[0].id
    else:
        assert receipt is None
        assert not sim.world.replies(comment)
    assert youtube.read_back(Act.REPLY, target, "autre chose", since) is None
    assert youtube.read_back(Act.REPLY, target, text, since + HOUR) is None


def test_a_moderation_in_doubt_is_repeated_by_itself(sim: Simulator, youtube: YouTubeConnector) -> None:
    comment = sim.world.comment(sim.world.publish(YOUTUBE, "Film"), sim.world.person(YOUTUBE, "Ève"), "texte")
    sim.faults.next(YOUTUBE, "POST", "/comments/setModerationStatus", Fault.ANSWER_LOST)
    sim.faults.next(YOUTUBE, "POST", "/comments/setModerationStatus", Fault.TRANSIENT)
    assert youtube.carry_out(Act.BAN, target_of(comment)).result is Result.DONE


def test_looking_back_at_what_was_moderated(sim: Simulator, youtube: YouTubeConnector) -> None:
    comment = sim.world.comment(sim.world.publish(YOUTUBE, "Film"), sim.world.person(YOUTUBE, "Ève"), "texte")
    target, now = target_of(comment), sim.clock.now()
    assert youtube.read_back(Act.HIDE, target, "", now) is None
    assert youtube.read_back(Act.BAN, target, "", now) is None
    comment.status = "heldForReview"
    hidden = youtube.read_back(Act.HIDE, target, "", now)
    assert hidden is not None
    assert hidden.result is Result.DONE
    comment.status = "rejected"
    deleted = youtube.read_back(Act.DELETE, target, "", now)
    assert deleted is not None
    assert deleted.result is Result.DONE
    gone = youtube.read_back(Act.HIDE, target, "", now)
    assert gone is not None
    assert gone.result is Result.GONE
    with pytest.raises(UncertainError):
        youtube.read_back(Act.BAN, target, "", now)


def test_a_token_that_ends_in_mid_batch_is_renewed_once_and_kept_before_it_is_used(sim: Simulator) -> None:
    kept = Kept(sim.tokens(YOUTUBE))
    youtube = connected(sim, kept)
    comment = sim.world.comment(sim.world.publish(YOUTUBE, "Film"), sim.world.person(YOUTUBE, "Ève"), "texte")
    Desk().collect(youtube)
    sim.clock.advance(2 * HOUR)
    receipt = youtube.carry_out(Act.REPLY, target_of(comment), "Bonjour")
    assert receipt.result is Result.DONE
    assert len(sim.world.replies(comment)) == 1
    assert len(kept.written) == 1
    assert kept.tokens.refresh == kept.written[0].refresh
    youtube.close()


def test_a_token_that_another_connector_renewed_is_taken_over(sim: Simulator) -> None:
    kept = Kept(sim.tokens(YOUTUBE))
    one, other = connected(sim, kept), connected(sim, kept)
    one.check(), other.check()
    sim.clock.advance(2 * HOUR)
    one.check()
    assert other.check().external_id == sim.connection(YOUTUBE).external_id
    assert len(kept.written) == 1
    one.close()
    other.close()


def test_without_a_refresh_token_somebody_connects_again(sim: Simulator) -> None:
    youtube = connected(sim, Kept(replace(sim.tokens(YOUTUBE), refresh="")))
    sim.clock.advance(2 * HOUR)
    with pytest.raises(AccessLostError, match=r"platform\.token"):
        youtube.check()
    youtube.close()


def test_the_days_units_used_up_by_others_stop_everything_until_midnight_in_california(
    sim: Simulator, youtube: YouTubeConnector
) -> None:
    sim.quota(YOUTUBE, left=0)
    with pytest.raises(RateLimitedError) as caught:
        Desk().collect(youtube)
    assert until_of(caught.value).isoformat() == "2026-10-15T07:00:00+00:00"
    calls = len(sim.calls)
    with pytest.raises(RateLimitedError):
        youtube.check()
    assert len(sim.calls) == calls
    (budget,) = youtube.budgets()
    assert (budget.name, budget.used, budget.limit) == ("units", 10_000, 10_000)


def test_reading_leaves_acting_its_units_also_after_a_restart(sim: Simulator) -> None:
    desk = Desk()
    comment = sim.world.comment(sim.world.publish(YOUTUBE, "Film"), sim.world.person(YOUTUBE, "Ève"), "texte")
    youtube = connected(sim, units="200", units_reading="40")
    caught = _until_it_must_wait(desk, youtube)
    assert 10 < len(sim.calls) < 50
    youtube.close()
    again = connected(sim, units="200", units_reading="40")
    with pytest.raises(RateLimitedError):
        desk.collect(again)
    assert again.carry_out(Act.HIDE, target_of(comment)).result is Result.DONE
    sim.clock.set(until_of(caught))
    desk.collect(again)
    again.close()


def _until_it_must_wait(desk: Desk, youtube: YouTubeConnector) -> RateLimitedError:
    for _ in range(100):
        try:
            desk.collect(youtube)
        except RateLimitedError as error:
            return error
    pytest.fail("reading never waits")


def test_too_many_calls_at_once_wait_a_minute(sim: Simulator, youtube: YouTubeConnector) -> None:
    sim.faults.next(YOUTUBE, "GET", "/commentThreads", Fault.RATE_LIMITED)
    with pytest.raises(RateLimitedError) as caught:
        Desk().collect(youtube)
    assert until_of(caught.value) - sim.clock.now() == timedelta(minutes=1)


def test_a_suspended_channel_stops(sim: Simulator, youtube: YouTubeConnector) -> None:
    sim.faults.next(YOUTUBE, "GET", "/commentThreads", Fault.BLOCKED)
    with pytest.raises(AccessLostError, match=r"platform\.blocked"):
        Desk().collect(youtube)


def test_garbage_is_a_clear_error_and_reading_goes_on_where_it_was(
    sim: Simulator, youtube: YouTubeConnector
) -> None:
    post = sim.world.publish(YOUTUBE, "Film")
    for number in range(150):
        sim.world.comment(post, sim.world.person(YOUTUBE, "Ève"), f"texte {number}")
    desk = Desk()
    desk.collect(youtube, 1)
    sim.faults.next(YOUTUBE, "GET", "/commentThreads", Fault.GARBAGE, times=4)
    with pytest.raises(EnvironmentProblemError, match=r"platform\.answer"):
        desk.collect(youtube)
    desk.collect(youtube)
    assert len(desk.texts) == 150


def test_no_line_at_all(sim: Simulator, youtube: YouTubeConnector) -> None:
    comment = sim.world.comment(sim.world.publish(YOUTUBE, "Film"), sim.world.person(YOUTUBE, "Ève"), "texte")
    with sim.down(), pytest.raises(OfflineError, match=r"platform\.unreachable") as caught:
        youtube.carry_out(Act.REPLY, target_of(comment), "Bonjour")
    assert not isinstance(caught.value, UncertainError)


def test_who_the_token_is(sim: Simulator, youtube: YouTubeConnector) -> None:
    health = youtube.check()
    assert (health.external_id, health.missing) == (sim.connection(YOUTUBE).external_id, ())
    assert health.name == sim.world.cities[YOUTUBE].name


def test_revoking_makes_the_tokens_void(sim: Simulator, youtube: YouTubeConnector) -> None:
    youtube.revoke()
    with pytest.raises(AccessLostError):
        youtube.check()
