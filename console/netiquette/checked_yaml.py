"""YAML read with suspicion: every problem of a file at once, each with its line and column.

PyYAML's loaders silently let a repeated key win, read `no` as False and `12:30` as 750. Here the node
graph is composed (libyaml where it is built in) and walked by whoever knows the shape; nothing is
constructed from an unexpected tag, and a problem never stops the reading.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"-?(0|[1-9]\d*)")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML 1.1 §5.1 forbids; libyaml would stop at the first without a line number."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file. `line` and `column` count from 1; the catalogue says `code` in French."""

    file: str
    line: int
    column: int
    code: str
    facts: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with both nodes, so that a problem can point at either."""

    key: str
    at: Node
    value: Node


class CheckedYaml:
    """One file being read. Ask for shapes; what does not fit is reported and a neutral value returned."""

    def __init__(self, file: str, content: bytes) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._text = self._decode(content)
        self.root = self._compose()

    # places

    def report(self, node: Node, code: str, **facts: object) -> None:
        """Note a problem at the beginning of `node`."""
        self._note(node.start_mark.line, node.start_mark.column, code, facts)

    def report_within(self, node: Node, words: str, code: str, **facts: object) -> None:
        """Note a problem at the first place inside `node` where `words` stand, else at its beginning."""
        start = node.start_mark.index
        found = self._text.find(words, start, node.end_mark.index)
        if found < 0:
            self.report(node, code, **facts)
            return
        breaks = list(_BREAK.finditer(self._text, start, found))
        begun = breaks[-1].end() if breaks else start - node.start_mark.column
        self._note(node.start_mark.line + len(breaks), found - begun, code, facts)

    # shapes

    def mapping(
        self, node: Node, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> dict[str, Node]:
        """A mapping with these keys and no others; missing required keys are absent from the result."""
        entries = {entry.key: entry for entry in self.entries(node)}
        for name, entry in entries.items():
            if name not in required and name not in optional:
                self.report(entry.at, "policy.problem.unknown_key", key=name)
        if isinstance(node, MappingNode):
            for name in required:
                if name not in entries:
                    self.report(node, "policy.problem.missing_key", key=name)
        return {name: entry.value for name, entry in entries.items()}

    def entries(self, node: Node) -> Iterator[Entry]:
        """The entries of a mapping whose keys are free; a repeated key is reported and left out."""
        if not isinstance(node, MappingNode):
            self.report(node, "policy.problem.not_mapping")
            return
        seen: dict[str, int] = {}
        for at, value in node.value:
            key = self.text(at)
            if not key:
                continue
            if key in seen:
                self.report(at, "policy.problem.duplicate_key", key=key, first=seen[key])
                continue
            seen[key] = at.start_mark.line + 1
            yield Entry(key, at, value)

    def items(self, node: Node) -> list[Node]:
        """The nodes of a list."""
        if not isinstance(node, SequenceNode):
            self.report(node, "policy.problem.not_list")
            return []
        return list(node.value)

    # scalars

    def text(self, node: Node, *, blank: bool = False) -> str:
        """A string. `no`, `12:30`, dates and numbers without quotes are reported, never guessed at."""
        if not isinstance(node, ScalarNode):
            self.report(node, "policy.problem.not_text")
            return ""
        if node.tag == f"{_TAG}null" and not node.value:
            self.report(node, "policy.problem.blank_text")
            return ""
        if node.tag != f"{_TAG}str":
            self.report(node, "policy.problem.unquoted", value=node.value)
            return ""
        if not blank and not node.value.strip():
            self.report(node, "policy.problem.blank_text")
        return str(node.value)

    def integer(self, node: Node, low: int, high: int) -> int:
        """A whole number in decimal digits, `low` ≤ n ≤ `high`; `low` when it is none."""
        value = self._plain(node, "int", _INTEGER)
        if value is None:
            self.report(node, "policy.problem.not_integer", value=_shown(node), low=low, high=high)
            return low
        return int(self._ranged(node, float(value), low, high))

    def number(self, node: Node, low: float, high: float) -> float:
        """A number with a point, `low` ≤ x ≤ `high`; `low` when it is none."""
        value = self._plain(node, "float", _NUMBER) or self._plain(node, "int", _INTEGER)
        if value is None:
            self.report(node, "policy.problem.not_number", value=_shown(node), low=low, high=high)
            return low
        return self._ranged(node, float(value), low, high)

    def flag(self, node: Node) -> bool:
        """`true` or `false`; the other spellings of YAML 1.1 (`yes`, `no`, `on`, `off`) are reported."""
        if isinstance(node, ScalarNode) and not node.style and node.value in ("true", "false"):
            return bool(node.value == "true")
        self.report(node, "policy.problem.not_flag", value=_shown(node))
        return False

    def day(self, node: Node) -> date | None:
        """A date as 2026-11-22, quoted or not; None when blank (quoted) or wrong."""
        if isinstance(node, ScalarNode) and node.style and not node.value:
            return None
        if isinstance(node, ScalarNode) and _DATE.fullmatch(node.value):
            try:
                return date.fromisoformat(node.value)
            except ValueError:
                pass
        self.report(node, "policy.problem.not_date", value=_shown(node))
        return None

    def clock(self, node: Node) -> str:
        """A quoted hour as "08:30", or "" when blank. Unquoted, YAML 1.1 would read 08:30 as 510."""
        value = self.text(node, blank=True)
        if value and not _CLOCK.fullmatch(value):
            self.report(node, "policy.problem.not_clock", value=value)
            return ""
        return value

    def is_null(self, node: Node) -> bool:
        """Whether `null` is written here."""
        return isinstance(node, ScalarNode) and node.tag == f"{_TAG}null" and bool(node.value)

    def choice(self, node: Node, allowed: Collection[str]) -> str:
        """One of `allowed`, or "" and a problem that lists them."""
        value = self.text(node)
        if value and value not in allowed:
            self.report(node, "policy.problem.not_allowed", value=value, allowed=", ".join(allowed))
            return ""
        return value

    # inside

    def _decode(self, content: bytes) -> str:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._note_offset(content[: error.start].decode("utf-8-sig", "replace"))
            return ""
        wrong = _UNPRINTABLE.search(text)
        if wrong:
            self._note_offset(text[: wrong.start()])
        return text

    def _compose(self) -> Node | None:
        if self.problems:
            return None
        try:
            node: Node | None = yaml.compose(self._text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line, mark.column) if mark else (0, 0)
            self._note(line, column, "policy.problem.syntax", {"detail": error.problem or ""})
            return None
        if node is None:
            self._note(0, 0, "policy.problem.empty", {})
        return node

    def _note_offset(self, before: str) -> None:
        lines = _BREAK.split(before)
        self._note(len(lines) - 1, len(lines[-1]), "policy.problem.encoding", {})

    def _note(self, line: int, column: int, code: str, facts: Mapping[str, object]) -> None:
        said = {name: str(value) for name, value in facts.items()}
        self.problems.append(Problem(self.file, line + 1, column + 1, code, said))

    def _ranged(self, node: Node, value: float, low: float, high: float) -> float:
        if low <= value <= high:
            return value
        self.report(node, "policy.problem.out_of_range", value=_shown(node), low=low, high=high)
        return low

    @staticmethod
    def _plain(node: Node, tag: str, pattern: re.Pattern[str]) -> str | None:
        """The digits of an unquoted number written plainly (no 0777, 1_000, 12:30, .inf)."""
        fits = isinstance(node, ScalarNode) and node.tag == f"{_TAG}{tag}" and pattern.fullmatch(node.value)
        return str(node.value) if fits else None


def _shown(node: Node) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else "…"
