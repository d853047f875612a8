"""Which rules these are: the version of a policy, and the overlays that the city lays on the file.

The hash covers what decides or explains a verdict or a letter: articles with the city's official wording,
rules, lists, ladder, texts, and label. It leaves out the directory (coordinates) and the calendar: a changed
telephone number is no other rule, and every text that goes out is kept word for word with its decision.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from console.domain.verdicts import PolicyVersion
from console.errors import ValidationError
from console.netiquette import policy_lists
from console.netiquette.policy import Policy

_LEFT_OUT = frozenset({"version", "calendar", "coordinates"})


def fingerprint(policy: Policy) -> str:
    """SHA-256 (64 hex digits) over canonical JSON: sorted keys, no spaces, UTF-8, the order of the file
    for articles and texts, no difference between `\\r\\n` and `\\n`."""
    content = {
        field.name: getattr(policy, field.name)
        for field in dataclasses.fields(policy)
        if field.name not in _LEFT_OUT
    }
    body = {"label": policy.version.label, "order": list(policy.articles), **_plain(content)}
    encoded = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(encoded.encode()).hexdigest()


def sealed(policy: Policy) -> Policy:
    """The same policy with the hash of its content in its version."""
    return dataclasses.replace(policy, version=PolicyVersion(policy.version.label, fingerprint(policy)))


def with_official(policy: Policy, wording: Mapping[str, str]) -> Policy:
    """The city's official wording (article number → text) in place of the summaries: another version.

    Blank texts bring the summary back; articles not named keep what they have. Raises
    `ValidationError("policy.article_unknown", article=…)` for a number that the policy does not have.
    """
    articles = dict(policy.articles)
    for number, text in wording.items():
        if number not in articles:
            raise ValidationError("policy.article_unknown", article=number)
        official = text.replace("\r\n", "\n").strip()
        articles[number] = dataclasses.replace(articles[number], official=official)
    return sealed(dataclasses.replace(policy, articles=articles))


def with_coordinates(policy: Policy, filled: Mapping[str, str]) -> Policy:
    """The directory as the city filled it, in the order of the file. The version stays the same.

    Raises `ValidationError("policy.coordinate_unknown", coordinate=…)` for a key that the file does not have.
    """
    for key in filled:
        if key not in policy.coordinates:
            raise ValidationError("policy.coordinate_unknown", coordinate=key)
    merged = {key: filled.get(key, value).strip() for key, value in policy.coordinates.items()}
    return dataclasses.replace(policy, coordinates=merged)


def with_lists(policy: Policy, given: Mapping[str, Sequence[str]]) -> Policy:
    """The city's lists in place of the file's: another version, since verdicts depend on them.

    Raises `ValidationError`: `policy.list_unknown` (list), `policy.list_entry` (list, value),
    `policy.list_long` (list, limit).
    """
    lists = dict(policy.lists)
    for key, entries in given.items():
        if key not in lists:
            raise ValidationError("policy.list_unknown", list=key)
        lists[key] = policy_lists.tidy(key, entries)
        if len(lists[key]) > policy_lists.MOST:
            raise ValidationError("policy.list_long", list=key, limit=policy_lists.MOST)
        for entry in lists[key]:
            if policy_lists.wrong(key, entry):
                raise ValidationError("policy.list_entry", list=key, value=entry)
    return sealed(dataclasses.replace(policy, lists=lists))


def _plain(value: Any) -> Any:
    """JSON values of dataclasses, mappings, sequences and dates."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
