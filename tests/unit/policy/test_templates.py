"""Letters: the right one is chosen, what is known is filled in, what is unknown stays open."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.decisions import Action
from console.domain.ids import RuleId
from console.domain.messages import FACEBOOK, INSTAGRAM, Kind, Platform
from console.domain.sanctions import Rung
from console.domain.verdicts import Route
from console.errors import ValidationError
from console.netiquette.policy_loader import RULES, shipped
from console.netiquette.policy_texts import PLACEHOLDER
from console.netiquette.policy_version import with_coordinates
from console.netiquette.templates import Situation, draft_for, fill, gravest, offers, said_date, said_time

POLICY = shipped()
DIRECTORY = with_coordinates(
    POLICY,
    {"telephone_311": "819 555-0100", "heures_311": "en semaine", "recours_bannissement": "par lettre"},
)
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
POSTED = datetime(2025, 6, 24, 18, 30, tzinfo=UTC)
INSULT, ADVERT, CAMPAIGN = RuleId("insult"), RuleId("advertising"), RuleId("election_campaign")
ALWAYS_KNOWN = {"salutation", "type_message", "plateforme", "date_reponse", "mesure", "autres_motifs"}


def at(action: Action, **more: object) -> Situation:
    return Situation(**{"action": action, "now": NOW, "person": "Lise Gagnon", "posted_at": POSTED, **more})


def test_a_second_warning_says_what_was_found_done_and_comes_next() -> None:
    filled = draft_for(
        POLICY,
        at(
            Action.WARN,
            rules=(ADVERT, INSULT),
            rung=Rung.SECOND_WARNING,
            measures=frozenset({Action.HIDE}),
            platform=FACEBOOK,
            warned_at=(datetime(2025, 5, 1, 12, tzinfo=UTC),),
        ),
    )
    assert not filled.open_fields
    assert filled.text.startswith(
        "Bonjour Lise Gagnon,\n\nUn premier avertissement vous a été transmis le 1er mai 2025."
    )
    assert (
        "Votre commentaire du 24 juin 2025, à 14\u00a0h\u00a030, sur Facebook, ne respecte pas l’article 4"
        in filled.text
    )
    assert "une insulte ou une attaque personnelle. Il a été masqué.\n" in filled.text
    assert "publicité, contraire à l’article 6 de la nétiquette." in filled.text
    assert "une récidive entrainera le bannissement" in filled.text


def test_a_measure_not_taken_and_a_single_rule_leave_no_gap() -> None:
    text = draft_for(POLICY, at(Action.WARN, rules=(INSULT,))).text
    assert "une attaque personnelle.\n\nVous pouvez critiquer" in text
    assert "  " not in text
    assert "\n\n\n" not in text


def test_an_immediate_ban_gives_its_written_reason() -> None:
    situation = at(Action.BAN, rules=(RuleId("violence"),), exception_reason="Menace de mort {datée}.")
    filled = draft_for(POLICY, situation)
    assert filled.template.rung == "exception"
    assert "Menace de mort (datée)." in filled.text
    assert set(filled.open_fields) == {"compte", "duree_bannissement", "recours_bannissement"}


def test_a_ban_of_a_set_length_says_its_last_day() -> None:
    situation = at(
        Action.BAN, rules=(INSULT,), rung=Rung.BAN, ban_days=90, account="Loisirs", warned_at=(POSTED, NOW)
    )
    filled = draft_for(DIRECTORY, situation)
    assert not filled.open_fields
    assert "Durée ou date de révision\u00a0: jusqu’au 20 février 2027" in filled.text


def test_a_redirect_waits_for_the_directory_and_then_gives_what_it_holds() -> None:
    situation = at(Action.REDIRECT_311, route=Route.COMPLAINT_311)
    assert draft_for(POLICY, situation).open_fields == ("coordonnees_311",)
    text = draft_for(DIRECTORY, situation).text
    assert "Téléphone\u00a0: 819 555-0100\nHeures\u00a0: en semaine\n" in text
    assert "Courriel" not in text


def test_opening_hours_alone_do_not_answer_a_redirect() -> None:
    hours = with_coordinates(POLICY, {"heures_311": "en semaine"})
    assert draft_for(hours, at(Action.REDIRECT_311)).open_fields == ("coordonnees_311",)


@pytest.mark.parametrize(
    ("situation", "first"),
    [
        (at(Action.REDIRECT_311, route=Route.SERVICE_311), "vers-311-service"),
        (at(Action.REDIRECT_311, route=Route.ILLEGAL_311), "vers-311-illicite"),
        (at(Action.REDIRECT_311), "vers-311"),
        (at(Action.REPLY), "reponse-generale"),
        (at(Action.REPLY, route=Route.QUESTION), "reponse-question"),
        (at(Action.REPLY, rules=(RuleId("capitals"),)), "rappel/capitals"),
        (at(Action.REPLY, rules=(CAMPAIGN,)), "retrait-campagne"),
        (at(Action.REPLY, route=Route.QUESTION, emergency=True), "delai-urgence"),
        (at(Action.REPLY, route=Route.EMERGENCY, emergency=True), "danger"),
        (at(Action.WARN, rules=(INSULT, RuleId("hate"))), "avertissement-1/hate"),
        (at(Action.WARN, rules=(INSULT, CAMPAIGN)), "avertissement-1/insult"),
        (at(Action.WARN, rules=(INSULT,), rung=Rung.BAN), "avertissement-2/insult"),
        (at(Action.BAN, rules=(INSULT,), rung=Rung.BAN), "bannissement/insult"),
    ],
)
def test_the_best_template_comes_first(situation: Situation, first: str) -> None:
    assert offers(POLICY, situation)[0].id == first


def test_the_emergency_delay_is_not_offered_in_calm_times() -> None:
    assert "delai-urgence" not in {each.id for each in offers(POLICY, at(Action.REPLY))}


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (at(Action.WARN), "decision.rule_missing"),
        (at(Action.WARN, rules=(CAMPAIGN,)), "template.never_warns"),
        (at(Action.HIDE, rules=(INSULT,)), "template.none"),
    ],
)
def test_no_letter_fits(situation: Situation, code: str) -> None:
    with pytest.raises(ValidationError) as raised:
        draft_for(POLICY, situation)
    assert raised.value.code == code


def test_the_gravest_rule_leads_and_the_first_chosen_among_equals() -> None:
    assert gravest(POLICY, (INSULT, RuleId("aggression"), RuleId("inconnue"))) == INSULT
    assert gravest(POLICY, (RuleId("inconnue"),)) is None


@pytest.mark.parametrize(
    ("instant", "date", "time"),
    [
        (datetime(2025, 6, 24, 18, 30, tzinfo=UTC), "24 juin 2025", "24 juin 2025, à 14 h 30"),
        (datetime(2025, 8, 1, 13, 0, tzinfo=UTC), "1er aout 2025", "1er aout 2025, à 9 h"),
        (datetime(2026, 1, 1, 4, 5, tzinfo=UTC), "31 décembre 2025", "31 décembre 2025, à 23 h 05"),
    ],
)
def test_dates_are_said_as_in_quebec_in_the_citys_zone(instant: datetime, date: str, time: str) -> None:
    assert said_date(POLICY, instant) == date
    assert said_time(POLICY, instant).replace("\u00a0", " ") == time


situations = st.builds(
    Situation,
    action=st.just(Action.REPLY),
    now=st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    rules=st.lists(st.sampled_from(RULES), max_size=4).map(tuple),
    measures=st.frozensets(st.sampled_from([Action.HIDE, Action.DELETE, Action.REPORT])),
    person=st.text(max_size=30) | st.sampled_from(["{nom}", "a\n\nb", "[title]", "{reponse} »"]),
    kind=st.sampled_from(list(Kind)),
    platform=st.sampled_from([FACEBOOK, INSTAGRAM, Platform("mastodon")]),
    account=st.text(max_size=20),
    posted_at=st.none() | st.just(POSTED),
    warned_at=st.lists(st.just(POSTED), max_size=3).map(tuple),
    ban_days=st.none() | st.integers(1, 4000),
    exception_reason=st.text(max_size=40),
    actor=st.text(max_size=20),
)  # fmt: skip


@given(st.sampled_from(POLICY.templates), situations, st.sampled_from([POLICY, DIRECTORY]))
def test_filling_never_loses_text_nor_leaves_a_known_blank(template, situation, policy) -> None:
    filled = fill(policy, template, situation)
    place = 0
    for literal in re.split(r"\s*\{[a-z0-9_]+\}\s*", template.body):
        found = filled.text.find(literal.strip(), place)
        assert found >= 0, literal
        place = found + len(literal.strip())
    known = ALWAYS_KNOWN | {key for key, value in policy.coordinates.items() if value}
    known |= {"date_message"} if situation.posted_at else set()
    known |= {"duree_bannissement"} if situation.ban_days else set()
    assert not known & set(filled.open_fields)
    assert set(filled.open_fields) <= set(PLACEHOLDER.findall(template.body))
    for name in filled.open_fields:
        filled_by_hand = filled.text.replace(f"{{{name}}}", "")
        assert filled_by_hand != filled.text
    rest = PLACEHOLDER.sub("", filled.text)
    assert "{" not in rest
    assert "}" not in rest
