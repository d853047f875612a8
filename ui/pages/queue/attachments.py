"""Pictures that came with a message: fetched only when asked for, blurred until they are shown on purpose.

Nothing is fetched by looking at a case, and nothing ever plays by itself: what a picture shows may be
hard to see, and fetching it tells its server that somebody looked.
"""

from __future__ import annotations

from collections import deque
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from console.domain.ids import MessageId
from console.domain.messages import Attachment
from console.services.pictures import is_picture
from console.services.rows import CaseDetail
from ui import icons
from ui.desk import Desk
from ui.models.display_text import one_line
from ui.theme import current
from ui.widgets.badge import Badge
from ui.widgets.flow import FlowLayout
from ui.widgets.label import Label

_TILE = QSize(132, 96)
_SHOWN = QSize(440, 330)
_GRAIN = 9
"""Pixels across a blurred picture: what it is cannot be made out."""
_PICTURE = "picture"
"""The detector of a finding that knows the picture again."""


class _State(Enum):
    AWAY = "away"
    COMING = "coming"
    BLURRED = "blurred"
    CLEAR = "clear"
    FAILED = "failed"


class PictureTile(QAbstractButton):
    """One picture. Pressed: fetched; pressed again: shown; once more: blurred again."""

    wanted = Signal()
    """It has to be fetched."""

    def __init__(self, number: int, attachment: Attachment) -> None:
        super().__init__()
        self._number, self._name = number, one_line(attachment.name)
        self._state = _State.AWAY
        self._image, self._grains = QImage(), QImage()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.press)
        current().changed.connect(self.updateGeometry)
        self._be(_State.AWAY)

    @property
    def fetched(self) -> bool:
        """Whether the picture is here, blurred or not."""
        return self._state in (_State.BLURRED, _State.CLEAR)

    @property
    def clear(self) -> bool:
        """Whether it is shown."""
        return self._state is _State.CLEAR

    def press(self) -> None:
        """The next thing: fetch it, show it, blur it."""
        if self._state in (_State.AWAY, _State.FAILED):
            self._be(_State.COMING)
            self.wanted.emit()
        elif self.fetched:
            self.show_clear(not self.clear)

    def ask(self) -> None:
        """Fetch it when it is not here."""
        if self._state in (_State.AWAY, _State.FAILED):
            self.press()

    def show_clear(self, clear: bool) -> None:
        """Show or blur a picture that is here."""
        if self.fetched:
            self._be(_State.CLEAR if clear else _State.BLURRED)

    def take(self, picture: QImage) -> None:
        """It has come: blurred, until somebody wants to see it."""
        self._image = picture
        self._grains = picture.scaledToWidth(_GRAIN, Qt.TransformationMode.SmoothTransformation)
        self._be(_State.FAILED if picture.isNull() else _State.BLURRED)

    def fail(self) -> None:
        """It could not be fetched."""
        self._be(_State.FAILED)

    def sizeHint(self) -> QSize:
        """A tile; a picture that is shown has room."""
        look, tile = current(), QSize(current().px(_TILE.width()), current().px(_TILE.height()))
        if not self.clear:
            return tile
        most = QSize(min(look.px(_SHOWN.width()), 2 * _SHOWN.width()), look.px(_SHOWN.height()))
        return self._image.size().scaled(most, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(48, 48))

    def minimumSizeHint(self) -> QSize:
        """In a narrow place it shrinks."""
        return QSize(current().px(48), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture or its grains, else an icon with a word; the ring of the focus."""
        look, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        path = QPainterPath()
        path.addRoundedRect(box, 8, 8)
        painter.fillPath(path, look.color("hover"))
        if self.fetched:
            painter.save()
            painter.setClipPath(path)
            painter.drawImage(box, self._image if self.clear else self._grains)
            painter.restore()
        if not self.clear:
            self._paint_word(painter, box)
        focused = self.hasFocus()
        painter.setPen(QPen(look.color("accent" if focused else "line"), 2 if focused else 1))
        painter.drawPath(path)
        painter.end()

    def _paint_word(self, painter: QPainter, box: QRectF) -> None:
        look = current()
        side, line = look.px(20), look.line_height("small")
        middle = QRectF(box.left(), box.center().y() - (side + line) / 2, box.width(), side + line)
        if self.fetched:
            # Words on a picture need a ground of their own.
            ground = QPainterPath()
            ground.addRoundedRect(middle.adjusted(8, -4, -8, 4), 8, 8)
            painter.fillPath(ground, look.color("surface"))
        name = "eye-off" if self._state is _State.BLURRED else "image"
        icons.paint(painter, name, "text", QRectF(box.center().x() - side / 2, middle.top(), side, side))
        painter.setFont(look.font("small"))
        painter.setPen(look.color("text"))
        words = QRectF(box.left(), middle.top() + side, box.width(), line)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._word())

    def _word(self) -> str:
        return {
            _State.AWAY: self.tr("Voir l’image"),
            _State.COMING: self.tr("Chargement…"),
            _State.BLURRED: self.tr("Montrer"),
            _State.CLEAR: "",
            _State.FAILED: self.tr("Réessayer"),
        }[self._state]

    def _be(self, state: _State) -> None:
        self._state = state
        spoken = {
            _State.AWAY: self.tr("Image {n}, {name}, pas encore chargée"),
            _State.COMING: self.tr("Image {n}, {name}, en chargement"),
            _State.BLURRED: self.tr("Image {n}, {name}, floutée"),
            _State.CLEAR: self.tr("Image {n}, {name}, affichée"),
            _State.FAILED: self.tr("Image {n}, {name}, non disponible"),
        }[state]
        self.setAccessibleName(spoken.format(n=self._number, name=self._name))
        self.setToolTip(self.tr("Cacher l’image") if state is _State.CLEAR else self._word())
        self.updateGeometry()
        parent = self.parentWidget()
        if parent is not None:
            parent.updateGeometry()
        self.update()


class Attachments(QWidget):
    """The pictures of one message in a row; hidden when there are none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._message: MessageId | None = None
        self._shown: tuple[Attachment, ...] = ()
        self._waiting: deque[int] = deque()
        self._busy = False
        self.tiles: dict[int, PictureTile] = {}
        """By place among the attachments."""
        self.known = Badge()
        """«image déjà retirée»."""
        self.problem = Label("", "note", "warning", wrap=True)
        self._row = QWidget()
        self._row.setAccessibleName(self.tr("Images jointes"))
        self._flow = FlowLayout(self._row, gap=8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.known, self._row, self.problem):
            column.addWidget(widget)

    def show_case(self, detail: CaseDetail) -> None:
        """Another message, or the same one changed: pictures that are here stay."""
        message = detail.message
        seen = any(_PICTURE in finding.detectors for finding in detail.verdict.findings)
        word = self._desk.catalogue.label("detector", _PICTURE)
        self.known.show_mark(3, "diamond", word[:1].upper() + word[1:])
        self.known.setVisible(seen)
        if (message.id, message.attachments) == (self._message, self._shown):
            return
        self._message, self._shown = message.id, message.attachments
        self._flow.clear()
        self._waiting.clear()
        self.tiles = {}
        self.problem.hide()
        for place, attachment in enumerate(message.attachments):
            if is_picture(attachment):
                tile = PictureTile(len(self.tiles) + 1, attachment)
                tile.wanted.connect(lambda place=place: self._want(place))
                self._flow.addWidget(tile)
                self.tiles[place] = tile
        self._row.setVisible(bool(self.tiles))
        self.setVisible(bool(self.tiles) or seen)

    def press(self) -> None:
        """The key: fetch them all; when they are here show them all; then blur them all."""
        tiles = tuple(self.tiles.values())
        if not all(tile.fetched for tile in tiles):
            for tile in tiles:
                tile.ask()
            return
        clear = not all(tile.clear for tile in tiles)
        for tile in tiles:
            tile.show_clear(clear)

    def _want(self, place: int) -> None:
        self._waiting.append(place)
        self._fetch_next()

    def _fetch_next(self) -> None:
        """One at a time: a slow platform must not hold all the threads that the screen reads with."""
        if self._busy or not self._waiting or self._message is None:
            return
        place, message = self._waiting.popleft(), self._message
        accounts, actor = self._desk.services.accounts, self._desk.actor
        self._busy = True

        def work() -> QImage:
            return QImage.fromData(accounts.picture(actor, message, place))

        def done(picture: QImage) -> None:
            self._busy = False
            if message == self._message and place in self.tiles:
                self.tiles[place].take(picture)
            self._fetch_next()

        def failed(error: Exception) -> None:
            self._busy = False
            if message == self._message and place in self.tiles:
                self.tiles[place].fail()
                notice = self._desk.notices.explain(error)
                self.problem.setText(f"{notice.title} {notice.next}".strip())
                self.problem.show()
            self._fetch_next()

        self._desk.tasks.read(work, done, failed, owner=self)
