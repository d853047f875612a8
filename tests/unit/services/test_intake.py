"""Importing on a real desk: what is judged, what it is judged with, and that nothing doubles."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from console.domain.cases import CaseState
from console.domain.emergency import Emergency
from console.domain.ids import AccountId
from console.domain.messages import FACEBOOK, Account, AccountType
from console.domain.roles import Role
from console.errors import CancelledError, ConflictError, PermissionDeniedError, ValidationError
from console.platforms.files import FileLibrary
from console.services.intake import ColumnMapping, ImportReport, Intake
from console.services.intake_run import BATCH
from console.services.ports import Skipped
from console.services.rows import QueueFilter, QueueRow, Sort
from tests.builders import NOW, DeskFile, desk_file
from tests.judges import PlainJudge


class Importer:
    """A desk with the import over it."""

    def __init__(self, desk: DeskFile, folder: Path) -> None:
        self.desk, self.folder, self.judge = desk, folder, PlainJudge()
        self.intake = Intake(desk.db, self.judge, FileLibrary(), desk.clock)

    def write(self, *records: dict[str, Any] | str, name: str = "messages.jsonl") -> Path:
        """A JSONL file; strings are lines as they are."""
        path = self.folder / name
        lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in records]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def run(self, *records: dict[str, Any] | str) -> ImportReport:
        """Import them."""
        return self.file(self.write(*records))

    def file(self, path: Path, mapping: ColumnMapping | None = None) -> ImportReport:
        """Import a file."""
        return self.intake.import_file(self.desk.actor(), path, _silent, mapping)

    def queue(self, *states: CaseState) -> list[QueueRow]:
        """What waits (or is in other states), oldest first."""
        where = QueueFilter(states=frozenset(states)) if states else QueueFilter()
        return list(self.desk.db.reads.queue(where, Sort.OLDEST, None, 10_000).rows)

    def journal(self) -> list[dict[str, Any]]:
        """What imports left in the journal."""
        return [
            {**link.event.payload, "actor": link.event.actor}
            for link in self.desk.db.reads.journal()
            if link.event.kind == "import.done"
        ]


def _silent(done: int, total: int | None) -> None:
    pass


def _comment(number: int, text: str = "", minutes: int | None = None, **more: Any) -> dict[str, Any]:
    at = NOW - timedelta(days=2) + timedelta(minutes=number if minutes is None else minutes)
    return {
        "id": f"c-{number}",
        "channel": "comment",
        "platform": "facebook",
        "account": "Ville",
        "text": text or f"Bonjour numéro {number}",
        "author": {"id": f"u{number}", "name": f"Personne {number}"},
        "posted_at": at.isoformat(),
        **more,
    }


@pytest.fixture
def importer(tmp_path: Path) -> Iterator[Importer]:
    """An import over a fresh desk."""
    with desk_file(tmp_path / "vigie.db") as desk:
        yield Importer(desk, tmp_path)


def test_messages_reach_the_queue_with_their_verdict(importer: Importer) -> None:
    report = importer.run(_comment(1), _comment(2, "Gang de pourris"))
    assert (report.format, report.added, report.updated, report.unchanged) == ("vigie-jsonl", 2, 0, 0)
    calm, rude = importer.queue()
    assert (calm.severity, rude.severity) == (0, 3)
    assert [chip.rule for chip in rude.chips] == ["insult"]
    assert importer.judge.prepared == 1


def test_importing_again_doubles_nothing_and_judges_nothing(importer: Importer) -> None:
    records = [_comment(number) for number in range(20)]
    importer.run(*records)
    importer.judge.seen.clear()
    report = importer.run(*records, _comment(20))
    assert (report.added, report.updated, report.unchanged) == (1, 0, 20)
    assert set(importer.judge.seen) == {"c-20"}
    assert len(importer.queue()) == 21


def test_an_edit_updates_and_reopens_what_was_decided(importer: Importer) -> None:
    importer.run(_comment(1), _comment(2))
    first, _ = importer.queue()
    importer.desk.decide(first.id)
    report = importer.run(_comment(1, "Gang de pourris"), _comment(2, "Gang de pourris"))
    assert (report.added, report.updated, report.unchanged, report.reopened) == (0, 2, 0, 1)
    assert [row.revision for row in importer.queue()] == [2, 2]
    assert [row.severity for row in importer.queue()] == [3, 3]


def test_the_same_id_twice_in_a_file(importer: Importer) -> None:
    report = importer.run(_comment(1, "un"), _comment(1, "un"), _comment(1, "deux"))
    (row,) = importer.queue()
    assert (row.excerpt, row.revision) == ("deux", 2)
    assert report.added == 1
    assert report.unchanged == 1


def test_rows_that_were_left_out_are_named(importer: Importer) -> None:
    report = importer.run(_comment(1), "{", _comment(3), '{"id": "4", "text": ""}')
    assert report.added == 2
    assert report.skipped_total == 2
    assert report.skipped == (Skipped(2, "import.row.json", {}), Skipped(4, "import.row.text_missing", {}))


def test_the_report_names_a_thousand_rows_and_counts_all(importer: Importer) -> None:
    report = importer.run(_comment(1), *["{"] * 1500)
    assert (len(report.skipped), report.skipped_total) == (1000, 1500)


def test_the_citys_own_words_are_context(importer: Importer) -> None:
    report = importer.run(_comment(1), _comment(2, by_city=True))
    assert (report.added, report.context_only) == (2, 1)
    assert [row.excerpt for row in importer.queue()] == ["Bonjour numéro 1"]
    assert [row.excerpt for row in importer.queue(CaseState.CLOSED)] == ["Bonjour numéro 2"]
    assert set(importer.judge.seen) == {"c-1"}


def test_an_author_is_seen_with_what_they_wrote_before(importer: Importer) -> None:
    by = {"author": {"id": "u", "name": "Léa"}}
    importer.run(_comment(1, **by))
    importer.run(_comment(2, **by), _comment(3, **by), _comment(4))
    assert [each.text for each in importer.judge.seen["c-3"].author_recent] == [
        "Bonjour numéro 1",
        "Bonjour numéro 2",
    ]
    assert importer.judge.seen["c-4"].author_recent == ()


def test_a_file_that_begins_with_the_newest_is_judged_in_order(importer: Importer) -> None:
    records = [_comment(number, "Même chose", author={"id": "u", "name": "Léa"}) for number in range(600)]
    importer.run(*reversed(records))
    seen = importer.judge.seen
    assert len(seen["c-0"].author_recent) == len(seen["c-0"].similar_recent) == 0
    assert len(seen["c-3"].author_recent) == len(seen["c-3"].similar_recent) == 3
    assert len(seen["c-599"].similar_recent) == 50
    assert all(each.posted_at < NOW for each in seen["c-599"].similar_recent)
    rows = importer.queue()
    assert [row.similar for row in rows[:4]] == [0, 1, 2, 3]


def test_a_flood_is_found_across_files_but_not_from_the_future(importer: Importer) -> None:
    importer.run(_comment(1, "Même chose", minutes=60))
    importer.run(_comment(2, "Même  CHOSE", minutes=30), _comment(3, "Même chose", minutes=90))
    assert importer.judge.seen["c-2"].similar_recent == ()
    assert [each.text for each in importer.judge.seen["c-3"].similar_recent] == ["Même  CHOSE", "Même chose"]


def test_an_edit_is_no_repetition_of_itself(importer: Importer) -> None:
    importer.run(_comment(1, "Bonjour"))
    importer.run(_comment(1, "bonjour"))
    assert importer.judge.seen["c-1"].author_recent == ()
    assert importer.judge.seen["c-1"].similar_recent == ()


def test_replies_and_private_messages_have_their_thread(importer: Importer) -> None:
    private = {"channel": "private", "author": {"id": "u9", "name": "Léa"}}
    importer.run(
        _comment(1, "Le pont ferme?"),
        _comment(2, "Oui", parent_id="c-1"),
        _comment(3, "Non", parent_id="c-1"),
        _comment(4, "Ailleurs"),
        _comment(5, "Allô", **private),
        _comment(6, "Vous êtes là?", **private),
        _comment(7, "Fil donné", parent_id="c-1", thread=[{"author": "Jo", "text": "Déjà dit"}]),
    )
    assert importer.judge.threads["c-3"] == ("Le pont ferme?", "Oui")
    assert importer.judge.threads["c-4"] == ()
    assert importer.judge.threads["c-6"] == ("Allô",)
    assert importer.judge.threads["c-7"] == ("Déjà dit",)


def test_delivered_warnings_are_counted_and_declared_ones_are_not(importer: Importer) -> None:
    importer.run(_comment(1), _comment(2, author={"id": "u2", "name": "Jo", "warnings": 5}))
    case = importer.queue()[0].id
    importer.desk.warn(case, importer.desk.decide(case))
    importer.run(
        _comment(3, author={"id": "u1", "name": "Léa"}), _comment(4, author={"id": "u2", "name": "Jo"})
    )
    assert importer.judge.seen["c-3"].delivered_warnings == 1
    assert importer.judge.seen["c-4"].delivered_warnings == 0


def test_the_emergency_is_known_while_it_lasts(importer: Importer) -> None:
    person = importer.desk.people[Role.SUPERVISOR].id
    started = Emergency("Crue", NOW, person, NOW + timedelta(hours=8))
    with importer.desk.db.write() as unit:
        unit.put_emergency(started)
    importer.run(_comment(1))
    assert importer.judge.seen["c-1"].emergency
    with importer.desk.db.write() as unit:
        unit.put_emergency(Emergency("Crue", NOW, person, NOW + timedelta(hours=8), NOW, person))
    importer.run(_comment(2))
    assert not importer.judge.seen["c-2"].emergency


def test_the_journal_says_what_was_imported(importer: Importer) -> None:
    path = importer.write(_comment(1), _comment(2, by_city=True), "{")
    importer.file(path)
    (entry,) = importer.journal()
    assert entry == {
        "file": "messages.jsonl",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "size": path.stat().st_size,
        "format": "vigie-jsonl",
        "engine": "juge-1",
        "added": 2,
        "updated": 0,
        "reopened": 0,
        "unchanged": 0,
        "context_only": 1,
        "skipped": 1,
        "actor": importer.desk.people[Role.MODERATOR].id,
    }


def test_progress_tells_rows_read_and_then_judged(importer: Importer) -> None:
    told: list[tuple[int, int | None]] = []
    path = importer.write(*[_comment(number) for number in range(BATCH * 2 + 10)])
    importer.intake.import_file(importer.desk.actor(), path, lambda *step: told.append(step))
    reading = [step for step in told if step[1] is None]
    judging = [step for step in told if step[1] is not None]
    assert reading[-1] == (BATCH * 2, None)
    assert judging == [(0, 1010), (BATCH, 1010), (BATCH * 2, 1010), (1010, 1010)]


@pytest.mark.parametrize("step", range(1, 8))
def test_cancelling_at_any_step_leaves_nothing(importer: Importer, step: int) -> None:
    steps = iter(range(1, 100))

    def progress(done: int, total: int | None) -> None:
        if next(steps) == step:
            raise CancelledError("work.cancelled")

    path = importer.write(*[_comment(number) for number in range(BATCH * 2)])
    with pytest.raises(CancelledError):
        importer.intake.import_file(importer.desk.actor(), path, progress)
    assert importer.queue() == []
    assert importer.journal() == []
    assert importer.desk.db.reads.accounts() == ()
    assert importer.file(path).added == BATCH * 2


def test_a_judge_that_fails_leaves_nothing(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> tuple[int, ...]:
        if text.endswith(str(BATCH + 3)):
            raise RuntimeError
        return ()

    monkeypatch.setattr(importer.judge, "bands", fail)
    path = importer.write(*[_comment(number) for number in range(BATCH * 2)])
    with pytest.raises(RuntimeError):
        importer.file(path)
    assert importer.queue() == []
    monkeypatch.undo()
    assert importer.file(path).added == BATCH * 2


def test_a_file_that_breaks_at_its_end_leaves_nothing(importer: Importer) -> None:
    path = importer.folder / "liste.json"
    whole = json.dumps([_comment(number) for number in range(BATCH * 2)])
    path.write_text(whole[:-40], encoding="utf-8")
    with pytest.raises(ValidationError) as caught:
        importer.file(path)
    assert caught.value.code == "import.truncated"
    assert importer.queue() == []


def test_decisions_pass_while_an_import_runs_and_a_second_import_does_not(importer: Importer) -> None:
    importer.run(_comment(9000))
    case = importer.queue()[0].id
    decided = []

    def progress(done: int, total: int | None) -> None:
        if total and done == BATCH:
            importer.desk.decide(case)
            decided.append(case)
            with pytest.raises(ConflictError) as caught:
                importer.run(_comment(9001))
            assert caught.value.code == "import.running"

    path = importer.write(*[_comment(number) for number in range(BATCH * 2)], name="grand.jsonl")
    assert importer.intake.import_file(importer.desk.actor(), path, progress).added == BATCH * 2
    assert [row.id for row in importer.queue(CaseState.DECIDED)] == decided


def test_only_who_may_import_does(importer: Importer) -> None:
    path = importer.write(_comment(1))
    for role in (Role.AGENT_311, Role.AUDITOR):
        with pytest.raises(PermissionDeniedError):
            importer.intake.import_file(importer.desk.actor(role), path, _silent)
        with pytest.raises(PermissionDeniedError):
            importer.intake.save_mapping(importer.desk.actor(role), ColumnMapping("a", {"text": "t"}, {}))
    assert importer.queue() == []


def _conversation(importer: Importer, *names: str) -> Path:
    messages = [
        {"sender_name": name, "timestamp_ms": 1750790000000, "content": f"de {name}"} for name in names
    ]
    path = importer.folder / "message_1.json"
    participants = [{"name": name} for name in names]
    path.write_text(json.dumps({"participants": participants, "messages": messages}), encoding="utf-8")
    return path


def test_a_conversation_without_a_known_side_is_judged_whole_and_says_so(importer: Importer) -> None:
    path = _conversation(importer, "L", "Ville de X")
    report = importer.file(path)
    assert (report.context_only, report.notes) == (0, ("import.note.city_unknown",))
    named = importer.file(path, ColumnMapping("", {}, {"city": "ville de x", "account": "Page"}))
    assert (named.context_only, named.notes) == (1, ())


def test_a_conversation_knows_the_citys_account(importer: Importer) -> None:
    with importer.desk.db.write() as unit:
        unit.put_account(Account(AccountId("a" * 32), FACEBOOK, "Ville de X", AccountType.OFFICIAL))
    report = importer.file(_conversation(importer, "L", "Ville de X"))
    assert (report.added, report.context_only, report.notes) == (2, 1, ())
    assert [row.excerpt for row in importer.queue()] == ["de L"]


def test_the_report_names_the_sheet_and_the_files_of_an_archive(importer: Importer) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Juin"
    for row in (["Date", "Auteur", "Texte"], ["2025-06-24", "Léa", "Allô"]):
        book.active.append(row)
    book.save(importer.folder / "classeur.xlsx")
    assert importer.file(importer.folder / "classeur.xlsx").sheet == "Juin"
    archive = importer.folder / "archive.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(importer.write(_comment(1)), "a/un.jsonl")
        opened.write(importer.write(_comment(2)), "a/deux.jsonl")
    report = importer.file(archive)
    assert (report.format, report.added, report.members) == ("archive", 2, ("a/un.jsonl", "a/deux.jsonl"))


TABLE = "Date;Auteur;Commentaire\n2025-06-24 14:30;Léa;Allô\n2025-06-24 14:31;Jo;Bonjour\n"


def test_a_table_that_names_its_columns_needs_no_help(importer: Importer) -> None:
    path = importer.folder / "export.csv"
    path.write_text(TABLE, encoding="utf-8")
    report = importer.file(path)
    assert report.added == 2
    assert report.columns == {"posted_at": "Date", "author_name": "Auteur", "text": "Commentaire"}
    assert importer.file(path).unchanged == 2


def test_a_table_that_does_not_asks_for_a_mapping_and_a_saved_one_is_taken_again(importer: Importer) -> None:
    path = importer.folder / "export.csv"
    path.write_text(TABLE.replace("Commentaire", "Parole"), encoding="utf-8")
    with pytest.raises(ValidationError) as caught:
        importer.file(path)
    assert caught.value.code == "import.mapping_missing"
    mapping = ColumnMapping(
        "Mon outil", {"text": "Parole", "author_name": "Auteur"}, {"platform": "Instagram"}
    )
    importer.intake.save_mapping(importer.desk.actor(), mapping)
    assert importer.file(path).added == 2
    assert {row.platform for row in importer.queue()} == {"instagram"}


def test_presets_are_kept_by_name_newest_first(importer: Importer) -> None:
    actor, save = importer.desk.actor(), importer.intake.save_mapping
    save(actor, ColumnMapping("un", {"text": "a"}, {}))
    save(actor, ColumnMapping("deux", {"text": "b"}, {}))
    save(actor, ColumnMapping(" un ", {"text": "c"}, {"account": "Ville"}))
    assert importer.intake.mappings() == (
        ColumnMapping("un", {"text": "c"}, {"account": "Ville"}),
        ColumnMapping("deux", {"text": "b"}, {}),
    )
    importer.intake.forget_mapping(actor, "un")
    assert [each.name for each in importer.intake.mappings()] == ["deux"]
    with pytest.raises(ValidationError) as caught:
        save(actor, ColumnMapping("  ", {"text": "a"}, {}))
    assert caught.value.code == "import.mapping_name_missing"
