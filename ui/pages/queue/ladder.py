"""The ladder of article 7 as three rungs, the one that the next sanction would take in accent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.sanctions import Standing
from ui import dates
from ui.pages.queue.words import ordinal
from ui.theme import current


class Stage(Enum):
    """Where a rung stands for this person."""

    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class RungText:
    """Two short lines."""

    top: str
    below: str
    stage: Stage


def rungs(standing: Standing, needed: int, *, sanction: bool = True) -> tuple[RungText, ...]:
    """The delivered warnings with their date, then what would come now, then what lies ahead.

    Without a `sanction` in the suggestion nothing comes now: the next rung lies ahead as well.
    """
    now = Stage.NOW if sanction else Stage.AHEAD
    counted = standing.counted[:needed]
    made = []
    for rank in range(1, needed + 1):
        top = _tr("{rank} avert.").format(rank=ordinal(rank))
        if rank <= len(counted):
            delivery = counted[rank - 1].delivery
            below = dates.short_date(delivery.at, year=False) if delivery is not None else ""
            made.append(RungText(top, below, Stage.PAST))
        elif rank == len(counted) + 1:
            made.append(RungText(top, _tr("maintenant") if sanction else _tr("le prochain"), now))
        else:
            made.append(RungText(top, _tr("ensuite"), Stage.AHEAD))
    last = now if len(counted) >= needed else Stage.AHEAD
    made.append(RungText(_tr("Récidive"), _tr("bannir"), last))
    return tuple(made)


class LadderView(QWidget):
    """Painted; its accessible name says the same in one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rungs: tuple[RungText, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        current().changed.connect(self.updateGeometry)

    def show_standing(self, standing: Standing, needed: int, *, sanction: bool = True) -> None:
        """Another person, or another warning delivered; see `rungs`."""
        self._rungs = rungs(standing, needed, sanction=sanction)
        said = "; ".join(f"{rung.top} {rung.below}" for rung in self._rungs)
        undelivered = len(standing.undelivered)
        if undelivered:
            said += "; " + _tr("{count} pas encore remis").format(count=undelivered)
        self.setAccessibleName(_tr("Échelle\u00a0: {rungs}").format(rungs=said))
        self.setToolTip("")
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines and their box."""
        return QSize(240, 2 * current().line_height("small") + current().space(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Boxes of equal width, an angle between them."""
        if not self._rungs:
            return
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = theme.space(16)
        width = (self.width() - gap * (len(self._rungs) - 1)) / len(self._rungs)
        left = 0.0
        for place, rung in enumerate(self._rungs):
            box = QRectF(left, 0, width, self.height()).adjusted(1, 1, -1, -1)
            self._rung(painter, rung, box)
            if place + 1 < len(self._rungs):
                painter.setPen(QPen(theme.color("muted"), 1.4))
                x, y, reach = box.right() + gap / 2 + 1, box.center().y(), 3.0
                painter.drawPolyline(
                    [QPointF(x - 1.5, y - reach), QPointF(x + 1.5, y), QPointF(x - 1.5, y + reach)]
                )
            left += width + gap
        painter.end()

    def _rung(self, painter: QPainter, rung: RungText, box: QRectF) -> None:
        theme = current()
        past, now = rung.stage is Stage.PAST, rung.stage is Stage.NOW
        edge = "severity_2_soft" if past else "accent" if now else "line"
        ink = "severity_2" if past else "accent" if now else "muted"
        painter.setPen(QPen(theme.color(edge), 2 if now else 1))
        painter.setBrush(theme.color("severity_2_soft" if past else "surface"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(theme.color(ink))
        painter.setFont(theme.font("small_strong"))
        line = theme.line_height("small")
        top = box.center().y() - line
        for words in (rung.top, rung.below):
            painter.drawText(QRectF(box.left(), top, box.width(), line), Qt.AlignmentFlag.AlignCenter, words)
            top += line


def _tr(text: str) -> str:
    return QCoreApplication.translate("Ladder", text)
