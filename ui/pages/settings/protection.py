"""How the desk's file lies on the disk, its encryption, and the recovery code, shown once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent, QTextDocument
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.roles import Permission
from console.errors import EnvironmentProblemError
from console.services.at_rest import State, Status
from console.services.key_file import Because
from console.services.protection import DeskProtection
from ui import dates, theme
from ui.desk import Desk
from ui.file_dialogs import ask_save
from ui.notify import Tone
from ui.pages.settings.code_panel import CodePanel
from ui.pages.settings.recovery_sheet import put_on, sheet, write_pdf
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.form import Card
from ui.widgets.label import Label


class ProtectionCard(Card):
    """Reads its state off the UI thread whenever it is shown. The code leaves the screen with the page."""

    revealed = Signal(object)
    """A widget that has just appeared and should be in view."""

    def __init__(self, desk: Desk, protection: DeskProtection) -> None:
        super().__init__(QCoreApplication.translate("ProtectionCard", "Protection de la base"))
        self._desk, self._protection, self._status = desk, protection, Status(State.ABSENT)
        self._code = ""
        self.state = Banner(Tone.INFO, inset=True)
        self.state.hide()
        self.add(self.state)
        self.encrypt = self.state.add_button(self.tr("Chiffrer la base"), self._encrypt, "primary")
        self.make = Button(self.tr("Afficher et imprimer le code de récupération"), "", "lock")
        self.make.clicked.connect(self._asked)
        self._about = Label("", "note", "muted", wrap=True)
        self._row = QWidget()
        self._build_row()
        self.add(self._row)
        self.confirm = self._build_confirm()
        self.add(self.confirm)
        self.shown = CodePanel(self)
        self.shown.done.clicked.connect(self.forget)
        self.shown.print.clicked.connect(self._print)
        self.shown.pdf.clicked.connect(self._save)
        self.add(self.shown)
        self._row.hide()
        desk.actor_changed.connect(self._show_status)

    def showEvent(self, event: QShowEvent) -> None:
        """As it is now."""
        super().showEvent(event)
        self._desk.tasks.read(self._protection.status, self._read, owner=self, lane="protection")

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: the code goes."""
        super().hideEvent(event)
        self.forget()

    def forget(self) -> None:
        """Take the code off the screen; it cannot be shown again."""
        self._code = ""
        self.shown.hide_code()
        self.confirm.hide()
        self._show_status()

    def _read(self, status: Status) -> None:
        self._status = status
        self._show_status()

    def _show_status(self) -> None:
        status, may = self._status, self._desk.may(Permission.SUPERVISE)
        if status.state is State.ABSENT:
            return
        sealed = status.state is State.SEALED
        self.state.set_kind(Tone.DONE if sealed else Tone.WARNING)
        title, text = self._words(status)
        if self.state.accessibleName() != f"{title} {text}":
            self.state.say(title, text)
        self.encrypt.setVisible(not sealed and may)
        self._row.setVisible(sealed)
        self.make.setEnabled(may and not self._code)
        self._about.setText(self._words_about_code(status, may))
        self.make.setAccessibleDescription(self._about.text())

    def _words(self, status: Status) -> tuple[str, str]:
        if status.state is State.SEALED:
            return (
                self.tr("La base de ce poste est chiffrée."),
                self.tr("Ses copies de sureté aussi. La clé est dans le trousseau de votre session."),
            )
        reason = self.tr("Personne ne l’a voulu ainsi.")
        if status.because is Because.PERSON and status.chosen_at:
            reason = self.tr("Choix de {name}, le {date}.").format(
                name=status.chosen_by, date=dates.moment(status.chosen_at)
            )
        elif status.because is Because.ENVIRONMENT:
            reason = self.tr("La variable VIGIE_AT_REST de ce poste le veut ainsi.")
        return (
            self.tr("La base de ce poste n’est pas chiffrée."),
            self.tr("Quiconque a accès à ce disque peut la lire.") + " " + reason,
        )

    def _words_about_code(self, status: Status, may: bool) -> str:
        code = status.recovery
        if code is None:
            said = self.tr("Aucun code\u00a0: si le trousseau perd la clé, la base est perdue.")
        else:
            said = self.tr("Le dernier a été fait le {date} par {name}.").format(
                date=dates.moment(code.made_at), name=code.made_by
            )
        return said if may else f"{said} {self.tr('Il faut un rôle de supervision ou d’administration.')}"

    def _asked(self) -> None:
        if self._status.recovery is None:
            self._make()
            return
        self.confirm.show()
        self.revealed.emit(self.confirm)
        self.sure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self) -> None:
        actor, protection = self._desk.actor, self._protection
        self.confirm.hide()
        self.make.setEnabled(False)
        self._desk.tasks.write(lambda: protection.new_code(actor), self._made, self._failed, owner=self)

    def _made(self, code: str) -> None:
        self._code = code
        self.shown.show_code(code)
        self.revealed.emit(self.shown)
        self._desk.tasks.read(self._protection.status, self._read, owner=self, lane="protection")

    def _failed(self, error: Exception) -> None:
        self._show_status()
        self._desk.notices.error(error)

    def _encrypt(self) -> None:
        actor = self._desk.actor
        self._protection.encrypt_at_closing(actor)
        # An open file cannot be replaced: the desk is closed, encrypted, and opened again.
        self._desk.reopen.emit(False, "", None)

    def _print(self) -> None:
        # Loaded here: a desk opens without looking for printers.
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        document = self._sheet()
        dialog.accepted.connect(lambda: put_on(document, printer))
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.show()

    def _save(self) -> None:
        document = self._sheet()
        ask_save(
            self,
            self.tr("Enregistrer le code de récupération"),
            self.tr("code de récupération Vigie.pdf"),
            self.tr("PDF (*.pdf)"),
            lambda path: self._write(document, path),
        )

    def _write(self, document: QTextDocument, path: Path) -> None:
        try:
            write_pdf(document, path)
        except EnvironmentProblemError as error:
            self._desk.notices.error(error)
            return
        self._desk.notices.toast(self.tr("Enregistré. Imprimez-le, puis supprimez ce fichier."))

    def _sheet(self) -> QTextDocument:
        desk = self._desk
        return sheet(self._code, desk.actor.staff.name, desk.services.clock.now(), desk.home)

    def _build_row(self) -> None:
        words = Label(self.tr("Code de récupération"), "base", wrap=True)
        words.setBuddy(self.make)
        column = QVBoxLayout(self._row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(words)
        column.addWidget(self._about)
        column.addSpacing(theme.current().space(8))
        column.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeft)

    def _build_confirm(self) -> Banner:
        banner = Banner(Tone.WARNING, inset=True)
        banner.say(
            self.tr("Faire un nouveau code?"),
            self.tr("Celui d’avant ne vaudra plus rien."),
        )
        self.sure = banner.add_button(self.tr("Faire un nouveau code"), self._make, "primary")
        self.keep = banner.add_button(self.tr("Garder l’ancien"), banner.hide)
        banner.hide()
        return banner
