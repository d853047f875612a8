"""A panel at the right of the window, over the page: a task of its own that does not lock the rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPropertyAnimation, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.button import IconButton
from ui.widgets.label import Label, rule

_WIDTH = 440


class SidePanel(QFrame):
    """Shows one body at a time. Échap closes it and gives the focus back to where it was."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setProperty("surface", "side")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._title = Label("", "title")
        self._close = IconButton("x", self.tr("Fermer"))
        self._close.clicked.connect(self.dismiss)
        self._body: QWidget | None = None
        self._before: QWidget | None = None
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bar = QWidget()
        self._head = QHBoxLayout(self._bar)
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addWidget(rule())
        layout.addWidget(self._scroll, 1)
        self._slide = QPropertyAnimation(self, b"pos", self)
        parent.installEventFilter(self)
        theme.current().changed.connect(self._dress)
        self._dress()
        self.hide()

    @property
    def body(self) -> QWidget | None:
        """What is shown, or None while closed."""
        return self._body

    def show_body(self, title: str, body: QWidget) -> None:
        """Open with `body` (taken over; deleted when closed) and put the focus in it."""
        if self._body is None:
            self._before = QApplication.focusWidget()
        self._drop_body()
        self._title.setText(title)
        self.setAccessibleName(title)
        self._body = body
        body.setProperty("surface", "clear")
        self._scroll.setWidget(body)
        opening = not self.isVisible()
        self.show()
        self.raise_()
        self.place(slide=opening)
        first = body.focusProxy() or self._close
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        """Close."""
        if self._body is None:
            return
        self._drop_body()
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None
        self.closed.emit()

    def place(self, *, slide: bool = False) -> None:
        """At the right edge, as high as the parent."""
        area = self._over.rect()
        width = min(theme.current().px(_WIDTH), area.width())
        self.resize(width, area.height())
        goal = QPoint(area.width() - width, 0)
        duration = theme.current().motion(120)
        self._slide.stop()
        if slide and duration:
            self._slide.setDuration(duration)
            self._slide.setStartValue(goal + QPoint(24, 0))
            self._slide.setEndValue(goal)
            self._slide.start()
        else:
            self.move(goal)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Échap closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the parent."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)

    def _drop_body(self) -> None:
        if self._body is not None:
            self._scroll.takeWidget()
            self._body.deleteLater()
            self._body = None

    def _dress(self) -> None:
        look = theme.current()
        self._head.setContentsMargins(look.space(16), 0, look.space(8), 0)
        self._bar.setFixedHeight(look.px(47))  # the top bar, less its hairline
        if self.isVisible():
            self.place()
