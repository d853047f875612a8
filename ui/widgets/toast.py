"""The toast at the foot of the window: what was just done, the time that is left, the way back."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QSizePolicy, QWidget

from console.clock import Clock
from ui import theme
from ui.actions import Commands
from ui.announce import announce
from ui.notify import Toast
from ui.widgets.button import Button
from ui.widgets.label import Label

_GRACE = 30.0
"""Seconds that the bar stands for when full (the grace period of a decision)."""
_BRIEF = 6000
"""Milliseconds that a toast without a count-down stays."""
_SEGMENTS = 8
_ACTIONS = 384
"""Width at the right of the window that holds actions on the queue."""


class ToastView(QFrame):
    """Child of the window, above its pages. The focus is not taken; `undo` is a command of its own."""

    def __init__(self, clock: Clock, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._clock, self._toast, self._over = clock, Toast(""), parent
        self.setProperty("surface", "toast")
        self._text = Label("", "base")
        self._left = Label("", "base")
        self._bar = _Countdown()
        self.undo = Button(self.tr("Annuler"), "toast", commands=commands, command="undo")
        self.undo.clicked.connect(self._take_back)
        self._layout = QHBoxLayout(self)
        for widget in (self._text, self._left, self._bar, self.undo):
            self._layout.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        theme.current().changed.connect(self._dress)
        self._dress()
        self.hide()

    @property
    def undoable(self) -> bool:
        """Whether a toast with a way back is shown."""
        return self.isVisible() and self._toast.undo is not None

    def show_toast(self, toast: Toast) -> None:
        """Replace what is shown, announce it, count down."""
        self._toast = toast
        self._text.setText(toast.text)
        for widget in (self._left, self._bar):
            widget.setVisible(toast.until is not None)
        self.undo.setVisible(toast.undo is not None)
        self.tick()
        self.place(slide=not self.isVisible())
        self.show()
        self.raise_()
        self._timer.start(1000 if toast.until is not None else _BRIEF)
        announce(self, " ".join(self.accessible_words()))

    def dismiss(self) -> None:
        """Take it away."""
        self._timer.stop()
        self.hide()

    def place(self, *, slide: bool = False) -> None:
        """Centre it at the foot of the parent; called when that is resized."""
        self.adjustSize()
        area, gap = self._over.rect(), theme.current().px(44)
        size = self.size().boundedTo(QSize(area.width() - 16, area.height()))
        self.resize(size)
        # In the middle, but clear of the actions at the right where there is room for both.
        middle = (area.width() - size.width()) // 2
        clear = area.width() - size.width() - theme.current().px(_ACTIONS)
        left = min(middle, clear) if clear > 0 else middle
        goal = QPoint(left, area.height() - size.height() - gap)
        duration = theme.current().motion(140)
        if slide and duration:
            self._slide.setDuration(duration)
            self._slide.setStartValue(goal + QPoint(0, 12))
            self._slide.setEndValue(goal)
            self._slide.start()
        else:
            self._slide.stop()
            self.move(goal)

    def accessible_words(self) -> list[str]:
        """What a screen reader is told: the words, then the time that is left."""
        return [each.text() for each in (self._text, self._left) if each.isVisibleTo(self)]

    def tick(self) -> None:
        """Show the time that is left; leave when there is none."""
        until = self._toast.until
        if until is None:
            if self._timer.isActive():
                self.dismiss()
            return
        left = _seconds(until, self._clock.now())
        if left <= 0:
            self.dismiss()
            return
        self._left.setText(self.tr("Envoi dans {seconds}\u00a0s").format(seconds=round(left)))
        self._bar.show_part(left / _GRACE)

    def _take_back(self) -> None:
        undo = self._toast.undo
        self.dismiss()
        if undo is not None:
            undo()

    def _dress(self) -> None:
        look = theme.current()
        self._layout.setContentsMargins(look.space(14), look.space(8), look.space(10), look.space(8))
        self._layout.setSpacing(look.space(12))
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 6)
        shadow.setColor(look.color("shadow"))
        self.setGraphicsEffect(shadow)


class _Countdown(QWidget):
    """Segments that go out one by one; the figure stands beside them."""

    def __init__(self) -> None:
        super().__init__()
        self._part = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.px(_SEGMENTS * 8 - 2), look.px(14))

    def show_part(self, part: float) -> None:
        self._part = min(1.0, max(0.0, part))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        step = self.width() / _SEGMENTS
        full, empty = look.color("on_toast"), look.color("on_toast")
        empty.setAlphaF(0.3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(_SEGMENTS):
            lit = self._part * _SEGMENTS > index
            painter.setBrush(full if lit else empty)
            painter.drawRoundedRect(QRectF(index * step, 0, step - look.px(2), self.height()), 1.5, 1.5)
        painter.end()


def _seconds(until: datetime, now: datetime) -> float:
    return (until - now).total_seconds()
