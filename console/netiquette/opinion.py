"""How likeness counts: what the learned model says of a message, beside what the other layers see.

The numbers were chosen on annotated messages that the model had not seen, for the most breaches found at no
more false alarms on acceptable texts than the other layers raise by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from console.domain.ids import RuleId
from console.netiquette.model import Likeness, Shield

FACTS = frozenset(
    map(
        RuleId,
        (
            "personal_information",
            "capitals",
            "not_french",
            "special_characters",
            "incomprehensible",
            "abusive_links",
            "repetition",
            "off_topic",
            "private_discussion",
        ),
    )
)
"""Rules about form and facts: no way of speaking protects them, unless a shield names them, and nothing
speaks against what is plainly there."""

CHECKED = FACTS - {RuleId("incomprehensible"), RuleId("off_topic"), RuleId("private_discussion")}
"""Rules that a check decides: likeness to other messages says nothing there."""

TOXIC = frozenset(
    map(
        RuleId,
        (
            "violence",
            "obscenity",
            "defamation",
            "hate",
            "discrimination",
            "insult",
            "sexism",
            "racism",
            "misogyny",
            "ageism",
            "xenophobia",
            "homophobia",
            "aggression",
            "sexual_content",
        ),
    )
)
"""Rules whose breach a forum's annotators call toxic."""

WHOLE = 4.4
"""A protection of this weight takes all of what it covers, however strong it is; a weaker one its share."""
MOSTLY = 0.25
"""Where less than this share is left of what other layers said, likeness loses as much: it sees the same
words as they do."""

_FOR, _MOST = 0.6, 1.85
"""What likeness counts for a rule that other layers see too, and its bound."""
_AGAINST, _LEAST = 0.7, -1.3
_ALONE_FOR = 0.75
"""How much the rareness of a rule counts where nothing but likeness speaks for it."""
_ALONE_DOUBT, _GROUP_DOUBT, _ALONE_MOST = 0.6, 1.2, 4.6
"""Asked for beyond it; more for the rules on groups: naming a group is no hatred."""
_ANY_DOUBT, _ANY_FOR, _ANY_AGAINST, _ANY_LEAST = 0.46, 0.5, 1.0, -2.3
"""«Breaks any rule» supports, or speaks against, the rule that is the most likely."""
_TOXIC, _HARSHEST = 0.0, 0.9
"""A message more toxic than this breaks one of the rules that are, at least so likely before «toxic» itself
counts: the most likely one."""
_TOXIC_OF_GROUPS = 0.5
"""The same where that is a rule on groups and no other layer sees it: forums speak of groups to hurt them,
so that a mere or kind mention already looks toxic."""
_TOXIC_FOR, _TOXIC_MOST = 3.0, 3.0

_GROUPS = frozenset(
    map(
        RuleId,
        (
            "hate",
            "racism",
            "xenophobia",
            "homophobia",
            "sexism",
            "misogyny",
            "ageism",
            "discrimination",
        ),
    )
)

UNKNOWN_POST = 0.8
"""More doubt where a comment's post is not known: half of what makes a short text clear is missing."""


def doubt(rule: RuleId, rareness: float) -> float:
    """What likeness must exceed to speak for a rule alone; `rareness` is the log-odds of the rule's share of
    messages beyond the prior."""
    return _ALONE_DOUBT + (_GROUP_DOUBT if rule in _GROUPS else 0.0) - _ALONE_FOR * rareness


def _least_toxic(rule: RuleId) -> float:
    return _TOXIC_OF_GROUPS if rule in _GROUPS else _TOXIC


class Opinion:
    """What a message's likeness counts for each rule, in log-odds, its protections considered."""

    def __init__(self, likeness: Likeness, shields: Sequence[Shield]) -> None:
        self._likeness = likeness
        self._left = _left(shields)
        self._named = _named(shields)
        self.alone: dict[RuleId, float] = {}
        """Rules that likeness speaks for even where nothing else does."""
        for rule in likeness.likely:
            if rule not in CHECKED:
                left = self._left * self._named.get(rule, 1.0)
                weight = min(_ALONE_MOST, likeness.rules[rule] * left - likeness.doubts[rule])
                if weight > 0:
                    self.alone[rule] = weight
        harshest = likeness.harshest
        if harshest is not None and likeness.toxic > _least_toxic(harshest):
            self.alone[harshest] = max(_HARSHEST * self._left, self.alone.get(harshest, 0.0))

    def beside(self, rule: RuleId, share: float) -> float:
        """For or against a rule that other layers see; `share` is what protections left of what they say."""
        weight = self._likeness.rules.get(rule, 0.0)
        if rule in CHECKED or (weight < 0 and rule in FACTS):
            return 0.0
        if weight < 0:
            return max(_LEAST, weight) * _AGAINST
        left = self._named.get(rule, 1.0)
        return min(_MOST, weight * (share if share < MOSTLY else 1.0) * _FOR) * left

    def of_all(self, rule: RuleId, share: float | None) -> float:
        """Further support or doubt for the most likely rule; `share` as above, None where no other layer
        sees the rule."""
        if rule in FACTS:
            return 0.0
        left = self._left if share is None else share if share < MOSTLY else 1.0
        broken = self._likeness.any - _ANY_DOUBT
        found = max(_ANY_LEAST, broken) * _ANY_AGAINST if broken < 0 else broken * _ANY_FOR * left
        if rule in TOXIC:
            least = _least_toxic(rule) if share is None else _TOXIC
            toxic = max(0.0, self._likeness.toxic - least) * _TOXIC_FOR
            found += min(_TOXIC_MOST, toxic) * left
        return found


def _left(shields: Sequence[Shield]) -> float:
    """The share that protections of every rule leave of a message."""
    if not shields:
        return 1.0
    return max(0.0, 1.0 - sum([shield.weight for shield in shields if shield.rules is None]) / WHOLE)


def _named(shields: Sequence[Shield]) -> dict[RuleId, float]:
    """The share that protections of the whole message leave of the rules that they name."""
    found: dict[RuleId, float] = {}
    for shield in shields:
        if shield.rules is not None and shield.span is None:
            for rule in shield.rules:
                found[rule] = max(0.0, found.get(rule, 1.0) - shield.weight / WHOLE)
    return found
