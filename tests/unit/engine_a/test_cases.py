"""Sentences written apart from the lexicons, one rule or route at a time, with their traps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from console.domain.messages import FACEBOOK, Channel
from console.domain.verdicts import Verdict
from console.netiquette.engine import Engine
from console.netiquette.model import Context

HERE = Path(__file__).parent


def _cases(name: str) -> list[dict[str, Any]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _judge(engine: Engine, case: dict[str, Any]) -> Verdict:
    channel = Channel(case.get("channel", "comment"))
    return engine.judge(case["text"], Context(channel, FACEBOOK, parent=case.get("parent", "")))


@pytest.mark.parametrize("case", _cases("cases.jsonl"), ids=lambda case: case["text"][:40])
def test_rules(engine: Engine, case: dict[str, Any]) -> None:
    found = {finding.rule for finding in _judge(engine, case).findings}
    if "yes" in case:
        assert case["yes"] in found
    else:
        assert case["no"] not in found


@pytest.mark.parametrize("case", _cases("routes.jsonl"), ids=lambda case: case["text"][:40])
def test_routes(engine: Engine, case: dict[str, Any]) -> None:
    assert _judge(engine, case).route == case["route"]
