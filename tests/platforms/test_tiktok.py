"""TikTok over real HTTP: reading by offset, acting, looking back, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.messages import TIKTOK, Kind
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
from console.platforms.tiktok import TikTokConnector
from tests.platforms.connecting import Desk, Kept, no_wait, target_of, until_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIST = "/business/comment/list/"


def connected(sim: Simulator, kept: Kept | None = None) -> TikTokConnector:
    return TikTokConnector(sim.connection(TIKTOK), kept or Kept(sim.tokens(TIKTOK)), sim.clock, no_wait)


@pytest.fixture
def tiktok(sim: Simulator) -> Iterator[TikTokConnector]:
    made = connected(sim)
    yield made
    made.close()


def a_comment(sim: Simulator, text: str = "texte") -> SimComment:
    return sim.world.comment(sim.world.publish(TIKTOK, "Film"), sim.world.person(TIKTOK, "Ève"), text)


def collect(sim: Simulator, desk: Desk, tiktok: TikTokConnector) -> None:
    """To the end, waiting out each minute whose calls are used up."""
    for _ in range(100):
        try:
            desk.collect(tiktok)
        except RateLimitedError as limited:
            sim.clock.set(min(until_of(limited), sim.clock.now() + MINUTE))
        else:
            return
    pytest.fail("reading never ends")


def look(sim: Simulator, desk: Desk, tiktok: TikTokConnector) -> None:
    sim.clock.advance(MINUTE)
    desk.look(tiktok)


def test_comments_and_replies_come_in_with_their_film(sim: Simulator, tiktok: TikTokConnector) -> None:
    comment = a_comment(sim, "Bonjour «à tous»")
    hidden = sim.world.comment(comment.post, comment.person, "déjà masqué")
    hidden.hidden = True
    reply = sim.world.comment(comment.post, sim.world.cities[TIKTOK], "Merci", parent=comment)
    desk = Desk()
    desk.collect(tiktok)
    top, answer = desk.known[comment.id], desk.known[reply.id]
    assert (top.text, top.post_text, top.post_external_id) == ("Bonjour «à tous»", "Film", comment.post.id)
    assert (top.author_external_id, top.author_name, top.by_city) == (comment.person.id, "Ève", False)
    assert top.permalink == comment.post.permalink
    assert (answer.parent_external_id, answer.kind, answer.by_city) == (comment.id, Kind.REPLY, True)
    assert hidden.id in desk.known


def test_older_films_are_read_less_often(sim: Simulator, tiktok: TikTokConnector) -> None:
    person, long_ago = sim.world.person(TIKTOK, "Ève"), sim.clock.now() - timedelta(days=20)
    old = sim.world.publish(TIKTOK, "Vieux film", at=long_ago)
    desk = Desk()
    desk.collect(tiktok)
    late = sim.world.comment(old, person, "tard")
    desk.collect(tiktok)
    assert late.id not in desk.known
    sim.clock.advance(HOUR)
    desk.collect(tiktok)
    assert late.id in desk.known


def test_more_films_than_calls_in_a_minute_are_read_in_turn(sim: Simulator, tiktok: TikTokConnector) -> None:
    person = sim.world.person(TIKTOK, "Ève")
    made = [
        sim.world.comment(sim.world.publish(TIKTOK, f"Film {number}"), person, f"texte {number}")
        for number in range(60)
    ]
    desk = Desk()
    with pytest.raises(RateLimitedError):
        desk.collect(tiktok)
    assert 0 < len(desk.known) < 60
    collect(sim, desk, tiktok)
    assert set(desk.texts) == {each.id for each in made}
    assert all(call.status == 200 for call in sim.calls)


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    """One simulator for all examples of a property."""
    with running() as simulator:
        yield simulator


@settings(max_examples=15)
@given(
    before=st.lists(st.integers(0, 130), min_size=1, max_size=2),
    shift=st.integers(0, 3),
    stop_at=st.integers(1, 5),
    removed=st.lists(st.integers(0, 129), max_size=60, unique=True),
    answered=st.lists(st.integers(0, 129), max_size=3),
)
def test_after_the_walks_everything_that_stands_is_known_once(
    shared: Simulator,
    before: list[int],
    shift: int,
    stop_at: int,
    removed: list[int],
    answered: list[int],
) -> None:
    """Offsets that shift both ways under the reader, and a kill between two pages."""
    sim, world = shared, shared.world
    for left in world.posts(TIKTOK):
        world.remove(left)
    sim.clock.advance(2 * HOUR)
    tiktok = connected(sim, Kept(sim.tokens(TIKTOK)))
    person, now = world.person(TIKTOK, "Ève"), sim.clock.now()
    posts = [world.publish(TIKTOK, f"Film {number}") for number in range(len(before))]
    made = [
        [world.comment(post, person, f"texte {n}", at=now - timedelta(hours=n)) for n in range(many)]
        for post, many in zip(posts, before, strict=True)
    ]
    desk = Desk()
    sim.faults.shift(TIKTOK, shift)
    desk.collect(tiktok, stop_at)
    for index in removed:
        if index < len(made[0]):
            world.remove(made[0][index])
    for index in answered:
        if index < len(made[0]) and not made[0][index].removed:
            world.comment(posts[0], person, f"à {index}", parent=made[0][index])
    collect(sim, desk, tiktok)
    sim.faults.clear()
    sim.clock.advance(HOUR)
    collect(sim, desk, tiktok)
    look(sim, desk, tiktok)
    tiktok.close()
    assert desk.texts == {each.id: each.text for each in world.comments(TIKTOK)}


def test_looking_tells_what_is_gone_and_says_nothing_of_what_it_cannot_ask_for(
    sim: Simulator, tiktok: TikTokConnector
) -> None:
    here, gone = a_comment(sim, "ici"), a_comment(sim, "parti")
    assert set(tiktok.look([here.id, gone.id, "d'un fichier"])) == {here.id, gone.id}
    sim.world.remove(gone)
    found = tiktok.look([here.id, gone.id])
    assert found[gone.id] is None
    assert (found[here.id] or pytest.fail("missing")).text == "ici"


def test_after_a_new_start_it_is_still_told_what_is_gone(sim: Simulator) -> None:
    """A comment is asked for under its film, and a program that starts anew knows of none."""
    made = [a_comment(sim, f"commentaire {number}") for number in range(30)]
    gone = made[::10]
    for each in gone:
        sim.world.remove(each)
    again, found, ids = connected(sim), {}, [each.id for each in made]
    found |= again.look(ids)
    assert not any(each.id in found for each in gone), "not every film was asked yet"
    for _ in range(10):
        sim.clock.advance(MINUTE)
        found |= again.look([each for each in ids if found.get(each, gone) is not None])
    again.close()
    assert {each for each, message in found.items() if message is None} == {each.id for each in gone}
    assert len(found) == len(made)


def test_hiding_and_showing_again(sim: Simulator, tiktok: TikTokConnector) -> None:
    comment = a_comment(sim)
    receipt = tiktok.carry_out(Act.HIDE, target_of(comment))
    assert (receipt.result, receipt.status, bool(receipt.request_id)) == (Result.DONE, 200, True)
    assert comment.hidden
    assert tiktok.carry_out(Act.UNHIDE, target_of(comment)).result is Result.DONE
    assert not comment.hidden


def test_a_reply_and_its_receipt_without_words(sim: Simulator, tiktok: TikTokConnector) -> None:
    comment = a_comment(sim)
    receipt = tiktok.carry_out(Act.REPLY, target_of(comment), "Merci d’écrire")
    (made,) = sim.world.replies(comment)
    assert (receipt.result, receipt.external_id, made.text) == (Result.DONE, made.id, "Merci d’écrire")
    assert "Merci" not in receipt.answer


def test_a_refusal_keeps_the_platforms_own_code(sim: Simulator, tiktok: TikTokConnector) -> None:
    receipt = tiktok.carry_out(Act.REPLY, target_of(a_comment(sim)), "a" * 151)
    assert (receipt.result, receipt.code) == (Result.REFUSED, "40002")


@pytest.mark.parametrize("act", [Act.DELETE, Act.BAN, Act.UNBAN, Act.REPORT, Act.MESSAGE])
def test_what_tiktok_does_not_offer_is_left_to_people(
    sim: Simulator, tiktok: TikTokConnector, act: Act
) -> None:
    receipt = tiktok.carry_out(act, target_of(a_comment(sim)))
    assert receipt.result is Result.BY_HAND
    assert receipt.code.startswith("by_hand.")
    assert not sim.calls


@pytest.mark.parametrize("act", [Act.HIDE, Act.UNHIDE, Act.REPLY])
def test_a_comment_that_is_gone_is_no_failure(sim: Simulator, tiktok: TikTokConnector, act: Act) -> None:
    comment = a_comment(sim)
    sim.world.remove(comment)
    receipt = tiktok.carry_out(act, target_of(comment), "Bonjour")
    assert (receipt.result, receipt.code) == (Result.GONE, "40007")
    if act is not Act.REPLY:
        seen = tiktok.read_back(act, target_of(comment), "", sim.clock.now())
        assert seen is not None
        assert seen.result is Result.GONE


def test_looking_back_at_what_was_hidden(sim: Simulator, tiktok: TikTokConnector) -> None:
    comment = a_comment(sim)
    target, now = target_of(comment), sim.clock.now()
    assert tiktok.read_back(Act.HIDE, target, "", now) is None
    comment.hidden = True
    seen = tiktok.read_back(Act.HIDE, target, "", now)
    assert seen is not None
    assert (seen.result, seen.read_back) == (Result.DONE, True)
    assert tiktok.read_back(Act.UNHIDE, target, "", now) is None
    with pytest.raises(UncertainError):
        tiktok.read_back(Act.HIDE, replace(target, post_external_id=""), "", now)


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GARBAGE, Fault.SERVER_ERROR, Fault.TRANSIENT])
def test_a_reply_in_doubt_is_looked_for_before_it_is_sent_again(
    sim: Simulator, tiktok: TikTokConnector, fault: Fault
) -> None:
    comment = a_comment(sim)
    target, since = target_of(comment), sim.clock.now()
    sim.faults.next(TIKTOK, "POST", "/business/comment/reply/create/", fault)
    with pytest.raises(UncertainError, match=r"platform\.uncertain"):
        tiktok.carry_out(Act.REPLY, target, "Bonjour")
    for number in range(40):
        sim.world.comment(comment.post, comment.person, f"ensuite {number}")
    receipt = tiktok.read_back(Act.REPLY, target, "Bonjour", since)
    if fault in {Fault.ANSWER_LOST, Fault.GARBAGE}:
        assert receipt is not None
        assert (receipt.result, receipt.external_id) == (Result.DONE, sim.world.replies(comment)[0].id)
    else:
        assert receipt is None
    assert tiktok.read_back(Act.REPLY, target, "autre chose", since) is None


def test_an_act_in_doubt_that_may_be_repeated_is(sim: Simulator, tiktok: TikTokConnector) -> None:
    comment = a_comment(sim)
    sim.faults.next(TIKTOK, "POST", "/business/comment/hide/", Fault.ANSWER_LOST)
    sim.faults.next(TIKTOK, "POST", "/business/comment/hide/", Fault.TRANSIENT)
    assert tiktok.carry_out(Act.HIDE, target_of(comment)).result is Result.DONE


def test_forty_calls_a_minute_are_never_passed(sim: Simulator, tiktok: TikTokConnector) -> None:
    comment = a_comment(sim)
    for number in range(40):
        tiktok.carry_out(Act.HIDE if number % 2 else Act.UNHIDE, target_of(comment))
    before = len(sim.calls)
    with pytest.raises(RateLimitedError) as caught:
        tiktok.carry_out(Act.HIDE, target_of(comment))
    assert len(sim.calls) == before
    assert until_of(caught.value) - sim.clock.now() <= MINUTE
    assert tiktok.carry_out(Act.REPLY, target_of(comment), "Bonjour").result is Result.DONE


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (Fault.RATE_LIMITED, RateLimitedError, "rate_limited"),
        (Fault.TOKEN_EXPIRED, AccessLostError, "token"),
        (Fault.PERMISSION, AccessLostError, "permission"),
    ],
)
def test_errors_in_answers_of_status_200(
    sim: Simulator, tiktok: TikTokConnector, fault: Fault, kind: type[Exception], code: str
) -> None:
    comment = a_comment(sim)
    sim.faults.next(TIKTOK, "*", "/business/comment/*", fault, times=2)
    with pytest.raises(kind, match=rf"platform\.{code}"):
        tiktok.carry_out(Act.REPLY, target_of(comment), "Bonjour")
    with pytest.raises(kind, match=rf"platform\.{code}"):
        Desk().collect(tiktok)
    assert not sim.world.replies(comment)


def test_a_token_that_ends_needs_a_person_and_the_new_one_is_taken_up(
    sim: Simulator, tiktok: TikTokConnector
) -> None:
    kept = Kept(sim.tokens(TIKTOK))
    made = connected(sim, kept)
    sim.clock.advance(timedelta(days=2))
    with pytest.raises(AccessLostError, match=r"platform\.token"):
        made.check()
    kept.tokens = sim.tokens(TIKTOK)
    assert made.check().external_id == sim.connection(TIKTOK).external_id
    made.close()


def test_garbage_is_a_clear_error_and_reading_goes_on_where_it_was(
    sim: Simulator, tiktok: TikTokConnector
) -> None:
    post = sim.world.publish(TIKTOK, "Film")
    for number in range(90):
        sim.world.comment(post, sim.world.person(TIKTOK, "Ève"), f"texte {number}")
    desk = Desk()
    desk.collect(tiktok, 1)
    sim.faults.next(TIKTOK, "GET", LIST, Fault.GARBAGE, times=4)
    with pytest.raises(EnvironmentProblemError, match=r"platform\.answer"):
        desk.collect(tiktok)
    desk.collect(tiktok)
    assert len(desk.texts) == 90


def test_no_line_at_all(sim: Simulator, tiktok: TikTokConnector) -> None:
    target = target_of(a_comment(sim))
    with sim.down(), pytest.raises(OfflineError, match=r"platform\.unreachable") as caught:
        tiktok.carry_out(Act.REPLY, target, "Bonjour")
    assert not isinstance(caught.value, UncertainError)


def test_who_the_token_is_and_revoking_it(sim: Simulator, tiktok: TikTokConnector) -> None:
    health = tiktok.check()
    assert (health.external_id, health.missing) == (sim.connection(TIKTOK).external_id, ())
    assert health.name == sim.world.cities[TIKTOK].name
    tiktok.revoke()
    with pytest.raises(AccessLostError):
        tiktok.check()


def test_what_is_removed_above_the_place_of_reading_hides_nothing_below_it(
    sim: Simulator, tiktok: TikTokConnector
) -> None:
    post, person, now = sim.world.publish(TIKTOK, "Film"), sim.world.person(TIKTOK, "Ève"), sim.clock.now()
    made = [sim.world.comment(post, person, f"texte {n}", at=now - timedelta(hours=2 * n)) for n in range(90)]
    desk = Desk()
    desk.collect(tiktok, 1)
    first = len(desk.known)
    for comment in made[: first + 4]:
        sim.world.remove(comment)
    desk.collect(tiktok)
    assert {each.id for each in made[first + 4 :]} <= set(desk.known)
