"""From evidence to confidence: echoes, protections, calibration, routes, masking."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.ids import RuleId
from console.domain.verdicts import Route, Span
from console.errors import ConfigurationError
from console.netiquette.combine import PRIOR, Calibration, choose_route, load_calibration, merge_spans, weigh
from console.netiquette.explain import mask_all, mask_identifiers
from console.netiquette.model import Evidence, Likeness, RouteHint, Shield
from console.netiquette.opinion import TOXIC, doubt
from console.netiquette.resources import Resources

INSULT, PHONE = RuleId("insult"), RuleId("personal_information")


def seen(weight: float, *spans: Span, rule: RuleId = INSULT, detector: str = "d") -> Evidence:
    return Evidence(rule, weight, spans, detector, "reason")


def odds(*evidence: Evidence, shields: tuple[Shield, ...] = ()) -> dict[RuleId, float]:
    return {each.rule: each.log_odds for each in weigh(evidence, shields)}


def test_detectors_add_up_and_one_detector_repeats_itself() -> None:
    alone = odds(seen(2.0))[INSULT]
    assert alone == PRIOR + 2.0
    assert odds(seen(2.0), seen(2.0, detector="e"))[INSULT] == PRIOR + 4.0
    assert alone < odds(seen(2.0), seen(2.0))[INSULT] < PRIOR + 4.0
    assert odds(seen(2.0), seen(-1.0, detector="e"))[INSULT] == PRIOR + 1.0
    assert odds(seen(-1.0)) == {}


def like(
    rules: dict[RuleId, float], broken: float = 0.0, rareness: float = -1.0, toxic: float = 0.0
) -> Likeness:
    words = (Span(0, 4),)
    doubts = {rule: doubt(rule, rareness) for rule in rules}
    above = [rule for rule in rules if rules[rule] > doubts[rule]]
    harshest = next((rule for rule in rules if rule in TOXIC), None)
    return Likeness(rules, doubts, above, broken, toxic, harshest, lambda rule: words)


def likely(likeness: Likeness, *evidence: Evidence, shields: tuple[Shield, ...] = ()) -> dict[RuleId, float]:
    return {each.rule: each.log_odds for each in weigh(evidence, shields, likeness)}


def test_likeness_alone_must_be_sure_and_a_rare_rule_surer() -> None:
    assert likely(like({INSULT: 0.5}, broken=2.0)) == {}
    assert likely(like({INSULT: 4.0}, broken=2.0))[INSULT] > 0
    often = likely(like({INSULT: 4.0}, rareness=-1.0))[INSULT]
    assert likely(like({INSULT: 4.0}, rareness=-3.0))[INSULT] < often
    assert PHONE not in likely(like({PHONE: 6.0}, broken=3.0))


def test_likeness_supports_and_doubts_what_others_see_within_bounds() -> None:
    alone = odds(seen(2.0))[INSULT]
    neither = likely(like({INSULT: 0.0}, broken=0.46), seen(2.0))[INSULT]
    assert neither == pytest.approx(alone)
    assert alone < likely(like({INSULT: 6.0}, broken=0.46), seen(2.0))[INSULT] < alone + 2.0
    assert alone - 1.0 < likely(like({INSULT: -9.0}, broken=0.46), seen(2.0))[INSULT] < alone
    assert (
        odds(seen(3.0, rule=PHONE))[PHONE] == likely(like({PHONE: -4.0}, -4.0), seen(3.0, rule=PHONE))[PHONE]
    )


def test_any_breach_is_laid_to_the_most_likely_rule() -> None:
    hate = RuleId("hate")
    evidence = (seen(1.5), seen(2.5, rule=hate))
    usual, sure = (likely(like({INSULT: 0.0, hate: 0.0}, broken), *evidence) for broken in (0.46, 3.0))
    assert sure[hate] > usual[hate]
    assert sure[INSULT] == usual[INSULT]


def test_what_a_forum_calls_toxic_breaks_the_most_likely_of_its_rules() -> None:
    calm, harsh = (likely(like({INSULT: 0.4}, 0.46, toxic=toxic)) for toxic in (-0.5, 2.0))
    assert calm == {}
    assert harsh[INSULT] > 0
    other = RuleId("advertising")
    assert likely(like({other: 0.4}, 0.46, toxic=2.0)) == {}
    assert (
        likely(like({other: 0.0}, 0.46, toxic=2.0), seen(2.0, rule=other))[other]
        == odds(seen(2.0, rule=other))[other]
    )


def test_naming_a_group_is_no_hatred() -> None:
    hate = RuleId("hate")
    assert likely(like({hate: 3.0}, 0.46))[hate] < likely(like({INSULT: 3.0}, 0.46))[INSULT]


def test_likeness_loses_what_the_words_it_sees_lose() -> None:
    quoted = Shield(4.4, "p", "quote")
    assert likely(like({INSULT: 5.0}, 3.0), shields=(quoted,)) == {}
    assert likely(like({INSULT: 5.0}, 3.0), seen(4.0), shields=(quoted,))[INSULT] == PRIOR


def test_a_protection_of_one_rule_takes_its_likeness_too() -> None:
    plea = Shield(2.2, "p", "plea", frozenset({INSULT}))
    bare, less = (likely(like({INSULT: 3.0}, 0.46), shields=shields)[INSULT] for shields in ((), (plea,)))
    assert less == bare - 1.5
    other = Shield(2.2, "p", "plea", frozenset({RuleId("violence")}))
    assert likely(like({INSULT: 3.0}, 0.46), shields=(other,))[INSULT] == bare


def test_what_a_desk_learned_is_no_other_layer() -> None:
    learned = seen(1.0, detector="desk")
    (weighed,) = weigh([learned], [], like({INSULT: 5.0}, 0.46, rareness=-2.0))
    (bare,) = weigh([], [], like({INSULT: 5.0}, 0.46, rareness=-2.0))
    assert weighed.log_odds == pytest.approx(bare.log_odds + 1.0)


def test_a_protection_covers_what_lies_in_it() -> None:
    quoted = Shield(2.0, "p", "quote", None, Span(10, 20))
    inside, outside = Span(12, 15), Span(30, 33)
    assert odds(seen(3.0, inside), shields=(quoted,))[INSULT] == PRIOR + 1.0
    assert odds(seen(3.0, inside, outside), shields=(quoted,))[INSULT] == PRIOR + 3.0
    (weighed,) = weigh([seen(3.0, inside, outside)], [quoted])
    assert weighed.evidence[0].spans == (outside,)
    assert odds(seen(3.0, outside), shields=(quoted,))[INSULT] == PRIOR + 3.0
    everywhere = Shield(9.0, "p", "joke", frozenset({INSULT}))
    assert odds(seen(3.0, outside), shields=(everywhere,))[INSULT] == PRIOR
    other = Shield(9.0, "p", "joke", frozenset({RuleId("violence")}))
    assert odds(seen(3.0, outside), shields=(other,))[INSULT] == PRIOR + 3.0


def test_a_quoted_telephone_number_is_still_one() -> None:
    quoted = Shield(9.0, "p", "quote")
    assert odds(seen(5.0, Span(0, 9), rule=PHONE), shields=(quoted,))[PHONE] == PRIOR + 5.0


def test_confidence_grows_with_the_odds() -> None:
    curve = Calibration((1.1, -0.2), {PHONE: (2.0, 0.0)})
    values = [curve.confidence(INSULT, x) for x in (-50.0, -1.0, 0.0, 1.0, 50.0)]
    assert values == sorted(values)
    assert 0 < values[0] < values[-1] < 1
    assert curve.confidence(PHONE, 0.0) == 0.5


@pytest.mark.parametrize("text", ["a: 1", "default: {slope: 0, shift: 1}", "default: {slope: x, shift: 1}"])
def test_a_wrong_calibration_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "calibration.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"lexicon\.invalid"):
        load_calibration(Resources(tmp_path))


def test_a_route_must_be_worth_it_and_a_seller_asks_nothing() -> None:
    asked = RouteHint(Route.QUESTION, 1.5, "d")
    assert choose_route([], ())[0] is Route.NONE
    assert choose_route([RouteHint(Route.QUESTION, 0.9, "d")], ())[0] is Route.NONE
    assert choose_route([asked], ())[0] is Route.QUESTION
    assert choose_route([asked], (RuleId("advertising"),))[0] is Route.NONE
    assert choose_route([asked, RouteHint(Route.EMERGENCY, 1.5, "d")], ())[0] is Route.EMERGENCY


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: Span(min(pair), max(pair))))
)
def test_merged_spans_are_apart_and_cover_the_same(spans: list[Span]) -> None:
    merged = merge_spans(spans)
    assert all(one.end < other.start for one, other in pairwise(merged))
    assert all(span.start < span.end for span in merged)
    before = {place for span in spans for place in range(span.start, span.end)}
    assert {place for span in merged for place in range(span.start, span.end)} == before


def test_identifiers_are_masked_and_words_are_not() -> None:
    assert mask_identifiers("Appelez le 819-555-0142 dès 18 h") == "Appelez le 81•-•••-•••• dès 18 h"
    assert mask_identifiers("jean.roy@exemple.ca svp") == "je••.•••@•••••••.•• svp"
    assert mask_identifiers("24 juin 2025, 6 %") == "24 juin 2025, 6 %"
    assert mask_all("1204 rue Bérard") == "12•• ••• ••••••"
