"""Recognises a file by its content: container, encoding, then the shape of its rows or objects."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from console.errors import ValidationError
from console.platforms.files import (
    delimited,
    exportcomments,
    facebook_comments,
    hootsuite,
    mapped,
    meta_messages,
    vigie,
    workbook,
    youtube_takeout,
)
from console.platforms.files.blob import HEAD, Blob, archive_kind, binary_kind
from console.platforms.files.encoding import detect, open_text
from console.platforms.files.json_stream import JsonError, JsonStream
from console.platforms.files.meta_messages import NOBODY, Conversation
from console.platforms.files.records import Records, parse_line, tabular
from console.platforms.files.table import Table

_MEMBERS = 60
_OFFICE = (("word/", "docx"), ("ppt/", "pptx"), ("META-INF/manifest.xml", "opendocument"))
_HTML = ("<!doctype html", "<html", "<head", "<!--")


@dataclass(frozen=True, slots=True)
class TableLook:
    """Rows under headers were recognised."""

    code: str
    table: Table
    encoding: str

    @property
    def blob(self) -> Blob:
        """Where the rows are."""
        return self.table.blob


@dataclass(frozen=True, slots=True)
class RecordLook:
    """Objects of a known shape were recognised."""

    code: str
    records: Records
    conversation: Conversation = NOBODY

    @property
    def blob(self) -> Blob:
        """Where the objects are."""
        return self.records.blob

    @property
    def encoding(self) -> str:
        """Of their text."""
        return self.records.encoding


Look = TableLook | RecordLook


def look(blob: Blob, sheet: str = "") -> Look:
    """Recognise a file that is no archive.

    Raises `ValidationError`: `import.empty`, `import.header_only`, `import.archive`,
    `import.binary` (fact `kind`), `import.office_or_locked`, `import.html`, `import.unknown`,
    `import.json_broken`, `import.truncated`, and those of `workbook.look`.
    """
    head = blob.head()
    if not head:
        raise ValidationError("import.empty", name=blob.name)
    archive = archive_kind(head)
    if archive == "zip" and not blob.member:
        return _of_table(_office(blob, sheet), "")
    if archive:
        raise ValidationError("import.archive", name=blob.name, kind=archive)
    kind = binary_kind(head)
    if kind:
        code = "import.office_or_locked" if kind == "ole" else "import.binary"
        raise ValidationError(code, name=blob.name, kind=kind.upper())
    encoding = detect(blob)
    with open_text(blob, encoding) as text:
        start = text.read(HEAD * 4).lstrip("\ufeff \t\r\n")
    if start[:15].lower().startswith(_HTML):
        raise ValidationError("import.html", name=blob.name)
    if _is_lines(start):
        return _of_lines(blob, encoding)
    if start.startswith(("{", "[")):
        return _of_document(blob, encoding)
    table = delimited.sniff(blob, encoding)
    if table is None:
        raise ValidationError("import.unknown", name=blob.name)
    return _of_table(table, encoding)


def is_archive(blob: Blob) -> bool:
    """Whether the file is a ZIP archive that is not an office document."""
    if archive_kind(blob.head(512)) != "zip":
        return False
    with zipfile.ZipFile(blob.path) as archive:
        names = archive.namelist()
    return not workbook.is_workbook(names) and not _office_kind(names)


def _office(blob: Blob, sheet: str) -> Table:
    with zipfile.ZipFile(blob.path) as archive:
        names = archive.namelist()
    if kind := _office_kind(names):
        raise ValidationError("import.binary", name=blob.name, kind=kind.upper())
    return workbook.look(blob, sheet)


def _office_kind(names: Sequence[str]) -> str:
    return next(
        (kind for sign, kind in _OFFICE if any(name.startswith(sign) for name in names)),
        "",
    )


def _of_table(table: Table, encoding: str) -> Look:
    if not table.sample and not _has_rows(table):
        raise ValidationError("import.header_only", name=table.blob.name)
    if youtube_takeout.find(table) is not None:
        return TableLook(youtube_takeout.CODE, table, encoding)
    for format_ in (hootsuite, exportcomments):
        if format_.matches(table):
            return TableLook(format_.CODE, table, encoding)
    return TableLook(mapped.CODE, table, encoding)


def _has_rows(table: Table) -> bool:
    with table.rows() as rows:
        return next(rows, None) is not None


def _is_lines(start: str) -> bool:
    """Whether the text is one JSON object a line, not one document.

    After a whole object on the first line, nothing more can belong to the same document; without
    one, most lines must be objects.
    """
    lines = [line for line in start.splitlines()[:_MEMBERS] if line.strip()]
    objects = [parsed for line in lines if (parsed := parse_line(line)) is not None]
    if not objects:
        return False
    if len(lines) == 1:
        return vigie.matches(objects[0]) or not _wraps_objects(objects[0])
    return parse_line(lines[0]) is not None or len(objects) * 2 >= len(lines)


def _wraps_objects(document: Mapping[str, Any]) -> bool:
    return any(
        isinstance(value, list) and (not value or isinstance(value[0], dict)) for value in document.values()
    )


def _of_lines(blob: Blob, encoding: str) -> Look:
    records = Records(blob, encoding, lines=True)
    with records.read() as source:
        first = [each[1] for each in islice(source, _MEMBERS) if isinstance(each, tuple)]
    if any(vigie.matches(each) for each in first):
        return RecordLook(vigie.CODE_LINES, records)
    return _of_records(records)


def _of_records(records: Records) -> Look:
    table = tabular(records)
    if table is None:
        raise ValidationError("import.empty", name=records.blob.name)
    return TableLook(mapped.CODE, table, records.encoding)


def _of_document(blob: Blob, encoding: str) -> Look:
    head, members = _top(blob, encoding)
    for key, found in members.items():
        records = Records(blob, encoding, lines=False, key=key)
        if key in facebook_comments.KEYS and any(facebook_comments.matches(each) for each in found):
            return RecordLook(facebook_comments.CODE, records)
        if key == meta_messages.KEY and any(meta_messages.matches(each) for each in found):
            conversation = Conversation.of(head, members.get("participants") or _participants(blob, encoding))
            return RecordLook(meta_messages.CODE, records, conversation)
        if any(vigie.matches(each) for each in found):
            return RecordLook(vigie.CODE_LIST, records)
    longest = max(members, key=lambda key: len(members[key]), default=None)
    if longest is None:
        code = "import.unknown" if head else "import.empty"
        raise ValidationError(code, name=blob.name)
    return _of_records(Records(blob, encoding, lines=False, key=longest))


def _top(blob: Blob, encoding: str) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The plain values at the top of a document, and the first objects of each list."""
    head: dict[str, Any] = {}
    members: dict[str, list[dict[str, Any]]] = {}
    seen = 0
    with open_text(blob, encoding) as text:
        stream = JsonStream(text)
        try:
            for key, value, listed in stream:
                seen += 1
                if listed and isinstance(value, dict):
                    members.setdefault(key, []).append(value)
                elif not listed:
                    head[key] = value
                if seen >= _MEMBERS:
                    break
        except JsonError as error:
            raise ValidationError(error.code, name=blob.name, row=error.member) from error
    return head, members


def _participants(blob: Blob, encoding: str) -> list[Any]:
    """The participants of a conversation whose file names them after the messages."""
    with Records(blob, encoding, lines=False, key="participants").read() as records:
        return [each[1] for each in records if isinstance(each, tuple)]
