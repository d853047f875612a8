"""From decisions to what the engine learns of them. Loads the engine: imported when learning is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from console.domain.decisions import SANCTIONS, Action
from console.domain.ids import MessageId, RuleId
from console.domain.learning import Comparison
from console.netiquette.engine import Engine
from console.netiquette.learned.desk import DeskLayer, strongest
from console.netiquette.learned.desk_lessons import Lesson, prepare
from console.netiquette.learned.desk_measure import Progress, learn
from console.services.learning_ports import Dispute, Judgement

_MOST_WORDS = 8
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Taught:
    """`id` and `body` of the layer, empty when nothing is offered; made from `decisions` messages, decided or
    disputed from `first` to `last`."""

    id: str
    body: bytes
    engine: str
    comparison: Comparison
    decisions: int
    first: datetime
    last: datetime


def teach(
    engine: Engine, judgements: Sequence[Judgement], disputes: Sequence[Dispute], progress: Progress
) -> Taught:
    """Learn anew from these decisions, over an engine without a layer; `progress` may raise to stop."""
    lessons = lessons_of(judgements, disputes, engine.policy.rules)
    outcome = learn(prepare(lessons), engine, progress)
    taught = {each.message for each in lessons}
    dates = [each.at for each in judgements if each.message in taught]
    dates += [each.at for each in disputes if each.message in taught]
    layer = outcome.layer
    return Taught(
        layer.id if layer else "",
        layer.encode() if layer else b"",
        engine.version,
        outcome.comparison,
        len(lessons),
        min(dates, default=_NEVER),
        max(dates, default=_NEVER),
    )


def lessons_of(
    judgements: Iterable[Judgement], disputes: Iterable[Dispute], rules: Iterable[RuleId]
) -> list[Lesson]:
    """What moderators said of messages, by their acts.

    A sanction names the rules that are broken; those found that it does not name were dropped. «Rien à
    signaler» says that none is. An answer or a submission says nothing of rules. A disagreement holds unless
    a later decision rests on the same rule.
    """
    known = frozenset(rules)
    found: dict[MessageId, Lesson] = {}
    decided: dict[MessageId, datetime] = {}
    for each in judgements:
        labels = _labels(each)
        if labels is None:
            continue
        decided[each.message] = each.at
        found[each.message] = _lesson(
            each, {rule: said for rule, said in labels.items() if rule in known}, True
        )
    for dispute in disputes:
        if dispute.rule not in known:
            continue
        lesson = found.get(dispute.message)
        if lesson is None:
            found[dispute.message] = _lesson(dispute, {dispute.rule: False}, False)
        elif not (lesson.labels.get(dispute.rule) and decided.get(dispute.message, dispute.at) > dispute.at):
            found[dispute.message] = replace(lesson, labels={**lesson.labels, dispute.rule: False})
    return list(found.values())


def _labels(each: Judgement) -> Mapping[RuleId, bool] | None:
    acts = frozenset(each.actions)
    if acts & SANCTIONS:
        return dict.fromkeys(each.found, False) | dict.fromkeys(each.rules, True)
    if Action.KEEP in acts:
        return dict.fromkeys(each.found, False)
    return None


def _lesson(each: Judgement | Dispute, labels: Mapping[RuleId, bool], whole: bool) -> Lesson:
    return Lesson(
        each.message, each.text, each.parent, each.channel, str(each.author), each.actor, labels, whole
    )


def words_of(name: str, body: bytes) -> Mapping[RuleId, tuple[tuple[str, float], ...]]:
    """The words that weigh most, by rule, with their weights in log-odds.

    Codes `learning.damaged`, `learning.other_terms`.
    """
    layer = DeskLayer.decode(body, name)
    return {
        rule: tuple((each.shown, each.weight) for each in strongest(told, _MOST_WORDS))
        for rule, told in layer.rules.items()
    }
