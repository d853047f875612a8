"""Which program this is, and whose work it stands on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QPlainTextEdit

from console import __version__
from console.paths import RESOURCES
from ui import theme
from ui.desk import Desk
from ui.widgets.form import Card, Column
from ui.widgets.label import Label, rule

_LIBRARIES = (
    ("PySide6-Essentials", "Qt for Python", "LGPL-3.0"),
    ("SQLAlchemy", "SQLAlchemy", "MIT"),
    ("alembic", "Alembic", "MIT"),
    ("numpy", "NumPy", "BSD-3-Clause"),
    ("msgspec", "msgspec", "BSD-3-Clause"),
    ("keyring", "keyring", "MIT"),
    ("phonenumbers", "phonenumbers", "Apache-2.0"),
    ("openpyxl", "openpyxl", "MIT"),
)
_FILES = (("fonts/OFL.txt", "Inter (SIL Open Font License 1.1)"), ("icons/LICENSE", "Lucide (ISC, MIT)"))


class AboutSection(Column):
    """Versions and licences."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.add_title(
            self.tr("Vigie {version}").format(version=__version__),
            self.tr("La console de modération des médias sociaux. Licence Apache-2.0."),
        )
        parts = Card(self.tr("Composants"))
        for package, name, licence in _LIBRARIES:
            try:
                known = version(package)
            except PackageNotFoundError:
                continue
            parts.add_row(name, Label(f"{known} · {licence}", "base", "muted", wrap=True))
        parts.add_row("Qt", Label(f"{qVersion()} · LGPL-3.0", "base", "muted", wrap=True))
        self.body.addWidget(parts)
        licences = Card(self.tr("Police et icônes"))
        for path, name in _FILES:
            licences.add(Label(name, "strong"))
            text = QPlainTextEdit((RESOURCES / path).read_text("utf-8"))
            text.setReadOnly(True)
            text.setTabChangesFocus(True)
            text.setAccessibleName(self.tr("Licence, {name}").format(name=name))
            text.setFixedHeight(theme.current().px(140))
            licences.add(text)
            if path != _FILES[-1][0]:
                licences.add(rule())
        self.body.addWidget(licences)
        self.finish()
