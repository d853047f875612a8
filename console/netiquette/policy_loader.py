"""Loads `resources/policy/netiquette.yaml` into a `Policy`, or names everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from yaml.nodes import Node

from console.domain.decisions import Action, combinable
from console.domain.ids import RuleId
from console.domain.sanctions import LadderSettings
from console.domain.verdicts import PolicyVersion, Severity
from console.errors import ConfigurationError
from console.netiquette.checked_yaml import CheckedYaml
from console.netiquette.policy import Article, Calendar, Policy, Rule
from console.netiquette.policy_lists import read_lists
from console.netiquette.policy_phrases import read_phrases
from console.netiquette.policy_texts import TextReader, substitute
from console.netiquette.policy_version import sealed
from console.paths import RESOURCES

POLICY_FILE = RESOURCES / "policy" / "netiquette.yaml"

ARTICLES = tuple(str(number) for number in range(1, 11))
_RULE_IDS = (
    "private_discussion", "copyright", "privacy", "violence", "obscenity", "defamation", "hate",
    "discrimination", "fraud", "disinformation", "insult", "sexism", "racism", "misogyny", "ageism",
    "xenophobia", "homophobia", "repetition", "off_topic", "incomprehensible", "not_french", "capitals",
    "special_characters", "aggression", "advertising", "propaganda", "religious_solicitation",
    "partisan_politics", "abusive_links", "personal_information", "sexual_content", "false_identity",
    "election_campaign",
)  # fmt: skip
RULES = tuple(RuleId(name) for name in _RULE_IDS)
"""The rules that detectors know; a policy holds them all and no others."""

_SECTIONS = ("version", "articles", "rules", "ladder", "calendar", "coordinates", "lists", "placeholders")
_TEXTS = ("phrases", "composition", "templates")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ACTIONS = tuple(action.value for action in Action)
_RULE_KEYS = (
    "article", "title", "explanation", "ground", "advice", "severity", "actions", "threshold", "warns",
    "priority",
)  # fmt: skip


@cache
def shipped() -> Policy:
    """The policy that comes with the program, read once."""
    return load_policy(POLICY_FILE)


def load_policy(path: Path) -> Policy:
    """The policy in `path`.

    Raises `ConfigurationError`: `policy.missing` (path, no such file or not readable) or `policy.invalid`
    with `problems`: every `Problem`, in the order of the file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError("policy.missing", path=str(path)) from error
    return read_policy(path.name, content)


def read_policy(name: str, content: bytes) -> Policy:
    """The policy in these bytes; `name` stands in the problems. Errors as `load_policy`."""
    yaml = CheckedYaml(name, content)
    policy = _PolicyReader(yaml).read() if yaml.root is not None else None
    if yaml.problems or policy is None:
        problems = tuple(sorted(yaml.problems, key=lambda each: (each.line, each.column, each.code)))
        raise ConfigurationError("policy.invalid", problems=problems)
    return sealed(policy)


