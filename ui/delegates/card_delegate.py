"""Paints the cards of the queue: no widget a row, texts measured once and kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QStaticText,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.models.card import CardText, ChipText
from ui.models.row_model import CARD_ROLE
from ui.theme import current
from ui.widgets.shapes import paint_shape

_KEPT = 2_000
"""Laid-out texts to remember: some sixty screens of cards."""
_DOT = " · "
_PICTURES = 48
"""Painted cards to remember: four high screens, about 8 MB at a pixel ratio of 1."""
RADIUS = 10.0


@dataclass(frozen=True, slots=True)
class _Metrics:
    """Lengths of a card in pixels at the current text setting."""

    gap: int
    pad_left: int
    pad: int
    head: int
    line: int
    chip: int
    height: int

    @staticmethod
    def now() -> _Metrics:
        theme = current()
        head, line = theme.line_height("small"), theme.line_height("base")
        chip, pad = theme.px(22), theme.space(11)
        height = pad + head + theme.space(4) + 2 * line + theme.space(6) + chip + pad
        return _Metrics(theme.space(8), theme.space(16), pad, head, line, chip, height)


@dataclass(frozen=True, slots=True)
class _Look:
    """All that a painted card depends on, beside the theme."""

    card: CardText
    width: int
    selected: bool
    focused: bool
    hovered: bool
    ratio: float


class CardDelegate(QStyledItemDelegate):
    """Fixed height; the model gives `CardText` under `CARD_ROLE`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts: OrderedDict[tuple[str, str, int], QStaticText] = OrderedDict()
        self._excerpts: OrderedDict[tuple[str, int], tuple[str, ...]] = OrderedDict()
        self._pictures: OrderedDict[_Look, QPixmap] = OrderedDict()
        self._metrics = _Metrics.now()
        self._fonts: dict[str, QFontMetricsF] = {}
        current().changed.connect(self._forget)

    @property
    def row_height(self) -> int:
        """A card and the gap below it, in pixels."""
        return self._metrics.height + self._metrics.gap

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As wide as the column, as high as every card."""
        return QSize(240, self.row_height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One card, from its picture when nothing about it changed."""
        card = index.data(CARD_ROLE)
        if not isinstance(card, CardText):
            return
        rect: QRect = option.rect
        flags: QStyle.StateFlag = option.state
        look = _Look(
            card,
            rect.width(),
            bool(flags & QStyle.StateFlag.State_Selected),
            bool(flags & QStyle.StateFlag.State_HasFocus),
            bool(flags & QStyle.StateFlag.State_MouseOver),
            painter.device().devicePixelRatio(),
        )
        painter.drawPixmap(rect.topLeft(), self._picture(look))

    def _picture(self, look: _Look) -> QPixmap:
        picture = self._pictures.get(look)
        if picture is None:
            picture = self._pictures[look] = self._render(look)
            if len(self._pictures) > _PICTURES:
                self._pictures.popitem(last=False)
        else:
            self._pictures.move_to_end(look)
        return picture

    def _render(self, look: _Look) -> QPixmap:
        theme, m, card = current(), self._metrics, look.card
        picture = QPixmap(round(look.width * look.ratio), round(self.row_height * look.ratio))
        picture.setDevicePixelRatio(look.ratio)
        picture.fill(theme.color("bg"))  # opaque, so that letters keep the system's own smoothing
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(1, 1, look.width - 2, m.height - 1)
        self._ground(painter, box, look)
        left, right = box.left() + m.pad_left, box.right() - m.pad
        ink = theme.color("muted" if card.done else "text")
        y = box.top() + m.pad
        self._head(painter, card, left, right, y, ink)
        y += m.head + theme.space(4)
        self._excerpt(painter, card, left, int(right - left), y, ink)
        y += 2 * m.line + theme.space(6)
        self._foot(painter, card, left, right, y)
        painter.end()
        return picture

    # parts of a card

    def _ground(self, painter: QPainter, box: QRectF, look: _Look) -> None:
        theme, card = current(), look.card
        focused = look.selected and look.focused
        ground = "bg" if card.done else "surface"
        if look.selected or look.hovered:
            ground = "accent_soft" if look.selected else "hover"
        inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(inner, RADIUS, RADIUS)
        painter.setBrush(theme.color("line") if card.done else theme.severity(card.level).fg)
        painter.drawPath(_left_edge(inner))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("accent" if look.selected else "line"), 2 if focused else 1))
        if focused:
            inner = box.adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(inner, RADIUS, RADIUS)

    def _head(
        self, painter: QPainter, card: CardText, left: float, right: float, y: float, ink: QColor
    ) -> None:
        muted = current().color("muted")
        age = self._text("small", card.age)
        x_age = right - age.size().width()
        self._draw(painter, "small", age, QPointF(x_age, y), muted, self._metrics.head)
        place = self._text("small", card.place + _DOT)
        self._draw(painter, "small", place, QPointF(left, y), muted, self._metrics.head)
        left += place.size().width()
        room = int(x_age - left - current().space(8))
        who = self._text("small_strong", card.who, room)
        self._draw(painter, "small_strong", who, QPointF(left, y), ink, self._metrics.head)
        if card.account:
            room -= int(who.size().width())
            if room > current().px(60):
                account = self._text("small", _DOT + card.account, room)
                at = QPointF(left + who.size().width(), y)
                self._draw(painter, "small", account, at, muted, self._metrics.head)

    def _excerpt(
        self, painter: QPainter, card: CardText, left: float, width: int, y: float, ink: QColor
    ) -> None:
        for line in self._lines(card.excerpt, width):
            self._draw(painter, "base", self._text("base", line), QPointF(left, y), ink, self._metrics.line)
            y += self._metrics.line

    def _foot(self, painter: QPainter, card: CardText, left: float, right: float, y: float) -> None:
        muted, m = current().color("muted"), self._metrics
        if card.claim:
            # At most half of the line: the rules found are what one reads the card for.
            claim = self._text("small_strong", card.claim, int((right - left) * 0.55))
            right -= claim.size().width()
            self._draw(painter, "small_strong", claim, QPointF(right, y), current().color("accent"), m.chip)
            right -= current().space(8)
        elif card.remarks:
            remarks = self._text("small", card.remarks, int(right - left))
            right -= remarks.size().width()
            self._draw(painter, "small", remarks, QPointF(right, y), muted, m.chip)
            right -= current().space(8)
        more_width = self._text("small", "+9").size().width() + current().space(4)
        for place, chip in enumerate(card.chips):
            width = self._chip_width(chip)
            last = place == len(card.chips) - 1
            if left + width > right - (0 if last else more_width):
                if place == 0 and right - left > current().px(48):
                    self._chip(painter, chip, QRectF(left, y, right - left - more_width, m.chip), card.done)
                    left, place = right - more_width + current().space(4), 1
                    if last:
                        return
                more = self._text("small", f"+{len(card.chips) - place}")
                self._draw(painter, "small", more, QPointF(left, y), muted, m.chip)
                return
            self._chip(painter, chip, QRectF(left, y, width, m.chip), card.done)
            left += width + current().space(4)

    def _chip(self, painter: QPainter, chip: ChipText, box: QRectF, done: bool) -> None:
        theme = current()
        style = theme.severity(chip.level)
        ink = theme.color("muted") if done else style.fg
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("hover") if done else style.bg)
        painter.drawRoundedRect(box, 6, 6)
        side, pad = theme.px(9), theme.space(7)
        mark = QRectF(box.left() + pad, box.center().y() - side / 2, side, side)
        paint_shape(painter, chip.shape, ink, mark)
        room = int(box.right() - mark.right() - theme.space(5) - pad)
        text = self._text("small_strong", chip.text, room + 2)
        self._draw(
            painter, "small_strong", text, QPointF(mark.right() + theme.space(5), box.top()), ink,
            self._metrics.chip,
        )  # fmt: skip

    def _chip_width(self, chip: ChipText) -> float:
        theme = current()
        text = self._text("small_strong", chip.text)
        return float(theme.px(9) + 2 * theme.space(7) + theme.space(5) + text.size().width())

    # texts

    def _draw(
        self, painter: QPainter, font: str, text: QStaticText, at: QPointF, ink: QColor, height: float
    ) -> None:
        painter.setFont(current().font(font))
        painter.setPen(ink)
        painter.drawStaticText(QPointF(at.x(), at.y() + (height - text.size().height()) / 2), text)

    def _text(self, font: str, text: str, room: int = 0) -> QStaticText:
        """`text` laid out on one line, elided to `room` pixels when given; remembered."""
        key = (font, text, room)
        laid = self._texts.get(key)
        if laid is None:
            shown = text
            if room:
                shown = self._font(font).elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0))
            laid = QStaticText(shown)
            laid.setTextFormat(Qt.TextFormat.PlainText)
            laid.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            laid.prepare(font=current().font(font))
            self._texts[key] = laid
            if len(self._texts) > _KEPT:
                self._texts.popitem(last=False)
        return laid

    def _lines(self, text: str, width: int) -> tuple[str, ...]:
        """At most two lines, the second elided; remembered."""
        lines = self._excerpts.get((text, width))
        if lines is None:
            lines = self._excerpts[text, width] = self._break(text, width)
            if len(self._excerpts) > _KEPT:
                self._excerpts.popitem(last=False)
        return lines

    def _break(self, text: str, width: int) -> tuple[str, ...]:
        layout = QTextLayout(text, current().font("base"))
        wrapped = QTextOption()
        wrapped.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(wrapped)
        layout.beginLayout()
        first = layout.createLine()
        if not first.isValid():
            return ()
        first.setLineWidth(width)
        layout.endLayout()
        # QTextLayout counts UTF-16 units; a cut between two lines never falls inside a pair.
        cut = first.textLength()
        head, rest = _split_utf16(text, cut)
        if not rest.strip():
            return (head.rstrip(),)
        tail = self._font("base").elidedText(rest.strip(), Qt.TextElideMode.ElideRight, width)
        return (head.rstrip(), tail.replace(" …", "…"))

    def _font(self, role: str) -> QFontMetricsF:
        metrics = self._fonts.get(role)
        if metrics is None:
            metrics = self._fonts[role] = QFontMetricsF(current().font(role))
        return metrics

    def _forget(self) -> None:
        self._texts.clear()
        self._excerpts.clear()
        self._pictures.clear()
        self._fonts.clear()
        self._metrics = _Metrics.now()


def _left_edge(card: QRectF) -> QPainterPath:
    """The coloured left edge, rounded with its card."""
    whole, strip = QPainterPath(), QPainterPath()
    whole.addRoundedRect(card, RADIUS, RADIUS)
    strip.addRect(QRectF(card.left(), card.top(), 4.5, card.height()))
    return whole.intersected(strip)


def _split_utf16(text: str, units: int) -> tuple[str, str]:
    raw = text.encode("utf-16-le", "surrogatepass")
    return (
        raw[: 2 * units].decode("utf-16-le", "surrogatepass"),
        raw[2 * units :].decode("utf-16-le", "surrogatepass"),
    )
