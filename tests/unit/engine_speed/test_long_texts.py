"""No text takes long: whatever it repeats, its time stays near that of plain words of the same length.

Measured in processor time against a plain text in the same run, so that no machine is too slow for it; the
figures in milliseconds are those of `dev.py bench verdict`.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.domain.messages import FACEBOOK, Channel
from console.netiquette.engine import Engine
from console.netiquette.model import Context
from tests.bench._adversarial import FAMILIES, PLAIN, repeated

COMMENT = Context(Channel.COMMENT, FACEBOOK, parent="Avis de travaux sur la rue Lindsay cette semaine.")
_SIZE = 10_000
_TIMES = 12
"""A text that takes its length squared takes hundreds of times as long as a plain one."""

PARTS = st.lists(
    st.one_of(st.sampled_from(sorted(FAMILIES.values())), st.text(max_size=6)), min_size=1, max_size=4
)


def spent(engine: Engine, text: str) -> float:
    """Seconds of processor time, the better of two runs."""
    times = []
    for _ in range(2):
        started = time.process_time()
        engine.judge(text, COMMENT)
        times.append(time.process_time() - started)
    return min(times)


@pytest.fixture(scope="module")
def plain(engine: Engine) -> float:
    return spent(engine, repeated(PLAIN, _SIZE))


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_repeated_text_takes_no_longer_than_plain_words(engine: Engine, plain: float, family: str) -> None:
    assert spent(engine, repeated(FAMILIES[family], _SIZE)) < _TIMES * plain


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PARTS)
def test_nor_does_any_mixture(engine: Engine, plain: float, parts: list[str]) -> None:
    assert spent(engine, repeated("".join(parts) or "a", _SIZE)) < _TIMES * plain


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120))
def test_any_text_is_judged_and_every_finding_lies_within_it(engine: Engine, text: str) -> None:
    verdict = engine.judge(text, COMMENT)
    for finding in verdict.findings:
        assert 0 < finding.confidence < 1
        assert all(0 <= span.start < span.end <= len(text) for span in finding.spans)
