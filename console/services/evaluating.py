"""`vigie evaluate`: the verdicts on annotated messages, scored, with the layer behind each error.

A gold line is a line of `vigie verdict` (see `wire`) with `rules`, `tolerated` and `route` beside.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from console.domain.verdicts import Verdict
from console.errors import EnvironmentProblemError, ValidationError
from console.netiquette.combine import load_calibration, weigh
from console.netiquette.engine import Engine
from console.netiquette.model import Context, Evidence, Likeness, RouteHint, Shield
from console.netiquette.text.document import Document, build
from console.services.scoring import Figures, Found, Gold, score
from console.services.wire import Run

_calibration = cache(load_calibration)


class _Truth(msgspec.Struct):
    id: str | int
    text: str
    rules: list[str]
    route: str
    tolerated: list[str] = []


class Cause(NamedTuple):
    """Why one rule or route is wrong.

    `kind`: `alarm` (a rule too many, seen by `layers`), `below` (seen by `layers`, under the policy's
    threshold), `shielded` (seen by `layers`, taken back by protections), `unseen` (by none), `route`
    (`layers` spoke for the route that was said, `name` is the right one). The strongest layer is first.
    """

    kind: str
    name: str
    layers: tuple[str, ...] = ()
    confidence: float = 0.0
    said: str = ""


class Judged(NamedTuple):
    """A verdict with what it was made from."""

    text: str
    context: Context
    verdict: Verdict

    @property
    def found(self) -> Found:
        """What counts of it."""
        confidence: dict[str, float] = {}
        for finding in self.verdict.findings:
            confidence[finding.rule] = max(finding.confidence, confidence.get(finding.rule, 0.0))
        return Found(confidence, self.verdict.route.value)


def causes(engine: Engine, truth: Gold, judged: Judged) -> list[Cause]:
    """Why the verdict differs from the truth, rule by rule, then the route. Empty where it does not."""
    verdict = judged.verdict
    found = [
        Cause("alarm", finding.rule, finding.detectors, finding.confidence)
        for finding in verdict.findings
        if finding.rule not in truth.rules | truth.tolerated
    ]
    missed = sorted(truth.rules - {finding.rule for finding in verdict.findings})
    said = verdict.route.value
    if not missed and said == truth.route:
        return found
    evidence, shields, hints, likeness = _seen(engine, build(judged.text), judged.context)
    found += [_missed(engine, rule, evidence, shields, likeness) for rule in missed]
    if said != truth.route:
        spoke = sorted((hint for hint in hints if hint.route == said), key=lambda hint: -hint.weight)
        layers = tuple(dict.fromkeys(hint.detector for hint in spoke))
        found.append(Cause("route", truth.route, layers, said=said))
    return found


def _seen(
    engine: Engine, document: Document, context: Context
) -> tuple[list[Evidence], list[Shield], list[RouteHint], Likeness | None]:
    seen = [each for layer in engine.detectors for each in layer.detect(document, context)]
    return (
        [each for each in seen if isinstance(each, Evidence)],
        [each for each in seen if isinstance(each, Shield)],
        [each for each in seen if isinstance(each, RouteHint)],
        next((each for each in seen if isinstance(each, Likeness)), None),
    )


def _missed(
    engine: Engine, rule: str, evidence: list[Evidence], shields: list[Shield], likeness: Likeness | None
) -> Cause:
    kept, kept_layers = _confidence(engine, rule, evidence, shields, likeness)
    bare, bare_layers = _confidence(engine, rule, evidence, [], likeness)
    threshold = next((each.threshold for each in engine.policy.rules.values() if each.id == rule), 1.0)
    if bare >= threshold:
        return Cause("shielded", rule, bare_layers, bare)
    return Cause("below" if kept_layers else "unseen", rule, kept_layers, kept)


def _confidence(
    engine: Engine, rule: str, evidence: list[Evidence], shields: list[Shield], likeness: Likeness | None
) -> tuple[float, tuple[str, ...]]:
    for each in weigh(evidence, shields, likeness):
        if each.rule != rule:
            continue
        sure = _calibration(engine.resources).confidence(each.rule, each.log_odds)
        return sure, tuple(dict.fromkeys(one.detector for one in each.evidence))
    return 0.0, ()


class Evaluation(NamedTuple):
    """A file of annotated messages and its verdicts."""

    engine: Engine
    gold: dict[str, Gold]
    judged: dict[str, Judged]

    @property
    def figures(self) -> Figures:
        """The figures of the whole file."""
        return score(self.gold.values(), {key: each.found for key, each in self.judged.items()})

    def causes(self, key: str) -> list[Cause]:
        """Why the message `key` is judged wrongly; empty where it has no verdict."""
        judged = self.judged.get(key)
        return causes(self.engine, self.gold[key], judged) if judged else []


class _Watched(Engine):
    """An engine as `vigie verdict` uses it; keeps its latest verdict whole, for its layers."""

    def __init__(self, engine: Engine) -> None:
        """`engine` judges: building another would take a second and forget which layers it has."""
        self._engine = engine
        self._latest: tuple[Judged, ...] = ()

    def judge(self, message: str | Document, context: Context) -> Verdict:
        """As `Engine.judge`."""
        verdict = self._engine.judge(message, context)
        text = message if isinstance(message, str) else message.original
        self._latest = (Judged(text, context, verdict),)
        return verdict

    def taken(self) -> tuple[Judged, ...]:
        """The latest verdict, once; none where the line could not be judged."""
        latest, self._latest = self._latest, ()
        return latest


def evaluate(path: Path, engine: Engine) -> Evaluation:
    """Judge every gold line of `path` as `vigie verdict` would: what an author wrote before counts.

    Raises `import.missing`, `verdict.unreadable`, `evaluate.line_wrong` (line), `evaluate.empty`.
    """
    watched = _Watched(engine)
    run = Run(watched)
    gold: dict[str, Gold] = {}
    judged: dict[str, Judged] = {}
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            truth = _truth(number, line)
            gold[truth.id] = truth
            list(run.answers([line]))
            for each in watched.taken():
                judged[truth.id] = each
    if not gold:
        raise ValidationError("evaluate.empty", name=path.name)
    return Evaluation(engine, gold, judged)


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    except FileNotFoundError as error:
        raise ValidationError("import.missing", name=str(path)) from error
    except OSError as error:
        raise EnvironmentProblemError("verdict.unreadable", file=str(path), detail=error.strerror) from error


def _truth(number: int, line: bytes) -> Gold:
    try:
        row = msgspec.json.decode(line, type=_Truth)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValidationError("evaluate.line_wrong", line=number) from error
    return Gold(str(row.id), row.text, frozenset(row.rules), frozenset(row.tolerated), row.route)
