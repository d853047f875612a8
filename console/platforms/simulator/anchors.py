"""Pages of a list, newest first, by tokens that name the last thing seen: new things shift nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")
Key = tuple[int | str, ...]


class StaleTokenError(Exception):
    """A page token that is not, or no longer, taken."""


def page(
    things: Iterable[Thing], key: Callable[[Thing], Key], size: int, token: str, epoch: int
) -> tuple[list[Thing], str]:
    """The page after `token` ("" for the first one) and the token of the next; "" when it is the last.

    `epoch`: `Faults.epoch`. Raises `StaleTokenError`.
    """
    ordered = sorted(things, key=key, reverse=True)
    if token:
        last = _read(token, epoch)
        ordered = [thing for thing in ordered if key(thing) < last]
    cut = ordered[:size]
    return cut, _write(key(cut[-1]), epoch) if len(ordered) > size else ""


def _write(key: Key, epoch: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([epoch, *key]).encode()).decode().rstrip("=")


def _read(token: str, epoch: int) -> Key:
    try:
        given, *key = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError, TypeError):
        raise StaleTokenError from None
    if given != epoch or not key:
        raise StaleTokenError
    return tuple(key)
