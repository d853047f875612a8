"""What the file does not say of itself: platform, account, channel, order of dates, who the city is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QComboBox, QSizePolicy

from console.domain.messages import KNOWN_PLATFORMS, Account, Channel
from console.services.intake import Recognised
from ui.models.card import platform_name
from ui.models.display_text import one_line
from ui.pages.importing import words
from ui.widgets.form import Card
from ui.widgets.text_field import TextField
from ui.widgets.toggles import Toggles

_DATED = frozenset({"table", "hootsuite-inbox", "exportcomments"})
_SELF_SAID = frozenset({"vigie-jsonl", "vigie-json"})
_MANY = 24
"""Participants offered as chips; more are written by hand."""


class OptionsCard(Card):
    """`constants` of a mapping, for files of any format."""

    def __init__(self, recognised: Recognised, accounts: Sequence[Account]) -> None:
        table = recognised.format == "table"
        heading = _tr("Quand aucune colonne ne le dit") if table else _tr("Ce que le fichier ne dit pas")
        super().__init__(heading)
        self.setHidden(recognised.format in _SELF_SAID)
        self.platform, self.channel, self.account = _box(), _box(), _box()
        self.dates = _box()
        self.people: Toggles[str] = Toggles(self.tr("Qui est la Ville dans ces conversations?"))
        self.city = TextField(self.tr("Noms sous lesquels la Ville écrit"), least=1, most=6)
        self._fill(recognised, accounts)
        self._build(recognised)

    def constants(self) -> dict[str, str]:
        """What was said; blanks are left out."""
        names = [*self.people.chosen(), *self.city.toPlainText().splitlines()]
        said = {
            "platform": self.platform.currentData() or "",
            "account": self.account.currentText().strip(),
            "channel": self.channel.currentData() or "",
            "date_order": self.dates.currentData() or "",
            "city": "\n".join(dict.fromkeys(name.strip() for name in names if name.strip())),
        }
        return {key: value for key, value in said.items() if value}

    def show_constants(self, constants: Mapping[str, str]) -> None:
        """Show those of a preset."""
        for box, key in ((self.platform, "platform"), (self.channel, "channel"), (self.dates, "date_order")):
            box.setCurrentIndex(max(0, box.findData(constants.get(key, ""))))
        self.account.setEditText(constants.get("account", ""))
        names = [name for name in constants.get("city", "").splitlines() if name.strip()]
        self.people.choose(set(names) & set(self.people.keys()))
        self.city.setPlainText("\n".join(name for name in names if name not in set(self.people.keys())))

    def ask_for_dates(self) -> None:
        """The order of day and month has to be said."""
        self.dates.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, recognised: Recognised, accounts: Sequence[Account]) -> None:
        blank = self.tr("Selon le fichier")
        self.platform.addItem(blank, "")
        for platform in KNOWN_PLATFORMS:
            self.platform.addItem(platform_name(platform), str(platform))
        self.channel.addItem(blank, "")
        self.channel.addItem(self.tr("Commentaires publics"), str(Channel.COMMENT))
        self.channel.addItem(self.tr("Messages privés"), str(Channel.PRIVATE))
        self.dates.addItem(self.tr("Reconnaitre d’après les dates"), "")
        self.dates.addItem(self.tr("Le jour d’abord (24/06/2025)"), "dmy")
        self.dates.addItem(self.tr("Le mois d’abord (06/24/2025)"), "mdy")
        self.account.setEditable(True)
        self.account.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.account.addItems(sorted({one_line(each.name) for each in accounts if each.name.strip()}))
        self.account.setEditText("")
        line = self.account.lineEdit()
        if line is not None:
            line.setPlaceholderText(blank)
            line.setMaxLength(200)
        for name in recognised.participants[:_MANY]:
            self.people.add(name, one_line(name), checked=name == recognised.account)

    def _build(self, recognised: Recognised) -> None:
        table = recognised.format == "table"
        private = recognised.format == "meta-messages" or bool(recognised.participants)
        self.add_row(words.field_word("platform"), self.platform, line=False)
        self.add_row(
            words.field_word("account"),
            self.account,
            self.tr("Le nom du compte ou de la page qui a reçu les messages."),
        )
        if table:
            self.add_row(words.field_word("channel"), self.channel)
        if recognised.format in _DATED or recognised.format == "archive":
            self.add_row(self.tr("Ordre du jour et du mois"), self.dates)
        if private:
            self.add_row(
                self.tr("Qui est la Ville?"),
                self.people,
                self.tr("Ce que la Ville a écrit sert de contexte et n’est jamais jugé."),
            )
        self.city.setPlaceholderText(self.tr("Un nom ou un identifiant par ligne"))
        self.add_row(
            self.tr("Autres noms de la Ville") if private else self.tr("Noms sous lesquels la Ville écrit"),
            self.city,
            "" if private else self.tr("Ce que la Ville a écrit sert de contexte et n’est jamais jugé."),
        )
        self.people.setVisible(private)


def _tr(text: str) -> str:
    return QCoreApplication.translate("OptionsCard", text)


def _box() -> QComboBox:
    box = QComboBox()
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return box
