"""A file dropped on the window goes to the import page, whichever page is in front."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from console.domain.roles import Permission
from ui.desk import Desk


def dropped_file(data: QMimeData) -> Path | None:
    """The one local file that is dragged, or None."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_file() else None


class FileDrop(QObject):
    """Watches one window. Somebody who may not import cannot drop."""

    def __init__(self, window: QWidget, desk: Desk) -> None:
        super().__init__(window)
        self._desk = desk
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files, leave the rest."""
        if isinstance(event, QDropEvent):  # a drag that enters is one, too
            path = dropped_file(event.mimeData())
            if path is not None and self._desk.may(Permission.IMPORT):
                event.acceptProposedAction()
                if not isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.Drop:
                    self._desk.open_page.emit("import", path)
                return True
        return super().eventFilter(watched, event)
