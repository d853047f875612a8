"""The learned model: the same for the same corpus, small, explainable, learning at the desk apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from console.domain.ids import RuleId
from console.domain.messages import FACEBOOK, OTHER, Channel
from console.domain.verdicts import Span
from console.errors import ConfigurationError
from console.netiquette.detectors.learned import LearnedDetector
from console.netiquette.learned import scoring
from console.netiquette.learned.corpus import Example, compose, read_corpus
from console.netiquette.learned.measuring import measure
from console.netiquette.learned.model import Model, columns_of
from console.netiquette.learned.preparing import Preparation
from console.netiquette.learned.scoring import Scorer, scorer
from console.netiquette.learned.training import Prepared, fit, prepare
from console.netiquette.model import Context, Likeness
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


POST = Context(Channel.COMMENT, FACEBOOK)


@pytest.fixture(scope="module")
def preparation() -> Preparation:
    return Preparation(Resources())


@pytest.fixture(scope="module")
def prepared(examples: list[Example], preparation: Preparation) -> Prepared:
    return prepare(examples[::20], [], [], preparation)


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


def test_training_is_deterministic_and_learns(prepared: Prepared) -> None:
    count = len(prepared.features)
    first, second = (fit(prepared, np.arange(count)) for _ in range(2))
    assert np.array_equal(first.table, second.table)
    assert np.array_equal(first.bias, second.bias)
    scores = {number: first.scores(prepared.features[number]) for number in range(count)}
    assert measure(prepared, scores)["any"].f1 > 0.8


def test_a_saved_model_says_the_same(model: Model, prepared: Prepared, tmp_path: Path) -> None:
    model.save(tmp_path / "w.npz")
    again = Model.load(tmp_path / "w.npz")
    for each in prepared.features[:20]:
        assert np.array_equal(model.scores(each), again.scores(each))
    model.save(tmp_path / "again.npz")
    assert (tmp_path / "w.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()


def test_the_shipped_weights_are_small_and_fit_the_code(model: Model, examples: list[Example]) -> None:
    assert WEIGHTS.stat().st_size <= 1_500_000
    assert set(model.rules) == {rule for example in examples for rule in example.rules}
    assert model.table.shape[1] == len(columns_of(model.rules))


def test_the_card_tells_how_it_was_made() -> None:
    card = (RESOURCES / "model" / "CARD.md").read_text(encoding="utf-8")
    assert "vigie train" in card
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


@pytest.mark.parametrize(
    ("text", "parent", "private"),
    [
        ("Bande d'abrutis, vous comprenez rien à rien, retournez vous cacher.", "", False),
        ("Les immigrants devraient retourner chez eux.", "Fête de la diversité culturelle", False),
        ("Bonjour, quand passe la collecte des sapins sur la 3e Avenue?", "", True),
        ("mot " * 500, "", False),
        ("", "", False),
    ],
)
def test_remembered_units_score_as_rows_do(
    text: str, parent: str, private: bool, preparation: Preparation
) -> None:
    context = Context(Channel.PRIVATE if private else Channel.COMMENT, OTHER, parent=parent)
    found = scorer(Resources())
    slow = found.model.scores(preparation.features(text, parent, private)[0])
    for _ in range(2):
        assert np.abs(found.scores(build(text), context) - slow).max() < 1e-3


def test_many_at_once_score_as_one_by_one(model: Model) -> None:
    texts = [
        "",
        "Bande de clowns!",
        "Merci beaucoup à l'équipe.",
        "C'est quand la collecte? Il y a un feu!",
        "a",
    ]
    documents = [build(text) for text in texts]
    together, apart = Scorer(Resources(), model), Scorer(Resources(), model)
    together.prepare(documents, [POST] * len(texts))
    for text, document in zip(texts, documents, strict=True):
        assert np.array_equal(together.scores(document, POST), apart.scores(build(text), POST))
    together.prepare([], [])


def test_a_full_memory_begins_anew(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_KEPT", 100)
    small = Scorer(Resources(), model)
    monkeypatch.undo()
    large = scorer(Resources())
    for number in range(60):
        text = f"Le camion numéro {number} de la rue{number} a brisé la clôture{number}."
        assert np.array_equal(small.scores(build(text), POST), large.scores(build(text), POST))


def test_likeness_points_at_the_words_of_a_rule() -> None:
    text = "Bande d'abrutis, vous comprenez rien à rien, retournez vous cacher."
    (found,) = LearnedDetector(Resources()).detect(build(text), POST)
    assert isinstance(found, Likeness)
    assert found.rules[RuleId("insult")] > 1
    assert found.any > 0
    spans = found.spans(RuleId("insult"))
    assert Span(text.index("abrutis"), text.index("abrutis") + len("abrutis")) in spans
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


def test_a_private_message_is_no_private_discussion() -> None:
    (found,) = LearnedDetector(Resources()).detect(build("Salut!"), Context(Channel.PRIVATE, FACEBOOK))
    assert isinstance(found, Likeness)
    assert RuleId("private_discussion") not in found.likely
    assert found.rules[RuleId("private_discussion")] < -1


@pytest.mark.parametrize("text", ["", " ", "é", "👍", "\ud800", "a" * 5000, "\x00\x01", "a b " * 2000])
def test_any_text_has_scores(text: str) -> None:
    assert np.isfinite(scorer(Resources()).scores(build(text), POST)).all()
