"""The body of a platform's answer as the documented form, or one clear error; never a guess."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from console.errors import EnvironmentProblemError
from console.platforms.http.manners import Answer
from console.platforms.http.shape import clean, misshapen

Form = TypeVar("Form")

_EARLIEST, _LATEST = 2000, 2100
_NAME = 300
"""Characters of a person's name; the longest that a platform allows is 100."""


class Documented(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the forms of answers. What a platform leaves out has a default; more than is named is
    ignored, so that a field added by the platform breaks nothing."""


def read(form: type[Form], body: Any, of: str) -> Form:
    """`body` (decoded JSON) in the form of a `Documented`; `of` names what is read.

    A null counts as left out: every platform sends one where its documentation names no value.
    Raises `EnvironmentProblemError("platform.answer")`, without the validator's words: they may hold
    people's.
    """
    try:
        return msgspec.convert(_without_nulls(body), form, strict=False)
    except (msgspec.ValidationError, RecursionError, OverflowError, ValueError, TypeError) as error:
        raise misshapen(of) from error


def read_or_none(form: type[Form], body: Any) -> Form | None:
    """The same for bodies of errors, which a proxy on the way may have written: None when unreadable."""
    try:
        return read(form, body, "")
    except EnvironmentProblemError:
        return None


def body_of(answer: Answer) -> Any:
    """The body of a yes. A definite no to somebody who only looks has no receipt to stand in: it is an
    answer that is not of the documented form, with the platform's own reason."""
    if not answer.ok:
        raise misshapen(answer.code)
    return answer.body


def instant(at: datetime, of: str) -> datetime:
    """In UTC; a time without a zone is UTC, as all platforms document. Code `platform.answer`."""
    try:
        moment = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise misshapen(of) from error
    if not _EARLIEST <= moment.year < _LATEST:
        raise misshapen(of)
    return moment


def from_epoch(number: float, of: str, per_second: int = 1) -> datetime:
    """The instant `number / per_second` seconds after 1970. Code `platform.answer`."""
    try:
        return instant(datetime.fromtimestamp(number / per_second, UTC), of)
    except (OverflowError, OSError, ValueError) as error:
        raise misshapen(of) from error


def words_of(text: str) -> str:
    """A message's text as it is kept: line ends as LF, nothing that a database cannot hold."""
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")


def name_of(text: str) -> str:
    """A name on one line."""
    return " ".join(clean(text).split())[:_NAME]


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value if item is not None]
    return value
