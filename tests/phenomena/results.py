"""How many sentences of each phenomenon are judged right, and the baseline that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from console.domain.verdicts import Verdict
from console.netiquette.engine import Engine
from console.netiquette.policy_loader import RULES
from console.services.evaluating import Judged
from console.services.scoring import Figures, Found, Gold, score
from tests.phenomena.reading import FOLDER, HATEFUL, Case, Phenomenon, phenomena

BASELINE = FOLDER / "baseline.yaml"


@dataclass(frozen=True)
class Result:
    """One phenomenon judged: each case with its verdict."""

    phenomenon: Phenomenon
    judged: tuple[tuple[Case, Verdict], ...]

    @property
    def right(self) -> int:
        """Sentences that are judged as they must be."""
        return sum(case.right(verdict) for case, verdict in self.judged)

    def side(self, breaks: bool) -> tuple[int, int]:
        """Right and all, of what breaks a rule or of what is kept (or routed)."""
        side = [case.right(verdict) for case, verdict in self.judged if case.breaks is breaks]
        return sum(side), len(side)

    @property
    def wrong(self) -> list[tuple[Case, Verdict]]:
        """What is judged otherwise."""
        return [(case, verdict) for case, verdict in self.judged if not case.right(verdict)]


def judge(engine: Engine, each: Phenomenon) -> Result:
    """The verdicts on one phenomenon."""
    return Result(each, tuple((case, engine.judge(case.text, case.context)) for case in each.cases))


def judge_all(engine: Engine) -> list[Result]:
    """The verdicts on every phenomenon."""
    return [judge(engine, each) for each in phenomena()]


def hate(results: Iterable[Result], rules: frozenset[str] | None = HATEFUL) -> tuple[float, float]:
    """Macro-F1 over hateful and not hateful, and false alarms on the acceptable half, of family `hate`;
    hateful is what is found to break one of `rules` (None: any)."""
    hits = alarms = missed = quiet = 0
    for case, verdict in _judged(results, "hate"):
        found = any(rules is None or finding.rule in rules for finding in verdict.findings)
        hits, missed = hits + (case.breaks and found), missed + (case.breaks and not found)
        alarms, quiet = alarms + (not case.breaks and found), quiet + (not case.breaks and not found)
    hateful = 2 * hits / (2 * hits + alarms + missed)
    clean = 2 * quiet / (2 * quiet + alarms + missed)
    return (hateful + clean) / 2, alarms / (alarms + quiet)


def _judged(results: Iterable[Result], *families: str) -> Iterator[tuple[Case, Verdict]]:
    return (each for result in results if result.phenomenon.family in families for each in result.judged)


def written(results: list[Result]) -> Figures:
    """The figures of the annotation guide over the hand-written families. A sentence breaks the rules that
    it must be found to break (of `any_of`, those that were found); what it tolerates is not punished."""
    gold: list[Gold] = []
    found: dict[str, Found] = {}
    every = frozenset(map(str, RULES))
    families = {each.phenomenon.family for each in results} - {"hate"}
    for number, (case, verdict) in enumerate(_judged(results, *sorted(families))):
        said = Judged(case.text, case.context, verdict).found
        right = case.all_of | (case.any_of & frozenset(said.confidence) or frozenset(sorted(case.any_of)[:1]))
        tolerated = case.any_of | case.tolerated if case.breaks else every - case.none_of
        gold.append(Gold(str(number), case.text, right, tolerated - right, case.route or verdict.route.value))
        found[str(number)] = said
    return score(gold, found)


def baseline() -> dict[str, int]:
    """Right answers by phenomenon, as recorded."""
    if not BASELINE.exists():
        return {}
    found: dict[str, int] = yaml.safe_load(BASELINE.read_text("utf-8"))
    return found


def record(results: Iterable[Result], lowered: Iterable[str]) -> None:
    """Raise the baseline to these results; only what is named in `lowered` may fall."""
    held, free = baseline(), set(lowered)
    lines = ["# Right answers by phenomenon; `python3 -m tests.phenomena --record` raises them."]
    for each in results:
        name = each.phenomenon.id
        right = each.right if name in free else max(each.right, held.get(name, 0))
        lines.append(f"{name}: {right}")
    BASELINE.write_text("\n".join(lines) + "\n", "utf-8")


def table(results: Iterable[Result]) -> Iterator[str]:
    """A Markdown table: right of all among what breaks a rule, right of all among what is acceptable."""
    yield "| phenomenon | what it is | offences found | acceptable kept, route right | right |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for each in results:
        broken, kept = _share(each.side(True)), _share(each.side(False))
        share = each.right / len(each.judged)
        yield f"| `{each.phenomenon.id}` | {each.phenomenon.says} | {broken} | {kept} | {share:.0%} |"


def _share(counts: tuple[int, int]) -> str:
    return f"{counts[0]} of {counts[1]}" if counts[1] else ""
