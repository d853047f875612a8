"""Attributes that are worked out when first asked for, and cost no more than any other afterwards.

`functools.cached_property` takes a lock each first time in Python 3.11; the engine works out many of these
a message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

_Owner = TypeVar("_Owner")


def worked_out(owner: _Owner, name: str, works: Mapping[str, Callable[[_Owner], Any]]) -> Any:
    """What `works` makes of `name`, kept on `owner`; for `__getattr__`, which is called only for what is not
    there yet. Raises `AttributeError`."""
    work = works.get(name)
    if work is None:
        raise AttributeError(name)
    value = work(owner)
    owner.__dict__[name] = value
    return value
