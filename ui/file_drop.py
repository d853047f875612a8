"""A file dropped on the window goes to the import page, or to «Partage» when another desk wrote it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from console.domain.roles import Permission
from console.errors import ConflictError
from ui.desk import Desk

SUFFIX = ".vigie"
"""Of files between desks."""


def dropped_file(data: QMimeData) -> Path | None:
    """The one local file that is dragged, or None."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_file() else None


class FileDrop(QObject):
    """Watches one window. Somebody who may not import or decide cannot drop."""

    def __init__(self, window: QWidget, desk: Desk) -> None:
        super().__init__(window)
        self._desk = desk
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files, leave the rest."""
        if isinstance(event, QDropEvent):  # a drag that enters is one, too
            path = dropped_file(event.mimeData())
            if path is not None and self._desk.may(_NEEDED[_page_for(path)]):
                event.acceptProposedAction()
                if not isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.Drop:
                    self._open(path)
                return True
        return super().eventFilter(watched, event)

    def _open(self, path: Path) -> None:
        page = _page_for(path)
        if page == "sharing" and not self._desk.sharing.joined:
            self._desk.notices.error(ConflictError("hub.not_joined"))
            return
        self._desk.open_page.emit(page, path)


_NEEDED = {"import": Permission.IMPORT, "sharing": Permission.DECIDE}


def _page_for(path: Path) -> str:
    """Another desk's file goes to the sharing page, whatever else to the import."""
    return "sharing" if path.suffix.lower() == SUFFIX else "import"
