"""The recovery code on paper: one page, printed or written as PDF."""

from __future__ import annotations

import html
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QIODevice, QMarginsF, QSaveFile, QSysInfo
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from console.errors import EnvironmentProblemError
from ui import dates

_POINTS = 11


def lines(code: str) -> tuple[str, str]:
    """Four groups a line."""
    groups = code.split("-")
    return "-".join(groups[:4]), "-".join(groups[4:])


def sheet(code: str, made_by: str, at: datetime, home: Path) -> QTextDocument:
    """The page, in black on white whatever the theme."""
    first, second = lines(code)
    made = _tr("Fait le {date} par {name}.").format(date=dates.moment(at), name=made_by)
    place = _tr("Poste {machine}, dossier {folder}").format(machine=QSysInfo.machineHostName(), folder=home)
    advice = (
        _tr("Gardez cette page dans une enveloppe scellée, sous clé, loin de ce poste."),
        _tr("Avec elle et une copie de la base, n’importe qui peut lire ce que la base contient."),
        _tr(
            "Elle sert quand le trousseau du système a perdu la clé (nouveau compte, poste remplacé ou "
            "rétabli)\u00a0: Vigie demande le code à l’ouverture, ou tapez «\u00a0vigie desk recover\u00a0»."
        ),
        _tr("Un code plus récent rend celui-ci inutile\u00a0: détruisez alors cette page."),
        _tr("Les lettres I, L, O et U n’y paraissent pas; majuscules, espaces et tirets ne comptent pas."),
    )
    document = QTextDocument()
    document.setDefaultStyleSheet("body { color: black } h1 { font-size: 18pt } p, li { font-size: 11pt }")
    points = "".join(f"<li>{html.escape(each)}</li>" for each in advice)
    document.setHtml(
        f"<body><h1>{html.escape(_tr('Vigie, code de récupération'))}</h1>"
        f"<p>{html.escape(place)}<br>{html.escape(made)}</p>"
        f'<p style="font-family: monospace; font-size: 20pt; margin: 24pt 0">{first}<br>{second}</p>'
        f"<ul>{points}</ul></body>"
    )
    return document


def write_pdf(document: QTextDocument, to: Path) -> None:
    """Write the page as PDF, whole or not at all. Code `recovery.write`."""
    file = QSaveFile(str(to))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise EnvironmentProblemError("recovery.write", path=str(to))
    writer = QPdfWriter(file)
    writer.setTitle(_tr("Vigie, code de récupération"))
    put_on(document, writer)
    del writer  # Qt writes the end of the file when the writer goes
    if not file.commit():
        raise EnvironmentProblemError("recovery.write", path=str(to))


def put_on(document: QTextDocument, device: QPagedPaintDevice) -> None:
    """Lay the page out on letter paper and paint it."""
    device.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    device.setPageMargins(QMarginsF(25, 25, 25, 25), QPageLayout.Unit.Millimeter)
    document.print_(device)


def _tr(text: str) -> str:
    return QCoreApplication.translate("RecoverySheet", text)
