"""The policy as the screen shows it: articles, rules, templates, official wording, coordinates, lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from console.clock import Clock
from console.domain.ids import EventId, RuleId, new_id
from console.domain.journal import Event
from console.domain.roles import Actor, Permission
from console.domain.verdicts import PolicyVersion
from console.errors import ValidationError
from console.netiquette.official_wording import wording_of_file, wording_of_text
from console.netiquette.policy import Article, Policy
from console.netiquette.policy_lists import wrong
from console.netiquette.policy_version import with_coordinates, with_lists, with_official
from console.netiquette.templates import reachable
from console.services.ports import Database, UnitOfWork

OFFICIAL = "policy.official"
"""Setting: article number → the city's official wording."""
COORDINATES = "policy.coordinates"
"""Setting: directory key → what the city filled in."""
LISTS = "policy.lists"
"""Setting: list → the city's entries (domains, election periods, names)."""
_LONGEST = {OFFICIAL: 20_000, COORDINATES: 500}
"""Characters. A text above is a mistake of pasting, not an article or a telephone number."""


Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article: our faithful summary, and the city's official wording where an administrator gave it."""

    number: str
    title: str
    summary: str
    official: str
    rules: tuple[RuleId, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as shown on chips and cards. `title` is short French («Menace ou violence», «Publicité»)."""

    id: RuleId
    article: str
    title: str
    explanation: str
    severity: int
    warns: bool


class PolicyDesk:
    """Reads the policy in force; administrators adapt official wording and coordinates.

    `base` is the policy as its file gives it; the settings of the database are laid over it. Safe to use
    from any thread.
    """

    def __init__(self, db: Database, clock: Clock, base: Policy) -> None:
        self._db, self._clock, self._base = db, clock, base
        self._lock = Lock()
        self._known: tuple[Mapping[str, str], Mapping[str, str], Lists, Policy] | None = None

    def policy(self) -> Policy:
        """The policy in force, with official wording, coordinates and lists."""
        official = _texts(self._db.reads.setting(OFFICIAL))
        coordinates = _texts(self._db.reads.setting(COORDINATES))
        lists = _lists(self._db.reads.setting(LISTS))
        with self._lock:
            if self._known and self._known[:3] == (official, coordinates, lists):
                return self._known[3]
        policy = overlaid(self._base, official, coordinates, lists)
        with self._lock:
            self._known = official, coordinates, lists, policy
        return policy

    def version(self) -> PolicyVersion:
        """Label and hash of the version in force."""
        return self.policy().version

    def articles(self) -> tuple[ArticleView, ...]:
        """All articles in order, then the sections of the policy that carry rules."""
        policy = self.policy()
        return tuple(_view(policy, article) for article in policy.articles.values())

    def article(self, number: str) -> ArticleView:
        """One article by its number as findings name it. Code `policy.article_unknown`."""
        policy = self.policy()
        if number not in policy.articles:
            raise ValidationError("policy.article_unknown", article=number)
        return _view(policy, policy.articles[number])

    def rules(self) -> Mapping[RuleId, RuleView]:
        """Every rule by id."""
        return {
            rule.id: RuleView(
                rule.id, rule.article, rule.title, rule.explanation, int(rule.severity), rule.warns
            )
            for rule in self.policy().rules.values()
        }

    def placeholders(self) -> Mapping[str, str]:
        """Every placeholder of the templates → what a person should write there."""
        return self.policy().placeholders

    def coordinates(self) -> Mapping[str, str]:
        """Directory entries (311 telephone, hours, website…) in fixed order; blank until filled. Their
        French names are those of `placeholders`."""
        return self.policy().coordinates

    def has_311_coordinates(self) -> bool:
        """Whether a redirect to the 311 would give the person a way to reach it (R20)."""
        return reachable(self.policy())

    def set_coordinate(self, actor: Actor, key: str, value: str) -> None:
        """Fill a coordinate; a blank value empties it. Needs MANAGE_SETTINGS. Journalled.

        Codes `permission.denied`, `policy.coordinate_unknown`, `policy.too_long`.
        """
        actor.require(Permission.MANAGE_SETTINGS, self._clock.now())
        value = _storable(value)
        _check_length(COORDINATES, key, value)
        with_coordinates(self._base, {key: value})
        with self._db.write() as work:
            before = _texts(work.setting(COORDINATES))
            after = {**before, key: value}
            work.put_setting(COORDINATES, after)
            shown = before.get(key, self._base.coordinates[key])
            payload = {"coordinate": key, "before": shown, "after": value}
            work.append(self._event(actor, "policy.coordinate_set", key, payload))

    def set_official_wording(self, actor: Actor, wording: Mapping[str, str]) -> PolicyVersion:
        """Put the city's official wording (article number → text) in place of the summaries.

        Makes a new policy version (its hash covers the wording); a blank text brings the summary back and
        articles not named keep what they have. The journal keeps the texts themselves, so that the wording
        in force at any past date can be shown. Needs MANAGE_POLICY.
        Codes `permission.denied`, `policy.article_unknown`, `policy.too_long`.
        """
        actor.require(Permission.MANAGE_POLICY, self._clock.now())
        given = {number: _storable(text) for number, text in wording.items()}
        for number, text in given.items():
            _check_length(OFFICIAL, number, text)
        with_official(self._base, given)
        with self._db.write() as work:
            before = _texts(work.setting(OFFICIAL))
            after = {number: text for number, text in {**before, **given}.items() if text}
            lists = _lists(work.setting(LISTS))
            old, new = overlaid(self._base, before, {}, lists), overlaid(self._base, after, {}, lists)
            work.put_setting(OFFICIAL, after)
            payload = {"before": str(old.version), "after": str(new.version), "wording": given}
            work.append(self._event(actor, "policy.official_set", new.version.sha256, payload))
        return new.version

    def lists(self) -> Lists:
        """The lists in force (`netiquette.policy_lists`), in the order of the file; empty until filled."""
        return self.policy().lists

    def set_list(self, actor: Actor, key: str, entries: Sequence[str]) -> PolicyVersion:
        """Put the city's entries in place of a list. Makes a new policy version. Needs MANAGE_POLICY.
        Journalled. Codes `permission.denied`, `policy.list_unknown`, `policy.list_entry`, `policy.list_long`.
        """
        actor.require(Permission.MANAGE_POLICY, self._clock.now())
        given = with_lists(self._base, {key: [_storable(entry) for entry in entries]}).lists[key]
        with self._db.write() as work:
            official, lists = _texts(work.setting(OFFICIAL)), _lists(work.setting(LISTS))
            old = overlaid(self._base, official, {}, lists)
            new = overlaid(self._base, official, {}, {**lists, key: given})
            work.put_setting(LISTS, {**lists, key: list(given)})
            payload = {
                "list": key, "before": list(old.lists[key]), "after": list(given), "version": str(new.version)
            }  # fmt: skip
            work.append(self._event(actor, "policy.list_set", key, payload))
        return new.version

    @staticmethod
    def read_wording(source: str | Path) -> Mapping[str, str]:
        """Article number → official text, from a pasted text or a text or YAML file; nothing is kept yet.

        Codes `policy.wording_none`, `policy.wording_unreadable`.
        """
        return wording_of_file(source) if isinstance(source, Path) else wording_of_text(source)

    def _event(self, actor: Actor, kind: str, subject: str, payload: Mapping[str, Any]) -> Event:
        return Event(
            id=EventId(new_id()),
            kind=kind,
            subject=subject,
            actor=actor.staff.id,
            desk=actor.desk,
            at=self._clock.now(),
            payload=payload,
        )


def apply_policy_event(work: UnitOfWork, kind: str, payload: Mapping[str, Any]) -> None:
    """Put in force what `policy.coordinate_set`, `.official_set` or `.list_set` of another desk says."""
    if kind == "policy.coordinate_set":
        given = {str(payload["coordinate"]): str(payload["after"])}
        work.put_setting(COORDINATES, {**_texts(work.setting(COORDINATES)), **given})
    elif kind == "policy.official_set":
        wording = {**_texts(work.setting(OFFICIAL)), **_texts(payload["wording"])}
        work.put_setting(OFFICIAL, {number: text for number, text in wording.items() if text})
    elif kind == "policy.list_set":
        given_list = _lists({str(payload["list"]): payload["after"]})
        work.put_setting(LISTS, {**_lists(work.setting(LISTS)), **given_list})


def overlaid(
    base: Policy,
    official: Mapping[str, str],
    coordinates: Mapping[str, str],
    lists: Lists | None = None,
) -> Policy:
    """`base` with the city's settings. Entries that a newer file no longer has are left aside, not lost:
    they stay in the settings."""
    wording = {number: text for number, text in official.items() if number in base.articles}
    filled = {key: value for key, value in coordinates.items() if key in base.coordinates}
    known = {
        key: [entry for entry in entries if not wrong(key, entry)]
        for key, entries in (lists or {}).items()
        if key in base.lists
    }
    return with_coordinates(with_lists(with_official(base, wording), known), filled)


def _view(policy: Policy, article: Article) -> ArticleView:
    rules = tuple(rule.id for rule in policy.rules.values() if rule.article == article.number)
    return ArticleView(article.number, article.title, article.summary, article.official, rules)


def _texts(stored: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in stored.items()} if isinstance(stored, dict) else {}


def _lists(stored: Any) -> dict[str, tuple[str, ...]]:
    found = stored.items() if isinstance(stored, dict) else ()
    return {str(key): tuple(map(str, each)) for key, each in found if isinstance(each, (list, tuple))}


def _storable(text: str) -> str:
    """As it is kept and hashed: LF line ends, no blank ends, no halves of surrogate pairs."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\r\n", "\n").replace("\r", "\n").strip()


def _check_length(setting: str, key: str, value: str) -> None:
    if len(value) > _LONGEST[setting]:
        raise ValidationError("policy.too_long", key=key, limit=_LONGEST[setting])
