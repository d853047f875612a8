"""Taking messages in: recognise a file, judge in batches, store, report. Idempotent, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from console.clock import Clock
from console.domain.folding import fold
from console.domain.ids import MessageId
from console.domain.roles import Actor, Permission
from console.domain.sanctions import LadderSettings
from console.errors import CancelledError, EnvironmentProblemError, ValidationError
from console.services.casework import Step
from console.services.intake_gone import close_gone
from console.services.intake_rejudge import judge_again
from console.services.intake_run import ImportReport, Origin, Run
from console.services.ports import Database, Judge, MessageSource, Progress
from console.services.rows import ChangeSet

__all__ = [
    "ColumnMapping",
    "FileFormats",
    "ImportReport",
    "Intake",
    "Member",
    "Recognised",
]

_MAPPINGS = "import.mappings"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How the columns of a table become messages: field of `IncomingMessage` → column header.

    Fields beyond those of `IncomingMessage`: `time` (time of day beside a date in `posted_at`) and
    `direction` (inbound/outbound, entrant/sortant). `constants` gives what no column holds:
    `platform`, `account`, `channel`, and for files of any format also `city` (names or ids under which
    the city itself writes, one a line), `date_order` (`dmy` or `mdy`) and `sheet`.
    """

    name: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]

    def fits(self, headers: Iterable[str]) -> bool:
        """Whether every column that the mapping names is there."""
        return bool(self.columns) and set(self.columns.values()) <= set(headers)

    @property
    def is_sure(self) -> bool:
        """Whether it says all that a message needs: text, date and author."""
        return {"text", "posted_at"} <= self.columns.keys() and bool(
            {"author_name", "author_external_id"} & self.columns.keys()
        )


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive that will be imported, and its format."""

    name: str
    format: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a look at a file's content found.

    `format` is a stable code (`vigie-jsonl`, `vigie-json`, `youtube-takeout-comments`,
    `facebook-comments`, `meta-messages`, `hootsuite-inbox`, `exportcomments`, `table`, `archive`).
    A `table` needs a mapping: `headers` and up to 5 `sample` rows are given, and `proposed` is a first
    guess (None when no column name says which holds the text).
    """

    path: Path
    format: str
    encoding: str
    size: int
    headers: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    proposed: ColumnMapping | None = None
    container: str = ""
    """`csv`, `xlsx`, `json` or `jsonl` for tables."""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    """Visible sheets of a workbook; `sheet` is the one that is read."""
    members: tuple[Member, ...] = ()
    participants: tuple[str, ...] = ()
    """Who takes part in private conversations, so that a person can say which is the city."""
    account: str = ""
    """The participant who is surely the city; empty when nothing in the file tells."""
    found: object = field(default=None, repr=False, compare=False)
    """For the adapter alone: saves looking twice."""


class FileFormats(Protocol):
    """The file formats, fulfilled by `console.platforms.files`."""

    def recognise(self, path: Path, sheet: str = "") -> Recognised:
        """Recognise by content, never by name."""
        ...

    def open(
        self, recognised: Recognised, mapping: ColumnMapping | None, city_names: frozenset[str] = frozenset()
    ) -> MessageSource:
        """Open as a source, lazily. `city_names`: accounts that Vigie knows."""
        ...

    def formats(self) -> Iterable[str]:
        """Codes of all formats."""
        ...


