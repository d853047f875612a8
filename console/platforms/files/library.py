"""The file formats that Vigie reads: `FileFormats` of the services, fulfilled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from console.errors import ValidationError
from console.platforms.files import (
    archive,
    exportcomments,
    facebook_comments,
    hootsuite,
    mapped,
    meta_messages,
    vigie,
    youtube_takeout,
)
from console.platforms.files.blob import Blob, guarded
from console.platforms.files.headers import propose
from console.platforms.files.looking import Look, RecordLook, TableLook, is_archive, look
from console.platforms.files.meta_messages import Conversation
from console.platforms.files.reading import FileSource, reader
from console.platforms.files.values import Options, named
from console.platforms.files.workbook import WorkbookTable
from console.services.intake import ColumnMapping, Member, Recognised
from console.services.ports import MessageSource, Skipped

ARCHIVE = "archive"
_BROKEN = frozenset({"import.json_broken", "import.truncated"})


@dataclass(frozen=True, slots=True)
class _Found:
    """What `recognise` keeps for `open`: the recognised parts, and members that broke."""

    sheet: str
    looks: tuple[Look, ...]
    broken: tuple[Skipped, ...] = ()


class FileLibrary:
    """Recognises files by content and opens them as message sources. Keeps no state."""

    def formats(self) -> Iterable[str]:
        """Codes of all formats."""
        return (
            vigie.CODE_LINES,
            vigie.CODE_LIST,
            youtube_takeout.CODE,
            facebook_comments.CODE,
            meta_messages.CODE,
            hootsuite.CODE,
            exportcomments.CODE,
            mapped.CODE,
            ARCHIVE,
        )

    def recognise(self, path: Path, sheet: str = "") -> Recognised:
        """Look at the content. Codes: those of `looking.look` and `archive.candidates`, and
        `import.missing`, `import.unreadable`, `import.archive_broken`, `import.archive_nothing`."""
        blob = Blob(path)
        with guarded(path):
            return _described(blob, _find(blob, sheet))

    def open(
        self, recognised: Recognised, mapping: ColumnMapping | None, city_names: frozenset[str] = frozenset()
    ) -> MessageSource:
        """A source that reads lazily. `mapping.constants` may say `account`, `platform`, `channel`,
        `city` (names or ids under which the city writes, one a line), `date_order` (`dmy`, `mdy`) and
        `sheet` for any format; `city_names` are those that Vigie knows, for conversations only.

        Codes: `import.mapping_missing`, `import.column_missing`, `import.dates_ambiguous`.
        """
        options = Options.of(mapping.constants if mapping else {})
        found = recognised.found
        with guarded(recognised.path):
            if not isinstance(found, _Found) or (options.sheet and options.sheet != found.sheet):
                found = _find(Blob(recognised.path), options.sheet)
            known = named(city_names) | options.city | _owner(found.looks)
            parts = tuple(
                (each, reader(each, _for_format(each, options, known), mapping)) for each in found.looks
            )
        return FileSource(recognised.format, parts, found.broken)


def _find(blob: Blob, sheet: str) -> _Found:
    if not blob.path.is_file():
        raise ValidationError("import.missing", name=blob.name)
    return _in_archive(blob) if is_archive(blob) else _Found(sheet, (look(blob, sheet),))


def _for_format(part: Look, options: Options, known: frozenset[str]) -> Options:
    """Only the two sides of a conversation are told apart by known names: a name above a public
    comment can be borrowed, and somebody who poses as the city must still be judged."""
    return replace(options, city=known) if part.code == meta_messages.CODE else options


def _in_archive(blob: Blob) -> _Found:
    looks: list[Look] = []
    broken: list[Skipped] = []
    for member in archive.candidates(blob):
        try:
            looks.append(look(member))
        except ValidationError as error:
            if error.code in _BROKEN:
                broken.append(Skipped(0, "import.row.member", {"file": member.member, "reason": error.code}))
    known = [each for each in looks if each.code != mapped.CODE]
    if not known and len(looks) == 1:
        known = looks
    if not known:
        raise ValidationError("import.archive_nothing", name=blob.name)
    return _Found("", tuple(known), tuple(broken))


def _conversations(looks: Iterable[Look]) -> list[Conversation]:
    return [
        each.conversation for each in looks if isinstance(each, RecordLook) and each.conversation.participants
    ]


def _owner(looks: Iterable[Look]) -> frozenset[str]:
    """Whoever takes part in every conversation of a download with several is its owner."""
    conversations = _conversations(looks)
    counted = Counter(name for each in conversations for name in set(each.participants))
    everywhere = [name for name, count in counted.items() if count == len(conversations)]
    sure = len(conversations) > 1 and len(everywhere) == 1
    return named(everywhere) if sure else frozenset()


def _described(blob: Blob, found: _Found) -> Recognised:
    first, several = found.looks[0], len(found.looks) > 1
    conversations = _conversations(found.looks)
    names = dict.fromkeys(name for each in conversations for name in each.participants)
    cities = {each.city(_owner(found.looks)) for each in conversations}
    recognised = Recognised(
        path=blob.path,
        format=ARCHIVE if several else first.code,
        encoding=first.encoding,
        size=blob.path.stat().st_size,
        members=tuple(Member(each.blob.member, each.code) for each in found.looks if each.blob.member),
        participants=tuple(names),
        account=cities.pop() if len(cities) == 1 else "",
        found=found,
    )
    if several or not isinstance(first, TableLook):
        return recognised
    table = first.table
    recognised = replace(recognised, container=table.container)
    if isinstance(table, WorkbookTable):
        recognised = replace(recognised, sheet=table.sheet, sheets=table.sheets)
    if first.code != mapped.CODE:
        return recognised
    proposed = propose(table.headers, table.sample)
    return replace(recognised, headers=table.headers, sample=table.sample, proposed=proposed)
