"""`vigie evaluate`: the figures of the annotation guide, and the layer behind each error."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from console import evaluation_report
from console.errors import ValidationError, VigieError
from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
from console.services import verdicts
from console.services.evaluating import evaluate
from console.services.scoring import Figures, Found, Gold, score

SHARED = Path(__file__).resolve().parents[4] / "shared" / "eval"
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample_gold.jsonl"
ENGINE = Engine(shipped())
SCALARS = (
    "messages", "missing", "false_alarms", "rule_micro_f1", "rule_macro_f1", "exact", "route_accuracy",
    "route_macro_f1", "ece",
)  # fmt: skip


def gold(key: str, rules: tuple[str, ...] = (), tolerated: tuple[str, ...] = (), route: str = "none") -> Gold:
    return Gold(key, key, frozenset(rules), frozenset(tolerated), route)


GOLD = (
    gold("hit", ("insult",)),
    gold("missed", ("hate", "racism"), route="emergency"),
    gold("alarm"),
    gold("tolerated", tolerated=("aggression",), route="question"),
    gold("quiet"),
    gold("lost", ("fraud",)),
)
FOUND = {
    "hit": Found({"insult": 0.9}, "none"),
    "missed": Found({"hate": 0.7}, "question"),
    "alarm": Found({"insult": 0.6}, "none"),
    "tolerated": Found({"aggression": 0.55}, "question"),
    "quiet": Found({}, "emergency"),
}


def test_the_figures_of_a_small_set_by_hand() -> None:
    figures = score(GOLD, FOUND)
    assert (figures.messages, figures.missing) == (6, 1)
    assert figures.offence == pytest.approx((2 / 3, 2 / 3, 2 / 3, 3))
    assert figures.false_alarms == pytest.approx(1 / 3)
    assert figures.rules["insult"] == pytest.approx((0.5, 1.0, 2 / 3, 1))
    assert "aggression" not in figures.rules
    assert figures.rule_micro_f1 == pytest.approx(2 * (2 / 3) * 0.5 / (2 / 3 + 0.5))
    assert figures.rule_macro_f1 == pytest.approx((2 / 3 + 1 + 0 + 0) / 4)
    assert figures.exact == pytest.approx(3 / 6)
    assert figures.route_accuracy == pytest.approx(4 / 6)
    assert figures.emergency == pytest.approx((0.0, 0.0, 0.0, 1))
    assert figures.ece == pytest.approx((abs(0.9 - 1) + abs(0.7 - 1) + abs(0.6 - 0)) / 3)
    assert figures.wrong == ("missed", "alarm", "lost")
    assert figures.misrouted == ("missed", "quiet")


def test_nothing_at_all_gives_no_division_by_zero() -> None:
    figures = score((), {})
    assert figures.offence == (0.0, 0.0, 0.0, 0)
    assert (figures.false_alarms, figures.exact, figures.ece, figures.rule_macro_f1) == (0, 0, 0, 0)


@pytest.mark.skipif(
    not (SHARED / "score.py").exists(), reason="the annotators' script is not beside the project"
)
@pytest.mark.parametrize("name", ["examples", "sample", "by_hand"])
def test_the_figures_are_those_of_the_annotators_script(name: str, tmp_path: Path) -> None:
    reference = _reference()
    if name == "by_hand":
        figures = score(GOLD, FOUND)
        theirs = reference(_their_gold(), _their_verdicts())
    else:
        path = SAMPLE if name == "sample" else SHARED / "examples.jsonl"
        figures = evaluate(path, ENGINE).figures
        target = tmp_path / "verdicts.jsonl"
        verdicts.run(str(path), str(target))
        theirs = reference(_rows(path), _rows(target))
    _same(figures, theirs)


def _reference() -> Callable[[Any, Any], dict[str, Any]]:
    spec = importlib.util.spec_from_file_location("annotators_score", SHARED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[Any, Any], dict[str, Any]] = module.score
    return found


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return {str(row["id"]): row for row in rows}


def _their_gold() -> dict[str, dict[str, Any]]:
    return {
        each.id: {"text": "", "rules": each.rules, "tolerated": each.tolerated, "route": each.route}
        for each in GOLD
    }


def _their_verdicts() -> dict[str, dict[str, Any]]:
    return {
        key: {
            "findings": [{"rule": r, "confidence": c} for r, c in each.confidence.items()],
            "route": each.route,
        }
        for key, each in FOUND.items()
    }


def _same(figures: Figures, theirs: Mapping[str, Any]) -> None:
    for name in SCALARS:
        assert getattr(figures, name) == pytest.approx(theirs[name]), name
    assert figures.offence.f1 == pytest.approx(theirs["offence_f1"])
    assert figures.offence.recall == pytest.approx(theirs["offence_recall"])
    assert figures.emergency.recall == pytest.approx(theirs["emergency_recall"])
    assert figures.emergency.precision == pytest.approx(theirs["emergency_precision"])
    assert list(figures.wrong) == [error[0] for error in theirs["errors"]]
    for ours, table in ((figures.rules, theirs["rules"]), (figures.routes, theirs["routes"])):
        assert set(ours) == set(table)
        for key, share in ours.items():
            assert share == pytest.approx(table[key]), key


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def row(key: str, text: str, rules: list[str], **more: Any) -> dict[str, Any]:
    return {"id": key, "text": text, "rules": rules, "route": "none", "channel": "comment"} | more


def test_each_error_names_the_layer_behind_it(tmp_path: Path) -> None:
    path = write(
        tmp_path / "gold.jsonl",
        row("alarm", "Vous êtes une belle gang de voleurs.", []),
        row("unseen", "Merci à toute l’équipe.", ["copyright"]),
        row(
            "shielded",
            "Il a dit «\u00a0les immigrants sont des parasites\u00a0» et je trouve ça odieux.",
            ["hate"],
        ),
        row("route", "Merci à toute l’équipe.", [], route="emergency"),
        row("right", "Merci à toute l’équipe.", []),
    )
    evaluation = evaluate(path, ENGINE)
    kinds = {key: {cause.kind for cause in evaluation.causes(key)} for key in evaluation.gold}
    assert kinds["alarm"] == {"alarm"}
    assert all(cause.layers and cause.confidence >= 0.5 for cause in evaluation.causes("alarm"))
    assert kinds["unseen"] <= {"unseen", "below"}
    assert kinds["shielded"] == {"shielded"}
    assert kinds["route"] == {"route"}
    assert kinds["right"] == set()


def test_what_an_author_wrote_before_in_the_file_counts(tmp_path: Path) -> None:
    text = "Signez la pétition contre le stationnement payant du centre-ville, partagez partout!"
    rows = [row(str(i), text, [], author={"id": "a"}, posted_at=f"2025-06-24T14:3{i}:00Z") for i in range(4)]
    judged = evaluate(write(tmp_path / "gold.jsonl", *rows), ENGINE).judged
    assert not judged["0"].context.author_recent
    assert len(judged["3"].context.author_recent) == 3


def test_the_layers_of_the_given_engine_judge(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", row("a", "ARRÊTEZ DE NOUS MONTER LES TAXES", ["capitals"]))
    deaf = Engine(shipped(), detectors=("foreign:Foreign",))
    assert evaluate(path, ENGINE).figures.exact == 1
    evaluation = evaluate(path, deaf)
    assert evaluation.figures.exact == 0
    assert [cause.kind for cause in evaluation.causes("a")] == ["unseen"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "evaluate.empty"),
        ("\n\n", "evaluate.empty"),
        ("{", "evaluate.line_wrong"),
        ('{"id": "1", "text": "a"}', "evaluate.line_wrong"),
        ('{"id": "1", "text": "a", "rules": "insult", "route": "none"}', "evaluate.line_wrong"),
    ],
)
def test_a_file_that_is_no_gold_is_refused(content: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(ValidationError) as refused:
        evaluate(path, ENGINE)
    assert refused.value.code == code


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(VigieError, match=r"import\.missing"):
        evaluate(tmp_path / "none.jsonl", ENGINE)


def test_the_report_is_in_french_and_shows_as_many_errors_as_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(
        tmp_path / "gold.jsonl",
        row("un", "Vous êtes une belle gang de voleurs.", []),
        row("deux", "Bande de parasites.", []),
        row("trois", "Merci.", [], channel="shout"),
    )
    assert evaluation_report.run(path, 1) == 1
    said = capsys.readouterr().out
    assert "Fausses alertes sur les messages acceptables" in said
    assert "Messages sans verdict" in said
    assert "un\u00a0: Vous êtes" in said
    assert "deux\u00a0:" not in said
    assert "en trop (confiance 0," in said
