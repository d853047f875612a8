"""The pages of the window: one line a page. Modules are imported when the page is first opened."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import QCoreApplication

from console.domain.roles import Permission
from ui.desk import Desk
from ui.pages.page import Page


@dataclass(frozen=True, slots=True)
class PageSpec:
    """`word` stands under the icon in the rail ("" keeps the page out of the rail). Without the
    permission (`needs`) the page is absent."""

    id: str
    word: str
    icon: str
    factory: str
    """`module:Class`, called with the desk."""
    needs: Permission | None = None
    foot: bool = False

    def make(self, desk: Desk) -> Page:
        """Import and build the page."""
        module, name = self.factory.split(":")
        page = getattr(import_module(module), name)(desk)
        assert isinstance(page, Page)  # noqa: S101  a wrong line in this table is a bug, found by its test
        return page


def pages() -> tuple[PageSpec, ...]:
    """All pages in the order of the rail."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Pages", text)

    return (PageSpec("queue", tr("File"), "inbox", "ui.pages.queue:QueuePage", Permission.READ_QUEUE),)
