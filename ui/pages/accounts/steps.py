"""The other steps of connecting: which platform, waiting for an answer, which of the accounts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QProgressBar, QWidget

from console.domain.messages import Platform
from console.services.platform_ports import Candidate, SignInKind
from ui.announce import announce
from ui.desk import Desk
from ui.models.card import platform_name
from ui.models.display_text import one_line
from ui.notify import Notice, Tone
from ui.pages.accounts import words
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


class PlatformStep(Column):
    """Which platform the account is on."""

    chosen = Signal(str)
    """`Platform`."""
    left = Signal()

    def __init__(self, kinds: dict[Platform, SignInKind]) -> None:
        super().__init__(centred=True)
        self.choices: dict[Platform, Choice] = {}
        self.add_title(
            self.tr("Connecter un compte"),
            self.tr(
                "Les commentaires et les messages privés du compte arrivent alors d’eux-mêmes, et les "
                "décisions partent par Vigie. Sur quelle plateforme est-il?"
            ),
        )
        for platform, kind in kinds.items():
            choice = Choice(platform_name(platform), words.kind_words(kind), words.icon_of(platform))
            choice.clicked.connect(lambda _on=False, name=platform: self.chosen.emit(name))
            self.choices[platform] = choice
            self.body.addWidget(choice)
        self.back = Button(self.tr("Revenir"), "", "arrow-left")
        self.back.clicked.connect(self.left)
        self.body.addWidget(_row(self.back))
        self.finish()

    def take_focus(self) -> None:
        """The first platform."""
        first = next(iter(self.choices.values()), self.back)
        first.setFocus(Qt.FocusReason.OtherFocusReason)


class WaitStep(Column):
    """The browser or the platform is asked; the way out is at hand."""

    stopped = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(centred=True)
        self._desk, self._url = desk, ""
        self._title, self._text = Label("", "display", wrap=True), Label("", "base", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self.copy = Button(self.tr("Copier l’adresse"), "", "copy")
        self.copy.clicked.connect(self._copy)
        self.stop = Button(self.tr("Annuler"), "", "x")
        self.stop.clicked.connect(self.stopped)
        self._hint = Label(
            self.tr("Si rien ne s’ouvre, copiez l’adresse et collez-la dans le navigateur."),
            "note",
            "muted",
            wrap=True,
        )
        card = Card()
        for widget in (self._text, self._bar, self._hint, _row(self.stop, self.copy)):
            card.add(widget)
        self.body.addWidget(self._title)
        self.body.addWidget(card)
        self.finish()

    def wait_for(self, platform: Platform, kind: SignInKind) -> None:
        """Say what is waited for."""
        title, text = words.waiting_words(platform, kind)
        self._title.setText(title)
        self._text.setText(text)
        self._bar.setAccessibleName(title)
        self._bar.setRange(0, 0)
        self.show_url("")
        announce(self, f"{title}. {text}")

    def show_url(self, url: str) -> None:
        """The address that the browser was given."""
        self._url = url
        for widget in (self.copy, self._hint):
            widget.setVisible(bool(url))

    def rest(self) -> None:
        """Nothing is waited for any more: nothing may move."""
        self._bar.setRange(0, 1)

    def take_focus(self) -> None:
        """The way out."""
        self.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._url)
        self._desk.notices.toast(self.tr("Adresse copiée."))


class CandidatesStep(Column):
    """Which of the accounts that the access is good for. None is chosen beforehand, but the only one."""

    chosen = Signal(object)
    """`Candidate`."""
    left = Signal()

    def __init__(self, desk: Desk, platform: Platform, candidates: tuple[Candidate, ...]) -> None:
        super().__init__(centred=True)
        self._desk, self._candidates = desk, candidates
        self._group = QButtonGroup(self)
        self.choices: list[Choice] = []
        self.problem = Banner(Tone.WARNING, inset=True)
        self.problem.hide()
        self.connect_it = Button(self.tr("Connecter ce compte"), "primary", "link")
        self.connect_it.clicked.connect(self.submit)
        self.back = Button(self.tr("Revenir"), "", "arrow-left")
        self.back.clicked.connect(self.left)
        self._build(platform)

    def submit(self) -> None:
        """Connect the chosen account, or say that one has to be chosen."""
        place = self._group.checkedId()
        if place < 0:
            self.problem.say(self.tr("Choisissez un compte."))
            self.take_focus()
            return
        self.wait(waiting=True)
        self.chosen.emit(self._candidates[place])

    def wait(self, *, waiting: bool) -> None:
        """While it is being connected."""
        for widget in (*self.choices, self.connect_it, self.back):
            widget.setEnabled(not waiting)

    def show_error(self, notice: Notice) -> None:
        """What went wrong, and the next step."""
        self.wait(waiting=False)
        self.problem.say(notice.title, notice.next)

    def take_focus(self) -> None:
        """The first account, or the button when nothing has to be chosen."""
        only = self._group.checkedId() >= 0
        first = self.connect_it if only or not self.choices else self.choices[0]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self, platform: Platform) -> None:
        name = platform_name(platform)
        if self._candidates:
            self.add_title(
                self.tr("Quel compte de la Ville?"),
                self.tr(
                    "Cet accès vaut pour ces comptes {name}. Vigie ne se servira que de celui que vous "
                    "choisissez."
                ).format(name=name),
            )
        else:
            self.add_title(
                self.tr("Aucun compte"),
                self.tr("Cet accès ne vaut pour aucun compte {name}. Essayez avec un autre profil.").format(
                    name=name
                ),
            )
        for place, candidate in enumerate(self._candidates):
            number = self.tr("Numéro chez {name}\u00a0: {id}").format(name=name, id=candidate.external_id)
            choice = Choice(one_line(candidate.name) or candidate.external_id, number, checkable=True)
            choice.setChecked(len(self._candidates) == 1)
            self._group.addButton(choice, place)
            self.choices.append(choice)
            self.body.addWidget(choice)
        self.connect_it.setVisible(bool(self._candidates))
        self.body.addWidget(self.problem)
        self.body.addWidget(_row(self.connect_it, self.back))
        self.finish()


def _row(*buttons: Button) -> QWidget:
    box = QWidget()
    flow = FlowLayout(box, gap=8)
    for button in buttons:
        flow.addWidget(button)
    return box
