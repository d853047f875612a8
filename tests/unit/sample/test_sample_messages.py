"""The sample queue: varied, labelled by the annotation guide, and about nobody who exists."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.domain.messages import KNOWN_PLATFORMS, Channel, IncomingMessage, Kind
from console.domain.verdicts import Route
from console.errors import ConfigurationError
from console.netiquette.policy_loader import RULES
from console.services.sample import HISTORY, MESSAGES, load_messages
from console.services.sample_history import load_history

NOW = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
GOLD = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data/sample_gold.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def loaded() -> tuple[IncomingMessage, ...]:
    return tuple(each for each in load_messages(MESSAGES, NOW).read() if isinstance(each, IncomingMessage))


def test_the_labels_are_of_the_same_messages_and_follow_the_guide() -> None:
    messages = {each.external_id: each for each in loaded()}
    assert len(messages) == len(loaded()) >= 170
    assert set(messages) == {row["id"] for row in GOLD}
    for row in GOLD:
        message = messages[row["id"]]
        assert (message.text, message.post_text) == (row["text"], row["parent"])
        assert (message.channel, message.platform) == (row["channel"], row["platform"])
        assert set(row["rules"]) | set(row["tolerated"]) <= set(RULES)
        assert not set(row["rules"]) & set(row["tolerated"])
        assert row["route"] in list(Route)


def test_every_rule_and_every_route_is_there_and_most_messages_are_no_offence() -> None:
    rules = Counter(rule for row in GOLD for rule in row["rules"])
    assert set(rules) == set(RULES)
    assert {row["route"] for row in GOLD} == set(Route)
    clean = sum(not row["rules"] for row in GOLD)
    assert clean > len(GOLD) / 2
    assert sum("criticism" in row["tags"] and not row["rules"] for row in GOLD) >= 20
    assert sum("flood" in row["tags"] for row in GOLD) >= 30


def test_it_shows_every_platform_channel_kind_and_shape_of_context() -> None:
    messages = loaded()
    assert {each.platform for each in messages} == set(KNOWN_PLATFORMS)
    assert {each.channel for each in messages} == set(Channel)
    assert {each.kind for each in messages} == set(Kind)
    assert len({each.post_external_id for each in messages} - {""}) >= 25
    assert len({each.account for each in messages}) >= 3
    assert sum(bool(each.thread) for each in messages) >= 5
    assert sum(bool(each.attachments) for each in messages) >= 5
    lengths = sorted(len(each.text) for each in messages)
    assert lengths[0] < 12
    assert lengths[-1] > 400


def test_the_flood_evening_is_a_burst_of_the_last_hours() -> None:
    ids = {row["id"] for row in GOLD if "flood" in row["tags"]}
    ages = [NOW - each.posted_at for each in loaded() if each.external_id in ids and each.posted_at]
    assert max(ages) < timedelta(hours=3)


def test_times_are_counted_back_from_now_and_messages_come_oldest_first() -> None:
    posted = [each.posted_at for each in loaded() if each.posted_at]
    assert len(posted) == len(loaded())
    assert posted == sorted(posted)
    assert posted[-1] <= NOW
    for each in loaded():
        assert each.post_posted_at is None or (each.posted_at and each.post_posted_at < each.posted_at)
        assert all(entry.at and each.posted_at and entry.at <= each.posted_at for entry in each.thread)


def test_nobody_real_can_be_reached_through_it() -> None:
    everything = MESSAGES.read_text(encoding="utf-8") + HISTORY.read_text(encoding="utf-8")
    for number in re.findall(r"\b\d{3}[ -]\d{3}[ -]\d{4}\b", everything):
        assert re.fullmatch(r"\d{3}[ -]555[ -]01\d\d", number), number
    for host in re.findall(r"https?://([^/\s\"?]+)", everything):
        assert host.endswith(".example") or host == "www.drummondville.ca"
    for address in re.findall(r"\S+@\S+\.\w+", everything):
        assert ".example" in address


def test_slices_of_time_hold_each_message_once() -> None:
    source = load_messages(MESSAGES, NOW)
    middle = NOW - timedelta(hours=2)
    first, second = source.posted(None, middle), source.posted(middle, NOW)
    assert (first.total or 0) + (second.total or 0) == source.total
    assert first.total
    assert second.total


@pytest.mark.parametrize("content", [b"{}\n", b"not json\n", b'{"id": 1}\n', b"\xff\n"])
def test_a_damaged_sample_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as raised:
        load_messages(path, NOW)
    assert raised.value.code == "sample.invalid"


@pytest.mark.parametrize(
    "content",
    [
        "steps: [",
        "staff: {}\nseated: a\ncoordinates: {}\nsteps: [{ago: 1, by: a, do: dance}]",
        "staff: {}\nseated: a\ncoordinates: {}\n"
        "steps: [{ago: 1, by: a, do: undo}, {ago: 2, by: a, do: undo}]",
    ],
)
def test_a_damaged_history_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "history.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load_history(path)
    assert raised.value.code == "sample.invalid"


def test_the_history_speaks_of_messages_rules_and_people_that_exist() -> None:
    history = load_history(HISTORY)
    known = {each.external_id: each for each in loaded()}
    for step in history.steps:
        assert step.by in history.staff
        assert set(step.rules) <= set(RULES)
        if step.message:
            posted = known[step.message].posted_at
            assert posted
            assert posted <= NOW - timedelta(minutes=step.ago)
    assert history.seated in history.staff
