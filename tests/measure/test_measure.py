"""The measuring itself: the sets are read as they are described, and the shares are what they say."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
from tests.measure import figures, sets
from tests.measure.figures import Line, Wrong, alarms, toxicity
from tests.measure.sets import DATA, rows

SETS = (
    "civic_republique_numerique", "cyberagression_ado_large", "deft2017_politique", "dialogue_covid_qc",
    "jigsaw_mt_fr", "langid_social", "mlma_fr", "qfrcola", "rtplx_fr", "toxifrench_agreement",
)  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(shipped())


@pytest.mark.skipif(not DATA.exists(), reason="the public sets are not beside the project")
@pytest.mark.parametrize("name", SETS)
def test_a_public_set_is_read(name: str) -> None:
    found = list(islice(rows(name), 50))
    assert len(found) == 50
    assert all(row.id for row in found)
    assert any(row.label for row in found)
    assert len({row.text for row in found}) > 40


def test_escapes_are_undone(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text(
        "id\ttext\tlabel\n1\ta\\nb\\tc\\\\nd\tok\n2\t\tok\n", encoding="utf-8", newline="\n"
    )
    first, second = rows("own", tmp_path)
    assert (first.text, first.label, second.text) == ("a\nb\tc\\nd", "ok", "")


def test_a_set_that_is_not_there_is_said() -> None:
    with pytest.raises(FileNotFoundError):
        next(rows("nothing", Path("nowhere")))


@pytest.mark.parametrize(
    ("line", "met"),
    [
        (Line("a", 0.5), None),
        (Line("a", 0.5, 0.5), True),
        (Line("a", 0.4, 0.5), False),
        (Line("a", 0.4, 0.5, most=True), True),
        (Line("a", 0.6, 0.5, most=True), False),
    ],
)
def test_a_target_is_a_floor_or_a_ceiling(line: Line, met: bool | None) -> None:
    assert line.met is met


def test_shares_of_a_set_of_our_own(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        ("Vous êtes des gros imbéciles.", "toxic"),
        ("Bande de crétins.", "toxic"),
        ("Merci à toute l’équipe du parc.", "non-toxic"),
        ("Espèce d’idiot.", "non-toxic"),
    ]
    lines = [f"{place}\t{text}\t{label}\n" for place, (text, label) in enumerate(texts)]
    (tmp_path / "own.tsv").write_text("id\ttext\tlabel\n" + "".join(lines), encoding="utf-8", newline="\n")
    monkeypatch.setattr(figures, "rows", lambda name: sets.rows(name, tmp_path))
    wrong = Wrong()
    accuracy, false, found, best = toxicity(engine, wrong, "own", "toxic", targets=False)
    assert (accuracy.value, false.value, found.value) == (0.75, 0.5, 1.0)
    assert best.value in (0.5, 0.75, 1.0)
    assert [key for key, _, _ in wrong.by_set["own false"]] == ["3"]
    told, toxic = alarms(engine, wrong, "own", 0.1, lambda row: row.label == "non-toxic")
    assert (told.value, toxic.value, told.met) == (0.5, 0.5, False)
