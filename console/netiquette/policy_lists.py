"""The lists of the policy: domains, election periods, candidates, people who act for the city. What a list
says is a rule of the city, not knowledge of the language: it stands in the policy's file, the city changes
it on the page of the nétiquette, and the version of the rules covers it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yaml.nodes import Node

from console.netiquette.checked_yaml import CheckedYaml

CITY_DOMAINS, PUBLIC_DOMAINS = "city_domains", "public_domains"
ELECTION_PERIODS, CANDIDATES = "election_periods", "candidates"
COUNCIL, STAFF = "council", "staff"
LISTS = (CITY_DOMAINS, PUBLIC_DOMAINS, ELECTION_PERIODS, CANDIDATES, COUNCIL, STAFF)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{4}-\d{2}-\d{2})")
_NAME = re.compile(r"[^\W\d_][^\d_@/]{1,78}[^\W\d_]\.?")
LONGEST = 80
"""Characters of an entry."""
MOST = 2_000
"""Entries of a list."""


@dataclass(frozen=True, slots=True)
class Period:
    """An election period; both days belong to it."""

    first: date
    last: date


def wrong(key: str, entry: str) -> bool:
    """Whether `entry` has not the form of the list `key`: a domain («quebec.ca»), two days with a blank
    between («2025-09-19 2025-11-02»), a name of a person («Prénom Nom»)."""
    if key in (CITY_DOMAINS, PUBLIC_DOMAINS):
        return len(entry) > LONGEST or not _DOMAIN.fullmatch(entry)
    if key == ELECTION_PERIODS:
        return period(entry) is None
    return len(entry) > LONGEST or not _NAME.fullmatch(entry)


def period(entry: str) -> Period | None:
    """The period that an entry names, None when it names none."""
    found = _PERIOD.fullmatch(entry)
    if found is None:
        return None
    try:
        first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    except ValueError:
        return None
    return Period(first, last) if first <= last else None


def tidy(key: str, entries: Sequence[str]) -> tuple[str, ...]:
    """Each entry once, in order, blanks taken away; domains in small letters."""
    plain = (" ".join(entry.split()) for entry in entries)
    if key in (CITY_DOMAINS, PUBLIC_DOMAINS):
        plain = (entry.lower() for entry in plain)
    return tuple(dict.fromkeys(entry for entry in plain if entry))


def read_lists(yaml: CheckedYaml, node: Node | None) -> Mapping[str, tuple[str, ...]]:
    """The section `lists` of a policy's file; what is wrong is reported to `yaml`."""
    fields = yaml.mapping(node, LISTS) if node else {}
    found = {}
    for key in LISTS:
        entries = []
        for item in yaml.items(fields[key]) if key in fields else ():
            entry = yaml.text(item)
            if entry and wrong(key, entry):
                yaml.report(item, "policy.problem.list_entry", list=key, value=entry)
            entries.append(entry)
        found[key] = tidy(key, entries)
    return found
