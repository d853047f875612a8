"""Repetition: within a message, by many persons, and through the import of a real desk."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.domain.decisions import Action
from console.domain.messages import FACEBOOK, Channel
from console.domain.verdicts import Verdict
from console.netiquette.engine import Engine
from console.netiquette.model import Context, Earlier
from console.netiquette.policy_loader import shipped
from console.platforms.files import FileLibrary
from console.services.intake import Intake
from console.services.judging import EngineJudge
from console.services.rows import QueueFilter, QueueRow, Sort
from tests.builders import NOW, DeskFile, desk_file

TEXT = "La rivière appartient à tout le monde, gardez le quai ouvert l'hiver"
CHANGED = "La riviere appartient à tout le monde!! gardez le quai ouvert cet hiver"
COMMENT = Context(Channel.COMMENT, FACEBOOK, author="me", posted_at=NOW)


def explained(engine: Engine, text: str, *earlier: Earlier, context: Context = COMMENT) -> str:
    """The explanation of the finding `repetition`, "" without one."""
    verdict = engine.judge(text, dataclasses.replace(context, similar_recent=earlier))
    return next((each.explanation for each in verdict.findings if each.rule == "repetition"), "")


def earlier(text: str, minutes: float, author: str) -> Earlier:
    return Earlier(text, NOW - timedelta(minutes=minutes), "post", author)


def test_many_persons_with_one_text_in_a_short_time_are_told_as_such(engine: Engine) -> None:
    others = [earlier(CHANGED if number % 2 else TEXT, 8 - number / 2, f"p{number}") for number in range(11)]
    assert "12 personnes" in explained(engine, TEXT, *others)
    assert "8 minutes" in explained(engine, TEXT, *others)


def test_who_wrote_once_what_many_wrote_is_not_warned(engine: Engine) -> None:
    others = tuple(earlier(TEXT, number, f"p{number}") for number in range(9))
    raid = engine.judge(TEXT, dataclasses.replace(COMMENT, similar_recent=others, delivered_warnings=2))
    assert not {Action.WARN, Action.BAN} & set(raid.actions)
    assert Action.HIDE in raid.actions
    own = dataclasses.replace(COMMENT, similar_recent=others, author_recent=others[:3])
    assert Action.WARN in engine.judge(TEXT, own).actions


def test_hours_are_told_where_it_took_hours(engine: Engine) -> None:
    others = [earlier(TEXT, 60 * (number + 2), f"p{number}") for number in range(9)]
    said = explained(engine, TEXT, *others)
    assert "10 personnes" in said
    assert "10 heures" in said


@pytest.mark.parametrize(
    "others",
    [
        [earlier(TEXT, number, "p1") for number in range(1, 3)],  # one person's copies
        [earlier(TEXT, 60 * 24 * number, f"p{number}") for number in range(1, 4)],  # three days apart
        [earlier("Une tout autre opinion sur le quai de la rivière", 3, f"p{number}") for number in range(9)],
    ],
)
def test_few_copies_copies_over_days_and_other_texts_are_no_raid(
    engine: Engine, others: list[Earlier]
) -> None:
    assert "personnes" not in explained(engine, TEXT, *others)


def test_without_a_date_or_authors_nothing_is_said_of_persons(engine: Engine) -> None:
    undated = dataclasses.replace(COMMENT, posted_at=None)
    others = [earlier(TEXT, number, f"p{number}") for number in range(9)]
    assert "personnes" not in explained(engine, TEXT, *others, context=undated)
    nameless = [dataclasses.replace(each, author="") for each in others]
    assert "personnes" not in explained(engine, TEXT, *nameless)


def test_a_short_greeting_of_many_is_none(engine: Engine) -> None:
    assert not explained(engine, "Bravo!", *(earlier("Bravo!", number, f"p{number}") for number in range(9)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskFile]:
    with desk_file(tmp_path / "vigie.db") as opened:
        yield opened


def imported(desk: DeskFile, folder: Path, *records: tuple[str, str, str, datetime]) -> dict[str, QueueRow]:
    """Import (id, author, text, time); the rows of the queue by text id."""
    common = {"channel": "comment", "platform": "facebook", "account": "Ville", "parent": "Le quai"}
    lines = [
        json.dumps(
            {
                **common,
                "id": key,
                "text": text,
                "author": {"id": author, "name": author},
                "posted_at": at.isoformat(),
            }
        )
        for key, author, text, at in records
    ]
    path = folder / f"{records[0][0]}.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    intake = Intake(desk.db, EngineJudge(shipped()), FileLibrary(), desk.clock)
    intake.import_file(desk.actor(), path, lambda done, total: None, None)
    rows = desk.db.reads.queue(QueueFilter(), Sort.OLDEST, None, 1_000).rows
    return {row.author: row for row in rows}


def verdict_on(desk: DeskFile, row: QueueRow) -> Verdict:
    """What the moderator reads."""
    return desk.db.reads.case_detail(row.id, NOW, shipped().ladder).verdict


def test_a_raid_over_two_imports_is_seen_by_the_moderator(desk: DeskFile, tmp_path: Path) -> None:
    start = NOW - timedelta(hours=3)
    times = [start + timedelta(minutes=number) for number in range(6)]
    imported(desk, tmp_path, *((f"a{n}", f"Personne {n}", TEXT, at) for n, at in enumerate(times[:3])))
    rows = imported(
        desk, tmp_path, *((f"b{n}", f"Personne {n + 3}", CHANGED, at) for n, at in enumerate(times[3:]))
    )
    told = verdict_on(desk, rows["Personne 5"])
    assert "6 personnes" in next(each.explanation for each in told.findings if each.rule == "repetition")
    assert rows["Personne 5"].similar == 5
    assert not verdict_on(desk, rows["Personne 0"]).findings


def test_an_edit_is_judged_anew_and_keeps_the_earlier_text(desk: DeskFile, tmp_path: Path) -> None:
    at = NOW - timedelta(hours=2)
    before = imported(desk, tmp_path, ("c", "Personne", "Merci pour le quai", at))["Personne"]
    after = imported(desk, tmp_path, ("c", "Personne", "Appelez-moi au 819-555-0142", at))["Personne"]
    assert not before.chips
    assert "personal_information" in {chip.rule for chip in after.chips}
    assert after.id == before.id
    assert after.revision > before.revision
