"""The cases of tests/phenomena/cases/*.yaml.

A file holds one family; what stands at its top counts for all its phenomena. A phenomenon has `id`,
`says`, and its sentences, one a line: `breaks` (must be found), `keeps` (must not), `pairs` («offence //
nearest acceptable sentence»), `routed` (by route; only the route counts). `rules`: all must be found in
what breaks; `any`: one of them. `never`: none may be found in what is kept; without it, nothing may but
what is `tolerated`. `parent`, `channel`, `spelling` (see `spelling`) count for all sentences. Templates
with {slots} are spread over the groups of groups.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from console.domain.messages import FACEBOOK, Channel
from console.domain.verdicts import Verdict
from console.netiquette.model import Context
from console.netiquette.policy_loader import RULES
from tests.phenomena.spelling import misspelt

FOLDER = Path(__file__).parent
HATEFUL = frozenset(
    {
        "hate",
        "discrimination",
        "racism",
        "xenophobia",
        "homophobia",
        "sexism",
        "misogyny",
        "ageism",
        "violence",
    }
)
"""What an attack on a group may be found as."""
_KEYS = {
    "id", "says", "breaks", "keeps", "pairs", "routed", "rules", "any", "never", "tolerated", "parent",
    "channel", "spelling",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One sentence and what the verdict on it must say."""

    text: str
    source: str
    """The line as it stands in its file, slots and marks and all."""
    context: Context
    breaks: bool = False
    all_of: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()
    tolerated: frozenset[str] = frozenset()
    route: str | None = None

    def right(self, verdict: Verdict) -> bool:
        """Whether the verdict is as it must be."""
        if self.route is not None:
            return verdict.route.value == self.route
        found = {str(finding.rule) for finding in verdict.findings}
        if self.breaks:
            return self.all_of <= found and (not self.any_of or bool(self.any_of & found))
        return not found & self.none_of


@dataclass(frozen=True)
class Phenomenon:
    """A way of speaking and its sentences."""

    id: str
    family: str
    says: str
    cases: tuple[Case, ...]


@cache
def phenomena() -> tuple[Phenomenon, ...]:
    """Every phenomenon, in the order of the files."""
    return tuple(each for path in sorted((FOLDER / "cases").glob("*.yaml")) for each in _file(path))


def _file(path: Path) -> Iterator[Phenomenon]:
    content = yaml.safe_load(path.read_text("utf-8"))
    common = {key: value for key, value in content.items() if key not in ("family", "phenomena")}
    for entry in content["phenomena"]:
        unknown = (set(entry) | set(common)) - _KEYS
        if unknown:
            raise ValueError(f"{path.name}, {entry.get('id')}: {sorted(unknown)}")
        cases = tuple(_cases(common | entry))
        yield Phenomenon(entry["id"], content["family"], entry["says"], cases)


def _cases(entry: Mapping[str, Any]) -> Iterator[Case]:
    context = Context(Channel(entry.get("channel", "comment")), FACEBOOK, parent=entry.get("parent", ""))
    tolerated = frozenset(entry.get("tolerated", ()))
    never = _rules(entry["never"]) if "never" in entry else frozenset(map(str, RULES)) - tolerated
    broken, kept = list(_lines(entry.get("breaks"))), list(_lines(entry.get("keeps")))
    for line in _lines(entry.get("pairs")):
        offence, _, acceptable = line.partition(" // ")
        broken.append(offence)
        kept.append(acceptable)
    spelling, all_of, any_of = (
        entry.get("spelling"), _rules(entry.get("rules", ())), _rules(entry.get("any", ()))
    )  # fmt: skip
    for text, source in _spread(broken, spelling):
        yield Case(text, source, context, True, all_of, any_of, tolerated=tolerated)
    for text, source in _spread(kept, spelling):
        yield Case(text, source, context, none_of=never)
    for route, lines in entry.get("routed", {}).items():
        for text, source in _spread(_lines(lines), None):
            yield Case(text, source, context, route=route)


def _rules(given: str | Iterable[str]) -> frozenset[str]:
    return HATEFUL if given == "hateful" else frozenset(given)


def _lines(block: str | None) -> Iterator[str]:
    return (line.strip() for line in (block or "").splitlines() if line.strip())


def _spread(lines: Iterable[str], spelling: str | None) -> Iterator[tuple[str, str]]:
    for line in lines:
        for filled in dict.fromkeys(_filled(line)):
            yield (misspelt(filled, spelling) if spelling else filled), line


def _filled(line: str) -> Iterator[str]:
    if "{" not in line:
        yield line
        return
    for forms in _groups():
        yield line.format(**forms)


@cache
def _groups() -> tuple[dict[str, str], ...]:
    content = yaml.safe_load((FOLDER / "groups.yaml").read_text("utf-8"))
    return tuple(
        forms | {key.capitalize(): _capital(form) for key, form in forms.items()} | {"des_": "des ", "s": "s"}
        for forms in content.values()
    )


def _capital(form: str) -> str:
    return form[:1].upper() + form[1:]
