"""The short ways give what the long ones give: words, folding, layers left out, batches, nothing found."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.domain.messages import FACEBOOK, Channel
from console.domain.verdicts import Route
from console.netiquette.asking import Asking
from console.netiquette.engine import Engine
from console.netiquette.lexicon.forms import Forms
from console.netiquette.model import Context
from console.netiquette.recommend import priority, recommend
from console.netiquette.text import normalise as normalising
from console.netiquette.text.document import build
from console.netiquette.text.tokens import PIECES, pieces, signs_of, texts, tokenise

COMMENT = Context(Channel.COMMENT, FACEBOOK, parent="Avis de travaux sur la rue Lindsay cette semaine.")
PRIVATE = Context(Channel.PRIVATE, FACEBOOK)
MESSAGES = (
    "",
    "Bravo!",
    "La lumière de rue est brûlée depuis une semaine, pouvez-vous la réparer?",
    "Le maire est un voleur, tu es un gros con.",
    "Elle a dit « vous êtes des pourris » et c’est inacceptable.",
    "Les immigrants sont des parasites, qu'ils retournent chez eux!",
    "Écrivez-moi à jean.roy@exemple.ca ou au 819 555-0142.",
    "Financement rapide, soumission gratuite: www.exemple.ca",
    "THIS IS ALL IN ENGLISH AND VERY LOUD",
    "c 0 n n a r d, p*** de m3rde",
)
ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("abcdelnqu'’ -_.,!?«»\"@#0123 éèàçœ\n\t\u00a0\u200b\u200d\u0301\ud800😀👍🏽"),
    ),
    max_size=80,
)
NO_LIMIT = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(ANY_TEXT)
def test_words_are_cut_as_the_patterns_say(text: str) -> None:
    normal = normalising.normalise(text).text
    signs = signs_of(normal)
    assert pieces(normal, signs) == PIECES.findall(normal)
    assert texts(normal, signs) == [token.text for token in tokenise(normal)]


@pytest.mark.parametrize(
    "text", ["aujourd'hui l'école", "l' école", "qu'l'on", "'", "quelqu'un d'1 an", "l'«école»", "l'_a"]
)
def test_apostrophes_in_odd_places_are_cut_as_the_patterns_say(text: str) -> None:
    normal = normalising.normalise(text).text
    assert texts(normal, signs_of(normal)) == [token.text for token in tokenise(normal)]


@given(ANY_TEXT)
def test_folding_at_once_is_folding_sign_by_sign(text: str) -> None:
    short = normalising.normalise(text)
    careful = normalising._carefully(text, frozenset(text))
    assert short.text == careful.text
    assert list(short.offsets) == list(careful.offsets)
    assert short.breaks == careful.breaks


def test_forms_are_found_by_their_words() -> None:
    listed = ["a", "a b", "a b c", "b c d", "c"]
    forms = Forms(listed)
    assert sorted(forms) == sorted(listed)
    steps = forms.cut("a")
    assert steps["b"][0] == listed.index("a b")
    assert steps["b"][1]["c"][0] == listed.index("a b c")
    assert forms.cut("b")["c"][0] == -1


@pytest.mark.parametrize("context", [COMMENT, PRIVATE], ids=["comment", "private"])
@pytest.mark.parametrize("text", MESSAGES)
def test_a_layer_that_is_not_asked_would_say_nothing(engine: Engine, text: str, context: Context) -> None:
    document = build(text)
    asked = Asking(engine.detectors, engine.resources).asked(document, context)
    assert [each.name for each in asked] == [each.name for each in engine.detectors if each in asked]
    assert not any(list(each.detect(document, context)) for each in engine.detectors if each not in asked)


def test_most_layers_are_not_asked_about_a_plain_message(engine: Engine) -> None:
    asked = Asking(engine.detectors, engine.resources).asked(build("Bravo à toute l'équipe!"), COMMENT)
    assert len(asked) < len(engine.detectors) / 2 + 2


@NO_LIMIT
@given(st.lists(ANY_TEXT, max_size=5))
def test_many_at_once_are_judged_as_one_by_one(engine: Engine, given_texts: list[str]) -> None:
    pairs = [(text, context) for text in (*given_texts, *MESSAGES) for context in (COMMENT, PRIVATE)]
    assert engine.judge_many(iter(pairs)) == [engine.judge(*pair) for pair in pairs]


def test_more_than_one_batch_keeps_the_order(engine: Engine) -> None:
    pairs = [(MESSAGES[number % len(MESSAGES)], COMMENT) for number in range(150)]
    assert engine.judge_many(pairs) == [engine.judge(*pair) for pair in pairs]
    assert engine.judge_many([]) == []


@pytest.mark.parametrize("text", MESSAGES)
@pytest.mark.parametrize("context", [COMMENT, PRIVATE], ids=["comment", "private"])
def test_what_follows_from_nothing_found_is_what_the_policy_recommends(
    engine: Engine, text: str, context: Context
) -> None:
    verdict = engine.judge(text, context)
    assert isinstance(verdict.route, Route)
    assert verdict.actions == recommend(engine.policy, verdict.findings, verdict.route, context)
    assert verdict.priority == priority(engine.policy, verdict.findings, verdict.route, context)
