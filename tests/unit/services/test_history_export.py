"""Exported decisions: whole, word for word, harmless, journalled, and never half a file."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.domain.decisions import Action
from console.domain.ids import RuleId
from console.domain.roles import Actor, Role
from console.errors import (
    CancelledError,
    EnvironmentProblemError,
    PermissionDeniedError,
    ValidationError,
)
from console.services.cells import original
from console.services.rows import HistoryFilter
from tests.desks import NOW, Desk


def silent(_done: int, _total: int | None) -> None:
    """Progress nobody watches."""


def export(desk: Desk, to: Path, where: HistoryFilter | None = None) -> int:
    """Export as the moderator, a minute after everything happened."""
    desk.clock.advance(timedelta(minutes=1))
    return desk.services.history.export(desk.moderator, where or HistoryFilter(), to, silent)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by their French titles, as a spreadsheet reads them."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def document(path: Path) -> dict[str, Any]:
    """A JSON export."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def test_a_table_opens_in_a_spreadsheet_and_explains_each_decision(desk: Desk, tmp_path: Path) -> None:
    message = desk.receive("c1", text="=cmd|' /C calc'!A0;\n«Gang de pourris»")
    made = desk.decide(message, Action.HIDE, Action.WARN)
    desk.carry_out_all()
    to = tmp_path / "décisions.csv"
    assert export(desk, to) == 1
    raw = to.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in raw
    (row,) = table(to)
    proofs = desk.services.history.detail(desk.moderator, made.decision or pytest.fail("no decision")).proofs
    assert row["Message mot pour mot"].startswith("'=cmd")
    assert original(row["Message mot pour mot"]) == "=cmd|' /C calc'!A0;\n«Gang de pourris»"
    assert row["Décidé le"] == "2026-11-20 10:00"
    assert row["Décidé le (UTC)"] == "2026-11-20T15:00:00.000000Z"
    assert (row["Décidé par"], row["Actions"], row["Articles"]) == ("Camille", "avertir, masquer", "4")
    assert row["Règles"].endswith("(insult)")
    assert row["Règles"] != "insult"
    assert "0,90" in row["Constats (règle, article, gravité, confiance, mots)"]
    assert row["Motif"] == "Insulte une personne."
    assert row["Version de la politique"] == "test+000000000000"
    assert row["Version du moteur"] == "test"
    assert "message privé" in row["Remise des avertissements"]
    assert row["Annulé le"] == ""
    assert row["Rang dans la piste de vérification"] == ", ".join(str(proof.sequence) for proof in proofs)
    assert row["Empreinte dans la piste de vérification"] == ", ".join(proof.sha256 for proof in proofs)
    assert len(proofs) >= 2


def test_every_column_has_its_french_title(desk: Desk, tmp_path: Path) -> None:
    to = tmp_path / "vide.csv"
    assert export(desk, to) == 0
    (titles,) = csv.reader(to.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    assert all(title[0].isupper() for title in titles), titles
    assert len(set(titles)) == len(titles)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(
        alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=60
    ),
    data=st.data(),
)
def test_what_was_written_comes_back_to_the_letter(
    desk: Desk, tmp_path: Path, text: str, data: st.DataObject
) -> None:
    """Whatever somebody posts: signs, line ends, quotes, separators, other scripts."""
    name = data.draw(st.uuids()).hex
    message = desk.receive(name, text=text)
    desk.clock.advance(timedelta(hours=1))
    since = desk.clock.now()
    made = desk.decide(message, Action.KEEP)
    where = HistoryFilter(decided_from=since)
    export(desk, tmp_path / f"{name}.csv", where)
    export(desk, tmp_path / f"{name}.json", where)
    (row,) = table(tmp_path / f"{name}.csv")
    assert original(row["Message mot pour mot"]) == text
    (decision,) = document(tmp_path / f"{name}.json")["decisions"]
    assert (decision["id"], decision["message"]["text"]) == (made.decision, text)


