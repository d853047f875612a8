"""Judge every phenomenon and print the table; write it into docs/verdicts.md.

python3 -m tests.phenomena                      the table, and where the baseline is undercut
python3 -m tests.phenomena insult. hate.slur    these only, with every sentence judged wrongly
python3 -m tests.phenomena --record             and raise the baseline
python3 -m tests.phenomena --record --lower ID  and let this phenomenon's baseline fall
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from console.domain.verdicts import Verdict
from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
from console.services.evaluating import Judged, causes
from console.services.scoring import Gold
from tests.phenomena.page import write
from tests.phenomena.reading import Case, phenomena
from tests.phenomena.results import Result, baseline, hate, judge, judge_all, record, table


def main() -> int:
    """1 when a phenomenon has fewer right answers than its baseline."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="ID", help="beginning of a phenomenon's name")
    parser.add_argument("--record", action="store_true", help="raise the baseline to what is right now")
    parser.add_argument("--lower", action="append", default=[], metavar="ID")
    given = parser.parse_args()
    engine = Engine(shipped())
    if given.names:
        _show(engine, tuple(given.names))
        return 0
    results = judge_all(engine)
    _print(results)
    write("phenomena", (_total(results), "", *table(results)))
    if given.record:
        record(results, given.lower)
    held = baseline()
    fallen = [each.phenomenon.id for each in results if each.right < held.get(each.phenomenon.id, 0)]
    for name in fallen:
        print(f"fewer right answers than recorded: {name}")
    return 1 if fallen else 0


def _print(results: list[Result]) -> None:
    print(f"{'phenomenon':32}{'expected':>10}{'right':>8}{'wrong':>8}{'missed':>8}{'alarms':>8}")
    for each in results:
        (found, offences), (kept, acceptable) = each.side(True), each.side(False)
        counts = (len(each.judged), each.right, len(each.wrong), offences - found, acceptable - kept)
        print(f"{each.phenomenon.id:32}{counts[0]:10}" + "".join(f"{count:8}" for count in counts[1:]))
    print(_total(results))


def _total(results: list[Result]) -> str:
    right, cases = sum(each.right for each in results), sum(len(each.judged) for each in results)
    f1, alarms = hate(results)
    return (
        f"{len(results)} phenomena, {cases} sentences, {right} right ({right / cases:.1%}). Hate over seven "
        f"groups: macro-F1 {f1:.3f} (target .85), false alarms {alarms:.3f} (target .12)."
    )


def _show(engine: Engine, names: tuple[str, ...]) -> None:
    for each in phenomena():
        if each.id.startswith(names):
            result = judge(engine, each)
            print(f"\n{each.id}: {each.says} ({result.right} of {len(result.judged)} right)")
            for line in _wrong(engine, result):
                print(line)


def _wrong(engine: Engine, result: Result) -> Iterable[str]:
    """Every line judged wrongly; of a template, one filling and how many groups are wrong like it."""
    wrong: dict[tuple[str, bool], list[tuple[Case, Verdict]]] = {}
    for case, verdict in result.wrong:
        wrong.setdefault((case.source, case.breaks), []).append((case, verdict))
    for (source, breaks), cases in wrong.items():
        case, verdict = cases[0]
        all_of = sum(each.source == source and each.breaks is breaks for each, _ in result.judged)
        kind = "route" if case.route else "missed" if breaks else "alarm"
        route = f" → {verdict.route.value} for {case.route}" if case.route else ""
        yield f"  {kind} {len(cases)}/{all_of}: {case.text}{route}"
        yield from _layers(engine, case, verdict)


def _layers(engine: Engine, case: Case, verdict: Verdict) -> Iterable[str]:
    if case.route is None and verdict.findings:
        yield "      found " + ", ".join(
            f"{finding.rule} {finding.confidence:.2f} ({'+'.join(finding.detectors)})"
            for finding in verdict.findings
        )
    expected = (case.all_of or case.any_of) if case.breaks else frozenset()
    truth = Gold("", case.text, expected, frozenset(), case.route or verdict.route.value)
    for cause in causes(engine, truth, Judged(case.text, case.context, verdict)):
        layers = "+".join(cause.layers)
        if cause.kind == "route":
            yield f"      {cause.said} said by {layers}"
        elif cause.kind in ("below", "shielded"):
            yield f"      {cause.kind} {cause.name} {cause.confidence:.2f} {layers}"


if __name__ == "__main__":
    sys.exit(main())
