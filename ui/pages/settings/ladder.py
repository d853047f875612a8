"""The settings where the policy is silent: the ladder of article 7."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from console.domain.roles import Permission
from console.domain.sanctions import LadderSettings
from ui.desk import Desk
from ui.notify import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.fields import NumberField
from ui.widgets.form import Card, Column

_NEVER = 0
_YEARS = 3650


class LadderSection(Column):
    """Read by everyone; changed by administration, with before and after in the journal."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.add_title(
            self.tr("Échelle des mesures"),
            self.tr(
                "L’article 7 prévoit deux avertissements, puis le bannissement en cas de récidive. "
                "Le reste, la politique ne le dit pas\u00a0: ce sont des choix de la Ville."
            ),
        )
        self._locked = Banner(Tone.INFO, inset=True)
        self._locked.hide()
        self.body.addWidget(self._locked)
        self.warnings = NumberField(2, 9)
        self.expiry = _days(self.tr("Jamais"))
        self.across = QCheckBox(self.tr("Oui"))
        self.ban = _days(self.tr("Sans terme"))
        self.signature = QCheckBox(self.tr("Exigée"))
        self.immediate = QCheckBox(self.tr("Permis"))
        self._build()
        self._problem = Banner(Tone.WARNING, inset=True)
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.save = Button(self.tr("Enregistrer"), "primary")
        self.save.clicked.connect(self._save)
        self.body.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)
        self.finish()
        desk.actor_changed.connect(self._show_rights)
        self._show_rights()

    def _build(self) -> None:
        warn = Card(self.tr("Avertissements"))
        warn.add_row(
            self.tr("Avertissements remis avant un bannissement"),
            self.warnings,
            self.tr("Deux selon l’article 7; la Ville peut en accorder davantage, jamais moins."),
        )
        warn.add_row(self.tr("Un avertissement s’efface après"), self.expiry)
        warn.add_row(
            self.tr("Les avertissements comptent d’une plateforme à l’autre"),
            self.across,
            self.tr("Seulement pour des identités qu’une personne de l’équipe a reliées."),
        )
        ban = Card(self.tr("Bannissement"))
        ban.add_row(self.tr("Durée"), self.ban)
        ban.add_row(
            self.tr("Signature d’une deuxième personne"),
            self.signature,
            self.tr("La personne qui propose un bannissement ne peut pas le signer."),
        )
        ban.add_row(
            self.tr("Bannissement immédiat dans les cas les plus graves"),
            self.immediate,
            self.tr("Toujours avec un motif écrit et la signature de la supervision."),
        )
        self.body.addWidget(warn)
        self.body.addWidget(ban)

    def load(self) -> None:
        """Read what is in force."""
        self._desk.tasks.read(self._desk.services.preferences.ladder, self._show, owner=self, lane="ladder")

    def _show(self, ladder: LadderSettings) -> None:
        self.warnings.setValue(ladder.warnings_before_ban)
        self.expiry.setValue(ladder.expire_after_days or _NEVER)
        self.across.setChecked(ladder.across_platforms)
        self.ban.setValue(ladder.ban_days or _NEVER)
        self.signature.setChecked(ladder.ban_needs_second_signature)
        self.immediate.setChecked(ladder.immediate_ban_allowed)

    def chosen(self) -> LadderSettings:
        """What the fields say."""
        return LadderSettings(
            self.warnings.value(),
            self.expiry.value() or None,
            self.across.isChecked(),
            self.ban.value() or None,
            self.signature.isChecked(),
            self.immediate.isChecked(),
        )

    def _save(self) -> None:
        actor, ladder, preferences = self._desk.actor, self.chosen(), self._desk.services.preferences
        self._problem.hide()
        self._desk.tasks.write(
            lambda: preferences.set_ladder(actor, ladder), self._saved, self._failed, owner=self
        )

    def _saved(self, _nothing: object) -> None:
        self._desk.notices.toast(
            self.tr("Échelle enregistrée; le changement est à la piste de vérification.")
        )
        self.load()

    def _failed(self, error: Exception) -> None:
        notice = self._desk.notices.explain(error)
        self._problem.say(notice.title, notice.next)

    def _show_rights(self) -> None:
        may = self._desk.may(Permission.MANAGE_SETTINGS)
        fields = (self.warnings, self.expiry, self.across, self.ban, self.signature, self.immediate)
        for field in fields:
            field.setEnabled(may)
        self.save.setVisible(may)
        self._locked.setVisible(not may)
        if not may:
            self._locked.say(self.tr("Une personne de l’administration peut changer ces réglages."))


def _days(nothing: str) -> NumberField:
    box = NumberField(_NEVER, _YEARS)
    box.setSpecialValueText(nothing)
    box.setSuffix(box.tr("\u00a0jours"))
    return box