class Intake:
    """Use cases of importing."""

    def __init__(
        self,
        db: Database,
        judge: Judge,
        files: FileFormats,
        clock: Clock,
        ladder: Callable[[], LadderSettings] = LadderSettings,
    ) -> None:
        """`ladder` gives the city's settings of the day (`Preferences.ladder`)."""
        self._db, self._judge, self._files, self._clock = db, judge, files, clock
        self._ladder = ladder

    def recognise(self, path: Path, sheet: str = "") -> Recognised:
        """Look at the content; `sheet` chooses one of a workbook.

        Codes: `import.missing`, `import.empty`, `import.header_only`, `import.unreadable`,
        `import.unknown`, `import.binary`, `import.html`, `import.office_or_locked`,
        `import.json_broken`, `import.truncated`, `import.workbook_broken`, `import.workbook_too_big`,
        `import.sheet_missing`, `import.header_missing`, and for archives `import.archive`,
        `import.archive_broken`, `import.archive_encrypted`, `import.archive_paths`,
        `import.archive_bomb`, `import.archive_nested`, `import.archive_nothing`.
        """
        return self._files.recognise(path, sheet)

    def import_file(
        self, actor: Actor, path: Path, progress: Progress, mapping: ColumnMapping | None = None
    ) -> ImportReport:
        """Import all of it or nothing: `progress` may raise `CancelledError` and nothing stays.

        The file is read once whole (`progress(rows, None)`), then judged in the order in which the
        messages were posted, in batches into a staging area (`progress(rows, total)`), and published
        with its journal entry in one transaction: a kill leaves either the whole import or none of it.

        A table without a mapping takes the newest saved one whose columns it has, else the proposed
        one if that is sure of text, date and author. Needs IMPORT. Codes: those of `recognise`,
        `import.mapping_missing`, `import.column_missing`, `import.dates_ambiguous`, `import.running`.
        """
        actor.require(Permission.IMPORT, self._clock.now())
        recognised = self._files.recognise(path, (mapping.constants if mapping else {}).get("sheet", ""))
        if recognised.format == "table" and (mapping is None or not mapping.columns):
            mapping = self._chosen(recognised, mapping)
        names = frozenset(account.name for account in self._db.reads.accounts())
        source = self._files.open(recognised, mapping, names)
        origin = Origin(path.name, _sha256(path, progress), recognised.size)
        report = self._run(actor, source, progress, origin)
        return replace(
            report,
            columns=dict(mapping.columns) if mapping else {},
            sheet=recognised.sheet,
            members=tuple(each.name for each in recognised.members),
            notes=("import.note.city_unknown",) if _city_unknown(recognised, mapping, names) else (),
        )

    def take_in(self, actor: Actor, source: MessageSource, progress: Progress) -> ImportReport:
        """The same for any source."""
        actor.require(Permission.IMPORT, self._clock.now())
        return self._run(actor, source, progress, Origin())

    def mark_gone(self, actor: Actor, message: MessageId) -> ChangeSet:
        """The message is no longer on its platform: an open case closes, its words are kept. Needs IMPORT.

        Code `case.unknown`. A message that is known to be gone stays so.
        """
        now = self._clock.now()
        actor.require(Permission.IMPORT, now)
        with self._db.write() as unit:
            if not close_gone(Step(unit, actor, now), message):
                return ChangeSet()
        return ChangeSet(messages=frozenset({message}), counts=True)

    def rejudge(self, actor: Actor, progress: Progress) -> ChangeSet:
        """Judge the open cases again, after the policy changed. Decided cases keep their verdict. Needs
        MANAGE_POLICY; journalled (`verdicts.renewed`). `progress` may stop it between batches."""
        actor.require(Permission.MANAGE_POLICY, self._clock.now())
        return judge_again(self._db, self._judge, self._clock, actor, self._ladder(), progress)

    def mappings(self) -> tuple[ColumnMapping, ...]:
        """Saved presets, the newest first."""
        stored = self._db.reads.setting(_MAPPINGS) or []
        return tuple(ColumnMapping(each["name"], each["columns"], each["constants"]) for each in stored)

    def save_mapping(self, actor: Actor, mapping: ColumnMapping) -> None:
        """Keep or replace a preset by its name. Needs IMPORT. Code `import.mapping_name_missing`."""
        actor.require(Permission.IMPORT, self._clock.now())
        name = mapping.name.strip()
        if not name:
            raise ValidationError("import.mapping_name_missing")
        kept = [each for each in self.mappings() if each.name != name]
        with self._db.write() as unit:
            unit.put_setting(_MAPPINGS, [_stored(each) for each in (replace(mapping, name=name), *kept)])

    def forget_mapping(self, actor: Actor, name: str) -> None:
        """Drop a preset; one that does not exist is no error. Needs IMPORT."""
        actor.require(Permission.IMPORT, self._clock.now())
        with self._db.write() as unit:
            unit.put_setting(_MAPPINGS, [_stored(each) for each in self.mappings() if each.name != name])

    def _chosen(self, recognised: Recognised, given: ColumnMapping | None) -> ColumnMapping:
        saved = next((each for each in self.mappings() if each.fits(recognised.headers)), None)
        proposed = recognised.proposed if recognised.proposed and recognised.proposed.is_sure else None
        chosen = saved or proposed
        if chosen is None:
            raise ValidationError("import.mapping_missing", name=recognised.path.name)
        return replace(chosen, constants={**chosen.constants, **(given.constants if given else {})})

    def _run(self, actor: Actor, source: MessageSource, progress: Progress, origin: Origin) -> ImportReport:
        return Run(self._db, self._judge, self._clock, actor, origin, self._ladder()).take(source, progress)


def _city_unknown(recognised: Recognised, mapping: ColumnMapping | None, names: frozenset[str]) -> bool:
    """Whether conversations were read of which nothing told the city's side: everything was judged."""
    said = (mapping.constants if mapping else {}).get("city", "").splitlines()
    known = {fold(name) for name in (*names, *said)}
    return bool(recognised.participants) and not (
        recognised.account or known & {fold(name) for name in recognised.participants}
    )


def _stored(mapping: ColumnMapping) -> dict[str, Any]:
    return {
        "name": mapping.name,
        "columns": dict(mapping.columns),
        "constants": dict(mapping.constants),
    }


def _sha256(path: Path, progress: Progress) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 22):
                digest.update(chunk)
                progress(0, None)
    except CancelledError:
        raise
    except OSError as error:
        raise EnvironmentProblemError(
            "import.unreadable", name=path.name, system=error.strerror or ""
        ) from error
    return digest.hexdigest()
