"""French sentences by stable code, for the command line and the screen alike.

`resources/catalogue/errors.fr.yaml` says every error (`title`: what happened and what was kept,
`next`: what to do); `labels.fr.yaml` names codes that both sides show (actions, routes, states…).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import yaml

from console.errors import VigieError
from console.paths import RESOURCES


@dataclass(frozen=True, slots=True)
class Said:
    """An error in French: what happened, and the next step."""

    title: str
    next: str

    def __str__(self) -> str:
        return f"{self.title} {self.next}".strip()


@runtime_checkable
class Located(Protocol):
    """A problem with a place (`str` gives file:line:column) among the facts of an error, said by its code."""

    @property
    def code(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def line(self) -> int: ...


class _Blank(dict[str, Any]):
    """Facts for `str.format_map`; a fact that is missing shows as an ellipsis, never as an exception."""

    def __missing__(self, key: str) -> str:
        return "…"


class Catalogue:
    """Sentences loaded once from the resources."""

    def __init__(
        self, errors: Mapping[str, Mapping[str, str]], labels: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._errors, self._labels = errors, labels

    @staticmethod
    @cache
    def load(folder: Path = RESOURCES / "catalogue") -> Catalogue:
        """The catalogue of the program."""
        return Catalogue(_read(folder / "errors.fr.yaml"), _read(folder / "labels.fr.yaml"))

    def error(self, code: str, facts: Mapping[str, Any] | None = None) -> Said:
        """The sentence for `code`, its placeholders filled from `facts`."""
        entry = self._errors.get(code) or self._errors["internal"]
        shown = _Blank({"code": code} | {key: self._shown(value) for key, value in (facts or {}).items()})
        return Said(entry["title"].format_map(shown), entry.get("next", "").format_map(shown))

    def say(self, error: VigieError) -> Said:
        """The sentence for an error."""
        return self.error(error.code, error.facts)

    def knows(self, code: str) -> bool:
        """Whether the catalogue has a sentence of its own for `code`."""
        return code in self._errors

    def label(self, group: str, code: str) -> str:
        """The French name of a code: `label("action", "hide")` is «masquer»; the code itself if unknown."""
        return self._labels.get(group, {}).get(str(code), str(code))

    def _shown(self, value: object) -> str:
        if isinstance(value, Located):
            return f"{value} {self.error(value.code, value.facts).title}"
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Located):
            return "\n".join(self._shown(each) for each in value)
        if isinstance(value, (list, tuple, set, frozenset)):
            return ", ".join(self._shown(each) for each in value)
        for group in ("action", "operation", "role", "permission", "state"):
            if str(value) in self._labels.get(group, {}):
                return self._labels[group][str(value)]
        return str(value)


def _read(path: Path) -> Mapping[str, Mapping[str, str]]:
    with path.open("rb") as stream:
        return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}  # noqa: S506  both are safe loaders
