"""French of the import: formats, sizes, encodings, columns, and the report as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from console.catalogue import Catalogue, Said
from console.services.intake import Recognised
from console.services.intake_run import ImportReport
from console.services.ports import Skipped
from ui import dates

MAIN_FIELDS = (
    "text", "posted_at", "author_name", "author_external_id", "platform", "account", "channel",
)  # fmt: skip
OTHER_FIELDS = (
    "time", "direction", "kind", "external_id", "permalink", "post_text", "post_external_id",
    "parent_external_id", "author_warnings",
)  # fmt: skip

_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "latin_1": "ISO 8859-1",
    "mac_roman": "Mac Roman",
}


def field_word(field: str) -> str:
    """What a column holds: «Texte du message»."""
    return Catalogue.load().label("import_field", field)


def format_word(recognised: Recognised) -> str:
    """The format as it was recognised: «Tableau, texte délimité (CSV)»."""
    label = Catalogue.load().label
    word = label("format", recognised.format)
    word = word[:1].upper() + word[1:]
    container = label("container", recognised.container) if recognised.container else ""
    return f"{word}, {container}" if container and recognised.format == "table" else word


def encoding_word(encoding: str) -> str:
    """The encoding as spreadsheets name it; "" for a format that has none of its own."""
    return _ENCODINGS.get(encoding.lower(), encoding.upper())


def size_word(size: int) -> str:
    """«12,4 Ko» (thousands, as the systems show them)."""
    if size < 1_000:
        return _tr("{size} octets").format(size=size)
    for unit in ("Ko", "Mo", "Go"):
        number = size / 1_000 ** (("Ko", "Mo", "Go").index(unit) + 1)
        if number < 1_000 or unit == "Go":
            shown = f"{number:.1f}".replace(".", ",").removesuffix(",0")
            return f"{shown}\u00a0{unit}"
    raise AssertionError


def count_word(count: int, one: str, many: str) -> str:
    """«1 ligne», «1 284 lignes»; the words hold `{n}`."""
    return (one if count == 1 else many).format(n=dates.number(count))


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A row that was not taken in, in words."""

    place: str
    reason: str
    next: str


def skipped_line(skipped: Skipped) -> SkippedLine:
    """The reason in French; columns that the reader names by code are named as the screen names them."""
    facts = {
        key: field_word(str(value)) if key in ("field", "column") else value
        for key, value in skipped.facts.items()
    }
    said: Said = Catalogue.load().error(skipped.code, facts)
    place = _tr("ligne {row}").format(row=dates.number(skipped.row)) if skipped.row else ""
    file = str(skipped.facts.get("file", ""))
    return SkippedLine(" · ".join(part for part in (file, place) if part), said.title, said.next)


def figures(report: ImportReport) -> tuple[tuple[str, int, str], ...]:
    """Name, number and explanation of each figure of the report."""
    return (
        (_tr("Ajoutés"), report.added, _tr("nouveaux messages")),
        (_tr("Mis à jour"), report.updated, _tr("modifiés depuis le dernier passage")),
        (_tr("Rouverts"), report.reopened, _tr("parmi les mis à jour, à traiter de nouveau")),
        (_tr("Inchangés"), report.unchanged, _tr("déjà là, rien de nouveau")),
        (_tr("En contexte"), report.context_only, _tr("écrits par la Ville, jamais jugés")),
        (_tr("Ignorés"), report.skipped_total, _tr("lignes avec une raison, ci-dessous")),
    )


def report_text(name: str, report: ImportReport) -> str:
    """The whole report as plain text."""
    return "\n".join(_report_lines(name, report)) + "\n"


def _report_lines(name: str, report: ImportReport) -> Iterator[str]:
    yield _tr("Importation de «\u00a0{name}\u00a0»").format(name=name)
    label = Catalogue.load().label("format", report.format)
    yield _tr("Format\u00a0: {format}").format(format=label)
    seconds = f"{report.seconds:.1f}".replace(".", ",")
    yield _tr("Durée\u00a0: {seconds}\u00a0s").format(seconds=seconds)
    yield ""
    for word, number, _why in figures(report):
        yield f"{word}\u00a0: {dates.number(number)}"
    if report.columns:
        yield ""
        yield _tr("Colonnes lues")
        for field, column in report.columns.items():
            yield f"{field_word(field)}\u00a0: {column}"
    if report.skipped:
        yield ""
        yield _tr("Lignes ignorées")
        for skipped in report.skipped:
            line = skipped_line(skipped)
            yield " – ".join(part for part in (line.place, line.reason, line.next) if part)
        more = report.skipped_total - len(report.skipped)
        if more > 0:
            yield _tr("… et {n} autres").format(n=dates.number(more))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportWords", text)
