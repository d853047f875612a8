"""Every act on a Facebook Page and an Instagram account, over real HTTP: done once, and told as it was."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

import pytest

from console.domain.messages import FACEBOOK, INSTAGRAM, Channel, Kind, Platform
from console.domain.platforms import Act, Receipt, Result, Target
from console.errors import (
    AccessLostError,
    EnvironmentProblemError,
    OfflineError,
    RateLimitedError,
    UncertainError,
)
from console.platforms.abilities import abilities_of
from console.platforms.facebook import Facebook
from console.platforms.meta_connector import MetaConnector
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.meta_fields import GraphError
from console.platforms.simulator.running import Simulator
from console.platforms.simulator.things import SimComment
from console.services.platform_ports import Tokens
from tests.platforms.connecting import Kept, no_wait, private_target
from tests.platforms.http.answering import Asked, answering, json_answer
from tests.platforms.meta import aim, connector

BOTH = pytest.mark.parametrize("platform", [FACEBOOK, INSTAGRAM])
TEXT = "Bonjour, ce message enfreint l’article 3 de la nétiquette. Merci de votre compréhension."


@pytest.fixture
def comment(sim: Simulator, platform: Platform) -> SimComment:
    """A comment of somebody who also wrote in private."""
    post, ada = sim.world.publish(platform, "Publication"), sim.world.person(platform, "Ada")
    made = sim.world.comment(post, ada, "Vous êtes des voleurs")
    sim.world.message(platform, ada, "Répondez-moi")
    return made


@pytest.fixture
def api(sim: Simulator, platform: Platform) -> MetaConnector:
    return connector(sim, platform)


def effects(sim: Simulator, platform: Platform) -> list[str]:
    return [call.did for call in sim.changes(platform)]


def check(receipt: Receipt, act: Act, sim: Simulator) -> None:
    assert (receipt.act, receipt.result, receipt.status) == (act, Result.DONE, 200)
    assert receipt.at == sim.clock.now()
    assert receipt.request_id
    assert receipt.code == ""
    assert TEXT not in receipt.answer


@BOTH
def test_hide_show_and_delete(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector
) -> None:
    target, since = aim(comment), sim.clock.now()
    for _ in range(2):
        check(api.carry_out(Act.HIDE, target), Act.HIDE, sim)
    assert comment.hidden
    seen = api.read_back(Act.HIDE, target, "", since)
    assert seen is not None
    assert (seen.result, seen.read_back, seen.status) == (Result.DONE, True, 0)
    assert api.read_back(Act.UNHIDE, target, "", since) is None
    check(api.carry_out(Act.UNHIDE, target), Act.UNHIDE, sim)
    assert not comment.hidden
    assert api.read_back(Act.DELETE, target, "", since) is None
    check(api.carry_out(Act.DELETE, target), Act.DELETE, sim)
    assert comment.removed
    deleted = api.read_back(Act.DELETE, target, "", since)
    assert deleted is not None
    assert deleted.result is Result.DONE
    for act in (Act.HIDE, Act.UNHIDE, Act.DELETE, Act.REPLY, Act.MESSAGE):
        gone = api.carry_out(act, target, TEXT)
        assert (gone.result, gone.code) == (Result.GONE, "100/33"), act
    for act in (Act.HIDE, Act.UNHIDE, Act.REPLY):
        back = api.read_back(act, target, TEXT, since)
        assert back is not None, act
        assert back.result is Result.GONE, act


@BOTH
@pytest.mark.parametrize("deep", [False, True], ids=["comment", "reply"])
def test_reply_and_its_reading_back(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector, deep: bool
) -> None:
    if deep:
        comment = sim.world.comment(comment.post, comment.person, "Et encore", parent=comment)
    target, since = aim(comment), sim.clock.now()
    assert api.read_back(Act.REPLY, target, TEXT, since) is None
    receipt = api.carry_out(Act.REPLY, target, TEXT)
    check(receipt, Act.REPLY, sim)
    (reply,) = sim.world.replies(comment)
    assert reply.text == TEXT
    assert receipt.external_id.rpartition("_")[2] == reply.id
    back = api.read_back(Act.REPLY, target, f"  {TEXT}\n", since)
    assert back is not None
    assert back.external_id == receipt.external_id
    assert api.read_back(Act.REPLY, target, "autre texte", since) is None
    assert api.read_back(Act.REPLY, target, TEXT, since + timedelta(hours=1)) is None
    assert comment.text == ("Et encore" if deep else "Vous êtes des voleurs")


@BOTH
def test_what_somebody_else_wrote_is_not_our_reply(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector
) -> None:
    sim.world.comment(comment.post, sim.world.person(platform, "Ben"), TEXT, parent=comment)
    assert api.read_back(Act.REPLY, aim(comment), TEXT, sim.clock.now()) is None


def aims(comment: SimComment, sim: Simulator) -> list[Target]:
    (message,) = [each for each in sim.world.messages(comment.platform) if not each.by_city][:1]
    return [aim(comment), private_target(message)]


@BOTH
@pytest.mark.parametrize("channel", list(Channel))
def test_a_private_message_and_its_reading_back(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector, channel: Channel
) -> None:
    (target,) = [each for each in aims(comment, sim) if each.channel is channel]
    since = sim.clock.now()
    other = sim.world.person(platform, "Ben")
    sim.world.message(platform, other, "moi aussi")
    sim.world.send(other, TEXT)
    assert api.read_back(Act.MESSAGE, target, TEXT, since) is None
    receipt = api.carry_out(Act.MESSAGE, target, TEXT)
    check(receipt, Act.MESSAGE, sim)
    (sent,) = sim.world.sent(comment.person)
    assert (sent.text, sent.id) == (TEXT, receipt.external_id)
    back = api.read_back(Act.MESSAGE, target, TEXT, since)
    assert back is not None
    assert back.external_id == sent.id
    assert api.read_back(Act.MESSAGE, target, TEXT, since + timedelta(hours=1)) is None


@BOTH
def test_one_private_answer_to_a_comment_within_seven_days(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector
) -> None:
    target = aim(comment)
    assert api.carry_out(Act.MESSAGE, target, TEXT).result is Result.DONE
    again = api.carry_out(Act.MESSAGE, target, TEXT)
    assert (again.result, again.code) == (Result.REFUSED, "10900")
    late = aim(sim.world.comment(comment.post, comment.person, "plus tard"))
    sim.clock.advance(timedelta(days=8))
    closed = api.carry_out(Act.MESSAGE, late, TEXT)
    assert closed.result is Result.BY_HAND
    assert closed.code in ("10/2018278", "10/2534022")
    private = api.carry_out(Act.MESSAGE, aims(comment, sim)[1], TEXT)
    assert (private.result, private.code) == (Result.BY_HAND, closed.code)
    assert len(sim.world.sent(comment.person)) == 1


@BOTH
def test_a_person_who_cannot_be_written_to(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector
) -> None:
    comment.person.unavailable = True
    for target in aims(comment, sim):
        receipt = api.carry_out(Act.MESSAGE, target, TEXT)
        assert receipt.result is Result.REFUSED
        assert receipt.code.startswith("551")


@BOTH
@pytest.mark.parametrize("channel", list(Channel))
def test_ban_and_unban(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector, channel: Channel
) -> None:
    (target,) = [each for each in aims(comment, sim) if each.channel is channel]
    for _ in range(2):
        check(api.carry_out(Act.BAN, target), Act.BAN, sim)
    assert sim.world.banned(platform) == {comment.person.id}
    with pytest.raises(UncertainError):
        api.read_back(Act.BAN, target, "", sim.clock.now())
    check(api.carry_out(Act.UNBAN, target), Act.UNBAN, sim)
    assert sim.world.banned(platform) == set()


def test_on_instagram_nobody_is_banned_without_a_conversation(sim: Simulator) -> None:
    post, ben = sim.world.publish(INSTAGRAM, "x"), sim.world.person(INSTAGRAM, "Ben")
    receipt = connector(sim, INSTAGRAM).carry_out(Act.BAN, aim(sim.world.comment(post, ben, "non")))
    assert (receipt.result, receipt.code) == (Result.BY_HAND, "100")


@BOTH
def test_without_an_author_no_call_is_made(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector
) -> None:
    nobody = [replace(each, author_external_id="") for each in aims(comment, sim)]
    assert api.carry_out(Act.BAN, nobody[0]).code == "person_unknown"
    assert api.carry_out(Act.MESSAGE, nobody[1], TEXT).result is Result.BY_HAND
    assert effects(sim, platform) == []


def test_what_does_not_take_an_act_is_not_taken_for_gone(sim: Simulator) -> None:
    world = sim.world
    post = world.publish(FACEBOOK, "Le banc est brisé.", by=world.person(FACEBOOK, "Ada"))
    comment = world.comment(post, world.person(FACEBOOK, "Ben"), "Ici aussi")
    api = connector(sim, FACEBOOK)
    published = replace(aim(comment), external_id=post.id, kind=Kind.PUBLICATION)
    receipt = api.carry_out(Act.HIDE, published)
    assert (receipt.result, receipt.code) == (Result.BY_HAND, "100/33")
    assert api.carry_out(Act.REPLY, published, TEXT).result is Result.DONE
    assert [each.text for each in world.comments(FACEBOOK) if each.by_city] == [TEXT]


@BOTH
def test_what_the_token_may_no_longer_see_is_not_taken_for_gone(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector
) -> None:
    for fault_on in ("POST", "GET"):
        sim.faults.next(platform, fault_on, f"/{aim(comment).external_id}", Fault.GONE)
    sim.world.grants[sim.tokens(platform).access].scopes.discard("pages_read_engagement")
    with pytest.raises(AccessLostError) as caught:
        api.carry_out(Act.HIDE, aim(comment))
    assert caught.value.code == "platform.permission"


def test_what_facebook_does_not_let_one_hide_is_done_by_hand(sim: Simulator) -> None:
    post = sim.world.publish(FACEBOOK, "x")
    comment = sim.world.comment(post, sim.world.person(FACEBOOK, "Ada"), "un")
    comment.can_hide = False
    receipt = connector(sim, FACEBOOK).carry_out(Act.HIDE, aim(comment))
    assert (receipt.result, receipt.code) == (Result.BY_HAND, "100")


def test_on_instagram_a_hidden_comment_is_not_answered(sim: Simulator) -> None:
    post = sim.world.publish(INSTAGRAM, "x")
    comment = sim.world.comment(post, sim.world.person(INSTAGRAM, "Ada"), "un")
    comment.hidden = True
    assert connector(sim, INSTAGRAM).carry_out(Act.REPLY, aim(comment), TEXT).result is Result.BY_HAND


@BOTH
def test_what_has_no_call_is_left_to_people(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector
) -> None:
    for act in (Act.REPORT,):
        for target in aims(comment, sim):
            receipt = api.carry_out(act, target)
            note = abilities_of(platform)[act, target.channel].note
            assert (receipt.result, receipt.code) == (Result.BY_HAND, note)
    assert api.carry_out(Act.HIDE, aims(comment, sim)[1]).result is Result.BY_HAND
    assert sim.calls == []


@BOTH
@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GARBAGE])
def test_an_answer_that_is_lost_after_the_deed_is_found_and_not_done_twice(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector, fault: Fault
) -> None:
    acts = [(Act.REPLY, aims(comment, sim)[0]), *((Act.MESSAGE, each) for each in aims(comment, sim))]
    for number, (act, target) in enumerate(acts):
        since, text = sim.clock.now(), f"{TEXT} {number}"
        sim.faults.next(platform, "POST", "*", fault)
        with pytest.raises(UncertainError) as caught:
            api.carry_out(act, target, text)
        assert caught.value.code == "platform.uncertain"
        back = api.read_back(act, target, text, since)
        assert back is not None
        assert (back.result, back.read_back) == (Result.DONE, True)
        assert back.external_id
    assert len(sim.world.replies(comment)) == 1
    assert len(sim.world.sent(comment.person)) == 2
    assert len(effects(sim, platform)) == 3


@BOTH
@pytest.mark.parametrize(
    "fault", [Fault.REFUSED_CONNECTION, Fault.SERVER_ERROR, Fault.TRANSIENT, Fault.REDIRECT]
)
def test_what_was_not_done_is_known_not_to_be(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector, fault: Fault
) -> None:
    for act, target in [
        (Act.REPLY, aims(comment, sim)[0]),
        *((Act.MESSAGE, each) for each in aims(comment, sim)),
    ]:
        sim.faults.next(platform, "POST", "*", fault)
        with pytest.raises(UncertainError):
            api.carry_out(act, target, TEXT)
        assert api.read_back(act, target, TEXT, sim.clock.now()) is None
    assert effects(sim, platform) == []


@BOTH
@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GARBAGE, Fault.SERVER_ERROR, Fault.TRANSIENT])
def test_what_can_be_repeated_is(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector, fault: Fault
) -> None:
    for act in (Act.HIDE, Act.BAN, Act.UNBAN, Act.UNHIDE):
        sim.faults.next(platform, "*", "*", fault)
        assert api.carry_out(act, aim(comment)).result is Result.DONE
    sim.faults.next(platform, "DELETE", "*", Fault.ANSWER_LOST)
    # The second try finds nothing to delete: so it was done, or somebody else did it.
    assert api.carry_out(Act.DELETE, aim(comment)).result is Result.GONE
    assert comment.removed


@BOTH
def test_nobody_listens(sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector) -> None:
    with sim.down(), pytest.raises(OfflineError) as caught:
        api.carry_out(Act.REPLY, aim(comment), TEXT)
    assert type(caught.value) is OfflineError


@BOTH
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.TOKEN_EXPIRED, "platform.token"),
        (Fault.BLOCKED, "platform.blocked"),
        (Fault.PERMISSION, "platform.permission"),
        (Fault.RATE_LIMITED, "platform.rate_limited"),
    ],
)
def test_a_no_to_the_account_is_told_as_one(
    sim: Simulator, platform: Platform, comment: SimComment, api: MetaConnector, fault: Fault, code: str
) -> None:
    sim.faults.next(platform, "POST", "*", fault)
    with pytest.raises((AccessLostError, RateLimitedError)) as caught:
        api.carry_out(Act.MESSAGE, aim(comment), TEXT)
    assert caught.value.code == code
    assert effects(sim, platform) == []


@pytest.mark.parametrize("lost", [False, True])
def test_a_no_to_one_hiding_is_told_from_a_lost_right(sim: Simulator, lost: bool) -> None:
    post = sim.world.publish(FACEBOOK, "x")
    target = aim(sim.world.comment(post, sim.world.person(FACEBOOK, "Ada"), "un"))
    api = connector(sim, FACEBOOK)
    if lost:
        sim.world.grants[sim.tokens(FACEBOOK).access].scopes.discard("pages_manage_engagement")
        with pytest.raises(AccessLostError) as caught:
            api.carry_out(Act.HIDE, target)
        assert caught.value.code == "platform.permission"
    else:
        sim.faults.next(FACEBOOK, "POST", "*", Fault.PERMISSION)
        assert api.carry_out(Act.HIDE, target).result is Result.BY_HAND


TOKEN, PERMISSION, BLOCKED, LIMITED = "token", "permission", "blocked", "rate_limited"
ERRORS = [
    *((190, sub, TOKEN) for sub in (None, 458, 459, 460, 463, 464, 467)),
    (190, 492, PERMISSION),
    (102, None, TOKEN),
    (368, None, BLOCKED),
    *((number, None, LIMITED) for number in (4, 17, 32, 613, 80001)),
    *((number, None, PERMISSION) for number in (10, 200, 299)),
]


@pytest.mark.parametrize(("number", "sub", "code"), ERRORS)
def test_every_error_of_the_reference(sim: Simulator, number: int, sub: int | None, code: str) -> None:
    post = sim.world.publish(FACEBOOK, "x")
    target = aim(sim.world.comment(post, sim.world.person(FACEBOOK, "Ada"), "un"))
    sim.api(FACEBOOK).errors[Fault.BLOCKED] = GraphError(number, "…", subcode=sub)
    sim.faults.next(FACEBOOK, "POST", "*", Fault.BLOCKED)
    with pytest.raises((AccessLostError, RateLimitedError)) as caught:
        connector(sim, FACEBOOK).carry_out(Act.REPLY, target, TEXT)
    assert caught.value.code == f"platform.{code}"


def test_an_answer_that_repeats_the_token_leaves_no_trace_of_it(sim: Simulator) -> None:
    post = sim.world.publish(FACEBOOK, "x")
    target = aim(sim.world.comment(post, sim.world.person(FACEBOOK, "Ada"), "un"))
    token = sim.tokens(FACEBOOK).access
    sim.api(FACEBOOK).errors[Fault.BLOCKED] = GraphError(100, f"Malformed {token}")
    sim.faults.next(FACEBOOK, "POST", "*", Fault.BLOCKED)
    receipt = connector(sim, FACEBOOK).carry_out(Act.REPLY, target, TEXT)
    assert receipt.result is Result.REFUSED
    assert "Malformed …" in receipt.answer
    assert token not in repr(receipt)


def test_an_edit_in_place_of_a_reply_is_never_taken_for_one(sim: Simulator) -> None:
    """`{"success":true}` in place of an identifier means that something was edited."""

    post = sim.world.publish(FACEBOOK, "x")
    target = aim(sim.world.comment(post, sim.world.person(FACEBOOK, "Ada"), "un"))
    with answering(json_answer('{"success":true}')) as server:
        known = replace(sim.connection(FACEBOOK), base_url=server.base_url)
        api = Facebook(known, Kept(sim.tokens(FACEBOOK)), sim.clock, wait=no_wait)
        with pytest.raises(UncertainError):
            api.carry_out(Act.REPLY, target, TEXT)
        api.close()
    assert [(each.method, each.path) for each in server.asked] == [
        ("POST", f"/{target.external_id}/comments")
    ]


def test_a_proof_of_the_secret_goes_with_each_call(sim: Simulator) -> None:

    with answering(json_answer('{"data":[]}')) as server:
        known = replace(sim.connection(FACEBOOK), base_url=server.base_url)
        api = Facebook(known, Kept(Tokens("jeton", client_secret="secret")), sim.clock, wait=no_wait)
        list(api.fetch(""))
        api.close()
    proof = hmac.new(b"secret", b"jeton", hashlib.sha256).hexdigest()
    for each in server.asked:
        assert f"appsecret_proof={proof}" in each.path
        assert each.headers["authorization"] == "Bearer jeton"
        assert "jeton" not in each.path


@pytest.mark.parametrize("secret", ["", "secret"])
def test_the_app_asks_about_a_token_that_may_not_ask_about_itself(sim: Simulator, secret: str) -> None:
    def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        if asked.path.startswith("/me"):
            return json_answer(f'{{"id":"{sim.connection(FACEBOOK).external_id}","name":"Ville"}}')
        if asked.headers["authorization"] == "Bearer app|secret":
            assert "appsecret_proof" not in asked.path
            return json_answer('{"data":{"is_valid":true,"scopes":["pages_messaging"],"expires_at":0}}')
        return json_answer('{"error":{"code":100,"message":"You must provide an app access token"}}', 400)

    with answering(answer) as server:
        known = replace(sim.connection(FACEBOOK), base_url=server.base_url, client_id="app")
        api = Facebook(known, Kept(Tokens("jeton", client_secret=secret)), sim.clock, wait=no_wait)
        health = api.check()
        api.close()
    assert health.scopes == (("pages_messaging",) if secret else ())
    # What the platform does not tell is not called missing.
    assert ("pages_manage_engagement" in health.missing) is bool(secret)


def surely(sim: Simulator, api: MetaConnector, act: Act, target: Target, text: str) -> Receipt:
    """As a desk does it: look before another try, wait when nobody answers."""
    since, doubt = sim.clock.now(), False
    for _ in range(60):
        try:
            back = api.read_back(act, target, text, since) if doubt else None
            return back or api.carry_out(act, target, text)
        except UncertainError:
            doubt = True
        except OfflineError:
            sim.clock.advance(timedelta(minutes=1))
        except EnvironmentProblemError as error:
            assert error.code == "platform.answer"  # noqa: PT017  an answer may also be good
    raise AssertionError("never came to an end")


@BOTH
def test_over_a_bad_line_each_reply_and_message_arrives_exactly_once(
    sim: Simulator, platform: Platform
) -> None:
    world, api = sim.world, connector(sim, platform)
    post = world.publish(platform, "Publication")
    made = [world.comment(post, world.person(platform, f"P{each}"), f"c{each}") for each in range(15)]
    sim.faults.at_random(rate=0.3, seed=4)
    for number, comment in enumerate(made):
        surely(sim, api, Act.REPLY, aim(comment), f"réponse {number}")
        surely(sim, api, Act.MESSAGE, aim(comment), f"avis {number}")
        surely(sim, api, Act.HIDE, aim(comment), "")
    sim.faults.clear()
    assert [[each.text for each in world.replies(comment)] for comment in made] == [
        [f"réponse {number}"] for number in range(15)
    ]
    assert [[each.text for each in world.sent(comment.person)] for comment in made] == [
        [f"avis {number}"] for number in range(15)
    ]
    assert all(comment.hidden for comment in made)
    lost = [call for call in sim.calls if call.fault in (Fault.ANSWER_LOST, Fault.GARBAGE) and call.did]
    assert lost, "no answer was lost: the line was not bad enough"
