"""«Sans ligne»: what a desk does while it cannot reach the others."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.desk import Desk
from ui.pages.sharing.carrying import Carrying
from ui.widgets.form import Card
from ui.widgets.label import Label


class WithoutLine(Card):
    """Says what is kept; the exchange by file has its place here."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Sans ligne"), parent)
        self.desk = desk
        said = self.tr(
            "Une panne du réseau n’arrête rien. Ce poste garde tout ce qui est à envoyer, dans l’ordre et "
            "signé; l’échange reprend de lui-même dès que le serveur répond."
        )
        self.add(Label(said, "base", "muted", wrap=True))
        self.carrying = Carrying(desk)
        self.add(self.carrying)
