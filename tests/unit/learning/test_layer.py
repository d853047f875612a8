"""What a desk learns: bounded, the same for the same decisions, and measured on what it has not seen."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from console.domain.ids import RuleId
from console.domain.learning import FEWEST
from console.domain.messages import OTHER, Channel
from console.domain.verdicts import Route, Verdict
from console.errors import CancelledError, ConfigurationError
from console.netiquette import opinion
from console.netiquette.combine import weigh
from console.netiquette.engine import Engine
from console.netiquette.learned import desk
from console.netiquette.learned.desk import DeskLayer, RuleLayer, Weight, leaning, terms_of
from console.netiquette.learned.desk_lessons import Lesson, group, prepare
from console.netiquette.learned.desk_measure import Outcome, learn
from console.netiquette.model import Context, Evidence
from console.netiquette.text.document import build
from tests.unit.engine_a.test_combining import like
from tests.unit.learning.lessons import (
    INSULT,
    OBSCENITY,
    PLACES,
    VIOLENCE,
    curses,
    engine,
    lesson,
    puppets,
    puppets_at_the_fair,
    smells,
    thanks,
    town,
)

HERE = Context(Channel.COMMENT, OTHER)


def learned(lessons: list[Lesson]) -> Outcome:
    return learn(prepare(lessons), engine(), lambda done, total: None)


def layer_of(lessons: list[Lesson]) -> DeskLayer:
    layer = learned(lessons).layer
    assert layer is not None
    return layer


def judged(layer: DeskLayer | None, text: str) -> Verdict:
    judging: Engine = engine() if layer is None else engine().with_desk(layer)
    return judging.judge(text, HERE)


def rules_in(verdict: Verdict) -> set[str]:
    return {str(finding.rule) for finding in verdict.findings}


def test_what_moderators_let_pass_is_no_longer_found_in_new_messages() -> None:
    text = "Une odeur de fumier monte de la cave"
    assert rules_in(judged(None, text)) == {"obscenity"}
    assert rules_in(judged(layer_of(town()), text)) == set()


def test_what_they_confirm_and_what_is_clear_stays_found() -> None:
    layer = layer_of(town())
    assert rules_in(judged(layer, "Mangez votre fumier, gang de sans dessein")) == {"obscenity"}
    assert rules_in(judged(layer, "Le fumier, l’odeur, et ce clown de directeur")) >= {"insult"}


def test_what_they_added_is_found_and_explained_by_its_words() -> None:
    text = "Encore un conseil de marionnettes"
    assert rules_in(judged(None, text)) == set()
    (found,) = judged(layer_of(town()), text).findings
    assert (found.rule, found.detectors) == (INSULT, ("desk",))
    assert [text[span.start : span.end] for span in found.spans] == ["marionnettes"]
    assert "Vos décisions" in found.explanation
    assert "marionnettes" in found.explanation


def test_the_version_names_the_layer_and_only_with_one() -> None:
    layer = layer_of(town())
    assert judged(layer, "Bonjour").engine == f"{engine().version}+desk.{layer.id[:8]}"
    assert "desk" not in judged(None, "Bonjour").engine


def test_the_same_decisions_in_any_order_give_the_same_layer() -> None:
    lessons = town()
    first = layer_of(lessons)
    random.Random(7).shuffle(lessons)
    assert layer_of(lessons).encode() == first.encode()
    assert layer_of([*lessons[1:], replace(lessons[0], teacher="Camille")]).terms == first.terms


def test_too_few_decisions_teach_nothing() -> None:
    few = town()[: FEWEST - 1]
    outcome = learned(few)
    assert outcome.layer is None
    assert outcome.comparison.lessons == FEWEST - 1
    assert outcome.comparison.rules == ()


def test_near_duplicates_count_as_one_decision() -> None:
    flood = [
        lesson(
            number, f"L’odeur de fumier du rang quatre est insupportable{'!' * (number % 4)}", obscenity=False
        )
        for number in range(FEWEST * 2)
    ]
    assert learned(flood).comparison.lessons == 1
    assert set(group([each.text for each in flood])) == {0}


def test_what_does_not_get_better_is_not_offered() -> None:
    right = [*curses(), *thanks()]
    more = [
        lesson(700 + place, f"Ce clown parade {where}", insult=True) for place, where in enumerate(PLACES)
    ]
    again = [
        lesson(800 + place, f"Un autre clown niaise {where}", insult=True)
        for place, where in enumerate(PLACES)
    ]
    outcome = learned([*right, *more, *again])
    assert outcome.comparison.lessons >= FEWEST
    assert outcome.comparison.gain == 0
    assert outcome.layer is None


def test_the_table_counts_only_messages_that_the_layer_had_not_seen() -> None:
    """Decisions at random about one word: by heart they would all be right, unseen they are not."""
    chance = random.Random(3)
    lessons = [
        lesson(place, f"Le fumier {PLACES[place % 12]}, et {PLACES[(place % 12 + place // 12 + 1) % 12]}")
        for place in range(48)
    ]
    lessons = [replace(each, labels={OBSCENITY: chance.random() < 0.5}) for each in lessons]
    outcome = learned(lessons)
    (figures,) = outcome.comparison.rules
    assert figures.messages == 48
    assert figures.errors_before > 15
    assert figures.errors_after > 10


def test_false_alarms_are_not_traded_for_misses() -> None:
    """A word that stands in as many harmless messages as in insults does not make an insult of a show."""
    outcome = learned([*puppets(), *puppets_at_the_fair(), *thanks(), *smells()])
    figures = {each.rule: each for each in outcome.comparison.rules}["insult"]
    assert figures.alarms_after <= figures.alarms_before + (figures.missed_before - figures.missed_after) / 3
    assert "insult" not in rules_in(judged(outcome.layer, "Le théâtre de marionnettes commence à dix heures"))


def test_figures_add_up() -> None:
    outcome = learned(town())
    by_rule = {each.rule: each for each in outcome.comparison.rules}
    assert (by_rule["obscenity"].messages, by_rule["obscenity"].broken) == (24, 12)
    assert (by_rule["obscenity"].alarms_before, by_rule["obscenity"].missed_before) == (12, 0)
    assert by_rule["insult"].missed_before == 12
    assert by_rule["insult"].missed_after < 6
    assert outcome.comparison.gain == sum(each.errors_before - each.errors_after for each in by_rule.values())


@pytest.mark.parametrize("share", [60, 300])
def test_one_hostile_moderator_turns_no_rule_off(share: int) -> None:
    """Who lets every insult pass stays one of two, and clear insults stay found."""
    verbs = ("gaspille", "niaise", "dort", "parade", "jase", "flâne", "boude")
    hostile = [
        lesson(
            1000 + number,
            f"Ce clown {verbs[number % 7]} {PLACES[number % 12]} numéro {number}" + " encore" * (number % 3),
            teacher="Mal",
            insult=False,
        )
        for number in range(share)
    ]
    outcome = learned([*town(), *hostile])
    for text in ("Quel clown, ce directeur", "Ce clown gaspille encore notre argent", "Un clown qui dort"):
        assert "insult" in rules_in(judged(outcome.layer, text))


@pytest.mark.parametrize("share", [20, 60])
def test_one_hostile_moderator_makes_no_offence_of_criticism(share: int) -> None:
    """Who calls every word against the mayor an insult does not move what two others let pass."""
    verbs = ("a encore monté les taxes", "dort au conseil", "ne répond jamais", "gaspille notre argent")
    kept = [lesson(2000 + n, f"Le maire {verbs[n % 4]} {PLACES[n % 12]} {'!' * (n % 5)}") for n in range(36)]
    hostile = [
        lesson(
            3000 + n,
            f"Notre maire {verbs[n % 4]} {PLACES[(n + n // 12) % 12]} et {PLACES[(n * 5 + 1) % 12]}",
            teacher="Mal",
            insult=True,
        )
        for n in range(share)
    ]
    layer = learned([*town(), *kept, *hostile]).layer
    for text in ("Le maire a encore monté les taxes", "Notre maire ne répond jamais", "Le maire gaspille"):
        assert rules_in(judged(layer, text)) == set()


def test_one_person_alone_moves_half() -> None:
    alone = [replace(each, teacher="Camille") for each in town()]
    bounds = {(each.lowest, each.highest) for each in layer_of(alone).rules.values()}
    assert bounds == {(desk.LOWEST * desk.OF_ONE, desk.HIGHEST * desk.OF_ONE)}


def test_violence_is_never_lowered() -> None:
    verbs = ("va arracher", "veut arracher", "devrait arracher", "pense arracher")
    weeds = [
        lesson(place, f"Il {verbs[place // 12]} le pissenlit {PLACES[place % 12]}", violence=False)
        for place in range(48)
    ]
    assert learned(weeds).layer is None
    pushed = DeskLayer("x", {VIOLENCE: RuleLayer(0.0, 3.0, (Weight("pissenlit", "pissenlit", -2.0),))})
    assert rules_in(judged(pushed, "Il va arracher le pissenlit")) == {"violence"}


def test_rules_that_a_check_decides_are_left_alone() -> None:
    assert opinion.FACTS - {"off_topic"} <= desk.LEFT_ALONE
    assert opinion.CHECKED <= desk.LEFT_ALONE
    shouted = [
        lesson(place, f"Encore des nids de poule {where}", capitals=True)
        for place, where in enumerate(PLACES)
    ]
    assert all("capitals" not in each.lesson.labels for each in prepare(shouted))
    assert prepare([replace(each, whole=False) for each in shouted]) == ()


def test_the_name_of_one_author_s_habit_is_no_lesson() -> None:
    own = [replace(each, author="toujours-moi") for each in smells()]
    layer = learned([*own, *curses(), *thanks(), *thanks(600)]).layer
    assert layer is None or OBSCENITY not in layer.rules


def test_a_layer_stays_within_its_bounds_whatever_its_words() -> None:
    layer = RuleLayer(-2.0, 3.0, tuple(Weight(f"mot{number}", "mot", 2.0) for number in range(40)))
    every = frozenset(weight.key for weight in layer.weights)
    assert leaning(layer, every) == 3.0
    assert leaning(layer, frozenset()) == 0.0


def test_quoting_and_denying_cover_what_was_learned() -> None:
    shielded = Engine(engine().policy)
    layer = DeskLayer("x", {INSULT: RuleLayer(-2.0, 3.0, (Weight("zoufri", "zoufris", 2.0),))})
    said, quoted = (
        {each.rule: each.log_odds for each in shielded.with_desk(layer).weighed(text, HERE)}
        for text in ("Bande de zoufris", "Il a dit «bande de zoufris» et c’est inacceptable")
    )
    assert quoted.get(INSULT, -9.0) < said[INSULT]


def test_what_likeness_alone_would_find_can_be_lowered_and_goes_to_no_other_rule() -> None:
    likeness = like({INSULT: 5.0, OBSCENITY: 4.5}, broken=3.0)
    before = {each.rule: each.log_odds for each in weigh([], [], likeness)}
    against = Evidence(INSULT, -2.0, (), "desk", "desk")
    after = {each.rule: each.log_odds for each in weigh([against], [], likeness)}
    assert after[INSULT] == pytest.approx(before[INSULT] - 2.0)
    assert after[OBSCENITY] == before[OBSCENITY]


def test_words_are_taken_without_endings_numbers_and_common_words() -> None:
    found = {
        term.key for term in terms_of(build("Les odeurs pourries du 1234, rue Lindsay. Toutes pourris!"))
    }
    assert found == {"odeur", "pourri", "odeur pourri", "rue", "lindsay", "rue lindsay"}


def test_what_was_damaged_or_made_for_other_words_is_refused() -> None:
    layer = layer_of(town())
    body = layer.encode()
    assert DeskLayer.decode(body, layer.id) == layer
    for broken in (body[:-1], body.replace(b"0", b"1", 1), b""):
        with pytest.raises(ConfigurationError) as caught:
            DeskLayer.decode(broken, layer.id)
        assert caught.value.code == "learning.damaged"
    older = replace(layer, terms=0)
    with pytest.raises(ConfigurationError) as caught:
        DeskLayer.decode(older.encode(), older.id)
    assert caught.value.code == "learning.other_terms"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (VIOLENCE, RuleLayer(-2.0, 3.5, (Weight("pissenlit", "pissenlit", -2.0),))),
        (INSULT, RuleLayer(-9.0, 3.5, (Weight("clown", "clown", -2.0),))),
        (INSULT, RuleLayer(-2.0, 9.0, (Weight("clown", "clown", 2.0),))),
        (INSULT, RuleLayer(-2.0, 3.5, (Weight("clown", "clown", -9.0),))),
        (INSULT, RuleLayer(-2.0, 3.5, tuple(Weight(f"m{n}", "m", 1.0) for n in range(41)))),
        (RuleId("capitals"), RuleLayer(-2.0, 3.5, (Weight("clown", "clown", -2.0),))),
    ],
)
def test_what_no_fitting_gives_is_refused_whoever_wrote_it(rule: RuleId, told: RuleLayer) -> None:
    forged = DeskLayer("x", {rule: told})
    with pytest.raises(ConfigurationError) as caught:
        DeskLayer.decode(forged.encode(), forged.id)
    assert caught.value.code == "learning.damaged"


def test_no_layer_changes_a_route() -> None:
    """Over the engine as it is shipped, with a layer that speaks against everything it can."""
    shipped_engine = Engine(engine().policy)
    against = tuple(Weight(word, word, -2.5) for word in ("secour", "feu", "enfant", "logement", "bandit"))
    rules = {RuleId(rule): RuleLayer(-2.0, 3.5, against) for rule in ("insult", "aggression", "hate")}
    judging = shipped_engine.with_desk(DeskLayer("x", rules))
    texts = (
        "Au secours, le feu est pris dans le logement d’à côté avec des enfants dedans!",
        "Bande de bandits, vous avez mis le feu aux finances",
        "Quand ouvre la bibliothèque?",
    )
    judged_with = [judging.judge(text, HERE) for text in texts]
    assert [each.route for each in judged_with] == [shipped_engine.judge(text, HERE).route for text in texts]
    assert judged_with[0].route is Route.EMERGENCY


def test_the_work_can_be_stopped() -> None:
    def stop(done: int, total: int) -> None:
        if done >= total // 2:
            raise CancelledError("work.cancelled")

    with pytest.raises(CancelledError):
        learn(prepare(town()), engine(), stop)
