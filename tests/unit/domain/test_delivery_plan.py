"""Which acts carry out a decision, and by which way: for every platform, text, age and connection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.delivery_plan import acts_left, plan
from console.domain.messages import (
    FACEBOOK,
    INSTAGRAM,
    KNOWN_PLATFORMS,
    OTHER,
    TIKTOK,
    YOUTUBE,
    Channel,
    Kind,
    Platform,
)
from console.domain.platforms import Act, Target
from console.platforms.abilities import abilities_of

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
OPERATIONS = ("hide", "delete", "report", "reply", "redirect_311", "warn", "ban", "unhide", "unban")
NOTICES = {Act.MESSAGE, Act.REPLY}


def target(
    platform: Platform = FACEBOOK,
    channel: Channel = Channel.COMMENT,
    age: timedelta = timedelta(hours=1),
    inbound: timedelta | None = None,
) -> Target:
    """A message of that age."""
    kind = Kind.COMMENT if channel is Channel.COMMENT else Kind.PRIVATE_MESSAGE
    latest = None if inbound is None else NOW - inbound
    return Target(platform, "m1", channel, kind, "p1", "Zoé", NOW - age, last_inbound_at=latest)


def ways(operation: str, at: Target, text: str = "Bonjour", **more: bool) -> list[tuple[Act, bool, str]]:
    """The plan, short."""
    connected = more.pop("connected", True)
    planned = plan(operation, at, text, abilities_of(at.platform), connected, NOW, **more)
    return [(each.act, each.by_api, each.note) for each in planned]


cases = st.tuples(
    st.sampled_from(OPERATIONS),
    st.builds(
        target,
        st.sampled_from((*KNOWN_PLATFORMS, OTHER)),
        st.sampled_from(Channel),
        st.timedeltas(timedelta(0), timedelta(days=40)),
        st.none() | st.timedeltas(timedelta(0), timedelta(days=40)),
    ),
    st.text(max_size=40) | st.builds("é".__mul__, st.integers(100, 12_000)),
    st.booleans(),
    st.booleans(),
)


@given(cases)
def test_every_item_has_acts_and_each_act_a_way_that_is_open(
    case: tuple[str, Target, str, bool, bool],
) -> None:
    operation, at, text, connected, used = case
    abilities = abilities_of(at.platform)
    planned = plan(operation, at, text, abilities, connected, NOW, used)
    assert planned
    acts = [each.act for each in planned]
    assert len(set(acts)) == len(acts)
    assert len(NOTICES & set(acts)) <= 1, "nobody is told twice"
    if Act.BAN in acts:
        assert acts[-1] is Act.BAN, "the notice goes before the ban"
    for each in planned:
        ability = abilities.get((each.act, at.channel))
        if not each.by_api:
            assert each.note.startswith("by_hand."), "whoever does it by hand is told why"
            continue
        assert connected
        assert ability is not None
        assert ability.api
        assert each.deadline is None or each.deadline > NOW
        assert each.act not in NOTICES or ability.fits(text)
        assert not (ability.once and used)
        assert each.note == ability.note


@given(cases)
def test_connecting_changes_who_does_it_never_what_is_done(case: tuple[str, Target, str, bool, bool]) -> None:
    operation, at, text, _, used = case
    here = plan(operation, at, text, abilities_of(at.platform), True, NOW, used)
    away = plan(operation, at, text, abilities_of(at.platform), False, NOW, used)
    assert [(each.act, each.deadline) for each in here] == [(each.act, each.deadline) for each in away]
    assert not any(each.by_api for each in away)
    for before, after in zip(here, away, strict=True):
        assert after.note == ("by_hand.not_connected" if before.by_api else before.note)


@given(cases)
def test_what_is_done_is_not_done_again(case: tuple[str, Target, str, bool, bool]) -> None:
    operation, at, text, connected, used = case
    planned = plan(operation, at, text, abilities_of(at.platform), connected, NOW, used)
    for place in range(len(planned) + 1):
        done = [each.act for each in planned[:place]]
        later = plan(operation, at, text, abilities_of(at.platform), connected, NOW + timedelta(days=9), True)
        assert acts_left(planned, done) == planned[place:]
        assert not {each.act for each in acts_left(later, done)} & set(done)
        if NOTICES & set(done):
            assert not {each.act for each in acts_left(later, done)} & NOTICES


def test_a_warning_goes_privately_then_publicly_then_by_hand() -> None:
    assert ways("warn", target()) == [(Act.MESSAGE, True, "message.once_week")]
    old = target(age=timedelta(days=7))
    assert ways("warn", old) == [(Act.REPLY, True, "")]
    assert ways("warn", target(), message_used=True) == [(Act.REPLY, True, "")]
    assert ways("warn", target(), "a" * 2_001) == [(Act.REPLY, True, "")]
    assert ways("warn", old, "a" * 8_001) == [(Act.REPLY, False, "by_hand.too_long")]
    assert ways("warn", target(), connected=False) == [(Act.MESSAGE, False, "by_hand.not_connected")]


def test_lengths_are_counted_as_the_platform_does() -> None:
    assert ways("warn", target(INSTAGRAM), "é" * 500) == [(Act.MESSAGE, True, "message.once_week")]
    assert ways("warn", target(INSTAGRAM), "é" * 501) == [(Act.REPLY, True, "reply.not_hidden")]
    assert ways("reply", target(TIKTOK), "é" * 150) == [(Act.REPLY, True, "reply.tiktok")]
    assert ways("reply", target(TIKTOK), "é" * 151) == [(Act.REPLY, False, "by_hand.too_long")]


def test_a_conversation_stays_open_from_the_latest_message_of_the_person() -> None:
    private = target(channel=Channel.PRIVATE, age=timedelta(days=3), inbound=timedelta(hours=23))
    assert ways("reply", private) == [(Act.MESSAGE, True, "message.day")]
    silent = target(channel=Channel.PRIVATE, age=timedelta(days=3), inbound=timedelta(hours=24))
    assert ways("reply", silent) == [(Act.MESSAGE, False, "by_hand.window_closed")]
    assert ways("reply", target(channel=Channel.PRIVATE)) == [(Act.MESSAGE, True, "message.day")]


def test_the_notice_of_a_ban_goes_before_it() -> None:
    assert [act for act, *_ in ways("ban", target())] == [Act.MESSAGE, Act.BAN]
    assert [act for act, *_ in ways("ban", target(YOUTUBE))] == [Act.REPLY, Act.BAN]
    assert ways("unban", target(YOUTUBE)) == [(Act.UNBAN, False, "by_hand.unban")]


def test_where_there_is_no_interface_everything_is_by_hand() -> None:
    assert ways("hide", target(OTHER)) == [(Act.HIDE, False, "by_hand.platform")]
    assert ways("warn", target(OTHER)) == [(Act.MESSAGE, False, "by_hand.platform")]
    assert ways("hide", target(channel=Channel.PRIVATE)) == [(Act.HIDE, False, "by_hand.platform")]


def test_an_operation_that_is_none_is_a_bug() -> None:
    with pytest.raises(KeyError):
        ways("keep", target())
