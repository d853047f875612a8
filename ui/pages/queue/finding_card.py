"""One finding: gravity by shape, word and colour, the rule, its article, why, and how sure."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.catalogue import Catalogue
from console.domain.ids import RuleId
from console.domain.verdicts import Finding
from console.services.policy import RuleView
from ui.actions import Commands
from ui.models.card import rule_title
from ui.models.tones import shape_of, word_of
from ui.pages.queue import words
from ui.theme import current
from ui.widgets.badge import Badge, Meter
from ui.widgets.button import Button
from ui.widgets.label import Label

_LARGE = 1.4
"""Text setting above which the title has a line of its own."""


class FindingCard(QWidget):
    """Focusable; pointing at it or focusing it strengthens its words in the message."""

    pointed = Signal(bool)
    chosen = Signal()
    disagreed = Signal()
    article_wanted = Signal()

    def __init__(
        self,
        finding: Finding,
        rules: Mapping[RuleId, RuleView],
        commands: Commands,
        disagree: str,
        position: str,
    ) -> None:
        super().__init__()
        self._strong = self._is_chosen = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        title = rule_title(finding.rule, rules)
        severity = int(finding.severity)
        self._percent = f"{round(finding.confidence * 100)}\u00a0%"
        self._name = self.tr(
            "{position}\u00a0: {title}, gravité {word}, {article}, confiance {percent}. {why}"
        ).format(
            position=position, title=title, word=word_of(severity).lower(),
            article=words.article_word(finding.article), percent=self._percent, why=finding.explanation,
        )  # fmt: skip
        self.setAccessibleName(self._name)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(Badge(severity, shape_of(severity), word_of(severity)))
        name = Label(title, "strong", wrap=True)
        large = current().scale > _LARGE
        if large:
            head.addStretch(1)
        else:
            head.addWidget(name, 1)
        article = Button(words.article_word(finding.article), "link", font="small_strong")
        article.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        article.setToolTip(self.tr("Voir l’article"))
        article.setAccessibleName(
            self.tr("Voir l’article\u00a0: {article}").format(article=words.article_word(finding.article))
        )
        article.clicked.connect(self.article_wanted)
        head.addWidget(article)
        self._why = Label(finding.explanation, "note", "muted", wrap=True)
        self._foot = _Foot(self._percent, _detectors(finding), commands, disagree)
        self._foot.disagree.clicked.connect(self.disagreed)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(5)
        column.addLayout(head)
        if large:
            column.addWidget(name)
        column.addWidget(self._why)
        column.addWidget(Meter(severity, finding.confidence))
        column.addWidget(self._foot)
        self._foot.hide()

    @property
    def is_chosen(self) -> bool:
        """Whether it is the chosen finding."""
        return self._is_chosen

    def set_chosen(self, chosen: bool) -> None:
        """The chosen finding shows how sure, how it was found, and takes a disagreement."""
        self._is_chosen = chosen
        self._foot.setVisible(chosen)
        chosen_word = self.tr("choisi") if chosen else ""
        self.setAccessibleDescription(chosen_word)
        self.update()

    def set_strong(self, strong: bool) -> None:
        """Its words are pointed at in the message."""
        if strong != self._strong:
            self._strong = strong
            self.update()

    def set_disputed(self) -> None:
        """The disagreement is recorded."""
        self._foot.disagree.setEnabled(False)
        self._foot.disagree.setText(self.tr("Désaccord noté"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The card; an accent ring with the focus, an accent line while its words are pointed at."""
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if self.hasFocus() else 1
        edge = theme.color("accent" if self._strong or self.hasFocus() else "line")
        painter.setPen(QPen(edge, width))
        painter.setBrush(theme.color("hover" if self._strong and not self._is_chosen else "surface"))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 10, 10)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Pointed at."""
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """No longer pointed at."""
        super().leaveEvent(event)
        self.pointed.emit(self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus points, too."""
        super().focusInEvent(event)
        self.pointed.emit(True)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The focus left."""
        super().focusOutEvent(event)
        self.pointed.emit(False)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses it."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Entrée or Espace chooses it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class _Foot(QWidget):
    """«Confiance 93 %», how it was found, «Pas d’accord»."""

    def __init__(self, percent: str, detectors: str, commands: Commands, command: str) -> None:
        super().__init__()
        sure = Label(self.tr("Confiance {percent}").format(percent=percent), "small", "muted")
        self.disagree = Button(
            self.tr("Pas d’accord"), "quiet", commands=commands, command=command, font="small"
        )
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        if current().scale > _LARGE:
            row.setDirection(QBoxLayout.Direction.TopToBottom)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(sure, 1)
        row.addWidget(self.disagree, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        if detectors:
            found = self.tr("Repéré par\u00a0: {detectors}").format(detectors=detectors)
            column.addWidget(Label(found, "small", "muted", wrap=True))


def _detectors(finding: Finding) -> str:
    label = Catalogue.load().label
    return ", ".join(dict.fromkeys(label("detector", each) for each in finding.detectors))
