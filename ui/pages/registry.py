"""The pages of the window: one line a page. Modules are imported when the page is first opened."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import QCoreApplication

from console.domain.roles import Permission
from ui.commands import Context
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
    context: Context | None = None
    """Whose keys act on the page, shown first in the key sheet."""
    foot: bool = False
    before_introduction: bool = False
    """Shown also while nobody is at the desk."""

    def preload(self) -> None:
        """Import the page's module, on any thread, so that making it is quick."""
        import_module(self.factory.split(":")[0])

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

    may = Permission
    return (
        PageSpec(
            "queue", tr("File"), "inbox", "ui.pages.queue.page:QueuePage", may.READ_QUEUE, Context.QUEUE
        ),
        PageSpec(
            "history",
            tr("Historique"),
            "history",
            "ui.pages.history.page:HistoryPage",
            may.READ_HISTORY,
            Context.HISTORY,
        ),
        PageSpec(
            "supervision",
            tr("Supervision"),
            "scale",
            "ui.pages.supervision.page:SupervisionPage",
            may.ESCALATE,
            Context.SUPERVISION,
        ),
        PageSpec(
            "people",
            tr("Personnes"),
            "users",
            "ui.pages.people.page:PeoplePage",
            may.READ_HISTORY,
            Context.PEOPLE,
        ),
        PageSpec(
            "outbox", tr("Envois"), "send", "ui.pages.outbox.page:OutboxPage", may.READ_QUEUE, Context.OUTBOX
        ),
        PageSpec(
            "accounts",
            tr("Comptes"),
            "link",
            "ui.pages.accounts.page:AccountsPage",
            may.READ_QUEUE,
            Context.ACCOUNTS,
        ),
        PageSpec(
            "netiquette", tr("Nétiquette"), "book-open-check", "ui.pages.netiquette.page:NetiquettePage"
        ),
        PageSpec(
            "import",
            tr("Importer"),
            "file-down",
            "ui.pages.importing.page:ImportPage",
            may.IMPORT,
            Context.IMPORT,
            foot=True,
        ),
        PageSpec("settings", tr("Réglages"), "settings", "ui.pages.settings.page:SettingsPage", foot=True),
        PageSpec("sharing", "", "", "ui.pages.sharing.page:SharingPage", None, Context.SHARING),
        PageSpec("learning", "", "", "ui.pages.learning.page:LearningPage", may.READ_HISTORY),
        PageSpec("welcome", "", "", "ui.pages.welcome:WelcomePage", before_introduction=True),
        PageSpec("connect", "", "", "ui.pages.connect.page:ConnectPage", before_introduction=True),
    )
