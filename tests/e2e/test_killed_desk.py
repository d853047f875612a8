"""A desk killed with SIGKILL a hundred times between and within its steps loses nothing it acknowledged."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from console.bootstrap import open_services
from console.domain.ids import DecisionId
from console.services.rows import HistoryFilter, OutgoingState, QueueFilter, Sort
from console.services.services import Services
from tests.e2e import worker
from tests.killing import run_and_kill

KILLS = 50
"""At each of two desks; two, so that two processors share the work."""
MESSAGES = 400

pytestmark = pytest.mark.timeout(400)


def write_messages(path: Path) -> None:
    """A file of comments, some of which break a rule."""
    texts = ("Merci pour la patinoire!", "Bande de pourris, vous êtes des voleurs", "Quand ouvre la piscine?")
    with path.open("w", encoding="utf-8") as lines:
        for number in range(MESSAGES):
            message = {
                "id": f"m-{number}",
                "channel": "comment",
                "platform": "facebook",
                "account": "Ville",
                "text": f"{texts[number % 3]} ({number})",
                "author": {"id": f"a-{number % 40}", "name": f"Personne {number % 40}"},
                "posted_at": f"2026-11-20T{number % 24:02}:00:00Z",
            }
            lines.write(json.dumps(message, ensure_ascii=False) + "\n")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX; Windows has its own test of the store")
@pytest.mark.timeout(900)  # some hundred starts of a program; a busy machine takes its time
@pytest.mark.parametrize("desk", range(2))
def test_nothing_acknowledged_is_ever_lost(tmp_path: Path, desk: int) -> None:
    home, file = tmp_path / "home", tmp_path / "messages.jsonl"
    write_messages(file)
    chance = random.Random(20261122 + desk)
    said: Counter[tuple[str, str]] = Counter()
    for seed in range(KILLS):
        for line in run_and_kill(worker.work, (home, file, KILLS * desk + seed), chance.randint(0, 9)):
            kind, _, subject = line.partition(" ")
            said[kind, subject] += 1
    services = open_services(home)
    try:
        check_everything(services, said)
    finally:
        services.close()


def check_everything(services: Services, said: Counter[tuple[str, str]]) -> None:
    """Every acknowledgement is found again; the store is whole."""
    actor = services.access.current()
    assert actor is not None
    assert services.history.verify(lambda _done, _total: None) is None
    decided = {subject for kind, subject in said if kind == "decided"}
    undone = {subject for kind, subject in said if kind == "undone"}
    carried = {subject for kind, subject in said if kind == "carried"}
    assert decided, "the desk was never given the time to decide"
    assert ("imported", str(MESSAGES)) in said
    found, cursor = {}, None
    while True:
        page = services.history.page(actor, HistoryFilter(), cursor, 500)
        found |= {row.decision_id: row for row in page.rows}
        cursor = page.next
        if cursor is None:
            break
    assert decided <= set(found)
    assert all(found[DecisionId(each)].undone_at is not None for each in undone)
    # What was decided but not said (killed between commit and print) is at most one a kill.
    assert len(found.keys() - decided) <= KILLS
    standing = {row.message_id for row in found.values() if row.undone_at is None}
    assert services.queue.matches(QueueFilter()) == MESSAGES - len(standing)
    for decision in found:
        detail = services.history.detail(actor, decision)
        items = {item.id: item for item in detail.outgoing}
        assert len(detail.warnings) == (1 if "warn" in detail.decision.actions else 0)
        assert len(items) == (2 if "warn" in detail.decision.actions else 0) or detail.row.undone_at
        for item in items.values():
            if item.id in carried:
                assert item.state is OutgoingState.DONE
    assert len(services.queue.page(QueueFilter(), Sort.OLDEST, None, 1000).rows) == MESSAGES - len(standing)
