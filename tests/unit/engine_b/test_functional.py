"""What a word list mixes up: the same words as hatred and as its refusal, for each group."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.engine_b.conftest import Judge

CONTENT: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "functional.yaml").read_text("utf-8"))
GROUPS = [(rule, group) for rule, groups in CONTENT["groups"].items() for group in groups]
AGAINST_GROUPS = frozenset(["hate", "discrimination", "racism", "xenophobia", "homophobia", "violence"])


@pytest.mark.parametrize("kind", CONTENT["offence"])
@pytest.mark.parametrize(("rule", "group"), GROUPS)
def test_offence(kind: str, rule: str, group: str, judge: Judge) -> None:
    found = {finding.rule for finding in judge(CONTENT["offence"][kind].format(group=group)).findings}
    assert found & AGAINST_GROUPS


@pytest.mark.parametrize("kind", CONTENT["clean"])
@pytest.mark.parametrize(("rule", "group"), GROUPS)
def test_clean(kind: str, rule: str, group: str, judge: Judge) -> None:
    found = {finding.rule for finding in judge(CONTENT["clean"][kind].format(group=group)).findings}
    assert not found & AGAINST_GROUPS


@pytest.mark.parametrize(("rule", "group"), GROUPS)
def test_names_the_rule_of_the_group(rule: str, group: str, judge: Judge) -> None:
    found = {finding.rule for finding in judge(f"Les {group} sont des parasites.").findings}
    assert rule in found
    assert "hate" in found
