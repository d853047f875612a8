"""Single values of foreign files: words folded, platforms and channels named, ids made stable."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from console.domain.folding import fold
from console.domain.messages import (
    FACEBOOK,
    INSTAGRAM,
    LINKEDIN,
    TIKTOK,
    YOUTUBE,
    Channel,
    Kind,
    Platform,
    X,
)
from console.services.ports import Skipped

BROKEN = "\udcff"
"""Stands in decoded text for each byte that the encoding does not know; never occurs otherwise."""

MAX_TEXT = 50_000
"""Characters of one message; the longest that a platform allows is 10,000 (YouTube) to 63,206 (posts)."""

_PLATFORMS: Mapping[str, Platform] = {
    "facebook": FACEBOOK,
    "fb": FACEBOOK,
    "meta": FACEBOOK,
    "messenger": FACEBOOK,
    "facebook messenger": FACEBOOK,
    "facebook page": FACEBOOK,
    "instagram": INSTAGRAM,
    "insta": INSTAGRAM,
    "ig": INSTAGRAM,
    "youtube": YOUTUBE,
    "yt": YOUTUBE,
    "x": X,
    "twitter": X,
    "x twitter": X,
    "x com": X,
    "linkedin": LINKEDIN,
    "tiktok": TIKTOK,
    "tik tok": TIKTOK,
}
_HOSTS: Mapping[str, Platform] = {
    "facebook.com": FACEBOOK,
    "fb.com": FACEBOOK,
    "instagram.com": INSTAGRAM,
    "youtube.com": YOUTUBE,
    "youtu.be": YOUTUBE,
    "x.com": X,
    "twitter.com": X,
    "linkedin.com": LINKEDIN,
    "tiktok.com": TIKTOK,
}
_PRIVATE_WORDS = frozenset(
    {"private", "prive", "privee", "dm", "mp", "inbox", "messenger", "direct", "private message"}
    | {"message prive", "messages prives", "message privee", "direct message", "message direct"}
)
_PUBLIC_WORDS = frozenset(
    {"comment", "comments", "commentaire", "commentaires", "public", "publique", "reply", "reponse"}
    | {"mention", "mentions", "post", "publication", "review", "avis", "tweet", "quote", "video"}
    | {"ad comment", "post comment", "image", "photo"}
)
_KINDS: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    "reply": Kind.REPLY,
    "reponse": Kind.REPLY,
    "commentaire": Kind.COMMENT,
    "message prive": Kind.PRIVATE_MESSAGE,
    "private message": Kind.PRIVATE_MESSAGE,
    "private": Kind.PRIVATE_MESSAGE,
    "photo": Kind.IMAGE,
    "post": Kind.PUBLICATION,
}
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_HOST = re.compile(r"https?://(?:[\w-]+\.)*?([\w-]+\.\w+)(?=[/:?#]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Options:
    """What a person said about a file that the file does not say itself.

    `city` holds folded names and ids under which the city itself writes; `date_order` is `dmy`,
    `mdy` or empty.
    """

    account: str = ""
    platform: Platform | None = None
    channel: Channel | None = None
    city: frozenset[str] = field(default=frozenset())
    date_order: str = ""
    sheet: str = ""

    @classmethod
    def of(cls, constants: Mapping[str, str]) -> Options:
        """From the constants of a column mapping; unknown keys are left to the mapping."""
        return cls(
            account=constants.get("account", "").strip(),
            platform=platform_of(constants.get("platform", "")),
            channel=channel_of(constants.get("channel", "")),
            city=named(constants.get("city", "").splitlines()),
            date_order=constants.get("date_order", ""),
            sheet=constants.get("sheet", ""),
        )


class RowError(ValueError):
    """This row cannot become a message: `code` and `facts` go into the report."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts

    def at(self, row: int) -> Skipped:
        """The report line for row number `row`."""
        return Skipped(row, self.code, self.facts)


def named(names: Iterable[str]) -> frozenset[str]:
    """Names folded for comparison, without those that fold to nothing."""
    return frozenset(filter(None, map(words, names)))