def test_json_holds_the_whole_explanation(desk: Desk, tmp_path: Path) -> None:
    message = desk.receive("c1", text="Gang de pourris")
    made = desk.decide(message, Action.HIDE, Action.WARN)
    desk.services.decisions.undo(desk.moderator)
    to = tmp_path / "décisions.json"
    export(desk, to, HistoryFilter(rules=frozenset({RuleId("insult")})))
    told = document(to)
    assert (told["format"], told["version"], told["exported_by"]) == ("vigie-decisions", 1, "Camille")
    assert told["filter"]["rules"] == ["insult"]
    (decision,) = told["decisions"]
    assert decision["id"] == made.decision
    assert decision["rules"] == [{"rule": "insult", "article": "4"}]
    assert (decision["sanction"], decision["undone_at"]) == (True, "2026-11-20T15:00:00.000000Z")
    (found,) = decision["verdict"]["findings"]
    assert (found["confidence"], found["severity"], found["words"]) == (0.9, 3, ["Gang de pourris"])
    assert decision["verdict"]["policy"] == {"label": "test", "sha256": "0" * 64}
    assert decision["texts"]["warn"].startswith("Bonjour, votre message")
    links = {link.sequence: link.sha256 for link in desk.db.reads.journal()}
    assert [links[each["sequence"]] for each in decision["journal"]] == [
        each["sha256"] for each in decision["journal"]
    ]
    assert {each["state"] for each in decision["outgoing"]} == {"cancelled"}
    assert decision["warnings"][0]["withdrawn_at"] is not None


def test_the_export_is_journalled_with_the_hash_of_its_file(desk: Desk, tmp_path: Path) -> None:
    desk.decide(desk.receive("c1"), Action.HIDE)
    to = tmp_path / "décisions.json"
    export(desk, to, HistoryFilter(text="pourris"))
    event = list(desk.db.reads.journal())[-1].event
    assert (event.kind, event.actor) == ("history.exported", desk.moderator.staff.id)
    assert event.payload["sha256"] == hashlib.sha256(to.read_bytes()).hexdigest()
    assert (event.payload["rows"], event.payload["format"]) == (1, "json")
    assert event.payload["filter"]["text"] == "pourris"


def many(desk: Desk, number: int) -> None:
    """Decisions enough for several batches."""
    for each in range(number):
        desk.decide(desk.receive(f"m{each}", author=f"p{each}"), Action.KEEP)
        desk.clock.advance(timedelta(seconds=1))


def test_progress_is_told_and_cancelling_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    many(desk, 230)
    told: list[tuple[int, int | None]] = []
    to = tmp_path / "décisions.csv"
    desk.services.history.export(
        desk.moderator, HistoryFilter(), to, lambda done, total: told.append((done, total))
    )
    assert told == [(0, 230), (200, 230), (230, 230)]
    assert len(table(to)) == 230
    assert [row["Décidé le (UTC)"] for row in table(to)] == sorted(
        (row["Décidé le (UTC)"] for row in table(to)), reverse=True
    )
    to.unlink()
    before = desk.db.reads.journal_head()

    def stop(done: int, _total: int | None) -> None:
        if done:
            raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        desk.services.history.export(desk.moderator, HistoryFilter(), to, stop)
    assert list(tmp_path.glob("*décisions*")) == []
    assert list(tmp_path.glob(".vigie-*")) == []
    assert desk.db.reads.journal_head() == before


def test_decisions_made_meanwhile_do_not_disturb_an_export(desk: Desk, tmp_path: Path) -> None:
    many(desk, 205)
    extra = iter(desk.receive(f"tard{each}") for each in range(9))

    def decide(_done: int, _total: int | None) -> None:
        desk.decide(next(extra), Action.KEEP)

    to = tmp_path / "décisions.csv"
    assert desk.services.history.export(desk.moderator, HistoryFilter(), to, decide) == 205
    assert len({row["Numéro de la décision"] for row in table(to)}) == 205


def test_a_place_that_cannot_be_written_is_said(desk: Desk, tmp_path: Path) -> None:
    before = desk.db.reads.journal_head()
    with pytest.raises(EnvironmentProblemError, match=r"export\.write") as said:
        export(desk, tmp_path / "absent" / "décisions.csv")
    assert said.value.facts["path"].endswith("décisions.csv")
    assert desk.db.reads.journal_head() == before


def test_only_csv_and_json_are_known(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"export\.format"):
        export(desk, tmp_path / "décisions.xlsx")


def test_whoever_may_not_export_or_read_is_told(desk: Desk, tmp_path: Path) -> None:
    access = desk.services.access
    access.switch(desk.admin.staff.id)
    agent: Actor = access.introduce("Lou", Role.AGENT_311)
    with pytest.raises(PermissionDeniedError):
        desk.services.history.export(agent, HistoryFilter(), tmp_path / "x.csv", silent)
    with pytest.raises(PermissionDeniedError):
        desk.services.history.page(agent, HistoryFilter())
    made = desk.decide(desk.receive("c1"), Action.KEEP)
    with pytest.raises(PermissionDeniedError):
        desk.services.history.detail(agent, made.decision or pytest.fail("no decision"))
    assert desk.services.history.page(desk.moderator, HistoryFilter()).rows[0].decision_id == made.decision
    assert desk.clock.now() == NOW
