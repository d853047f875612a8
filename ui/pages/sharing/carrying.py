"""«Sans ligne», the exchange by file: carry out, take in, and what came of it in words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from console.domain.roles import Permission
from console.errors import CancelledError
from console.services.carry_ports import CarryReport
from ui import dates
from ui.desk import Desk
from ui.file_dialogs import ask_open, ask_save
from ui.file_drop import SUFFIX
from ui.models.display_text import one_line
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.label import Label


class Carrying(QWidget):
    """Two buttons, a question where a file was dropped, progress, and the report of the last file."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._busy = False
        self._offered: Path | None = None
        self.out = Button(self.tr("Emporter dans un fichier…"), "", "file-down")
        self.take = Button(self.tr("Prendre d’un fichier…"), "", "file-up")
        self.question = Label("", "strong", wrap=True)
        self.yes = Button(self.tr("Prendre ce fichier"), "primary")
        self.no = Button(self.tr("Pas maintenant"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Avancement de l’échange par fichier"))
        self.report = Label("", "base", wrap=True)
        self._build()
        self.out.clicked.connect(self.ask_out)
        self.take.clicked.connect(self.ask_in)
        self.yes.clicked.connect(self._take_offered)
        self.no.clicked.connect(self._rest)
        desk.actor_changed.connect(self._show_for_actor)
        self._rest()

    # what the window asks

    def offer(self, file: Path) -> None:
        """Ask whether to take in a file that was dropped on the window."""
        if self._busy:
            self._desk.notices.toast(self.tr("Un échange par fichier est déjà en cours."))
            return
        self._offered = file
        self.question.setText(
            self.tr("Prendre ce qu’apporte «\u00a0{name}\u00a0»?").format(name=one_line(file.name))
        )
        self._show(asking=True)
        self.yes.setFocus()

    def ask_out(self) -> None:
        """Ask where to write."""
        login = self._desk.sharing.line.login or self.tr("poste")
        name = f"vigie-{login}-{self._desk.services.clock.now().date().isoformat()}{SUFFIX}"
        ask_save(self, self.tr("Emporter dans un fichier"), name, self._filters(), self.carry_out)

    def ask_in(self) -> None:
        """Ask for a file."""
        ask_open(self, self.tr("Prendre d’un fichier"), self._filters(), self.carry_in)

    def carry_out(self, to: Path) -> None:
        """Write what the shared database does not have."""
        sharing, actor = self._desk.services.sharing, self._desk.actor
        self._begin(self.tr("Écriture du fichier…"))
        self._desk.tasks.long(
            lambda advance: sharing.carry_out(actor, to, advance),
            lambda report: self._done(self._said_out(report)),
            self._failed,
            advance=self._advance,
            owner=self,
            writes=False,
        )

    def carry_in(self, file: Path) -> None:
        """Take over a file."""
        sharing, actor = self._desk.services.sharing, self._desk.actor
        self._begin(self.tr("Lecture du fichier…"))
        self._desk.tasks.long(
            lambda advance: sharing.carry_in(actor, file, advance),
            lambda report: self._done(self._said_in(report)),
            self._failed,
            advance=self._advance,
            owner=self,
        )

    # inside

    def _take_offered(self) -> None:
        if self._offered is not None:
            self.carry_in(self._offered)

    def _show_for_actor(self) -> None:
        self._show(asking=self._offered is not None, working=self._busy)

    def _begin(self, said: str) -> None:
        self._busy, self._offered = True, None
        self.bar.setRange(0, 0)
        self.report.setText(said)
        self._show(working=True)

    def _advance(self, done: int, total: int | None) -> None:
        # A bar counts in 32 bits; a thousand steps are more than its width shows.
        self.bar.setRange(0, 1000 if total else 0)
        self.bar.setValue(1000 * done // total if total else 0)

    def _done(self, said: str) -> None:
        self._busy = False
        self.report.setText(said)
        self._show()
        self.take.setFocus()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        notice = self._desk.notices.explain(error)
        if notice.code == "internal":
            self._desk.notices.error(error)
        stopped = isinstance(error, CancelledError)
        self.report.setText("" if stopped else f"{notice.title} {notice.next}".strip())
        self._show()

    def _rest(self) -> None:
        self._offered = None
        self._show()

    def _show(self, *, asking: bool = False, working: bool = False) -> None:
        for widget in (self.question, self.yes, self.no):
            widget.setVisible(asking)
        for button in (self.out, self.take):
            button.setVisible(not asking)
            button.setEnabled(not working and self._desk.may(Permission.DECIDE))
        self.bar.setVisible(working)
        self.report.setVisible(bool(self.report.text()) and not asking)

    def _said_out(self, report: CarryReport) -> str:
        if report.file is None:
            return self.tr(
                "Rien à emporter\u00a0: la base partagée a tout ce que ce poste a fait. Aucun fichier n’a "
                "été écrit."
            )
        return self.tr(
            "«\u00a0{name}\u00a0» est écrit\u00a0: {counts}. Seuls les postes de cette base partagée "
            "peuvent le lire."
        ).format(name=one_line(report.file.name), counts=self._counts(report))

    def _said_in(self, report: CarryReport) -> str:
        if report.own_file:
            return self.tr("Ce fichier vient de ce poste même\u00a0: il n’apporte rien.")
        said = [self.tr("Du poste «\u00a0{name}\u00a0»\u00a0:").format(name=one_line(report.desk_name))]
        if report.messages or report.events:
            said.append(self.tr("{counts} de plus ici.").format(counts=self._counts(report)))
        else:
            said.append(self.tr("rien de nouveau, tout était déjà ici."))
        if report.gaps:
            said.append(
                self.tr(
                    "Il manque encore des évènements d’avant; un autre fichier ou la base partagée "
                    "les apportera."
                )
            )
        return " ".join(said)

    def _counts(self, report: CarryReport) -> str:
        one, many = self.tr("{n} message"), self.tr("{n} messages")
        event, events = self.tr("{n} évènement"), self.tr("{n} évènements")
        messages = (one if report.messages < 2 else many).format(n=dates.number(report.messages))
        happened = (event if report.events < 2 else events).format(n=dates.number(report.events))
        return self.tr("{messages} et {events}").format(messages=messages, events=happened)

    def _filters(self) -> str:
        return self.tr("Fichiers entre postes (*{suffix})").format(suffix=SUFFIX)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        said = self.tr(
            "Pour des jours sans réseau\u00a0: ce que ce poste a fait tient dans un fichier signé et "
            "chiffré, à porter à un autre poste. Dans n’importe quel ordre, et deux fois sans dommage. "
            "Un fichier «\u00a0.vigie\u00a0» se dépose aussi sur la fenêtre."
        )
        column.addWidget(Label(said, "base", "muted", wrap=True))
        column.addWidget(self.question)
        buttons = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        buttons.setSizePolicy(policy)
        flow = FlowLayout(buttons)
        for button in (self.out, self.take, self.yes, self.no):
            flow.addWidget(button)
        column.addWidget(buttons)
        column.addWidget(self.bar)
        column.addWidget(self.report)
