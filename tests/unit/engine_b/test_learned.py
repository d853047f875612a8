"""The learned model: the same for the same corpus, small, explainable, learning at the desk apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from console.domain.messages import FACEBOOK, Channel
from console.errors import ConfigurationError
from console.netiquette.detectors.learned import LearnedDetector
from console.netiquette.learned.corpus import Example, compose, read_corpus
from console.netiquette.learned.features import Extractor, Features, character_rows, summed
from console.netiquette.learned.model import Model
from console.netiquette.learned.training import fit, measure, prepare
from console.netiquette.lexicon.scanner import Scanner
from console.netiquette.model import Context, Evidence
from console.netiquette.resources import Resources
from console.netiquette.text.document import build
from console.paths import RESOURCES

CORPUS = RESOURCES / "model" / "corpus"
WEIGHTS = RESOURCES / "model" / "weights.npz"


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return read_corpus(CORPUS)


@pytest.fixture
def model() -> Model:
    return Model.load(WEIGHTS)


def features(reader: Scanner, text: str) -> Features:
    return Extractor(reader.compiled).extract(reader.read(build(text)))


def test_the_corpus_is_large_and_knows_every_rule(examples: list[Example]) -> None:
    assert len(examples) >= 1200
    assert len({example.text for example in examples if not example.composed}) >= 1200
    assert {rule for example in examples for rule in example.rules} >= {
        "violence", "obscenity", "defamation", "hate", "discrimination", "disinformation", "insult", "sexism",
        "racism", "misogyny", "ageism", "xenophobia", "homophobia", "aggression", "sexual_content", "fraud",
        "advertising", "privacy", "copyright", "propaganda", "repetition", "off_topic", "capitals",
    }  # fmt: skip
    assert sum(not example.rules for example in examples) > len(examples) / 3


def test_composition_is_the_same_every_time() -> None:
    assert compose(CORPUS / "compose.yaml") == compose(CORPUS / "compose.yaml")


def test_training_is_deterministic_and_learns(examples: list[Example], reader: Scanner) -> None:
    prepared = prepare(examples[::6][:240], reader)
    first, second = (fit(prepared, np.arange(240)) for _ in range(2))
    assert np.array_equal(first.weights, second.weights)
    scores = {number: first.scores(prepared.features[number]) for number in range(240)}
    assert measure(prepared, scores)["insult"].f1 > 0.8


def test_saving_keeps_the_scores_within_a_tenth(
    examples: list[Example], reader: Scanner, tmp_path: Path
) -> None:
    prepared = prepare(examples[:240], reader)
    model = fit(prepared, np.arange(240))
    model.save(tmp_path / "w.npz")
    again = Model.load(tmp_path / "w.npz")
    for each in prepared.features[:40]:
        assert np.abs(model.scores(each) - again.scores(each)).max() < 0.1


def test_the_shipped_weights_are_small_and_fit_the_code(model: Model, examples: list[Example]) -> None:
    assert WEIGHTS.stat().st_size <= 1_000_000
    assert set(model.rules) == {rule for example in examples for rule in example.rules} | {"any"}


def test_the_card_tells_how_it_was_made() -> None:
    card = (RESOURCES / "model" / "CARD.md").read_text(encoding="utf-8")
    assert "python -m console.netiquette.training" in card
    assert "| insult |" in card


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 truncated"])
def test_a_broken_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.npz"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"lexicon\."):
        Model.load(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"lexicon\.missing"):
        Model.load(tmp_path / "none.npz")


def test_the_desk_learns_apart_from_what_was_shipped(model: Model, reader: Scanner, tmp_path: Path) -> None:
    shipped = model.weights.copy()
    phrase = features(reader, "Les zigotos du rang 4 ont encore fait la java.")
    column = model.rules.index("insult")
    before = float(model.scores(phrase)[column])
    for _ in range(5):
        model.update(phrase, {"insult": True})
    after = float(model.scores(phrase)[column])
    assert after > before + 0.5
    assert np.array_equal(model.weights, shipped)
    model.save_adjustments(tmp_path / "desk.npz")
    other = Model.load(WEIGHTS)
    other.load_adjustments(tmp_path / "desk.npz")
    assert float(other.scores(phrase)[column]) == pytest.approx(after, abs=1e-3)
    other.adjustments.clear()
    assert float(other.scores(phrase)[column]) == pytest.approx(before, abs=1e-3)


def test_learning_one_rule_leaves_the_others(model: Model, reader: Scanner) -> None:
    phrase = features(reader, "Encore la charrue à quatre heures du matin!")
    before = model.scores(phrase)
    model.update(phrase, {"aggression": False, "no_such_rule": True})
    changed = np.flatnonzero(np.abs(model.scores(phrase) - before) > 1e-6)
    assert [model.rules[place] for place in changed] == ["aggression"]


def test_desk_adjustments_for_other_rules_are_left_out(model: Model, tmp_path: Path) -> None:
    np.savez_compressed(
        tmp_path / "old.npz", rules=np.array(["x"]), rows=np.array([1]), table=np.ones((1, 1), np.float32)
    )
    model.load_adjustments(tmp_path / "old.npz")
    assert not model.adjustments
    (tmp_path / "bad.npz").write_bytes(b"broken")
    with pytest.raises(ConfigurationError, match=r"lexicon\.invalid"):
        model.load_adjustments(tmp_path / "bad.npz")


def test_evidence_is_moderate_and_points_at_words(reader: Scanner) -> None:
    text = "Bande d'abrutis, vous comprenez rien à rien, retournez vous cacher."
    found = list(LearnedDetector(Resources()).detect(build(text), Context(Channel.COMMENT, FACEBOOK)))
    insult = next(each for each in found if isinstance(each, Evidence) and each.rule == "insult")
    assert 0 < insult.weight <= 6.0
    assert insult.spans
    assert all(0 <= span.start < span.end <= len(text) for span in insult.spans)
    assert all(each.weight >= -2 for each in found if isinstance(each, Evidence))


@pytest.mark.parametrize("text", ["", " ", "é", "👍", "\ud800", "a" * 5000, "\x00\x01"])
def test_any_text_has_features(text: str, reader: Scanner, model: Model) -> None:
    found = features(reader, text)
    assert np.isfinite(model.scores(found)).all()
    assert len(summed(found).rows) <= len(found.rows)
    assert len(character_rows(build(text).normal)) == found.characters
