"""What Vigie asks of a platform and why, and what the person gives: the way by the browser, or a token."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from console.domain.messages import Platform
from console.domain.platforms import Abilities
from console.services.platform_ports import ClientApp, SignInKind
from ui.desk import Desk
from ui.models.card import platform_name
from ui.notify import Notice, Tone
from ui.pages.accounts import words
from ui.pages.accounts.parts import AbilityTable, ScopeList
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


class AskStep(Column):
    """For one platform. A token is in its field only, until `forget`; it is never shown."""

    given = Signal(object, str)
    """`ClientApp`, pasted token ("" for the way by the browser)."""
    left = Signal()

    def __init__(
        self, desk: Desk, platform: Platform, kind: SignInKind, scopes: tuple[str, ...], abilities: Abilities
    ) -> None:
        super().__init__(centred=True)
        self._desk, self.platform, self.kind = desk, platform, kind
        self.client_id, self.client_secret, self.base_url = QLineEdit(), QLineEdit(), QLineEdit()
        self.token = QLineEdit()
        for hidden in (self.client_secret, self.token):
            hidden.setEchoMode(QLineEdit.EchoMode.Password)
        for field in self._fields():
            field.returnPressed.connect(self.submit)
            field.textEdited.connect(self._mended)
        self.problem = Banner(Tone.WARNING, inset=True)
        self.problem.hide()
        browser = kind is SignInKind.BROWSER
        name = self.tr("Ouvrir le navigateur") if browser else self.tr("Continuer")
        self.go_on = Button(name, "primary", "external-link" if browser else "arrow-right")
        self.go_on.clicked.connect(self.submit)
        self.back = Button(self.tr("Revenir"), "", "arrow-left")
        self.back.clicked.connect(self.left)
        self._build(scopes, abilities)

    def app(self) -> ClientApp:
        """The city's registration as it is written."""
        return ClientApp(
            self.client_id.text().strip(), self.client_secret.text().strip(), self.base_url.text().strip()
        )

    def submit(self) -> None:
        """Hand it over, or say what is missing and go there."""
        browser = self.kind is SignInKind.BROWSER
        if browser and not self.client_id.text().strip():
            self._say(self.tr("Écrivez le numéro de l’application de la Ville."), "", self.client_id)
        elif not browser and not self.token.text().strip():
            self._say(self.tr("Collez le jeton de la plateforme."), "", self.token)
        else:
            self._mended()
            self.given.emit(self.app(), self.token.text().strip())

    def forget(self) -> None:
        """It has served, or the page is left: no secret stays in a field."""
        self.token.clear()
        self.client_secret.clear()

    def show_error(self, notice: Notice) -> None:
        """What went wrong and the next step; what was written stays."""
        self._say(notice.title, notice.next, self.token if self.kind is SignInKind.PASTE else self.client_id)

    def take_focus(self) -> None:
        """The first field that has to be filled."""
        first = self.token if self.kind is SignInKind.PASTE else self.client_id
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.verticalScrollBar().setValue(0)

    # inside

    def _fields(self) -> tuple[QLineEdit, ...]:
        return (self.token, self.client_id, self.client_secret, self.base_url)

    def _mended(self) -> None:
        self.problem.hide()

    def _say(self, title: str, following: str, field: QLineEdit) -> None:
        self.problem.say(title, following)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()
        # Once the layout has given the words their place.
        QTimer.singleShot(0, self.problem, lambda: self.ensureWidgetVisible(self.problem))

    def _build(self, scopes: tuple[str, ...], abilities: Abilities) -> None:
        name = platform_name(self.platform)
        self.add_title(self.tr("Connecter un compte {name}").format(name=name), words.kind_words(self.kind))
        card = Card(self.tr("Ce que Vigie demande, et pourquoi"))
        card.add(ScopeList(scopes))
        more = self.tr("Rien d’autre n’est demandé. L’accès se retire ici, ou sur la plateforme.")
        card.add(Label(more, "note", "muted", wrap=True), line=True)
        self.body.addWidget(card)
        if self.kind is SignInKind.PASTE:
            self.body.addWidget(self._token_card())
        self.body.addWidget(self._app_card())
        self.body.addWidget(self.problem)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        flow.addWidget(self.go_on)
        flow.addWidget(self.back)
        self.body.addWidget(buttons)
        card = Card(self.tr("Ce que la plateforme permet ensuite"))
        card.add(AbilityTable(abilities))
        self.body.addWidget(card)
        self.finish()

    def _token_card(self) -> Card:
        card = Card(self.tr("D’où vient le jeton"))
        for number, step in enumerate(words.token_steps(self.platform), start=1):
            card.add(Label(f"{number}.\u00a0{step}", "base", wrap=True))
        card.add_row(
            self.tr("Jeton"),
            self.token,
            self.tr("Gardé dans le trousseau du système, jamais dans un fichier; il n’est plus montré."),
        )
        return card

    def _app_card(self) -> Card:
        card = Card(self.tr("L’application de la Ville"))
        card.add(Label(words.app_hint(self.platform, self.kind), "note", "muted", wrap=True))
        card.add_row(self.tr("Numéro de l’application"), self.client_id, line=False)
        card.add_row(
            self.tr("Secret de l’application"),
            self.client_secret,
            self.tr("Seulement si la plateforme en donne un. Gardé dans le trousseau."),
            line=False,
        )
        self.base_url.setPlaceholderText(self.tr("Celle de la plateforme"))
        card.add_row(
            self.tr("Adresse de l’interface"),
            self.base_url,
            self.tr("À laisser vide, sauf pour un serveur d’essai ou un mandataire."),
            line=False,
        )
        return card
