"""What a message holds beside words: links, e-mail addresses, telephone numbers, amounts, names, mentions.

All places are half-open ranges in `Document.normal`; each kind is worked out once a document.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from console.netiquette import dictated
from console.netiquette.datafiles import read_lexicon
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document
from console.netiquette.text.normalise import normalise

Place = tuple[int, int]

_LINK = re.compile(
    r"(?:h(?:tt|xx)ps?://|www\.)[^\s<>\"]+"
    r"|(?<![@\w.-])(?:[a-z0-9][a-z0-9-]*\.)+"
    r"(?:com|ca|org|net|info|biz|quebec|app|shop|store|online|site|xyz|top|club|live|news|link|website|blog"
    r"|fr|eu|ru|cn|tv|io|gg|example|invalid|test)(?![\w@-])(?:/[^\s<>\"]*)?"
    r"|(?<![@\w.-])(?:[a-z0-9][a-z0-9-]*\.)+(?:co|me|ly|gl|be|gd|to|us|ws|cc|im|la|ee|li|do|gle|link)/[^\s<>\"]+"
)
_TRAILING = re.compile(r"[.,;:!?)\]'\"»]+$")
_EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,24}"
)
_PHONE = re.compile(
    r"(?<![\d#$/.,-])(?:\+?1[ .\-]?)?\(?([2-9]\d{2})\)?[ .\-/]{0,3}"
    r"([2-9]\d{2})[ .\-]{0,3}(\d{4})(?![\d-]|[.,]\d)"
)
_ODD_PHONE = re.compile(r"(?<![\d#$/.,_-])([2-9]\d{2})[/_*|]([2-9]\d{2})[/_*|. -](\d{4})(?![\d_/-])")
"""Between signs that dates, file numbers and fractions also have: only what could be called counts."""
_FOREIGN_PHONE = re.compile(r"\+(?!1\b)\d{1,3}(?:[ .\-]?\(?\d{1,4}\)?){2,6}(?!\d)")
_MONEY = re.compile(
    r"(?<![\w.])\d[\d ]*(?:[.,]\d{1,2})? ?(?:\$|€|k\$|m\$|dollars?\b|piastres?\b|piasses?\b|euros?\b|usd\b)"
    r"|\$ ?\d[\d ]*"
)
_PERCENT = re.compile(r"\d+(?:[.,]\d+)? ?(?:%|pour cent\b)")
_MENTION = re.compile(r"(?<![\w.@])@[a-z0-9_][\w.]{1,40}")
_CAPITALISED = r"[A-ZÀ-ÞŒ][a-zà-ÿœ]+(?:-[A-ZÀ-Þ]?[a-zà-ÿ]+)*"
_NAME = re.compile(
    rf"(?<![\w’'-]){_CAPITALISED}(?: (?:(?:de|Le|La|Du|St|Ste) )?{_CAPITALISED}){{1,2}}(?![\w-])"
)


@lru_cache(maxsize=1)
def _name_words() -> tuple[frozenset[str], re.Pattern[str]]:
    """Words that begin no person's name, and what stands before the name of a place."""
    content = read_lexicon(Resources().lexicon("names"))
    places = "|".join(str(content["before_place"]).split())
    before = re.compile(rf"(?:^|[^\w])(?:{places})\.?(?: (?:de|du|des|la|le|l'|d'))*[ /]*$")
    return frozenset(str(content["not_first"]).split()), before


class Phone(NamedTuple):
    """A telephone number: its ten digits (or more for a foreign one) and its place."""

    digits: str
    start: int
    end: int


def links(document: Document) -> tuple[Place, ...]:
    """Addresses of web pages, with or without protocol."""
    return document.once("links", lambda: _links(document.normal))


def _links(normal: str) -> tuple[Place, ...]:
    if "." not in normal and "://" not in normal:
        return ()
    found = []
    for match in _LINK.finditer(normal):
        trailing = _TRAILING.search(match.group())
        found.append((match.start(), match.end() - (len(trailing.group()) if trailing else 0)))
    return tuple(found)


def emails(document: Document) -> tuple[Place, ...]:
    """Electronic mail addresses, also with «(at)», «arobase» or «point com» (see `dictated`)."""

    def find() -> tuple[Place, ...]:
        written = _matches(_EMAIL, document.normal) if "@" in document.normal else ()
        return written + dictated.mails(document)

    return document.once("emails", find)


