"""Each phenomenon keeps at least the right answers that are recorded for it."""

from __future__ import annotations

import pytest

from console.domain.folding import fold
from console.netiquette.engine import Engine
from console.netiquette.policy_loader import RULES, shipped
from console.paths import RESOURCES
from tests.phenomena.reading import Phenomenon, phenomena
from tests.phenomena.results import baseline, judge
from tests.phenomena.spelling import misspelt


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(shipped())


@pytest.mark.parametrize("phenomenon", phenomena(), ids=lambda each: each.id)
def test_no_fewer_right_answers_than_recorded(phenomenon: Phenomenon, engine: Engine) -> None:
    result = judge(engine, phenomenon)
    held = baseline().get(phenomenon.id, 0)
    wrong = [case.text for case, _ in result.wrong]
    assert result.right >= held, f"{result.right} right, {held} recorded; wrong: {wrong}"


def test_every_phenomenon_is_recorded_once_and_no_other() -> None:
    names = [each.id for each in phenomena()]
    assert len(names) == len(set(names)) >= 40
    assert set(baseline()) == set(names)


def test_the_sentences_are_many_distinct_and_name_known_rules() -> None:
    for each in phenomena():
        sentences = [(case.text, case.route) for case in each.cases]
        assert len(sentences) == len(set(sentences)), each.id
        for case in each.cases:
            assert case.all_of | case.any_of <= set(map(str, RULES)), each.id
            assert "{" not in case.text
            assert not case.breaks or case.all_of or case.any_of, each.id
    assert len({case.text for each in phenomena() for case in each.cases}) >= 1200


def test_misspelling_alters_the_marked_words_only() -> None:
    text = "Les *personnes trans* sont *bienvenues*."
    assert misspelt(text, "swap") == "Les perosnnes trans sont bienevnues."
    assert misspelt(text, "delete") == "Les persnnes trans sont bienvnues."
    assert misspelt(text, "join") == "Les personnestrans sont bienvenues."
    assert misspelt(text, "split") == "Les pers onnes trans sont bienv enues."
    assert misspelt(text, "leet") == "Les p3r50nn35 trans sont b13nv3nu35."
    assert misspelt("*été* d'ici", "bare") == "ete d ici"


def test_the_sentences_measure_and_do_not_train() -> None:
    trained = {
        fold(field)
        for path in (RESOURCES / "model").rglob("*.tsv")
        for line in path.read_text("utf-8").splitlines()
        for field in line.split("\t")
    }
    own = {fold(case.text): case.text for each in phenomena() for case in each.cases}
    both = [text for bare, text in own.items() if bare in trained and bare.count(" ") >= 3]
    # A stock phrase that the corpus had before it was written down here.
    assert set(both) <= {"Gang de lèche-bottes."}
