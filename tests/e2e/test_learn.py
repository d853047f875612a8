"""`vigie learn` as a person types it, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console import learn_commands
from console.bootstrap import STORE
from console.domain.decisions import Action
from console.domain.ids import RuleId, StaffId
from console.domain.roles import Role
from console.domain.sanctions import LadderSettings
from console.netiquette.learned.desk import DeskLayer, RuleLayer, Weight
from console.services.learning import Learning
from console.services.learning_ports import StoredLayer
from tests.builders import NOW, desk_file, finding, judged, message, verdict
from tests.desks import Desk, open_desk
from tests.e2e.test_command_line import vigie
from tests.judges import PlainJudge
from tests.unit.learning.lessons import OBSCENITY, engine, town

LAYER = DeskLayer(
    "1.0+00000000", {RuleId("insult"): RuleLayer(-2.0, 3.5, (Weight("zoufri", "zoufris", 2.5),))}
)


def stored(body: bytes) -> StoredLayer:
    """The layer as it lies in the file."""
    figures = '{"lessons": 52, "rules": []}'
    return StoredLayer(LAYER.id, body, figures, LAYER.engine, 52, NOW, NOW, NOW, StaffId("a" * 32))


def prepared(home: Path, role: Role) -> Path:
    """A desk with one proposed layer and one open case; `role` sits at it."""
    with open_desk(home) as desk:
        with desk.db.write() as work:
            work.put_layer(stored(LAYER.encode()))
        desk.receive("ouvert", text="Merci pour la patinoire")
        seats = {Role.SUPERVISOR: desk.supervisor, Role.MODERATOR: desk.moderator}
        desk.services.access.switch(seats[role].staff.id)
    return home


def test_a_blank_desk_says_how_many_decisions_are_missing(tmp_path: Path) -> None:
    done = vigie("learn", "--sans-chiffrement", home=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    said = done.stdout.decode()
    assert "Il en manque 40" in said
    assert "tel qu’il est livré" in said
    assert "Aucune version" in vigie("learn", "--list", "--sans-chiffrement", home=tmp_path).stdout.decode()


def test_accept_judge_again_list_and_go_back(tmp_path: Path) -> None:
    home = prepared(tmp_path / "home", Role.SUPERVISOR)
    few = vigie("learn", "--propose", home=home)
    assert few.returncode == 1, few.stderr.decode()
    assert "il manque 40 messages" in few.stdout.decode()
    adopted = vigie("learn", "--accept", LAYER.id[:6], home=home)
    assert adopted.returncode == 0, adopted.stderr.decode()
    assert f"La version {LAYER.id[:8]} est en vigueur" in adopted.stdout.decode()
    assert "verdict a changé\u00a0: 1" in adopted.stdout.decode()
    with desk_file(home / STORE) as desk:
        kinds = [link.event.kind for link in desk.db.reads.journal()]
        assert kinds[-2:] == ["learning.adopted", "verdicts.renewed"]
        assert list(desk.db.reads.journal())[-1].event.payload["engine"].endswith(f"+desk.{LAYER.id[:8]}")
    shown = vigie("learn", home=home).stdout.decode()
    assert "zoufris (+2,5)" in shown
    assert "adoptée le" in shown
    assert "mesurée avec une autre version" in shown
    assert f"* {LAYER.id[:8]}" in vigie("learn", "--list", home=home).stdout.decode()
    back = vigie("learn", "--rollback", home=home)
    assert back.returncode == 0, back.stderr.decode()
    assert "n’est plus en vigueur" in back.stdout.decode()
    assert vigie("learn", "--rollback", home=home).returncode == 75
    assert vigie("journal", "verify", home=home).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--accept", "abcdef"], 65, "Aucune version apprise"),
        (["--accept"], 64, "La commande est mal écrite"),
        (["--propose", "--rollback"], 64, "La commande est mal écrite"),
    ],
)
def test_what_cannot_be_done_is_one_line_of_french(
    arguments: list[str], status: int, words: str, tmp_path: Path
) -> None:
    home = prepared(tmp_path / "home", Role.SUPERVISOR)
    done = vigie("learn", *arguments, home=home)
    assert done.returncode == status
    assert words in done.stderr.decode()
    assert done.stderr.decode().count("\n") == 1


def test_a_moderator_sees_and_does_not_adopt(tmp_path: Path) -> None:
    home = prepared(tmp_path / "home", Role.MODERATOR)
    assert vigie("learn", home=home).returncode == 0
    for task in (["--accept", LAYER.id], ["--rollback"]):
        assert vigie("learn", *task, home=home).returncode == 77


def test_a_damaged_layer_is_said_and_judging_goes_on(tmp_path: Path) -> None:
    home = prepared(tmp_path / "home", Role.SUPERVISOR)
    assert vigie("learn", "--accept", LAYER.id[:8], home=home).returncode == 0
    with desk_file(home / STORE) as desk, desk.db.write() as work:
        work.put_layer(stored(LAYER.encode()[:-2]))
    assert "abimé" in vigie("learn", home=home).stdout.decode()
    refused = vigie("learn", "--accept", LAYER.id[:8], home=home)
    assert refused.returncode == 78
    assert "abimé" in refused.stderr.decode()
    file = tmp_path / "messages.jsonl"
    file.write_text('{"id": "1", "channel": "comment", "platform": "x", "text": "Merci!", "account": "V"}\n')
    assert vigie("import", str(file), home=home).returncode == 0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def test_a_proposal_shows_words_and_the_table_before_and_after(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = desk.services.policy
    stub = Learning(desk.db, desk.clock, policy, PlainJudge(), LadderSettings, lambda _policy: engine())
    services = replace(desk.services, learning=stub)
    for place, each in enumerate(town()):
        found = [finding(rule) for rule in each.labels if rule == OBSCENITY]
        with desk.db.write() as work:
            (case,) = work.take_in(
                [judged(message(each.text, author_external_id=each.author), verdict(*found))], NOW
            ).added
        broken = tuple(rule for rule, said in each.labels.items() if said)
        request = replace(desk.request(case, Action.HIDE if broken else Action.KEEP), rules=broken, texts={})
        by = (desk.moderator, desk.colleague)[place % 2]
        services.decisions.decide(by, request)
    assert learn_commands._propose(services, desk.supervisor) == 0
    said = capsys.readouterr().out
    assert "Appris de 48 messages décidés, dont 48 différents" in said
    assert "oublis 12 → " in said
    assert "fausses alertes 12 → " in said
    assert "marionnettes (+" in said
    assert "vigie learn --accept" in said
