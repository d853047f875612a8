"""The engine as a whole: context, ladder, actions, priority, explanations, steadiness."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.decisions import SANCTIONS, Action, combinable
from console.domain.messages import FACEBOOK, Channel, ThreadEntry
from console.domain.verdicts import Route
from console.netiquette.detectors import DETECTORS
from console.netiquette.engine import Engine
from console.netiquette.model import Context, Earlier
from console.netiquette.policy_loader import shipped

COMMENT = Context(Channel.COMMENT, FACEBOOK)
PRIVATE = Context(Channel.PRIVATE, FACEBOOK)
INSULT = "Ferme-la donc, gros épais de maire"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def rules(engine: Engine, text: str, context: Context = COMMENT) -> set[str]:
    return {str(finding.rule) for finding in engine.judge(text, context).findings}


@given(text=st.text(max_size=200))
def test_any_text_is_judged_and_every_span_lies_inside(engine: Engine, text: str) -> None:
    verdict = engine.judge(text, COMMENT)
    assert combinable(frozenset(verdict.actions))
    assert 0 <= verdict.priority <= 100
    for finding in verdict.findings:
        assert 0.0 < finding.confidence < 1.0
        assert finding.explanation
        assert all(0 <= span.start < span.end <= len(text) for span in finding.spans)
    if not verdict.findings:
        assert not SANCTIONS & set(verdict.actions)


def test_the_same_message_gives_the_same_verdict_on_every_thread(engine: Engine) -> None:
    texts = [INSULT, "Bravo!", "Où est la piscine?", "MON NAS EST 046 454 286", "c0nn@rd"] * 8
    alone = [engine.judge(text, COMMENT) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: engine.judge(text, COMMENT), texts))
    assert together == alone
    assert [Engine(shipped()).judge(text, COMMENT) for text in texts[:5]] == alone[:5]


def test_every_reason_a_detector_may_give_has_a_sentence(engine: Engine) -> None:
    from console.netiquette.cues.detector import topics

    reasons = engine.explanations.reasons
    scores = [score for group in topics(engine.resources).scores.values() for score in group]
    missing = {s.reason for s in scores if not isinstance(s.target, Route) and s.reason not in reasons}
    assert not missing


def test_a_version_names_code_and_data(engine: Engine) -> None:
    assert engine.version.count("+") == 1
    verdict = engine.judge("Bonjour", COMMENT)
    assert verdict.engine == engine.version
    assert verdict.policy == engine.policy.version


@pytest.mark.parametrize(
    ("warnings", "expected"), [(0, Action.WARN), (1, Action.WARN), (2, Action.BAN), (5, Action.BAN)]
)
def test_the_ladder_counts_delivered_warnings(engine: Engine, warnings: int, expected: Action) -> None:
    verdict = engine.judge(INSULT, Context(Channel.COMMENT, FACEBOOK, delivered_warnings=warnings))
    assert expected in verdict.actions
    assert len({Action.WARN, Action.BAN} & set(verdict.actions)) == 1


def test_a_person_with_warnings_is_not_sanctioned_for_nothing(engine: Engine) -> None:
    verdict = engine.judge(
        "Merci pour l’information!", Context(Channel.COMMENT, FACEBOOK, delivered_warnings=3)
    )
    assert not verdict.findings
    assert not SANCTIONS & set(verdict.actions)


def test_campaign_content_is_removed_without_warning(engine: Engine) -> None:
    text = "Je me présente comme conseiller dans le district 4, votez pour moi le 2 novembre!"
    verdict = engine.judge(text, Context(Channel.COMMENT, FACEBOOK, delivered_warnings=2))
    found = {finding.rule for finding in verdict.findings}
    assert "election_campaign" in found
    if found == {"election_campaign"}:
        assert not {Action.WARN, Action.BAN} & set(verdict.actions)


def test_a_cry_for_help_is_answered_and_comes_first(engine: Engine) -> None:
    cry = engine.judge("AU SECOURS MON PERE EST TOMBE A L'EAU PRES DU BARRAGE", COMMENT)
    assert cry.route is Route.EMERGENCY
    assert "capitals" in {finding.rule for finding in cry.findings}
    assert not SANCTIONS & set(cry.actions)
    assert cry.priority > engine.judge(INSULT, COMMENT).priority > engine.judge("Où voter?", COMMENT).priority


def test_an_insult_in_a_request_keeps_the_route(engine: Engine) -> None:
    text = (
        "Gang d’épais, la lumière de rue devant chez nous est brûlée depuis trois semaines, venez la réparer"
    )
    verdict = engine.judge(text, COMMENT)
    assert "insult" in {finding.rule for finding in verdict.findings}
    assert verdict.route is Route.SERVICE_311
    assert Action.REDIRECT_311 in verdict.actions


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Mon NAS est 046 454 286", "454 286"),
        ("Appelez Johanne au 819-555-0117", "0117"),
        ("Écrivez à johanne.ricard@courrielmaison.example", "ricard"),
        ("Gâteaux sur mesure, soumission gratuite, appelez-moi au 819 555-0142!", "0142"),
    ],
)
def test_explanations_mask_identifiers(engine: Engine, text: str, secret: str) -> None:
    findings = engine.judge(text, COMMENT).findings
    assert findings
    assert all(secret not in finding.explanation for finding in findings)


@pytest.mark.parametrize(
    ("text", "context", "found"),
    [
        ("Mon numéro est le 819-555-0101", PRIVATE, False),
        ("Mon numéro est le 819-555-0101", COMMENT, True),
        ("Mon NAS est 046 454 286", PRIVATE, True),
        ("Carte 4539 1488 0343 6467", PRIVATE, True),
        ("Carte 4539 1488 0343 6468, numéro de dossier", PRIVATE, False),
        ("TREM 8504 1512", PRIVATE, True),
        ("TREM 8599 1512", PRIVATE, False),
        ("Il y a 046 454 287 raisons", COMMENT, False),
    ],
)
def test_identifiers_by_checksum_and_channel(
    engine: Engine, text: str, context: Context, found: bool
) -> None:
    assert ("personal_information" in rules(engine, text, context)) is found


def test_the_city_s_own_coordinates_are_no_personal_information() -> None:
    from dataclasses import replace

    policy = shipped()
    own = {**policy.coordinates, "telephone_311": "819 555-0123", "courriel_311": "info@ville.example"}
    engine = Engine(replace(policy, coordinates=own))
    assert "personal_information" not in rules(
        engine, "Appelez la réception au 819-555-0123 ou info@ville.example"
    )
    assert "personal_information" in rules(engine, "Appelez mon voisin au 819-555-0124")


QUESTION = "Pourquoi le conseil refuse-t-il de publier le rapport sur le barrage?"


def test_repetition_needs_a_past_and_tolerates_small_changes(engine: Engine) -> None:
    earlier = Earlier(QUESTION, NOW - timedelta(days=1))
    once = Context(Channel.COMMENT, FACEBOOK, author="a", posted_at=NOW, author_recent=(earlier,))
    assert "repetition" not in rules(engine, QUESTION)
    assert "repetition" in rules(engine, QUESTION, once)
    changed = QUESTION.upper().replace("?", " ??? 😡")
    twice = Context(Channel.COMMENT, FACEBOOK, author="a", posted_at=NOW, author_recent=(earlier, earlier))
    assert "repetition" in rules(engine, changed, twice)
    long_ago = Earlier(QUESTION, NOW - timedelta(days=400))
    assert "repetition" not in rules(
        engine,
        QUESTION,
        Context(Channel.COMMENT, FACEBOOK, author="a", posted_at=NOW, author_recent=(long_ago,)),
    )
    thanks = Context(Channel.COMMENT, FACEBOOK, author="a", author_recent=(Earlier("Bravo!"),) * 5)
    assert "repetition" not in rules(engine, "Bravo!", thanks)


def test_copies_by_several_accounts_are_repetition(engine: Engine) -> None:
    copies = tuple(Earlier(QUESTION + sign) for sign in (".", "!", " svp", "..", " !!"))
    assert "repetition" in rules(engine, QUESTION, Context(Channel.COMMENT, FACEBOOK, similar_recent=copies))


def test_a_thread_between_two_people_is_a_private_discussion(engine: Engine) -> None:
    thread = (
        ThreadEntry("Manon", "T'as-tu fini ton tricot?"),
        ThreadEntry("Louise", "Presque! Il me manque une manche."),
        ThreadEntry("Manon", "Tu me montreras ça, ma belle."),
    )
    context = Context(Channel.COMMENT, FACEBOOK, author_name="Louise", thread=thread)
    assert "private_discussion" in rules(
        engine, "Viens souper samedi, je te le montre, amène ton chum", context
    )
    assert "private_discussion" not in rules(engine, "Viens souper samedi, je te le montre", PRIVATE)


def test_a_subset_of_detectors_works_alone() -> None:
    engine = Engine(shipped(), detectors=tuple(name for name in DETECTORS if name == "form:Form"))
    assert [detector.name for detector in engine.detectors] == ["form"]
    assert rules(engine, "ARRÊTEZ DE COUPER NOS ARBRES TOUT DE SUITE") == {"capitals"}
