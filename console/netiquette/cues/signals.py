"""Signals: facts about a message that no word list gives. Referred to as `@name` in topics."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from console.domain.messages import Channel
from console.netiquette import entities
from console.netiquette.model import Context
from console.netiquette.text.document import Document

Place = tuple[int, int]
Signal = Callable[[Document, Context], tuple[Place, ...]]
"""Places in `Document.normal`; ((0, 0),) says yes without a place, () says no."""

_YES: tuple[Place, ...] = ((0, 0),)
_QUESTION_MARK = re.compile(r"\?")
_FIRST = frozenset(
    {"je", "j'", "mon", "ma", "mes", "moi", "m'", "me", "chu", "jsuis", "jveux", "jai", "jvais"}
)
_SECOND_SINGULAR = frozenset({"tu", "t'", "te", "toi", "ton", "ta", "tes", "t"})
_SECOND = _SECOND_SINGULAR | {"vous", "votre", "vos"}


def _when(truth: bool) -> tuple[Place, ...]:
    return _YES if truth else ()


def _question_mark(document: Document, context: Context) -> tuple[Place, ...]:
    return tuple(match.span() for match in _QUESTION_MARK.finditer(document.normal))


def _final_question(document: Document, context: Context) -> tuple[Place, ...]:
    return _when(document.normal.rstrip(" )\"'.!").endswith("?"))


def _phone(document: Document, context: Context) -> tuple[Place, ...]:
    return tuple((phone.start, phone.end) for phone in entities.phones(document))


def _hashtag(document: Document, context: Context) -> tuple[Place, ...]:
    return _when("#" in document.normal)


def _long(document: Document, context: Context) -> tuple[Place, ...]:
    return _when(len(document.tokens) >= 40)


def _short(document: Document, context: Context) -> tuple[Place, ...]:
    return _when(len(document.tokens) <= 8)


SIGNALS: Mapping[str, Signal] = {
    "@private": lambda document, context: _when(context.channel is Channel.PRIVATE),
    "@comment": lambda document, context: _when(context.channel is Channel.COMMENT),
    "@thread": lambda document, context: _when(bool(context.thread)),
    "@question_mark": _question_mark,
    "@final_question": _final_question,
    "@url": lambda document, context: entities.links(document),
    "@email": lambda document, context: entities.emails(document),
    "@phone": _phone,
    "@money": lambda document, context: entities.money(document),
    "@percent": lambda document, context: entities.percents(document),
    "@mention": lambda document, context: entities.mentions(document),
    "@name": lambda document, context: entities.names(document),
    "@person": lambda document, context: entities.persons(document),
    "@hashtag": _hashtag,
    "@first": lambda document, context: _when(not _FIRST.isdisjoint(document.words)),
    "@second": lambda document, context: _when(not _SECOND.isdisjoint(document.words)),
    "@tu": lambda document, context: _when(not _SECOND_SINGULAR.isdisjoint(document.words)),
    "@long": _long,
    "@short": _short,
    "@always": lambda document, context: _YES,
}
