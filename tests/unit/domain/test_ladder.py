"""Article 7: two delivered warnings about distinct incidents, then ban."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from console.domain.ids import DecisionId, MessageId, PersonId, RuleId, WarningId
from console.domain.messages import FACEBOOK, YOUTUBE, Platform
from console.domain.sanctions import Delivery, IssuedWarning, LadderSettings, Rung, standing

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def warning(
    number: int,
    *,
    incident: int | None = None,
    delivered: int | None = None,
    withdrawn: int | None = None,
    platform: Platform = FACEBOOK,
) -> IssuedWarning:
    """Days are counted back from NOW."""
    return IssuedWarning(
        WarningId(f"w{number}"),
        PersonId("p"),
        DecisionId(f"d{number}"),
        MessageId(f"m{number if incident is None else incident}"),
        platform,
        (RuleId("insult"),),
        NOW - 100 * DAY,
        Delivery(NOW - delivered * DAY, "message privé", "") if delivered is not None else None,
        NOW - withdrawn * DAY if withdrawn is not None else None,
    )


warnings = st.lists(
    st.builds(
        lambda incident, delivered, withdrawn, platform: (incident, delivered, withdrawn, platform),
        st.integers(0, 4),
        st.none() | st.integers(-2, 90),
        st.none() | st.integers(-2, 90),
        st.sampled_from([FACEBOOK, YOUTUBE]),
    ),
    max_size=6,
).map(
    lambda rows: [
        warning(number, incident=i, delivered=d, withdrawn=w, platform=p)
        for number, (i, d, w, p) in enumerate(rows)
    ]
)
settings_ = st.builds(
    LadderSettings,
    warnings_before_ban=st.integers(2, 4),
    expire_after_days=st.none() | st.integers(1, 60),
    across_platforms=st.booleans(),
)


def test_the_ladder_of_the_policy() -> None:
    rungs = [
        standing([warning(n, delivered=10 - n) for n in range(count)], NOW, LadderSettings()).rung
        for count in range(4)
    ]
    assert rungs == [Rung.FIRST_WARNING, Rung.SECOND_WARNING, Rung.BAN, Rung.BAN]


def test_an_undelivered_warning_does_not_count() -> None:
    place = standing([warning(1, delivered=5), warning(2)], NOW, LadderSettings())
    assert place.rung is Rung.SECOND_WARNING
    assert [each.id for each in place.undelivered] == ["w2"]


def test_one_incident_counts_once() -> None:
    twice = [warning(1, incident=7, delivered=9), warning(2, incident=7, delivered=8)]
    assert standing(twice, NOW, LadderSettings()).rung is Rung.SECOND_WARNING


def test_expiry_is_counted_from_delivery() -> None:
    settings = LadderSettings(expire_after_days=10)
    assert standing([warning(1, delivered=10)], NOW, settings).counted == ()
    assert len(standing([warning(1, delivered=9)], NOW, settings).counted) == 1


@given(warnings, settings_)
def test_only_delivered_standing_distinct_incidents_lead_to_a_ban(
    given_warnings: list[IssuedWarning], settings: LadderSettings
) -> None:
    place = standing(given_warnings, NOW, settings, FACEBOOK)
    incidents = [each.incident for each in place.counted]
    assert len(incidents) == len(set(incidents))
    for each in place.counted:
        assert each.delivery is not None
        assert each.delivery.at <= NOW
        assert each.withdrawn_at is None or each.withdrawn_at > NOW
        assert settings.across_platforms or each.platform == FACEBOOK
    assert (place.rung is Rung.BAN) == (len(place.counted) >= settings.warnings_before_ban)


@given(warnings, settings_, st.randoms(use_true_random=False))
def test_the_order_in_which_warnings_are_read_does_not_matter(
    given_warnings: list[IssuedWarning], settings: LadderSettings, random: object
) -> None:
    shuffled = list(given_warnings)
    random.shuffle(shuffled)
    assert standing(given_warnings, NOW, settings) == standing(shuffled, NOW, settings)


@given(warnings, settings_)
def test_withdrawing_never_brings_a_ban_nearer(
    given_warnings: list[IssuedWarning], settings: LadderSettings
) -> None:
    before = len(standing(given_warnings, NOW, settings).counted)
    for index in range(len(given_warnings)):
        fewer = given_warnings[:index] + given_warnings[index + 1 :]
        assert len(standing(fewer, NOW, settings).counted) <= before
