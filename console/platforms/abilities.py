"""What each platform's interface can do, and what its acts mean there. Facts of the public documentation
as of autumn 2026; where sources disagree the act is not `sure` and a refusal leads to a task by hand."""

from __future__ import annotations

from datetime import timedelta

from console.domain.messages import (
    FACEBOOK,
    INSTAGRAM,
    LINKEDIN,
    TIKTOK,
    YOUTUBE,
    Channel,
    Platform,
    X,
)
from console.domain.platforms import Abilities, Ability, Act, LengthUnit, WindowOpens

_C, _P = Channel.COMMENT, Channel.PRIVATE
_WEEK, _DAY = timedelta(days=7), timedelta(hours=24)


def _hand(note: str) -> Ability:
    return Ability(api=False, note=note)


_BY_HAND: Abilities = {
    **{(act, _C): _hand("by_hand.platform") for act in Act},
    **{(act, _P): _hand("by_hand.platform") for act in (Act.MESSAGE, Act.BAN, Act.UNBAN, Act.REPORT)},
}
"""Forums, e-mail, blogs: no interface at all."""

_FACEBOOK: Abilities = {
    (Act.HIDE, _C): Ability(api=True, note="hide.facebook", sure=False, repeatable=True),
    (Act.UNHIDE, _C): Ability(api=True, repeatable=True),
    (Act.DELETE, _C): Ability(api=True, note="delete.for_good", sure=False, repeatable=True),
    (Act.REPLY, _C): Ability(api=True, max_length=8_000),
    (Act.MESSAGE, _C): Ability(api=True, note="message.once_week", once=True, max_length=2_000, window=_WEEK),
    (Act.MESSAGE, _P): Ability(
        api=True, note="message.day", max_length=2_000, window=_DAY, opens=WindowOpens.LAST_INBOUND
    ),
    (Act.REPORT, _C): _hand("by_hand.report"),
    (Act.REPORT, _P): _hand("by_hand.report"),
    **{
        (act, channel): Ability(api=True, repeatable=True)
        for act in (Act.BAN, Act.UNBAN)
        for channel in (_C, _P)
    },
}

_INSTAGRAM: Abilities = {
    (Act.HIDE, _C): Ability(api=True, note="hide.instagram", repeatable=True),
    (Act.UNHIDE, _C): Ability(api=True, repeatable=True),
    (Act.DELETE, _C): Ability(api=True, note="delete.for_good", repeatable=True),
    (Act.REPLY, _C): Ability(api=True, note="reply.not_hidden", sure=False, max_length=2_200),
    (Act.MESSAGE, _C): Ability(
        api=True,
        note="message.once_week",
        once=True,
        max_length=1_000,
        unit=LengthUnit.BYTES,
        window=_WEEK,
    ),
    (Act.MESSAGE, _P): Ability(
        api=True,
        note="message.day",
        max_length=1_000,
        unit=LengthUnit.BYTES,
        window=_DAY,
        opens=WindowOpens.LAST_INBOUND,
    ),
    (Act.REPORT, _C): _hand("by_hand.report"),
    (Act.REPORT, _P): _hand("by_hand.report"),
    **{
        (act, channel): Ability(api=True, note="ban.needs_conversation", sure=False, repeatable=True)
        for act in (Act.BAN, Act.UNBAN)
        for channel in (_C, _P)
    },
}

_YOUTUBE: Abilities = {
    (Act.HIDE, _C): Ability(api=True, note="hide.youtube", repeatable=True),
    (Act.UNHIDE, _C): Ability(api=True, repeatable=True),
    (Act.DELETE, _C): Ability(api=True, note="delete.youtube", repeatable=True),
    (Act.REPLY, _C): Ability(api=True, max_length=10_000),
    (Act.BAN, _C): Ability(api=True, note="ban.youtube", repeatable=True),
    (Act.UNBAN, _C): _hand("by_hand.unban"),
    (Act.REPORT, _C): _hand("by_hand.report"),
}

_X: Abilities = {
    (Act.HIDE, _C): Ability(api=True, note="hide.x", sure=False, repeatable=True),
    (Act.UNHIDE, _C): Ability(api=True, sure=False, repeatable=True),
    (Act.DELETE, _C): _hand("by_hand.delete_x"),
    (Act.REPLY, _C): Ability(api=True, note="reply.x", sure=False, max_length=280),
    (Act.MESSAGE, _C): Ability(api=True, note="message.x", sure=False, max_length=10_000),
    (Act.MESSAGE, _P): Ability(api=True, max_length=10_000),
    (Act.REPORT, _C): _hand("by_hand.report"),
    (Act.REPORT, _P): _hand("by_hand.report"),
    **{(act, channel): _hand("by_hand.ban_x") for act in (Act.BAN, Act.UNBAN) for channel in (_C, _P)},
}

_LINKEDIN: Abilities = {
    (Act.HIDE, _C): _hand("by_hand.hide_linkedin"),
    (Act.UNHIDE, _C): _hand("by_hand.hide_linkedin"),
    (Act.DELETE, _C): Ability(api=True, note="delete.linkedin", sure=False, repeatable=True),
    (Act.REPLY, _C): Ability(api=True, max_length=1_250),
    (Act.MESSAGE, _P): _hand("by_hand.message_linkedin"),
    **{
        (act, channel): _hand("by_hand.platform")
        for act in (Act.BAN, Act.UNBAN, Act.REPORT)
        for channel in (_C, _P)
    },
}

_TIKTOK: Abilities = {
    (Act.HIDE, _C): Ability(api=True, note="hide.tiktok", repeatable=True),
    (Act.UNHIDE, _C): Ability(api=True, repeatable=True),
    (Act.DELETE, _C): _hand("by_hand.delete_tiktok"),
    (Act.REPLY, _C): Ability(api=True, note="reply.tiktok", max_length=150),
    (Act.MESSAGE, _P): _hand("by_hand.message_tiktok"),
    **{
        (act, channel): _hand("by_hand.platform")
        for act in (Act.BAN, Act.UNBAN, Act.REPORT)
        for channel in (_C, _P)
    },
}

_TABLE: dict[Platform, Abilities] = {
    FACEBOOK: _FACEBOOK,
    INSTAGRAM: _INSTAGRAM,
    YOUTUBE: _YOUTUBE,
    X: _X,
    LINKEDIN: _LINKEDIN,
    TIKTOK: _TIKTOK,
}


def abilities_of(platform: Platform) -> Abilities:
    """What can be done on the platform; for one that Vigie has no connector for, everything by hand."""
    return _TABLE.get(platform, _BY_HAND)