def is_city(author: str, options: Options) -> bool:
    """Whether a person said that this name or id is the city's own."""
    folded = words(author)
    return bool(folded) and folded in options.city


@lru_cache(4096)
def words(text: str) -> str:
    """Folded words, single spaces between them: how headers, names and values are compared."""
    return fold(text)


@lru_cache(1024)
def platform_of(value: str) -> Platform | None:
    """The slug of a platform as people write it; None when empty. The list stays open (R1)."""
    known = words(value)
    return (_PLATFORMS.get(known) or Platform(known.replace(" ", "-"))) if known else None


def platform_of_url(url: str) -> Platform | None:
    """The platform that an address belongs to, None when it is none of the known ones."""
    host = _HOST.match(url.strip())
    return _HOSTS.get(host[1].lower()) if host else None


@lru_cache(1024)
def channel_of(value: str) -> Channel | None:
    """Public or private as people write it; None when empty or unknown."""
    known = words(value)
    if known in _PRIVATE_WORDS:
        return Channel.PRIVATE
    return Channel.COMMENT if known in _PUBLIC_WORDS else None


def kind_of(value: str, channel: Channel, parent: str) -> Kind:
    """The kind of content (R5): as named, else what channel and parent imply."""
    named = _KINDS.get(words(value)) or _KINDS.get(value)
    if channel is Channel.PRIVATE:
        return Kind.PRIVATE_MESSAGE
    if named is not None and named is not Kind.PRIVATE_MESSAGE:
        return named
    return Kind.REPLY if parent else Kind.COMMENT


def message_text(value: str, has_attachments: bool = False) -> str:
    """The text as it will be kept: word for word, line ends as LF, and without the two things that
    no database keeps (NUL, halves of surrogate pairs), which become U+FFFD.

    Raises `RowError`: `import.row.bytes`, `import.row.text_missing`, `import.row.too_long`.
    """
    if BROKEN in value:
        raise RowError("import.row.bytes")
    if len(value) > MAX_TEXT:
        raise RowError("import.row.too_long", length=len(value), limit=MAX_TEXT)
    text = storable(value).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip() and not has_attachments:
        raise RowError("import.row.text_missing")
    return text


def storable(value: str) -> str:
    """Without NUL and lone surrogates (U+FFFD instead), which no UTF-8 database can hold."""
    if value.isascii() and "\0" not in value:
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def short(value: Any, field_name: str, limit: int = 2_000) -> str:
    """A short value (id, name, link) as trimmed text; numbers lose a «.0» that a spreadsheet added.

    Raises `RowError`: `import.row.bytes`, `import.row.too_long`.
    """
    if value is None:
        return ""
    if type(value) is str and len(value) <= limit and value.isascii() and "\0" not in value:
        return value.strip()  # nearly every value, at a fifth of the cost
    written = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if BROKEN in written:
        raise RowError("import.row.bytes")
    plain = storable(written).strip()
    if len(plain) > limit:
        raise RowError("import.row.too_long", field=field_name, length=len(plain), limit=limit)
    return plain


def intact(identifier: str) -> str:
    """An id as it came, or nothing when a spreadsheet rounded it (1,81221E+16): rounded ids of different
    messages are equal, and one message would overwrite the other."""
    return "" if _ROUNDED.fullmatch(identifier) else identifier


def derived_id(account: str, author: str, posted_at: datetime | None, text: str, occurrence: int = 0) -> str:
    """A stable id for a message whose source has none: the same content gives the same id again.

    `occurrence` numbers repetitions that nothing else tells apart (no date).
    """
    when = posted_at.isoformat() if posted_at else ""
    content = "\x1f".join((account, author, when, text, str(occurrence or "")))
    return "vigie-" + hashlib.sha256(content.encode()).hexdigest()[:40]


@lru_cache(4096)
def derived_post_id(text: str) -> str:
    """A stable id for a publication of which only the text is known; empty for no text."""
    return "vigie-" + hashlib.sha256(text.encode()).hexdigest()[:40] if text.strip() else ""
