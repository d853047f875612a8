"""Reading a Facebook Page and an Instagram account over real HTTP, while people write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.clock import FixedClock
from console.domain.messages import FACEBOOK, INSTAGRAM, Channel, Kind, Platform
from console.domain.platforms import Act, Result
from console.errors import (
    AccessLostError,
    EnvironmentProblemError,
    OfflineError,
    RateLimitedError,
)
from console.platforms.facebook import SCOPES
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.running import Simulator, running
from tests.platforms.connecting import Desk, Kept, until_of
from tests.platforms.meta import aim, by_id, connector, name_of, standing

BOTH = pytest.mark.parametrize("platform", [FACEBOOK, INSTAGRAM])
MINUTE = timedelta(minutes=1)


@BOTH
def test_a_comment_comes_with_all_that_is_known_of_it(sim: Simulator, platform: Platform) -> None:
    world = sim.world
    post = world.publish(platform, "La patinoire ouvre samedi.")
    ada, ben = world.person(platform, "Ada"), world.person(platform, "Ben")
    first = world.comment(post, ada, "Enfin! 🎉", picture="patin")
    reply = world.comment(post, ben, "Oui", parent=first)
    ours = world.comment(post, world.cities[platform], "Merci", parent=first)
    desk = Desk()
    desk.collect(connector(sim, platform))
    found = by_id(desk.known, first)
    assert (found.text, found.platform, found.channel, found.kind) == (
        "Enfin! 🎉",
        platform,
        Channel.COMMENT,
        Kind.COMMENT,
    )
    assert (found.author_external_id, found.author_name) == (ada.id, "Ada")
    assert (found.post_external_id, found.post_text, found.post_posted_at) == (post.id, post.text, post.at)
    assert found.posted_at == first.at
    assert found.account == sim.connection(platform).name
    assert found.permalink.startswith("https://www.")
    assert not found.by_city
    answer = by_id(desk.known, reply)
    assert (answer.kind, answer.parent_external_id) == (Kind.REPLY, name_of(first))
    assert by_id(desk.known, ours).by_city
    if platform == FACEBOOK:
        (picture,) = found.attachments
        assert picture.media_type == "image/*"
        assert connector(sim, platform).media(picture.url).startswith(b"\x89PNG")


@BOTH
def test_private_messages_come_with_their_conversation(sim: Simulator, platform: Platform) -> None:
    world = sim.world
    ada = world.person(platform, "Ada")
    asked = world.message(platform, ada, "Bonjour", picture="rue")
    world.send(ada, "Bonjour Ada")
    desk = Desk()
    desk.collect(connector(sim, platform))
    found = desk.known[asked.id]
    assert (found.channel, found.kind) == (Channel.PRIVATE, Kind.PRIVATE_MESSAGE)
    assert (found.author_external_id, found.author_name) == (ada.id, "Ada")
    assert found.post_external_id == asked.conversation.id
    assert [each.url.rpartition("/")[2] for each in found.attachments] == ["rue.png"]
    assert sorted(each.by_city for each in desk.known.values()) == [False, True]


def test_what_citizens_publish_on_the_page_comes_too(sim: Simulator) -> None:
    world = sim.world
    ada = world.person(FACEBOOK, "Ada")
    post = world.publish(FACEBOOK, "Le banc est brisé.", by=ada)
    comment = world.comment(post, world.person(FACEBOOK, "Ben"), "Ici aussi")
    desk = Desk()
    api = connector(sim, FACEBOOK)
    desk.collect(api)
    found = desk.known[post.id]
    assert (found.kind, found.author_name, found.text) == (Kind.PUBLICATION, "Ada", "Le banc est brisé.")
    assert by_id(desk.known, comment).post_text == post.text
    assert api.look([post.id])[post.id] == found
    sim.clock.advance(timedelta(hours=2))
    again = Desk(desk.cursor)
    again.collect(api)
    assert post.id in again.known
    world.remove(post)
    assert api.look([post.id]) == {post.id: None}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["comment", "reply", "old_reply", "edit", "remove", "message", "answer", "pages", "void", "later"]
        ),
        st.integers(0, 5),
    ),
    max_size=25,
)


class City:
    """Two publications and the people under them."""

    def __init__(self, sim: Simulator, platform: Platform) -> None:
        self.sim, self.world, self.platform = sim, sim.world, platform
        self.posts = [sim.world.publish(platform, f"Publication {each}") for each in range(2)]
        self.people = [sim.world.person(platform, f"Personne {each}") for each in range(3)]
        for number in range(18):
            sim.world.comment(self.posts[0], self.people[number % 3], f"avant {number}")

    def step(self, number: int, what: str, which: int) -> None:
        """Somebody does something."""
        world, who = self.world, self.people[which % 3]
        comments = [each for each in world.comments(self.platform) if not each.by_city]
        tops = [each for each in comments if each.parent is None]
        match what:
            case "comment":
                world.comment(self.posts[which % 2], who, f"texte {number}")
            case "reply" if tops:
                world.comment(tops[-1].post, who, f"réponse {number}", parent=tops[-1])
            case "old_reply" if tops:
                world.comment(tops[0].post, who, f"réponse {number}", parent=tops[0])
            case "edit" if comments:
                world.edit(comments[-1 - which % len(comments)], f"corrigé {number}")
            case "remove" if comments:
                world.remove(comments[which % len(comments)])
            case "message":
                world.message(self.platform, who, f"privé {number}")
            case "answer" if world.conversations(self.platform):
                world.send(world.conversations(self.platform)[-1].person, f"réponse privée {number}")
            case "void":
                self.sim.faults.forget_pages(self.platform)
            case "later":
                self.sim.clock.advance(timedelta(hours=which))


@BOTH
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, shift=st.integers(0, 2))
def test_whatever_people_do_between_pages_all_that_stands_is_known_once(
    platform: Platform, steps: list[tuple[str, int]], shift: int
) -> None:
    with running(FixedClock(datetime(2026, 10, 14, 15, 0, tzinfo=UTC))) as sim:
        city, desk = City(sim, platform), Desk()
        api = connector(sim, platform, page_size=5)
        for number, (what, which) in enumerate(steps):
            sim.clock.advance(timedelta(seconds=which))
            city.step(number, what, which)
            if what == "pages":
                sim.faults.shift(platform, shift)
                desk.collect(api, pages=which + 1)
                sim.faults.shift(platform, 0)
        # What was under way ends, then one more round, then everything is looked at again.
        desk.collect(api)
        desk.collect(api)
        desk.look(api)
        assert desk.texts == standing(sim, platform)
        assert all(each.account for each in desk.known.values())
        api.close()


@BOTH
def test_a_late_reply_does_not_lift_the_floor_over_what_an_interruption_left_unread(
    sim: Simulator, platform: Platform
) -> None:
    world = sim.world
    post, ada = world.publish(platform, "x"), world.person(platform, "Ada")
    made = [world.comment(post, ada, f"avant {each}") for each in range(12)]
    api, desk = connector(sim, platform, page_size=5), Desk()
    sim.faults.shift(platform, 1)
    desk.collect(api, pages=2)
    sim.faults.shift(platform, 0)
    sim.clock.advance(timedelta(hours=3))
    world.comment(post, ada, "tard", parent=made[0])
    desk.collect(api)
    desk.collect(api)
    assert desk.texts == standing(sim, platform)


@BOTH
def test_old_publications_are_read_when_their_count_changes(sim: Simulator, platform: Platform) -> None:
    world = sim.world
    now = sim.clock.now()
    old = [world.publish(platform, f"vieux {each}", at=now - timedelta(days=20 + each)) for each in range(20)]
    ada = world.person(platform, "Ada")
    api, desk = connector(sim, platform), Desk()
    desk.collect(api)
    calls = len(sim.calls)
    desk.collect(api)
    # The list of publications (Facebook: of citizens too), the conversations, and five in their turn.
    assert len(sim.calls) - calls <= 8
    late = world.comment(old[13], ada, "Trois semaines plus tard")
    desk.collect(api)
    assert name_of(late) in desk.known
    # One gone and one come leave the count as it was: found in its turn.
    world.remove(late)
    other = world.comment(old[13], ada, "Autre")
    for _ in range(4):
        desk.collect(api)
    assert name_of(other) in desk.known


@BOTH
def test_a_publication_that_is_taken_away_while_it_is_read_stops_nothing(
    sim: Simulator, platform: Platform
) -> None:
    world = sim.world
    ada = world.person(platform, "Ada")
    kept, lost = world.publish(platform, "reste"), world.publish(platform, "part")
    world.comment(lost, ada, "dessous")
    comment = world.comment(kept, ada, "reste aussi")
    sim.faults.next(platform, "GET", f"/{lost.id}/comments", Fault.GONE)
    desk = Desk()
    desk.collect(connector(sim, platform))
    assert name_of(comment) in desk.known


def test_more_private_messages_than_the_platform_tells_of_stop_nothing(sim: Simulator) -> None:
    world = sim.world
    ada = world.person(FACEBOOK, "Ada")
    made = [world.message(FACEBOOK, ada, f"message {each}") for each in range(30)]
    desk = Desk()
    api = connector(sim, FACEBOOK)
    desk.collect(api)
    assert set(desk.known) == {each.id for each in made[-20:]}
    # Of a private message that is too old the platform says that it is gone: nobody believes it.
    assert api.look([made[0].id, made[29].id]) == {}


@BOTH
def test_a_look_tells_edits_and_what_is_gone(sim: Simulator, platform: Platform) -> None:
    world = sim.world
    post, ada = world.publish(platform, "x"), world.person(platform, "Ada")
    kept, gone = world.comment(post, ada, "un"), world.comment(post, ada, "deux")
    api = connector(sim, platform)
    world.edit(kept, "corrigé")
    world.remove(gone)
    found = api.look([name_of(kept), name_of(gone), "pas un identifiant"])
    assert set(found) == {name_of(kept), name_of(gone)}
    assert found[name_of(gone)] is None
    seen = found[name_of(kept)]
    assert seen is not None
    assert (seen.text, seen.external_id, seen.post_external_id) == ("corrigé", name_of(kept), post.id)


@BOTH
def test_the_token_ends_in_the_middle_and_nothing_is_missing_afterwards(
    sim: Simulator, platform: Platform
) -> None:
    world = sim.world
    ada = world.person(platform, "Ada")
    for post in [world.publish(platform, f"p{each}") for each in range(3)]:
        for each in range(5):
            world.comment(post, ada, f"{post.id} {each}")
    store = Kept(sim.tokens(platform))
    api, desk = connector(sim, platform, store), Desk()
    sim.faults.next(platform, "GET", "/*/comments", Fault.TOKEN_EXPIRED, times=2)
    with pytest.raises(AccessLostError) as caught:
        desk.collect(api)
    assert caught.value.code == "platform.token"
    sim.faults.clear()
    desk.collect(api)
    assert desk.texts == standing(sim, platform)
    assert store.written == []


@BOTH
@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        (Fault.TOKEN_EXPIRED, AccessLostError, "platform.token"),
        (Fault.PERMISSION, AccessLostError, "platform.permission"),
        (Fault.BLOCKED, AccessLostError, "platform.blocked"),
        (Fault.RATE_LIMITED, RateLimitedError, "platform.rate_limited"),
        (Fault.GARBAGE, EnvironmentProblemError, "platform.answer"),
        (Fault.REDIRECT, EnvironmentProblemError, "platform.answer"),
        (Fault.SERVER_ERROR, OfflineError, "platform.unreachable"),
        (Fault.TRANSIENT, OfflineError, "platform.unreachable"),
        (Fault.REFUSED_CONNECTION, OfflineError, "platform.unreachable"),
    ],
)
def test_each_trouble_is_told_by_its_code(
    sim: Simulator, platform: Platform, fault: Fault, error: type[Exception], code: str
) -> None:
    sim.faults.next(platform, "GET", "*", fault, times=20)
    with pytest.raises(error) as caught:
        list(connector(sim, platform).fetch(""))
    assert type(caught.value) is error
    assert getattr(caught.value, "code", "") == code


@BOTH
def test_passing_trouble_is_got_over(sim: Simulator, platform: Platform) -> None:
    world = sim.world
    post = world.publish(platform, "x")
    comment = world.comment(post, world.person(platform, "Ada"), "un")
    for fault in (Fault.SERVER_ERROR, Fault.TRANSIENT, Fault.GARBAGE):
        sim.faults.next(platform, "GET", "*", fault)
    desk = Desk()
    desk.collect(connector(sim, platform))
    assert name_of(comment) in desk.known


def test_nobody_listens(sim: Simulator) -> None:
    api = connector(sim, FACEBOOK)
    with sim.down(), pytest.raises(OfflineError):
        list(api.fetch(""))


@BOTH
def test_the_limit_says_when_to_come_back_and_nothing_is_sent_before(
    sim: Simulator, platform: Platform
) -> None:
    api = connector(sim, platform)
    sim.quota(platform, left=0)
    with pytest.raises(RateLimitedError) as caught:
        api.check()
    until = until_of(caught.value)
    assert timedelta(minutes=30) < until - sim.clock.now() <= timedelta(minutes=62)
    calls = len(sim.calls)
    with pytest.raises(RateLimitedError):
        list(api.fetch(""))
    assert len(sim.calls) == calls
    (budget,) = api.budgets()
    assert (budget.name, budget.used, budget.limit) == ("percent", 100.0, 100.0)
    sim.clock.set(until)
    sim.quota(platform, limit=1_000)
    assert api.check().missing == ()


def test_reading_slows_down_before_acting_does(sim: Simulator) -> None:
    world = sim.world
    for each in range(40):
        world.publish(FACEBOOK, f"p{each}")
    sim.quota(FACEBOOK, limit=35)
    api = connector(sim, FACEBOOK)
    with pytest.raises(RateLimitedError):
        list(api.fetch(""))
    # The platform never had to say no: a sixth of the allowance is left to act with.
    assert all(call.status == 200 for call in sim.calls)
    assert 28 <= len(sim.calls) <= 31


@BOTH
def test_who_the_token_is_and_what_is_missing(sim: Simulator, platform: Platform) -> None:
    store = Kept(sim.tokens(platform))
    api = connector(sim, platform, store)
    health = api.check()
    assert health.external_id == sim.connection(platform).external_id
    assert health.name == sim.connection(platform).name
    assert (health.missing, health.expires_at) == ((), None)
    grant = sim.world.grants[store.tokens.access]
    grant.scopes.discard("pages_manage_metadata")
    grant.expires_at = (sim.clock.now() + timedelta(days=5)).replace(microsecond=0)
    health = api.check()
    assert health.missing == ("pages_manage_metadata",)
    assert health.expires_at == grant.expires_at


def test_a_persons_token_is_told_from_the_pages(sim: Simulator) -> None:
    from console.services.platform_ports import Tokens

    api = connector(sim, FACEBOOK, Kept(Tokens(sim.api(FACEBOOK).user_token)))
    with pytest.raises(AccessLostError) as caught:
        api.check()
    assert caught.value.code == "platform.token"
    assert "pages_manage_engagement" in SCOPES


@BOTH
def test_a_city_that_leaves_private_messages_out_reads_and_acts_in_public(
    sim: Simulator, platform: Platform
) -> None:
    world = sim.world
    post, ada = world.publish(platform, "x"), world.person(platform, "Ada")
    comment, gone = world.comment(post, ada, "un"), world.comment(post, ada, "deux")
    world.message(platform, ada, "privé")
    messaging = "pages_messaging" if platform == FACEBOOK else "instagram_manage_messages"
    world.grants[sim.tokens(platform).access].scopes.discard(messaging)
    api, desk = connector(sim, platform), Desk()
    desk.collect(api)
    assert set(desk.known) == {name_of(comment), name_of(gone)}
    assert api.check().missing == (messaging,)
    world.remove(gone)
    assert api.look([name_of(gone)]) == {name_of(gone): None}
    assert api.carry_out(Act.HIDE, aim(comment)).result is Result.DONE
    assert api.carry_out(Act.MESSAGE, aim(comment), "avis").result is Result.BY_HAND


@BOTH
def test_what_the_token_may_no_longer_see_is_not_called_gone(sim: Simulator, platform: Platform) -> None:
    world = sim.world
    comment = world.comment(world.publish(platform, "x"), world.person(platform, "Ada"), "un")
    api = connector(sim, platform)
    world.grants[sim.tokens(platform).access].scopes.discard("pages_read_engagement")
    sim.faults.next(platform, "GET", f"/{name_of(comment)}", Fault.GONE)
    with pytest.raises(AccessLostError) as caught:
        api.look([name_of(comment)])
    assert caught.value.code == "platform.permission"
