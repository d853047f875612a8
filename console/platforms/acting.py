"""Acts and what is left of them on a platform: which ones a person does, how an own text is known again."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import datetime, timedelta

from console.domain.platforms import Abilities, Act, Receipt, Result, Target

CLOCKS_DIFFER = timedelta(minutes=2)
"""A platform's clock may run behind the desk's: what was made up to this long before an act began may
be its effect. Rather a reply taken for sent than one sent twice."""

_LINK = re.compile(r"https?://\S+")
_MENTIONS = re.compile(r"^(?:@\w+\s+)+")
_SPACES = re.compile(r"\s+")


def by_hand(act: Act, target: Target, abilities: Abilities, at: datetime) -> Receipt | None:
    """The receipt of an act that the platform's interface does not offer; None when it does."""
    ability = abilities.get((act, target.channel))
    if ability is not None and ability.api:
        return None
    note = ability.note if ability else "by_hand.platform"
    return Receipt(act, Result.BY_HAND, at, code=note)


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for what platforms change when they store one: spaces, HTML
    escapes, composed letters, shortened links, the mentions that X puts before a reply."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFC", html.unescape(text))
    plain = _LINK.sub("‹link›", plain.strip())
    return _SPACES.sub(" ", _MENTIONS.sub("", plain)).strip()


def may_be_effect(made_at: datetime, since: datetime) -> bool:
    """Whether something made at `made_at` (platform's clock) can come from an act begun at `since`."""
    return made_at >= since - CLOCKS_DIFFER
