"""`vigie learn`: what this desk learns from its moderators' decisions, from a terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from console.bootstrap import open_services
from console.catalogue import Catalogue
from console.domain.ids import RuleId
from console.domain.learning import Comparison, RuleFigures
from console.domain.roles import Actor
from console.services.learning import LayerView, lines_of
from console.services.secret_ports import Secrets
from console.services.services import Services
from console.terminal import desk_actor, progress_bar

_NOTHING_OFFERED = 1


def run(given: argparse.Namespace, home: Path, secrets: Secrets | None) -> int:
    """One task and its exit status: 1 when nothing is to be proposed; errors are raised (`learning.*`)."""
    services = open_services(home, plain=given.plain, secrets=secrets, online=False)
    try:
        actor = desk_actor(services)
        if given.propose:
            return _propose(services, actor)
        if given.accept is not None:
            _adopt(services, actor, given.accept)
        elif given.rollback:
            _roll_back(services, actor)
        elif given.list:
            _list(services, actor)
        else:
            _state(services, actor)
        return 0
    finally:
        services.close()


def _state(services: Services, actor: Actor) -> None:
    state = services.learning.state(actor)
    _say("learn_lessons", count=state.lessons, needed=state.needed)
    if state.missing:
        _say("learn_missing", missing=state.missing)
    layer = state.in_force
    if layer is None:
        _say("learn_none")
        return
    _say("learn_in_force", **_facts(layer))
    _say_problem(layer)
    if layer.engine != state.engine:
        _say("learn_older", engine=layer.engine)
    _say_words(services, layer)
    if layer.comparison is not None:
        _say_table(services, layer.comparison)


def _list(services: Services, actor: Actor) -> None:
    state = services.learning.state(actor)
    if not state.layers:
        _say("learn_no_versions")
    for layer in state.layers:
        _say("learn_row_in_force" if layer.in_force else "learn_row", **_facts(layer))
        _say_problem(layer)


def _propose(services: Services, actor: Actor) -> int:
    with progress_bar(Catalogue.load().label("cli", "learn_working")) as progress:
        outcome = services.learning.propose(actor, progress)
    _say("learn_from", decisions=outcome.decisions, different=outcome.comparison.lessons)
    if outcome.comparison.rules:
        _say_table(services, outcome.comparison)
    if outcome.layer is None:
        needed = services.learning.needed
        missing = max(0, needed - outcome.comparison.lessons)
        _say(f"learn_{outcome.reason}", needed=needed, missing=missing)
        return _NOTHING_OFFERED
    _say_words(services, outcome.layer)
    _say("learn_offered", name=outcome.layer.name)
    return 0


def _adopt(services: Services, actor: Actor, name: str) -> None:
    layer = services.learning.adopt(actor, name)
    _say("learn_adopted", name=layer.name)
    _judge_again(services, actor)


def _roll_back(services: Services, actor: Actor) -> None:
    layer = services.learning.roll_back(actor)
    if layer is None:
        _say("learn_back_to_none")
    else:
        _say("learn_back_to", name=layer.name)
        _say_problem(layer)
    _judge_again(services, actor)


def _judge_again(services: Services, actor: Actor) -> None:
    with progress_bar(Catalogue.load().label("cli", "learn_judging")) as progress:
        changes = services.learning.judge_again(actor, progress)
    _say("learn_judged", count=len(changes.messages))


def _facts(layer: LayerView) -> Mapping[str, object]:
    return {
        "name": layer.name,
        "decisions": layer.decisions,
        "first": f"{layer.first:%Y-%m-%d}",
        "last": f"{layer.last:%Y-%m-%d}",
        "made": f"{layer.made_at:%Y-%m-%d}",
        "gain": layer.comparison.gain if layer.comparison else "…",
        "adopted": f"{layer.adopted_at:%Y-%m-%d}" if layer.adopted_at else "",
        "by": layer.adopted_by or layer.made_by,
    }


def _say_problem(layer: LayerView) -> None:
    if layer.problem:
        sys.stdout.write(f"  {Catalogue.load().error(layer.problem, {'layer': layer.name})}\n")


def _say_words(services: Services, layer: LayerView) -> None:
    for rule, words in layer.words.items():
        shown = ", ".join(f"{word} ({_signed(weight)})" for word, weight in words)
        _say("learn_words", rule=_title(services, rule), words=shown)


def _say_table(services: Services, comparison: Comparison) -> None:
    labels = Catalogue.load()
    _say("learn_table")
    for each in lines_of(comparison):
        line = labels.label("cli", "learn_figures" if each.enough else "learn_figures_few")
        sys.stdout.write(line.format(**_counts(services, each)) + "\n")


def _counts(services: Services, each: RuleFigures) -> Mapping[str, object]:
    return {
        "rule": _title(services, RuleId(each.rule)),
        "messages": each.messages,
        "agreed_before": _percent(each.messages - each.errors_before, each.messages),
        "agreed_after": _percent(each.messages - each.errors_after, each.messages),
        "alarms_before": each.alarms_before,
        "alarms_after": each.alarms_after,
        "missed_before": each.missed_before,
        "missed_after": each.missed_after,
    }


def _title(services: Services, rule: RuleId) -> str:
    view = services.policy.rules().get(rule)
    return view.title if view else rule


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / max(1, whole))}\u00a0%"


def _signed(weight: float) -> str:
    return f"{weight:+.1f}".replace(".", ",").replace("-", "\u2212")


def _say(label: str, **facts: object) -> None:
    sys.stdout.write(Catalogue.load().label("cli", label).format(**facts) + "\n")
