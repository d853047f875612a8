"""Taking messages in: recognise a file, judge in batches, store, report. Idempotent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from console.clock import Clock
from console.domain.roles import Actor
from console.services.ports import Database, Judge, MessageSource, Progress, Skipped


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How the columns of a table become messages: field of `IncomingMessage` → column header.

    `constants` gives fields that no column holds (e.g. platform, account, channel).
    """

    name: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a look at a file's content found.

    `format` is a stable code (`vigie-jsonl`, `youtube-takeout-comments`, `facebook-comments`,
    `meta-messages`, `hootsuite-inbox`, `exportcomments`, `table`). A `table` needs a mapping:
    `headers` and up to 5 `sample` rows are given, and `proposed` is a first guess.
    """

    path: Path
    format: str
    encoding: str
    size: int
    headers: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    proposed: ColumnMapping | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What happened to every row of one file. `skipped` holds at most 1,000, `skipped_total` all."""

    format: str
    added: int
    updated: int
    unchanged: int
    reopened: int
    context_only: int
    skipped: tuple[Skipped, ...]
    skipped_total: int
    seconds: float


class Intake:
    """Use cases of importing."""

    def __init__(self, db: Database, judge: Judge, files: FileFormats, clock: Clock) -> None:
        self._db, self._judge, self._files, self._clock = db, judge, files, clock

    def recognise(self, path: Path) -> Recognised:
        """Look at the content. Codes `import.missing`, `import.empty`, `import.unreadable`, `import.unknown`,
        `import.archive`."""
        raise NotImplementedError

    def import_file(
        self, actor: Actor, path: Path, progress: Progress, mapping: ColumnMapping | None = None
    ) -> ImportReport:
        """Import all of it or nothing: `progress` may raise `CancelledError` and nothing stays.

        Writes in batches into a staging area and publishes them in one transaction, so that a kill
        leaves either the whole import or none of it. Codes: those of `recognise`, `import.mapping_missing`,
        `import.column_missing`.
        """
        raise NotImplementedError

    def take_in(self, actor: Actor, source: MessageSource, progress: Progress) -> ImportReport:
        """The same for any source."""
        raise NotImplementedError

    def mappings(self) -> tuple[ColumnMapping, ...]:
        """Saved presets."""
        raise NotImplementedError

    def save_mapping(self, actor: Actor, mapping: ColumnMapping) -> None:
        """Keep or replace a preset by its name."""
        raise NotImplementedError


class FileFormats:
    """Protocol of the file-format adapter (console.platforms.files); see the implementer."""

    def recognise(self, path: Path) -> Recognised:
        """Recognise by content."""
        raise NotImplementedError

    def open(self, recognised: Recognised, mapping: ColumnMapping | None) -> MessageSource:
        """Open as a source, lazily."""
        raise NotImplementedError

    def formats(self) -> Iterable[str]:
        """Codes of all formats."""
        raise NotImplementedError
