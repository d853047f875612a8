"""Identifiers in the form each platform gives them. The same sequence number gives the same identifier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from console.domain.messages import FACEBOOK, INSTAGRAM, LINKEDIN, TIKTOK, YOUTUBE, Platform, X

_X_EPOCH_MS = 1_288_834_974_657
"""What the upper bits of X's identifiers count milliseconds from."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class What(StrEnum):
    """Kinds of things that have an identifier."""

    PERSON = "person"
    POST = "post"
    COMMENT = "comment"
    CONVERSATION = "conversation"
    MESSAGE = "message"


def new(platform: Platform, what: What, number: int, at: datetime, city: str, parent: str = "") -> str:
    """The identifier of the `number`th thing (counted over all kinds, from 1), made at `at`.

    `city`: identifier of the city's account there; `parent`: of the comment that is answered, if any.
    """
    make = _FORMS.get(platform, _plain)
    return make(what, number, at, city, parent)


def letters(seed: str, length: int) -> str:
    """Letters and digits that only depend on `seed`, at most 64."""
    return "".join(_LETTERS[byte % 64] for byte in sha256(seed.encode()).digest() * 2)[:length]


def _plain(what: What, number: int, at: datetime, city: str, parent: str) -> str:
    return f"{what}-{number}"


def _facebook(what: What, number: int, at: datetime, city: str, parent: str) -> str:
    match what:
        case What.PERSON:
            return str(24_000_000_000_000_000 + number * 7_919)
        case What.POST:
            return f"{city}_{122_100_000_000_000 + number * 37}"
        case What.COMMENT:
            return str(980_000_000_000_000 + number * 41)
        case What.CONVERSATION:
            return f"t_{122_300_000_000_000 + number * 43}"
    return "m_" + letters(f"facebook/{number}", 40)


def _instagram(what: What, number: int, at: datetime, city: str, parent: str) -> str:
    match what:
        case What.PERSON:
            return str(1_700_000_000_000_000 + number * 6_007)
        case What.POST:
            return str(17_890_000_000_000_000 + number * 53)
        case What.COMMENT:
            return str(17_850_000_000_000_000 + number * 59)
        case What.CONVERSATION:
            return "aWdfZAG06" + letters(f"conversation/{number}", 40)
    return "aWdfZAG1f" + letters(f"instagram/{number}", 40)


def _youtube(what: What, number: int, at: datetime, city: str, parent: str) -> str:
    match what:
        case What.PERSON:
            return "UC" + letters(f"channel/{number}", 22)
        case What.POST:
            return letters(f"video/{number}", 11)
    own = "Ugx" + letters(f"comment/{number}", 19) + "4AaABAg"
    return f"{parent}.{letters(f'reply/{number}', 22)}" if parent else own


def _snowflake(what: What, number: int, at: datetime, city: str, parent: str) -> str:
    if what is What.PERSON:
        return str(1_500_000_000_000_000_000 + number * 104_729)
    milliseconds = max(0, int(at.timestamp() * 1000) - _X_EPOCH_MS)
    return str((milliseconds << 22) | (number & 0x3FFFFF))


def _linkedin(what: What, number: int, at: datetime, city: str, parent: str) -> str:
    match what:
        case What.PERSON:
            return "urn:li:person:" + letters(f"member/{number}", 10)
        case What.POST:
            return f"urn:li:activity:{7_100_000_000_000_000_000 + number * 61}"
    return str(7_200_000_000_000_000_000 + number * 67)


def _tiktok(what: What, number: int, at: datetime, city: str, parent: str) -> str:
    if what is What.PERSON:
        return "-000" + letters(f"tiktok/{number}", 32)
    return str((int(at.timestamp()) << 32) | (number * 71 & 0xFFFFFFFF))


_FORMS: dict[Platform, Callable[[What, int, datetime, str, str], str]] = {
    FACEBOOK: _facebook,
    INSTAGRAM: _instagram,
    YOUTUBE: _youtube,
    X: _snowflake,
    LINKEDIN: _linkedin,
    TIKTOK: _tiktok,
}
