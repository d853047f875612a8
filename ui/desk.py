"""What every page works with: the services, who works here, and the news that pages refresh from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from console.catalogue import Catalogue
from console.domain.emergency import Emergency
from console.domain.roles import Actor, Permission
from console.services.rows import ChangeSet
from console.services.services import Services
from ui.actions import Commands
from ui.notify import Notices
from ui.platforms import PlatformDesk
from ui.settings import Settings
from ui.sharing import SharedDesk
from ui.tasks import TaskRunner
from ui.theme import Theme


class Desk(QObject):
    """One open desk on the UI thread. Pages take it as their only argument."""

    changed = Signal(object)
    """A `ChangeSet`: views refresh exactly that."""
    actor_changed = Signal()
    emergency_changed = Signal()
    settings_changed = Signal()
    """Names masked or shown, keys, appearance."""
    open_page = Signal(str, object)
    """Ask the window for a page by id, with an argument for its `open` (or None)."""

    show_panel = Signal(str, object)
    """Ask the window to show a widget in the side panel, under a title; the panel takes it over. Its focus
    proxy gets the focus."""
    hide_panel = Signal()
    reopen = Signal(bool, str, object)
    """Leave this desk for the sample queue (True) or for the real one; who to seat there (name, role) when
    nobody is known yet, or ("", None)."""

    def __init__(
        self,
        services: Services,
        home: Path,
        theme: Theme,
        tasks: TaskRunner,
        notices: Notices,
        commands: Commands,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.home = home
        """Folder of this desk's data."""
        self.services, self.theme, self.tasks, self.notices = services, theme, tasks, notices
        self.commands, self.settings = commands, settings
        self.catalogue = Catalogue.load()
        self._actor: Actor | None = None
        self._emergency: Emergency | None = None
        self.sharing = SharedDesk(self)
        self.platforms = PlatformDesk(self)

    @property
    def actor(self) -> Actor:
        """Who works here. Raises RuntimeError before anyone introduced themselves: the window shows only
        the welcome page until then."""
        if self._actor is None:
            raise RuntimeError("nobody is at the desk yet")
        return self._actor

    @property
    def introduced(self) -> bool:
        """Whether somebody is at the desk."""
        return self._actor is not None

    def seat(self, actor: Actor) -> None:
        """This person works here now."""
        self._actor = actor
        self.actor_changed.emit()

    def may(self, permission: Permission) -> bool:
        """Whether the person at the desk holds a permission. For showing: services check again."""
        return self._actor is not None and self._actor.may(permission, self.services.clock.now())

    @property
    def emergency(self) -> Emergency | None:
        """The emergency measures in force, or None."""
        return self._emergency

    def set_emergency(self, emergency: Emergency | None) -> None:
        """Emergency measures began, changed or ended."""
        self._emergency = emergency
        self.emergency_changed.emit()

    def announce(self, changes: ChangeSet) -> None:
        """Tell all pages what a use case changed."""
        self.changed.emit(changes)

    def person(self, name: str, number: int) -> str:
        """How a person is named on screen: as the platform gives it, or by number with names masked."""
        if self.settings.mask_names or not name.strip():
            return QCoreApplication.translate("Desk", "Personne {number}").format(number=f"{number:04d}")
        return name

    def change_settings(self, **changes: Any) -> None:
        """Replace some fields of `settings`, apply them and keep them."""
        before, self.settings = self.settings, replace(self.settings, **changes)
        if before.appearance != self.settings.appearance:
            self.theme.apply(self.settings.appearance)
        if (before.keys, before.single_keys) != (self.settings.keys, self.settings.single_keys):
            self.commands.load(self.settings.keys, self.settings.single_keys)
        old, new = before.stored(), self.settings.stored()
        kept = {key: value for key, value in new.items() if old[key] != value}
        if kept:
            self.tasks.write(lambda: self.services.preferences.put(kept))
        self.settings_changed.emit()
