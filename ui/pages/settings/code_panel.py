"""The recovery code on the screen, once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui import theme
from ui.announce import announce
from ui.pages.settings.recovery_sheet import lines
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.label import Label


class CodePanel(QFrame):
    """The code in large letters, and what to do with it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("surface", "code")
        self._title = Label(self.tr("Recopiez ou imprimez ce code maintenant."), "strong", wrap=True)
        self._hint = Label(
            self.tr(
                "Il n’est gardé nulle part et ne sera plus montré. Mettez-le sous clé, loin de ce poste."
            ),
            "note",
            "muted",
            wrap=True,
        )
        self.code = Label("", "title")
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.print = Button(self.tr("Imprimer…"), "primary")
        self.pdf = Button(self.tr("Enregistrer en PDF…"), "", "file-down")
        self.done = Button(self.tr("C’est fait, masquer"))
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.print, self.pdf, self.done):
            flow.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        look = theme.current()
        layout.setSpacing(look.space(4))
        for widget in (self._title, self._hint):
            layout.addWidget(widget)
        layout.addSpacing(look.space(8))
        layout.addWidget(self.code)
        layout.addSpacing(look.space(8))
        layout.addWidget(buttons)
        theme.current().changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_code(self, code: str) -> None:
        """Show it, and say it to whoever listens: letter by letter it would be of no use."""
        self.code.setText("\n".join(lines(code)))
        self.code.setAccessibleName(self.tr("Code de récupération\u00a0: {code}").format(code=code))
        self.show()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self._title.text())

    def hide_code(self) -> None:
        """Nothing of it stays in the widget."""
        self.code.setText("")
        self.code.setAccessibleName("")
        self.hide()

    def _dress(self) -> None:
        font = theme.current().font("title")
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFamilies(["Consolas", "Menlo", "DejaVu Sans Mono", "monospace"])
        self.code.setFont(font)
