"""The words of a message, selectable, with the words that each finding rests on marked in them.

Marks lie behind the letters and are underlined in the colour of the severity: solid for the chosen
finding, dashed for the others. They are painted, not formatted, so that selecting and copying give the
citizen's own text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextLine,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from ui.models.display_text import DisplayText, merged
from ui.theme import current

NONE = -1
_NOTHING = 0.01
_STEP = 3.0
"""Distance between the underlines of findings that share words, in pixels."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of one finding: ranges in code points of the original text, and its severity 0–4."""

    spans: tuple[tuple[int, int], ...]
    severity: int


class MessageText(QTextEdit):
    """Read only; as high as its text. See the module for the marks."""

    hovered = Signal(int)
    """Index of the finding whose words lie under the pointer or the caret; `NONE` when none does."""
    chosen = Signal(int)
    """Index of the finding whose words were clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = DisplayText.of("")
        self._marks: tuple[Mark, ...] = ()
        self._levels: tuple[int, ...] = ()
        self._rects: list[list[QRectF]] | None = None
        self._choice = self._strong = self._under = NONE
        self.setProperty("look", "bare")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(2)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.cursorPositionChanged.connect(self._caret_moved)
        current().changed.connect(self._restyle)
        self._restyle()

    def show_text(self, text: str, marks: Sequence[Mark] = ()) -> None:
        """Another message: nothing chosen, nothing selected."""
        self._shown = DisplayText.of(text)
        self._marks = tuple(marks)
        self._levels = _levels(self._marks)
        self._choice = self._strong = NONE
        self._point_at(NONE)
        self.setPlainText(self._shown.text)
        self._space_lines()

    def choose(self, finding: int) -> None:
        """Underline the words of `finding` solidly."""
        self._choice = finding
        self.viewport().update()

    def strengthen(self, finding: int) -> None:
        """Make the words of `finding` stand out (its card is under the pointer or has the focus)."""
        self._strong = finding
        self.viewport().update()

    def marked(self, finding: int) -> tuple[str, ...]:
        """The marked words of a finding as the screen shows them."""
        found = []
        for start, end in self._marks[finding].spans:
            cursor = QTextCursor(self.document())
            first, last = self._shown.utf16(start, end)
            cursor.setPosition(first)
            cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
            found.append(cursor.selectedText())
        return tuple(found)

    def rects(self, finding: int) -> list[QRectF]:
        """Where the marks of `finding` lie, in pixels of the viewport, one a line and direction."""
        if self._rects is None:
            self._rects = [self._measure(mark) for mark in self._marks]
        return self._rects[finding]

    def finding_at(self, point: QPointF) -> int:
        """The finding whose words lie at a point of the viewport, the chosen one first."""
        order = sorted(range(len(self._marks)), key=lambda each: each != self._choice)
        for finding in order:
            if any(rect.contains(point) for rect in self.rects(finding)):
                return finding
        return NONE

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grounds, then Qt's letters and selection, then underlines."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().color("mark"))
        for finding in range(len(self._marks)):
            for rect in self.rects(finding):
                painter.drawRoundedRect(rect, 3, 3)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for finding in range(len(self._marks)):
            self._underline(painter, finding)
        painter.end()

    def _underline(self, painter: QPainter, finding: int) -> None:
        colour = current().severity(self._marks[finding].severity).fg
        strong = finding == self._strong
        pen = QPen(colour, current().px(3 if strong else 2))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if finding != self._choice:
            pen.setDashPattern([2.5, 1.75])
        for rect in self.rects(finding):
            y = rect.bottom() - 1 + self._levels[finding] * _STEP
            painter.setPen(pen)
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
            if strong:
                self._outline(painter, rect, colour)

    def _outline(self, painter: QPainter, rect: QRectF, colour: QColor) -> None:
        painter.setPen(QPen(colour, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    # measuring

    def _measure(self, mark: Mark) -> list[QRectF]:
        rects: list[QRectF] = []
        for start, end in merged(self._shown.utf16(*span) for span in mark.spans):
            block = self.document().findBlock(start)
            while block.isValid() and block.position() < end:
                rects += self._measure_block(block, start, end)
                block = block.next()
        return rects

    def _measure_block(self, block: QTextBlock, start: int, end: int) -> list[QRectF]:
        layout, rects = block.layout(), []
        metrics = self.fontMetrics()
        corner = layout.position()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            first = max(start - block.position(), line.textStart())
            last = min(end - block.position(), line.textStart() + line.textLength(), block.length() - 1)
            baseline = corner.y() + line.y() + line.ascent()
            for left, right in _stretches(line, first, last):
                top, bottom = baseline - metrics.ascent(), baseline + metrics.descent() + 1
                rects.append(QRectF(QPointF(corner.x() + left, top), QPointF(corner.x() + right, bottom)))
        return rects

    def _fit(self) -> None:
        self._rects = None
        edges = self.contentsMargins()
        wanted = round(self.document().size().height() + 0.5) + edges.top() + edges.bottom()
        if wanted != self.height():
            self.setFixedHeight(wanted)

    def _restyle(self) -> None:
        self.setFont(current().font("message"))
        self.document().setDefaultFont(current().font("message"))
        self._space_lines()

    def _space_lines(self) -> None:
        spaced = QTextBlockFormat()
        height = current().line_height("message")
        spaced.setLineHeight(height, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(spaced)
        self._fit()
        self.viewport().update()

    # pointer and keys

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: other lines."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The pane around scrolls, not the text."""
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Words under the pointer show their finding."""
        super().mouseMoveEvent(event)
        self._point_at(self.finding_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that selects nothing chooses the finding of the words."""
        super().mouseReleaseEvent(event)
        finding = self.finding_at(event.position())
        if finding != NONE and not self.textCursor().hasSelection():
            self.chosen.emit(finding)

    def leaveEvent(self, event: QEvent) -> None:
        """No word is pointed at any more."""
        super().leaveEvent(event)
        self._point_at(NONE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses the finding of the words under the caret."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            finding = self._finding_of_caret()
            if finding != NONE:
                self.chosen.emit(finding)
                return
        super().keyPressEvent(event)

    def _caret_moved(self) -> None:
        if self.hasFocus():
            self._point_at(self._finding_of_caret())

    def _finding_of_caret(self) -> int:
        place = self.textCursor().position()
        order = sorted(range(len(self._marks)), key=lambda each: each != self._choice)
        for finding in order:
            spans = (self._shown.utf16(*span) for span in self._marks[finding].spans)
            if any(start <= place < end for start, end in spans):
                return finding
        return NONE

    def _point_at(self, finding: int) -> None:
        if finding != self._under:
            self._under = finding
            shape = Qt.CursorShape.PointingHandCursor if finding != NONE else Qt.CursorShape.IBeamCursor
            self.viewport().setCursor(shape)
            self.hovered.emit(finding)


def _stretches(line: QTextLine, first: int, last: int) -> list[tuple[float, float]]:
    """Horizontal stretches of [first, last) on one line. Letter by letter, since in bidirectional text
    neighbours in memory may stand apart on the screen."""
    edges: list[tuple[float, float]] = []
    for place in range(first, last):
        left, right = _extent(line, place)
        if right - left < _NOTHING:
            continue
        for known, (start, end) in enumerate(edges):
            if left <= end + 0.5 and right >= start - 0.5:
                edges[known] = (min(left, start), max(right, end))
                break
        else:
            edges.append((left, right))
    return edges


def _extent(line: QTextLine, place: int) -> tuple[float, float]:
    one = _x(line, place, QTextLine.Edge.Leading)
    other = _x(line, place, QTextLine.Edge.Trailing)
    if abs(one - other) > _NOTHING:
        return min(one, other), max(one, other)
    # Where the direction turns, both edges fall on the same side: ask the glyph itself.
    boxes = [run.boundingRect() for run in line.glyphRuns(place, 1)]
    return (boxes[0].left(), boxes[0].right()) if boxes else (one, one)


def _x(line: QTextLine, place: int, edge: QTextLine.Edge) -> float:
    # The stubs say object: PySide gives (x, place), since the C++ function moves the place.
    x, _place = cast("tuple[float, int]", line.cursorToX(place, edge))
    return x


def _levels(marks: Sequence[Mark]) -> tuple[int, ...]:
    """Which findings must underline lower, since they share words with one above (0 to 2)."""
    levels: list[int] = []
    for place, mark in enumerate(marks):
        taken = {
            levels[other]
            for other in range(place)
            if any(a < d and c < b for a, b in mark.spans for c, d in marks[other].spans)
        }
        levels.append(next((level for level in range(3) if level not in taken), 2))
    return tuple(levels)
