"""X over real HTTP: reading, acting, looking back, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.messages import Channel, Kind, X
from console.domain.platforms import Act, Result
from console.errors import (
    AccessLostError,
    EnvironmentProblemError,
    OfflineError,
    RateLimitedError,
    UncertainError,
)
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.running import Simulator, running
from console.platforms.simulator.things import SimComment
from console.platforms.x import XConnector
from tests.platforms.connecting import Desk, Kept, no_wait, private_target, target_of, until_of

HOUR = timedelta(hours=1)


def connected(sim: Simulator, kept: Kept | None = None, **given: str) -> XConnector:
    connection = sim.connection(X)
    connection = replace(connection, settings={**connection.settings, **given})
    return XConnector(connection, kept or Kept(sim.tokens(X)), sim.clock, no_wait)


@pytest.fixture
def x(sim: Simulator) -> Iterator[XConnector]:
    made = connected(sim)
    yield made
    made.close()


def summoned(sim: Simulator, text: str = "@villeessai Bonjour") -> SimComment:
    return sim.world.comment(sim.world.publish(X, "Publication"), sim.world.person(X, "Ève"), text)


def test_mentions_come_in_with_the_publication_and_the_persons_name(sim: Simulator, x: XConnector) -> None:
    comment = summoned(sim, "@villeessai C’est <bon> & bien")
    below = sim.world.comment(comment.post, comment.person, "@villeessai et ceci", parent=comment)
    desk = Desk()
    desk.collect(x)
    found = desk.known[comment.id]
    assert found.text == "@villeessai C’est <bon> & bien"
    assert (found.author_external_id, found.by_city, found.kind) == (comment.person.id, False, Kind.COMMENT)
    assert found.author_name.startswith("Ève (@")
    assert (found.post_external_id, found.parent_external_id) == (comment.post.id, "")
    assert found.permalink == f"https://x.com/i/status/{comment.id}"
    assert (desk.known[below.id].parent_external_id, desk.known[below.id].kind) == (comment.id, Kind.REPLY)


def test_a_mention_in_a_post_of_its_own(sim: Simulator, x: XConnector) -> None:
    person = sim.world.person(X, "Ève")
    post = sim.world.publish(X, "@villeessai un nid-de-poule!", by=person)
    desk = Desk()
    desk.collect(x)
    assert (desk.known[post.id].post_external_id, desk.known[post.id].kind) == ("", Kind.COMMENT)


def test_replies_that_do_not_name_the_city_are_found_in_its_conversations(
    sim: Simulator, x: XConnector
) -> None:
    post = sim.world.publish(X, "Publication")
    one = sim.world.comment(post, sim.world.person(X, "Ève"), "sans nommer personne")
    own = sim.world.comment(post, sim.world.cities[X], "Merci", parent=one)
    desk = Desk()
    desk.collect(x)
    assert set(desk.texts) == {one.id, own.id}
    assert desk.known[own.id].by_city
    assert desk.known[one.id].post_text == "Publication"
    nested = sim.world.comment(post, sim.world.person(X, "Luc"), "à toi", parent=one)
    sim.clock.advance(HOUR)
    desk.collect(x)
    assert nested.id in desk.texts


def test_conversations_are_not_searched_when_nothing_changed(sim: Simulator, x: XConnector) -> None:
    summoned(sim)
    desk = Desk()
    desk.collect(x)
    sim.clock.advance(timedelta(minutes=6))
    before = len(sim.calls)
    desk.collect(x)
    me = sim.connection(X).external_id
    paths = [call.path for call in sim.calls[before:]]
    assert paths == [f"/2/users/{me}/mentions", f"/2/users/{me}/tweets", "/2/dm_events"]
    before = len(sim.calls)
    desk.collect(x)
    assert [call.path for call in sim.calls[before:]] == [f"/2/users/{me}/mentions"]


def test_private_messages_come_in_and_are_never_asked_for_as_posts(sim: Simulator, x: XConnector) -> None:
    person = sim.world.person(X, "Ève")
    message = sim.world.message(X, person, "en privé")
    answer = sim.world.send(person, "réponse")
    desk = Desk()
    desk.collect(x)
    found = desk.known[f"dm:{message.id}"]
    assert (found.channel, found.kind, found.by_city) == (Channel.PRIVATE, Kind.PRIVATE_MESSAGE, False)
    assert (found.author_external_id, found.text) == (person.id, "en privé")
    assert desk.known[f"dm:{answer.id}"].by_city
    before = len(sim.calls)
    assert x.look([f"dm:{message.id}"]) == {}
    assert len(sim.calls) == before


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    """One simulator for all examples of a property."""
    with running() as simulator:
        yield simulator


@settings(max_examples=10)
@given(
    mentions=st.integers(0, 130),
    replies=st.integers(0, 30),
    private=st.integers(0, 120),
    shift=st.integers(0, 3),
    stop_at=st.integers(1, 6),
    removed=st.lists(st.integers(0, 129), max_size=5),
    lost=st.booleans(),
)
def test_after_the_walks_everything_that_stands_is_known_once(
    shared: Simulator,
    mentions: int,
    replies: int,
    private: int,
    shift: int,
    stop_at: int,
    removed: list[int],
    lost: bool,
) -> None:
    """Pages that shift under the reader, a kill between two pages, removals meanwhile."""
    sim, world = shared, shared.world
    sim.clock.advance(timedelta(days=40))
    for left in world.posts(X):
        world.remove(left)
    for comment in world.comments(X):
        world.remove(comment)
    x = connected(sim, Kept(sim.tokens(X)))
    person, post = world.person(X, "Ève"), world.publish(X, "Publication")
    now = sim.clock.now()
    made = [
        world.comment(post, person, f"@villeessai {n}", at=now - timedelta(hours=n / 2))
        for n in range(mentions)
    ]
    for number in range(replies):
        world.comment(post, person, f"sans nom {number}", parent=made[0] if made and number % 2 else None)
    messages = [world.message(X, person, f"privé {number}") for number in range(private)]
    desk = Desk()
    sim.faults.shift(X, shift)
    desk.collect(x, stop_at)
    for index in removed:
        if index < len(made):
            world.remove(made[index])
    if lost:
        sim.faults.forget_pages(X)
    desk.collect(x)
    sim.faults.clear()
    for _ in range(2):
        sim.clock.advance(HOUR)
        desk.collect(x)
    desk.look(x)
    x.close()
    expected = {each.id: each.text for each in world.comments(X)}
    expected |= {f"dm:{each.id}": each.text for each in messages}
    assert desk.texts == expected


def test_looking_tells_gone_from_kept_out(sim: Simulator, x: XConnector) -> None:
    here, gone = summoned(sim), summoned(sim)
    sim.world.remove(gone)
    found = x.look([here.id, gone.id])
    assert found[gone.id] is None
    assert (found[here.id] or pytest.fail("missing")).text == here.text
    assert x.look([gone.id]) == {gone.id: None}


def test_hiding_and_showing_again(sim: Simulator, x: XConnector) -> None:
    comment = summoned(sim)
    assert x.carry_out(Act.HIDE, target_of(comment)).result is Result.DONE
    assert comment.hidden
    receipt = x.carry_out(Act.UNHIDE, target_of(comment))
    assert (receipt.result, receipt.status, bool(receipt.request_id)) == (Result.DONE, 200, True)
    assert not comment.hidden


def test_in_threads_of_others_hiding_and_replying_are_left_to_people(sim: Simulator, x: XConnector) -> None:
    person = sim.world.person(X, "Ève")
    other = sim.world.publish(X, "Fil d’une autre personne", by=person)
    comment = sim.world.comment(other, person, "sans mention")
    hidden = x.carry_out(Act.HIDE, target_of(comment))
    assert (hidden.result, hidden.status) == (Result.BY_HAND, 403)
    replied = x.carry_out(Act.REPLY, target_of(comment), "Bonjour")
    assert (replied.result, replied.status, bool(replied.code)) == (Result.BY_HAND, 403, True)
    assert not sim.world.replies(comment)


def test_a_reply_to_somebody_who_asked(sim: Simulator, x: XConnector) -> None:
    comment = summoned(sim)
    receipt = x.carry_out(Act.REPLY, target_of(comment), "Merci d’écrire")
    (made,) = sim.world.replies(comment)
    assert (receipt.result, receipt.external_id, made.text) == (Result.DONE, made.id, "Merci d’écrire")
    assert "Merci" not in receipt.answer


def test_private_messages_go_out_from_a_comment_and_in_a_conversation(sim: Simulator, x: XConnector) -> None:
    comment = summoned(sim)
    receipt = x.carry_out(Act.MESSAGE, target_of(comment), "En privé")
    (sent,) = sim.world.sent(comment.person)
    assert (receipt.result, receipt.external_id, sent.text) == (Result.DONE, f"dm:{sent.id}", "En privé")
    message = sim.world.message(X, sim.world.person(X, "Luc"), "Allô")
    assert x.carry_out(Act.MESSAGE, private_target(message), "Bonjour").result is Result.DONE
    comment.person.unavailable = True
    refused = x.carry_out(Act.MESSAGE, target_of(comment), "Encore")
    assert (refused.result, refused.status) == (Result.BY_HAND, 403)


@pytest.mark.parametrize("act", [Act.DELETE, Act.BAN, Act.UNBAN, Act.REPORT])
def test_what_x_does_not_offer_is_left_to_people(sim: Simulator, x: XConnector, act: Act) -> None:
    receipt = x.carry_out(act, target_of(summoned(sim)))
    assert receipt.result is Result.BY_HAND
    assert receipt.code.startswith("by_hand.")
    assert not sim.calls


def test_a_person_known_by_name_only_gets_no_message_by_the_interface(sim: Simulator, x: XConnector) -> None:
    target = replace(target_of(summoned(sim)), author_external_id="Ève")
    assert x.carry_out(Act.MESSAGE, target, "Bonjour").result is Result.BY_HAND
    assert not sim.calls


@pytest.mark.parametrize("act", [Act.HIDE, Act.UNHIDE, Act.REPLY])
def test_a_post_that_is_gone_is_no_failure(sim: Simulator, x: XConnector, act: Act) -> None:
    comment = summoned(sim)
    sim.world.remove(comment)
    receipt = x.carry_out(act, target_of(comment), "Bonjour")
    assert receipt.result in {Result.GONE, Result.BY_HAND}
    if act is not Act.REPLY:
        assert receipt.result is Result.GONE
        seen = x.read_back(act, target_of(comment), "", sim.clock.now())
        assert seen is not None
        assert seen.result is Result.GONE


def test_nobody_can_see_whether_a_post_is_hidden(sim: Simulator, x: XConnector) -> None:
    with pytest.raises(UncertainError):
        x.read_back(Act.HIDE, target_of(summoned(sim)), "", sim.clock.now())


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GARBAGE, Fault.SERVER_ERROR, Fault.TRANSIENT])
@pytest.mark.parametrize("act", [Act.REPLY, Act.MESSAGE])
def test_what_is_in_doubt_is_looked_for_before_it_is_sent_again(
    sim: Simulator, x: XConnector, fault: Fault, act: Act
) -> None:
    comment = summoned(sim)
    target, since, text = target_of(comment), sim.clock.now(), "Voir https://ville.example/a?b=1 & <ceci>"
    sim.faults.next(X, "POST", "/2/*", fault)
    with pytest.raises(UncertainError, match=r"platform\.uncertain"):
        x.carry_out(act, target, text)
    receipt = x.read_back(act, target, text, since)
    if fault in {Fault.ANSWER_LOST, Fault.GARBAGE}:
        assert receipt is not None
        assert (receipt.result, receipt.read_back, bool(receipt.external_id)) == (Result.DONE, True, True)
    else:
        assert receipt is None
    assert x.read_back(act, target, "autre chose", since) is None
    assert x.read_back(act, target, text, since + HOUR) is None


def test_an_own_reply_elsewhere_in_the_conversation_is_not_taken_for_this_one(
    sim: Simulator, x: XConnector
) -> None:
    comment = summoned(sim)
    other = sim.world.comment(comment.post, sim.world.person(X, "Luc"), "@villeessai aussi")
    x.carry_out(Act.REPLY, target_of(other), "Bonjour")
    x.carry_out(Act.MESSAGE, target_of(other), "Bonjour")
    assert x.read_back(Act.REPLY, target_of(comment), "Bonjour", sim.clock.now()) is None
    assert x.read_back(Act.MESSAGE, target_of(comment), "Bonjour", sim.clock.now()) is None


def test_a_token_that_ends_in_mid_batch_is_renewed_once_and_its_refresh_token_rotates(sim: Simulator) -> None:
    kept = Kept(sim.tokens(X))
    first = kept.tokens
    x = connected(sim, kept)
    comment = summoned(sim)
    Desk().collect(x)
    sim.clock.advance(3 * HOUR)
    assert x.carry_out(Act.REPLY, target_of(comment), "Bonjour").result is Result.DONE
    assert len(sim.world.replies(comment)) == 1
    assert len(kept.written) == 1
    assert first.refresh != kept.tokens.refresh
    sim.clock.advance(3 * HOUR)
    other = connected(sim, kept)
    other.check()
    assert len(kept.written) == 2
    x.check()
    assert len(kept.written) == 2
    x.close()
    other.close()


def test_a_refresh_token_that_is_void_needs_a_person(sim: Simulator) -> None:
    x = connected(sim, Kept(replace(sim.tokens(X), refresh="nothing")))
    sim.clock.advance(3 * HOUR)
    with pytest.raises(AccessLostError, match=r"platform\.token"):
        x.check()
    x.close()


def test_a_window_that_is_used_up_is_not_asked_again_before_it_opens(sim: Simulator, x: XConnector) -> None:
    comment = summoned(sim)
    sim.quota(X, hide=1)
    assert x.carry_out(Act.HIDE, target_of(comment)).result is Result.DONE
    before = len(sim.calls)
    with pytest.raises(RateLimitedError) as caught:
        x.carry_out(Act.UNHIDE, target_of(comment))
    assert len(sim.calls) == before
    assert timedelta() < until_of(caught.value) - sim.clock.now() <= timedelta(minutes=15)
    assert x.carry_out(Act.REPLY, target_of(comment), "Bonjour").result is Result.DONE
    sim.clock.set(until_of(caught.value))
    assert x.carry_out(Act.UNHIDE, target_of(comment)).result is Result.DONE


def test_too_many_calls_in_the_documented_form(sim: Simulator, x: XConnector) -> None:
    sim.faults.next(X, "GET", "/2/users/*/mentions", Fault.RATE_LIMITED)
    with pytest.raises(RateLimitedError, match=r"platform\.rate_limited") as caught:
        Desk().collect(x)
    assert until_of(caught.value) - sim.clock.now() == timedelta(minutes=15)


def test_reading_private_messages_leaves_calls_for_looking_back(sim: Simulator, x: XConnector) -> None:
    desk = Desk()
    for _ in range(7):
        desk.collect(x)
        sim.clock.advance(timedelta(minutes=2))
    comment = summoned(sim)
    assert x.read_back(Act.MESSAGE, target_of(comment), "Bonjour", sim.clock.now()) is None


def test_without_credits_the_account_waits_and_says_so(sim: Simulator, x: XConnector) -> None:
    sim.quota(X, left=0)
    with pytest.raises(RateLimitedError, match=r"platform\.credits") as caught:
        Desk().collect(x)
    assert until_of(caught.value) > sim.clock.now()


def test_calls_and_their_cost_are_shown_and_kept_over_a_restart(sim: Simulator) -> None:
    x, desk = connected(sim, price_a_call="0.5"), Desk()
    desk.collect(x)
    shown = {budget.name: budget for budget in x.budgets()}
    assert (shown["calls"].used, shown["calls"].limit, shown["cost"].used) == (3, None, 1.5)
    assert 0 < shown["percent"].used < 100
    x.close()
    again = connected(sim, calls_a_day="1000")
    desk.collect(again)
    assert next(budget for budget in again.budgets()).used >= 4
    assert next(budget for budget in again.budgets()).limit == 1000
    again.close()


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Fault.PERMISSION, "permission"), (Fault.BLOCKED, "blocked"), (Fault.TOKEN_EXPIRED, "token")],
)
def test_access_that_is_lost(sim: Simulator, x: XConnector, fault: Fault, code: str) -> None:
    sim.faults.next(X, "GET", "/2/users/*/mentions", fault, times=2)
    with pytest.raises(AccessLostError, match=rf"platform\.{code}"):
        Desk().collect(x)


def test_garbage_is_a_clear_error_and_reading_goes_on_where_it_was(sim: Simulator, x: XConnector) -> None:
    post = sim.world.publish(X, "Publication")
    for number in range(150):
        sim.world.comment(post, sim.world.person(X, "Ève"), f"@villeessai {number}")
    desk = Desk()
    desk.collect(x, 1)
    sim.faults.next(X, "GET", "/2/users/*/mentions", Fault.GARBAGE, times=4)
    with pytest.raises(EnvironmentProblemError, match=r"platform\.answer"):
        desk.collect(x)
    desk.collect(x)
    assert len(desk.texts) == 150


def test_no_line_at_all(sim: Simulator, x: XConnector) -> None:
    target = target_of(summoned(sim))
    with sim.down(), pytest.raises(OfflineError, match=r"platform\.unreachable") as caught:
        x.carry_out(Act.REPLY, target, "Bonjour")
    assert not isinstance(caught.value, UncertainError)


def test_pictures_are_fetched(sim: Simulator, x: XConnector) -> None:
    post = sim.world.publish(X, "Publication")
    comment = sim.world.comment(post, sim.world.person(X, "Ève"), "@villeessai voyez", picture="chat")
    desk = Desk()
    desk.collect(x)
    (picture,) = desk.known[comment.id].attachments
    assert x.media(picture.url).startswith(b"\x89PNG")


def test_who_the_token_is_and_revoking_it(sim: Simulator, x: XConnector) -> None:
    health = x.check()
    assert (health.external_id, health.missing) == (sim.connection(X).external_id, ())
    x.revoke()
    with pytest.raises(AccessLostError):
        x.check()
