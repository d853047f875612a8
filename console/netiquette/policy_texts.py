"""The texts of the policy file: frames composed with each rule, placeholders checked where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from yaml.nodes import Node

from console.domain.decisions import WRITTEN, Action
from console.domain.ids import RuleId
from console.domain.sanctions import Rung
from console.domain.verdicts import Route, Severity
from console.netiquette.checked_yaml import CheckedYaml
from console.netiquette.policy import Article, Rule, Template

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""A blank that is filled when a text is drafted."""
_TOKEN = re.compile(r"\[([a-z]+)\]")
_RULE_TOKENS = frozenset({"title", "ground", "advice", "reference"})
EXCEPTION = "exception"
"""The rung of an immediate ban."""
RUNGS = (*(rung.value for rung in Rung), EXCEPTION)
_WRITTEN = tuple(sorted(action.value for action in WRITTEN))

_FOR: Mapping[str, Callable[[Rule], bool]] = {
    "all": lambda rule: True,
    "warning": lambda rule: rule.warns,
    "light": lambda rule: rule.warns and rule.severity <= Severity.LIGHT,
}


@dataclass(frozen=True, slots=True)
class _Written:
    """A title and a body with the nodes they came from."""

    id: str
    action: Action
    title: str
    body: str
    revised: date


class TextReader:
    """Reads sentences and templates; knows which placeholders exist."""

    def __init__(self, yaml: CheckedYaml, placeholders: Collection[str]) -> None:
        self._yaml, self._placeholders = yaml, placeholders
        self._ids: set[str] = set()

    def sentence(self, node: Node | None, tokens: Collection[str] = ()) -> str:
        """A text whose `{placeholders}` are declared and whose `[tokens]` are among `tokens`."""
        if node is None:
            return ""
        text = self._yaml.text(node)
        for name in PLACEHOLDER.findall(text):
            if name not in self._placeholders:
                self._yaml.report_within(
                    node, f"{{{name}}}", "policy.problem.unknown_placeholder", placeholder=name
                )
        for name in _TOKEN.findall(text):
            if name not in tokens:
                self._yaml.report_within(node, f"[{name}]", "policy.problem.unknown_token", token=name)
        self._balance(node, PLACEHOLDER.sub(_same_length, text), "{}")
        self._balance(node, _TOKEN.sub(_same_length, text), "[]")
        return text

    def templates(self, node: Node | None, rules: Mapping[RuleId, Rule]) -> Iterator[Template]:
        """The replies that are written out in the file."""
        for item in self._yaml.items(node) if node else ():
            fields = self._yaml.mapping(
                item, ("id", "action", "title", "revised", "body"), ("rule", "rung", "route", "emergency")
            )
            written = self._written(fields, ())
            route = (
                self._yaml.choice(fields["route"], [each.value for each in Route])
                if "route" in fields
                else ""
            )
            rule = self._yaml.choice(fields["rule"], list(rules)) if "rule" in fields else ""
            emergency = self._yaml.flag(fields["emergency"]) if "emergency" in fields else False
            if written:
                yield Template(
                    id=written.id,
                    action=written.action,
                    title=written.title,
                    body=written.body,
                    revised=written.revised,
                    rule=RuleId(rule) if rule else None,
                    rung=self._rung(fields),
                    route=route,
                    emergency=emergency,
                )

    def composed(
        self, node: Node | None, rules: Mapping[RuleId, Rule], articles: Mapping[str, Article]
    ) -> Iterator[Template]:
        """One template for every frame and every rule that the frame is for."""
        for item in self._yaml.items(node) if node else ():
            fields = self._yaml.mapping(item, ("id", "action", "for", "title", "revised", "body"), ("rung",))
            written = self._written(fields, _RULE_TOKENS)
            whom = self._yaml.choice(fields["for"], tuple(_FOR)) if "for" in fields else ""
            rung = self._rung(fields)
            if not written or not whom:
                continue
            for rule in filter(_FOR[whom], rules.values()):
                article = articles.get(rule.article)
                words = {
                    "title": rule.title,
                    "ground": rule.ground,
                    "advice": rule.advice,
                    "reference": article.reference if article else "",
                }
                yield Template(
                    id=f"{written.id}/{rule.id}",
                    action=written.action,
                    title=substitute(written.title, words),
                    body=substitute(written.body, words),
                    revised=written.revised,
                    rule=rule.id,
                    rung=rung,
                )

    def _written(self, fields: Mapping[str, Node], tokens: Collection[str]) -> _Written | None:
        identifier = self._yaml.text(fields["id"]) if "id" in fields else ""
        if identifier in self._ids:
            self._yaml.report(fields["id"], "policy.problem.duplicate_id", id=identifier)
        self._ids.add(identifier)
        action = self._yaml.choice(fields["action"], _WRITTEN) if "action" in fields else ""
        title = self.sentence(fields.get("title"), tokens)
        paragraphs = self._yaml.items(fields["body"]) if "body" in fields else []
        body = "\n\n".join(self.sentence(each, tokens).strip() for each in paragraphs)
        revised = self._yaml.day(fields["revised"]) if "revised" in fields else None
        if "revised" in fields and revised is None and not fields["revised"].value:
            self._yaml.report(fields["revised"], "policy.problem.blank_text")
        complete = identifier and action and title and body and revised
        return _Written(identifier, Action(action), title, body, revised) if complete and revised else None

    def _rung(self, fields: Mapping[str, Node]) -> str:
        return self._yaml.choice(fields["rung"], RUNGS) if "rung" in fields else ""

    def _balance(self, node: Node, rest: str, signs: str) -> None:
        for sign in signs:
            if sign in rest:
                context = rest[rest.index(sign) :].split()[0]
                self._yaml.report_within(node, context, "policy.problem.unbalanced", sign=sign)


def substitute(text: str, words: Mapping[str, str]) -> str:
    """Put `words` in place of their `[tokens]`, once: what they bring is not looked at again."""
    return _TOKEN.sub(lambda found: words.get(found[1], found[0]), text)


def _same_length(found: re.Match[str]) -> str:
    return " " * len(found[0])
