"""Numbers and addresses written out so that no pattern of digits sees them: «huit un neuf, cinq cinq cinq»,
«8 1 9 5 5 5 0 1 4 2», «nom arobase domaine point com». Places are in `Document.normal`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from console.netiquette.text.document import Document

_UNITS = {"zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
          "huit": 8, "neuf": 9, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8,
          "nine": 9}  # fmt: skip
_TEENS = {"dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16}
_TENS = {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_HUNDRED = ("cent", "cents")
_WORDS = frozenset((*_UNITS, *_TEENS, *_TENS, *_HUNDRED))
_BETWEEN = frozenset(("-", ",", ".", "/", "(", ")", "_", "et", "tiret", "point", "espace", "pis", "puis"))
_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_TELLING = _WORDS - {"un", "une", "one"}
_FIGURES = frozenset("0123456789")
_FEWEST_SAID = 3
_FEWEST_WORDS = 2
_FEWEST, _MOST = 9, 16
"""Digits: a social insurance number has nine, a bank card sixteen."""
_APART = re.compile(r"(?<![\d.,$-])\d([ ._-])\d(?:\1\d){7,14}(?![\d.,]?\d)(?! ?\$)")
_COUNTING = ("0123456789", "12345678910", "9876543210")

_AT = r"(?: ?[\[({<] ?(?:at|arobase?|arrobase?|@|a) ?[\])}>] ?| (?:arobase?|arrobase?|a commercial|@) )"
_LOOSE_AT = rf"(?:{_AT}| at )"
_SPELT_DOT = r"(?: ?[\[({<] ?(?:dot|point|pt|\.) ?[\])}>] ?| (?:dot|point|pt) )"
_DOT = rf"(?:{_SPELT_DOT}| ?\. ?)"
_TOP = r"(?:com|ca|org|net|fr|info|quebec|example|test|invalid|biz|eu|be|ch|me|io|co|us|live|gmail)\b"
_LOCAL = (
    rf"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{{0,63}}(?:{_SPELT_DOT}[a-z0-9][a-z0-9_%+-]{{0,63}}){{0,3}}"
)
_LABELS = rf"[a-z0-9-]{{1,63}}(?:{_DOT}[a-z0-9-]{{1,63}}){{0,3}}"
_SPELT_MAIL = re.compile(
    rf"{_LOCAL}(?:{_AT}{_LABELS}{_DOT}{_TOP}|{_LOOSE_AT}{_LABELS}{_SPELT_DOT}{_TOP}"
    rf"|@{_LABELS}{_SPELT_DOT}{_TOP})"
)
_MAIL_SIGNS = ("arob", "arrob", "at)", "at]", "at}", "at>", " at ", "@", "a commercial", "(a)", "[a]")
_MAIL_DOTS = re.compile(_SPELT_DOT)


class Dictated(NamedTuple):
    """A run of figures in words or apart: its 9 to 16 digits and its place."""

    digits: str
    start: int
    end: int


class _Atom(NamedTuple):
    value: str
    """Digits as written, or a number word."""
    start: int
    end: int


def numbers(document: Document) -> tuple[Dictated, ...]:
    """Every such run, in order; what counts («un deux trois quatre…») is none."""
    return document.once("dictated", lambda: tuple(_numbers(document)))


def _numbers(document: Document) -> Iterator[Dictated]:
    found: list[Dictated] = []
    figures = not _FIGURES.isdisjoint(document.signs)
    if figures and sum(map(document.normal.count, "0123456789")) >= _FEWEST:
        found += [
            Dictated(re.sub(r"\D", "", match.group()), *match.span())
            for match in _APART.finditer(document.normal)
        ]
    # «un» and «une» are in every text: something else has to be counted, too.
    if (
        not _TELLING.isdisjoint(document.texts)
        and sum(map(_WORDS.__contains__, document.texts)) >= _FEWEST_SAID
    ):
        found += map(_read, _runs(document.normal))
    for each in found:
        counted = any(each.digits[:_FEWEST] in row for row in _COUNTING)
        if _FEWEST <= len(each.digits) <= _MOST and not counted:
            yield each


def _runs(text: str) -> Iterator[list[_Atom]]:
    """Number words and figures that follow each other with nothing but signs and «tiret» between."""
    run: list[_Atom] = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece in _WORDS or piece.isdecimal():
            run.append(_Atom(piece, *match.span()))
        elif piece not in _BETWEEN:
            if sum(each.value in _WORDS for each in run) >= _FEWEST_WORDS:
                yield run
            run = []
    if sum(each.value in _WORDS for each in run) >= _FEWEST_WORDS:
        yield run


def _read(run: Sequence[_Atom]) -> Dictated:
    digits, place = "", 0
    while place < len(run):
        said, used = _group([each.value for each in run[place : place + 4]])
        digits += said
        place += used
    return Dictated(digits, run[0].start, run[-1].end)


def _group(words: Sequence[str]) -> tuple[str, int]:
    """The digits of the number that `words` begin with, and how many words it takes: «huit cent dix neuf» →
    819, «quarante deux» → 42, «cinq» → 5."""
    first = words[0]
    if first.isdecimal():
        return first, 1
    if first in _HUNDRED or (_UNITS.get(first, 0) > 1 and len(words) > 1 and words[1] in _HUNDRED):
        hundreds, used = (1, 1) if first in _HUNDRED else (_UNITS[first], 2)
        rest, more = _below_hundred(words[used:])
        return str(100 * hundreds + rest), used + more
    if first in _UNITS and not (first == "quatre" and len(words) > 1 and words[1] in ("vingt", "vingts")):
        return str(_UNITS[first]), 1
    value, used = _below_hundred(words)
    return str(value), used


def _below_hundred(words: Sequence[str]) -> tuple[int, int]:
    value, used = 0, 0
    if len(words) > 1 and words[0] == "quatre" and words[1] in ("vingt", "vingts"):
        value, used = 80, 2
    elif words and words[0] in _TENS:
        value, used = _TENS[words[0]], 1
    rest = words[used:]
    if rest and rest[0] in _TEENS and value in (0, 60, 80):
        value, used = value + _TEENS[rest[0]], used + 1
        if value % 20 == 10 and len(rest) > 1 and _UNITS.get(rest[1], 0) >= 7:
            value, used = value + _UNITS[rest[1]], used + 1
    elif rest and _UNITS.get(rest[0], 0) > 0:
        value, used = value + _UNITS[rest[0]], used + 1
    return value, used


def mails(document: Document) -> tuple[tuple[int, int], ...]:
    """Electronic mail addresses whose «@» or dots are written out or set apart."""
    normal = document.normal
    if not any(map(normal.__contains__, _MAIL_SIGNS)):
        return ()
    return tuple(match.span() for match in _SPELT_MAIL.finditer(normal))


def plain_mail(written: str) -> str:
    """«nom arobase domaine point com» → «nom@domaine.com»."""
    local, at, host = re.sub(_LOOSE_AT, "@", written, count=1).partition("@")
    return f"{_MAIL_DOTS.sub('.', local)}{at}{_MAIL_DOTS.sub('.', host)}".replace(" ", "")
