"""What the lists of people change: who is meant, and the election mode."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from console.domain.messages import FACEBOOK, Channel
from console.netiquette.engine import Engine
from console.netiquette.model import Context
from console.netiquette.people import People
from console.netiquette.policy_loader import shipped
from console.netiquette.policy_version import with_lists
from console.netiquette.text.document import build

COMMENT = Context(Channel.COMMENT, FACEBOOK, parent="Travaux au parc.")
WITHIN = dataclasses.replace(COMMENT, posted_at=datetime(2025, 10, 20, 15, tzinfo=UTC))
LAST_EVENING = dataclasses.replace(COMMENT, posted_at=datetime(2025, 11, 3, 3, tzinfo=UTC))
"""22 h on the last day, in the city."""
OUTSIDE = dataclasses.replace(COMMENT, posted_at=datetime(2025, 11, 3, 15, tzinfo=UTC))


@pytest.fixture(scope="module")
def elections() -> Engine:
    lists = {
        "election_periods": ["2025-09-19 2025-11-02"],
        "candidates": ["Odile Franchère", "Marc-André Poulet"],
    }
    return Engine(with_lists(shipped(), lists))


@pytest.fixture(scope="module")
def council() -> Engine:
    return Engine(with_lists(shipped(), {"council": ["Odile Franchère"], "staff": ["Guy Lasnier"]}))


def rules(engine: Engine, text: str, context: Context = COMMENT) -> set[str]:
    return {str(each.rule) for each in engine.judge(text, context).findings}


CAMPAIGN = {"election_campaign", "partisan_politics"}


@pytest.mark.parametrize(
    "text",
    [
        "Le meilleur choix pour le district, c'est Odile Franchère.",
        "Dimanche, mon vote va à Marc-André Poulet!",
        "Odile Franchère s'engage à geler les taxes.",
        "N'importe qui sauf Franchère.",
    ],
)
@pytest.mark.parametrize("context", [WITHIN, LAST_EVENING])
def test_within_the_period_what_campaigns_with_a_candidate_is_found(
    elections: Engine, text: str, context: Context
) -> None:
    assert rules(elections, text, context) & CAMPAIGN


@pytest.mark.parametrize(
    "text",
    [
        "Odile Franchère",
        "J'ai croisé Odile Franchère au marché public hier.",
        "Merci à Marc-André Poulet pour sa réponse.",
        "Odile Franchère avait promis un trottoir, on l'attend encore.",
        "Le poulet était bon au marché.",
    ],
)
@pytest.mark.parametrize("context", [COMMENT, WITHIN, OUTSIDE])
def test_a_candidates_name_alone_is_nothing(elections: Engine, text: str, context: Context) -> None:
    assert not rules(elections, text, context)


@pytest.mark.parametrize("context", [COMMENT, OUTSIDE])
def test_outside_the_period_the_list_changes_nothing(
    elections: Engine, engine: Engine, context: Context
) -> None:
    text = "Le meilleur choix pour le district, c'est Odile Franchère."
    assert rules(elections, text, context) == rules(engine, text, context) == set()


def test_a_candidates_own_programme_is_found_and_thanks_are_not(elections: Engine) -> None:
    author = dataclasses.replace(WITHIN, author_name="Odile FRANCHERE")
    assert "election_campaign" in rules(
        elections, "Je m'engage à ouvrir la patinoire, mon programme est en ligne.", author
    )
    assert not rules(elections, "Merci à tout le monde pour cette belle soirée!", author)


@pytest.mark.parametrize(
    "text", ["franchère est une voleuse", "Lasnier est un corrompu, il a touché un pot-de-vin"]
)
def test_a_name_of_the_list_is_a_person_who_can_be_defamed(council: Engine, text: str) -> None:
    assert "defamation" in rules(council, text) | rules(
        council, text.replace("franchère", "madame Franchère")
    )


@pytest.mark.parametrize(
    "text", ["Odile Franchère a bien répondu.", "Guy Lasnier est compétent.", "Franchère"]
)
def test_a_name_of_the_list_alone_breaks_nothing(council: Engine, text: str) -> None:
    assert not rules(council, text)


def test_a_last_name_that_is_also_a_word_needs_a_sign() -> None:
    people = People(["Marc Poulet", "Lise Roy"])
    assert not people.find(build("Le poulet et le roy des frites"))
    assert len(people.find(build("Monsieur Poulet, la gang à Roy et Marc Poulet"))) == 3
    assert not People([]).find(build("Marc Poulet"))
    assert People(["Marc Poulet"]).named("marc poulet")