class _PolicyReader:
    def __init__(self, yaml: CheckedYaml) -> None:
        self._yaml = yaml

    def read(self) -> Policy | None:
        assert self._yaml.root is not None  # noqa: S101  the caller has looked
        sections = self._yaml.mapping(self._yaml.root, (*_SECTIONS, *_TEXTS))
        placeholders = self._strings(sections.get("placeholders"))
        texts = TextReader(self._yaml, placeholders)
        articles = self._articles(sections.get("articles"), sections.get("composition"), texts)
        rules = self._rules(sections.get("rules"), articles, texts)
        coordinates = self._coordinates(sections.get("coordinates"), placeholders)
        lists = read_lists(self._yaml, sections.get("lists"))
        phrases = read_phrases(self._yaml, sections.get("phrases"), coordinates, texts)
        templates = [
            *texts.composed(self._frames(sections.get("composition")), rules, articles),
            *texts.templates(sections.get("templates"), rules),
        ]
        label, adopted, due = self._version(sections.get("version"))
        ladder = self._ladder(sections.get("ladder"))
        calendar = self._calendar(sections.get("calendar"))
        if self._yaml.problems or phrases is None or calendar is None or ladder is None:
            return None
        return Policy(
            version=PolicyVersion(label, ""),
            adopted=adopted,
            revision_due_years=due,
            articles=articles,
            rules=rules,
            ladder=ladder,
            calendar=calendar,
            coordinates=coordinates,
            lists=lists,
            templates=tuple(templates),
            placeholders=placeholders,
            phrases=phrases,
        )

    def _version(self, node: Node | None) -> tuple[str, date | None, int]:
        keys = ("label", "adopted", "revision_due_years")
        fields = self._yaml.mapping(node, keys) if node else {}
        if len(fields.keys() & set(keys)) < len(keys):
            return "", None, 0
        label = self._yaml.text(fields["label"])
        adopted = self._yaml.day(fields["adopted"])
        return label, adopted, self._yaml.integer(fields["revision_due_years"], 1, 5)

    def _articles(self, node: Node | None, composition: Node | None, texts: TextReader) -> dict[str, Article]:
        naming = dict(self._yaml.mapping(composition, _COMPOSITION)) if composition else {}
        by_number = texts.sentence(naming.get("reference_article"), ("number",))
        by_section = texts.sentence(naming.get("reference_section"), ("section",))
        articles = {}
        for entry in self._yaml.entries(node) if node else ():
            fields = self._yaml.mapping(entry.value, ("title", "summary"))
            title = texts.sentence(fields.get("title"))
            pattern = by_number if entry.key in ARTICLES else by_section
            articles[entry.key] = Article(
                number=entry.key,
                title=title,
                summary=texts.sentence(fields.get("summary")).strip(),
                reference=substitute(pattern, {"number": entry.key, "section": title}),
            )
        for number in ARTICLES:
            if node and number not in articles:
                self._yaml.report(node, "policy.problem.missing_article", article=number)
        return articles

    def _rules(
        self, node: Node | None, articles: Mapping[str, Article], texts: TextReader
    ) -> dict[RuleId, Rule]:
        rules = {}
        for entry in self._yaml.entries(node) if node else ():
            if entry.key not in RULES:
                self._yaml.report(entry.at, "policy.problem.unknown_rule", rule=entry.key)
            fields = self._yaml.mapping(entry.value, _RULE_KEYS)
            if set(_RULE_KEYS) <= fields.keys():
                rules[RuleId(entry.key)] = self._rule(RuleId(entry.key), fields, articles, texts)
        for rule in RULES:
            if isinstance(node, Node) and rule not in {at.value for at, _ in _pairs(node)}:
                self._yaml.report(node, "policy.problem.missing_rule", rule=rule)
        return rules

    def _rule(
        self, rule: RuleId, fields: Mapping[str, Node], articles: Mapping[str, Article], texts: TextReader
    ) -> Rule:
        yaml = self._yaml
        article = yaml.text(fields["article"])
        if article and article not in articles:
            yaml.report(fields["article"], "policy.problem.unknown_article", article=article)
        warns = yaml.flag(fields["warns"])
        return Rule(
            id=rule,
            article=article,
            title=texts.sentence(fields["title"]),
            explanation=texts.sentence(fields["explanation"]),
            severity=Severity(yaml.integer(fields["severity"], 1, 4)),
            actions=self._actions(fields["actions"], warns),
            threshold=yaml.number(fields["threshold"], 0.0, 1.0),
            warns=warns,
            priority=yaml.integer(fields["priority"], 0, 100),
            ground=texts.sentence(fields["ground"]),
            advice=texts.sentence(fields["advice"]),
        )

    def _actions(self, node: Node, warns: bool) -> tuple[Action, ...]:
        chosen = [self._yaml.choice(item, _ACTIONS) for item in self._yaml.items(node)]
        actions = tuple(Action(each) for each in chosen if each)
        if "" not in chosen and (not combinable(frozenset(actions)) or len(set(actions)) < len(actions)):
            self._yaml.report(node, "policy.problem.actions", actions=", ".join(chosen))
        if Action.WARN in actions and not warns:
            self._yaml.report(node, "policy.problem.warns_never")
        return actions

    def _ladder(self, node: Node | None) -> LadderSettings | None:
        numbers = ("warnings_before_ban", "expire_after_days", "ban_days")
        flags = ("across_platforms", "ban_needs_second_signature", "immediate_ban_allowed")
        fields = self._yaml.mapping(node, (*numbers, *flags)) if node else {}
        if not {*numbers, *flags} <= fields.keys():
            return None
        return LadderSettings(
            self._yaml.integer(fields["warnings_before_ban"], 1, 10),
            self._days(fields["expire_after_days"]),
            self._yaml.flag(fields["across_platforms"]),
            self._days(fields["ban_days"]),
            self._yaml.flag(fields["ban_needs_second_signature"]),
            self._yaml.flag(fields["immediate_ban_allowed"]),
        )

    def _days(self, node: Node) -> int | None:
        return None if self._yaml.is_null(node) else self._yaml.integer(node, 1, 36_500)

    def _calendar(self, node: Node | None) -> Calendar | None:
        keys = ("time_zone", "open_days", "opens", "closes", "closed_days")
        fields = self._yaml.mapping(node, keys) if node else {}
        if not set(keys) <= fields.keys():
            return None
        zone = self._yaml.text(fields["time_zone"])
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            self._yaml.report(fields["time_zone"], "policy.problem.unknown_zone", zone=zone)
        days = [self._yaml.choice(item, _DAYS) for item in self._yaml.items(fields["open_days"])]
        closed = [self._yaml.day(item) for item in self._yaml.items(fields["closed_days"])]
        return Calendar(
            time_zone=zone,
            open_days=frozenset(_DAYS.index(day) for day in days if day),
            opens=self._yaml.clock(fields["opens"]),
            closes=self._yaml.clock(fields["closes"]),
            closed_days=frozenset(day for day in closed if day),
        )

    def _coordinates(self, node: Node | None, placeholders: Mapping[str, str]) -> dict[str, str]:
        values = {}
        for entry in self._yaml.entries(node) if node else ():
            if entry.key not in placeholders:
                self._yaml.report(entry.at, "policy.problem.unknown_placeholder", placeholder=entry.key)
            values[entry.key] = self._yaml.text(entry.value, blank=True)
        return values

    def _frames(self, node: Node | None) -> Node | None:
        return next((value for at, value in _pairs(node) if at.value == "frames"), None)

    def _strings(self, node: Node | None) -> dict[str, str]:
        return {
            entry.key: self._yaml.text(entry.value) for entry in (self._yaml.entries(node) if node else ())
        }


_COMPOSITION = ("reference_article", "reference_section", "frames")


def _pairs(node: Node | None) -> list[tuple[Node, Node]]:
    value = getattr(node, "value", None)
    return [pair for pair in value if isinstance(pair, tuple)] if isinstance(value, list) else []
