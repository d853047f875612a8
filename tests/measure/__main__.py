"""Print the engine's figures beside their targets.

    python3 -m tests.measure                        everything that is there
    python3 -m tests.measure alarms language        these parts only
    python3 -m tests.measure alarms --errors 20     and what is judged wrongly, to the screen only
    python3 -m tests.measure --write                and the table into docs/verdicts.md

Parts: examples, gold, alarms, toxicity, held_out (two trainings: several minutes), language, phenomena, cost.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
from console.services.evaluating import evaluate
from tests.measure.cost import cost
from tests.measure.figures import Line, Wrong, alarms, language, toxicity
from tests.measure.held_out import held_out
from tests.measure.sets import CLOSED, EXAMPLES, OPEN
from tests.phenomena.page import lines, write
from tests.phenomena.results import hate, judge_all, written

_LAYERS = 8


def main() -> None:
    """Run the parts that are asked for; what is not beside the project is said and left out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS])
    parser.add_argument("--errors", type=int, default=0, metavar="N")
    parser.add_argument("--write", action="store_true", help="the table into docs/verdicts.md")
    given = parser.parse_args()
    engine, wrong = Engine(shipped()), Wrong()
    measured: dict[str, list[Line]] = {}
    for part in given.parts or PARTS:
        try:
            figures = PARTS[part](engine, wrong)
        except FileNotFoundError as error:
            print(f"{part}: not beside the project ({error.filename})")
            continue
        _print(part, figures)
        measured[part] = figures
    if given.write:
        write("measure", _table(engine.version, measured))
    _print_wrong(wrong, given.errors)


def _examples(engine: Engine, _wrong: Wrong) -> list[Line]:
    return _annotated(engine, EXAMPLES)


def _gold(engine: Engine, _wrong: Wrong) -> list[Line]:
    return [
        line._replace(name=f"{path.stem}: {line.name}")
        for path in (OPEN, CLOSED)
        for line in _annotated(engine, path)
    ]


def _annotated(engine: Engine, path: Path) -> list[Line]:
    if not path.exists():
        raise FileNotFoundError(2, "", str(path))
    figures = evaluate(path, engine).figures
    return [
        Line("breaks a rule or none, F1", figures.offence.f1, 0.92),
        Line("false alarms", figures.false_alarms, 0.04, most=True),
        Line("rules, micro F1", figures.rule_micro_f1, 0.82),
        Line("rules, macro F1", figures.rule_macro_f1, 0.78),
        Line("route accuracy", figures.route_accuracy, 0.92),
        Line("emergencies found", figures.emergency.recall, 0.96),
        Line("emergencies rightly announced", figures.emergency.precision, 0.85),
        Line("calibration error", figures.ece, 0.05, most=True),
    ]


def _alarms(engine: Engine, wrong: Wrong) -> list[Line]:
    return [
        *alarms(engine, wrong, "civic_republique_numerique", 0.005, lambda row: True),
        *alarms(engine, wrong, "dialogue_covid_qc", 0.005, lambda row: row.columns["lang_auto"] == "fr"),
        *alarms(engine, wrong, "deft2017_politique", 0.03, lambda row: True, tweets=True),
        *alarms(engine, wrong, "qfrcola", 0.005, lambda row: True),
    ]


def _toxicity(engine: Engine, wrong: Wrong) -> list[Line]:
    return [
        *toxicity(engine, wrong, "toxifrench_agreement", "toxic", targets=False),
        *toxicity(engine, wrong, "rtplx_fr", "toxic", targets=False),
        *toxicity(engine, wrong, "jigsaw_mt_fr", "toxic", targets=False),
        *toxicity(engine, wrong, "mlma_fr", "toxic", targets=False),
        *toxicity(engine, wrong, "cyberagression_ado_large", "aggressive", targets=False),
    ]


def _phenomena(engine: Engine, _wrong: Wrong) -> list[Line]:
    results = judge_all(engine)
    f1, false = hate(results)
    any_f1, any_false = hate(results, None)
    own = written(results)
    routed = [
        (case.route, verdict.route.value) for each in results for case, verdict in each.judged if case.route
    ]
    urgent = [said for truth, said in routed if truth == "emergency"]
    announced = [truth for truth, said in routed if said == "emergency"]
    right, cases = sum(each.right for each in results), sum(len(each.judged) for each in results)
    return [
        Line("hate over seven groups, macro-F1 (own templates)", f1, 0.85),
        Line("hate, false alarms on the acceptable half", false, 0.12, most=True),
        Line("the same, whatever rule is found: macro-F1", any_f1),
        Line("the same, whatever rule is found: false alarms", any_false),
        Line("hand-written: breaks a rule or none, F1", own.offence.f1, 0.92),
        Line("hand-written: false alarms", own.false_alarms, 0.04, most=True),
        Line("hand-written: rules, micro F1", own.rule_micro_f1, 0.82),
        Line("hand-written: rules, macro F1", own.rule_macro_f1, 0.78),
        Line("hand-written: calibration error", own.ece, 0.05, most=True),
        Line("routes: accuracy", sum(truth == said for truth, said in routed) / len(routed), 0.92),
        Line("routes: emergencies found", urgent.count("emergency") / len(urgent), 0.96),
        Line("routes: emergencies rightly announced", announced.count("emergency") / len(announced), 0.85),
        Line("all phenomena, right", right / cases),
    ]


PARTS: dict[str, Callable[[Engine, Wrong], list[Line]]] = {
    "examples": _examples,
    "gold": _gold,
    "alarms": _alarms,
    "toxicity": _toxicity,
    "held_out": lambda engine, wrong: held_out(),
    "language": language,
    "phenomena": _phenomena,
    "cost": lambda engine, wrong: cost(),
}


def _print(part: str, figures: Iterable[Line]) -> None:
    print(f"\n{part:60}{'measured':>14}{'target':>10}")
    for line in figures:
        name, value, target, mark = _cells(line)
        print(f"{name:60}{value:>14}{target:>10}  {mark}".rstrip())


def _table(version: str, measured: Mapping[str, Iterable[Line]]) -> Iterator[str]:
    """The rows of what was measured now; those of other parts as they stand in the page."""
    standing = list(lines("measure"))
    yield f"Latest engine {version}."
    yield ""
    yield "| part | figure | measured | target | |"
    yield "| --- | --- | ---: | ---: | --- |"
    for part in PARTS:
        if part in measured:
            yield from (f"| {part} | {' | '.join(_cells(line))} |" for line in measured[part])
        else:
            yield from (row for row in standing if row.startswith(f"| {part} |"))


def _cells(line: Line) -> tuple[str, str, str, str]:
    value = f"{line.value:,.3f}" if line.value < 1000 else f"{line.value:,.0f}"
    target = "" if line.target is None else f"{'≤' if line.most else '≥'} {line.target:g}"
    mark = "" if line.met is None else "met" if line.met else "not met"
    return line.name, f"{value} {line.unit}".strip(), target, mark


def _print_wrong(wrong: Wrong, errors: int) -> None:
    for name, told in wrong.by_set.items():
        counts = wrong.layers[name].most_common(_LAYERS)
        print(f"\n{name}: {len(told)} wrong; " + ", ".join(f"{what} {number}" for what, number in counts))
        for key, text, found in told[:errors]:
            print(f"  {key}: {' '.join(text.split())}\n      {found}")


if __name__ == "__main__":
    main()
