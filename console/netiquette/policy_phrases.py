"""The `phrases` of the policy file: the pieces with which Vigie fills placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yaml.nodes import Node

from console.domain.decisions import Action
from console.domain.messages import KNOWN_PLATFORMS, OTHER, Kind
from console.netiquette.checked_yaml import CheckedYaml
from console.netiquette.policy import Contact, Phrases
from console.netiquette.policy_texts import TextReader

_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "greeting": (),
    "greeting_named": (),
    "other_grounds": ("grounds",),
    "other_ground": ("reference", "title"),
    "ban_until": ("date",),
    "first_of_month": (),
    "date": ("day", "month", "year"),
    "date_at_hour": ("date", "hour"),
    "date_at_time": ("date", "hour", "minute"),
}
"""Sentence → the `[tokens]` that it may hold; each of them has to stand in it."""
_MEASURES = (Action.HIDE.value, Action.DELETE.value, Action.REPORT.value)
_TABLES = {
    "kinds": tuple(kind.value for kind in Kind),
    "platforms": tuple(str(platform) for platform in (*KNOWN_PLATFORMS, OTHER)),
    "measures": _MEASURES,
}
_MONTHS = 12


def read_phrases(
    yaml: CheckedYaml, node: Node | None, coordinates: Mapping[str, str], texts: TextReader
) -> Phrases | None:
    """The phrases, or None when the file has problems (which `yaml` holds)."""
    fields = yaml.mapping(node, (*_SENTENCES, *_TABLES, "months", "contacts")) if node else {}
    said: dict[str, Any] = {}
    for name, tokens in _SENTENCES.items():
        said[name] = texts.sentence(fields.get(name), tokens)
        for token in tokens:
            if name in fields and f"[{token}]" not in said[name]:
                yaml.report(fields[name], "policy.problem.missing_token", token=token)
    for name, keys in _TABLES.items():
        table = yaml.mapping(fields[name], keys) if name in fields else {}
        said[name] = {key: texts.sentence(value) for key, value in table.items()}
    months = (
        tuple(texts.sentence(item) for item in yaml.items(fields["months"])) if "months" in fields else ()
    )
    if "months" in fields and len(months) != _MONTHS:
        yaml.report(fields["months"], "policy.problem.months", count=len(months))
    contacts = _contacts(yaml, fields.get("contacts"), coordinates, texts)
    if yaml.problems:
        return None
    said["measures"] = {Action(name): text for name, text in said["measures"].items()}
    return Phrases(**said, months=months, contacts=contacts)


def _contacts(
    yaml: CheckedYaml, node: Node | None, coordinates: Mapping[str, str], texts: TextReader
) -> tuple[Contact, ...]:
    contacts = []
    for item in yaml.items(node) if node else ():
        fields = yaml.mapping(item, ("coordinate", "text", "reaches"))
        if {"coordinate", "text", "reaches"} <= fields.keys():
            coordinate = yaml.choice(fields["coordinate"], list(coordinates))
            contacts.append(Contact(coordinate, texts.sentence(fields["text"]), yaml.flag(fields["reaches"])))
    return tuple(contacts)