def phones(document: Document) -> tuple[Phone, ...]:
    """North American numbers and foreign ones written with their country code."""
    return document.once("phones", lambda: tuple(_phones(document)))


def _phones(document: Document) -> list[Phone]:
    normal = document.normal
    spoken = [
        Phone(each.digits[-10:], each.start, each.end)
        for each in dictated.numbers(document)
        if len(each.digits) == 10 or (len(each.digits) == 11 and each.digits[0] == "1")
        if can_be_called(each.digits[-10:])
    ]
    if sum(map(normal.count, "0123456789")) < 7:
        return spoken
    inside = links(document)
    found = [
        Phone("".join(match.groups()), *match.span())
        for match in _PHONE.finditer(normal)
        if not any(start <= match.start() < end for start, end in inside)
    ]
    found += [
        Phone("".join(match.groups()), *match.span())
        for match in _ODD_PHONE.finditer(normal)
        if can_be_called("".join(match.groups()))
    ]
    if "+" in normal:
        found += [
            Phone(re.sub(r"\D", "", match.group()), *match.span())
            for match in _FOREIGN_PHONE.finditer(normal)
            if can_be_called(match.group())
        ]
    return found + spoken


def can_be_called(number: str) -> bool:
    """Whether the numbering plan has it: ten digits of North America, or «+» and a country's code. Asked
    only about what is written unusually: reading the plan takes a tenth of a second at first."""
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(parsed := phonenumbers.parse(number, "CA")) and (
            number.startswith("+") or phonenumbers.is_valid_number(parsed)
        )
    except phonenumbers.NumberParseException:
        return False


def money(document: Document) -> tuple[Place, ...]:
    """Amounts of money."""
    return document.once("money", lambda: _matches(_MONEY, document.normal))


def percents(document: Document) -> tuple[Place, ...]:
    """Percentages."""
    return document.once("percents", lambda: _matches(_PERCENT, document.normal))


def mentions(document: Document) -> tuple[Place, ...]:
    """«@name», but no e-mail address."""

    def find() -> tuple[Place, ...]:
        return _matches(_MENTION, document.normal) if "@" in document.normal else ()

    return document.once("mentions", find)


def names(document: Document) -> tuple[Place, ...]:
    """What looks like a person's first and last name: capitalised words side by side, no place names."""
    return document.once("names", lambda: tuple(_names(document)))


def opens_no_name(word: str) -> bool:
    """Whether a capitalised word begins no person's name («Ville», «Merci»)."""
    return normalise(word).text in _name_words()[0]


def _names(document: Document) -> Iterator[Place]:
    not_first, before_place = _name_words()
    for match in _NAME.finditer(document.original):
        start = bisect_left(document.offsets, match.start())
        end = bisect_left(document.offsets, match.end())
        first = document.normal[start:end].partition(" ")[0]
        if first in not_first or first.startswith(("saint-", "sainte-")):
            continue
        if not before_place.search(document.normal, max(0, start - 30), start):
            yield start, end


_TITLED = re.compile(
    r"(?<![\w’'-])(?:M\.|Mme|Mlle|Dre?|[Mm]onsieur|[Mm]adame|[Ll]e (?:petit|grand|gros|fils)"
    r"|[Ll]a (?:petite|grande|grosse|famille|fille)|[Tt]i-|(?:[Cc]hez )?[Ll]es) ?"
    rf"(?P<name>{_CAPITALISED})"
)


def persons(document: Document) -> tuple[Place, ...]:
    """Names as in `names`, and single ones after a title or «la petite», «les» («les Gauthier»)."""

    def find() -> tuple[Place, ...]:
        not_first, _ = _name_words()
        found = list(names(document))
        for match in _TITLED.finditer(document.original):
            name = match["name"]
            plural = match.group().lower().endswith(f"les {name.lower()}") and name.endswith("s")
            start = bisect_left(document.offsets, match.start("name"))
            end = bisect_left(document.offsets, match.end("name"))
            if not plural and document.normal[start:end] not in not_first:
                found.append((start, end))
        return tuple(found)

    return document.once("persons", find)


def _matches(pattern: re.Pattern[str], text: str) -> tuple[Place, ...]:
    return tuple(match.span() for match in pattern.finditer(text))
