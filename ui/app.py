"""The application: Qt set up, the desk opened off the UI thread, its window, an orderly end."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QLibraryInfo,
    QLocale,
    QObject,
    Qt,
    QTimer,
    QTranslator,
    Signal,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from console import __version__
from console.bootstrap import at_rest, recover
from console.domain.roles import Role
from console.errors import EnvironmentProblemError, VigieError
from console.launch import Launch
from console.paths import RESOURCES
from console.services.at_rest import State
from console.services.key_file import Because
from console.services.secret_ports import Secrets
from console.services.services import Services
from ui.actions import Commands
from ui.collector import Collector
from ui.commands import all_commands
from ui.desk import Desk
from ui.desk_opening import Opened, open_desk
from ui.main_window import MainWindow
from ui.notify import Notices, Tone
from ui.opening import OpeningWindow
from ui.protection_choice import WAYS
from ui.settings import Settings
from ui.tasks import TaskRunner
from ui.theme import Appearance, Theme
from ui.watchdog import Watchdog

log = logging.getLogger(__name__)

_PATIENCE = 400
"""Milliseconds of opening before a word about it is shown."""
_PICTURE_SIZE = (1440, 900)
_PICTURE_LIMIT = 30_000


def run(launch: Launch) -> int:
    """Open the window and stay until it is closed; 0. With `launch.picture`, write that PNG and leave."""
    app = qt_application()
    session = Session(app, launch)
    if launch.picture is not None:
        return session.paint(launch.picture)
    session.open(launch.sample)
    status = app.exec()
    session.end()
    return status


def qt_application() -> QApplication:
    """The one QApplication, in French, with the program's name and sign."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["vigie"])
    app.setApplicationName("Vigie")
    app.setApplicationDisplayName("Vigie")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("vigie")
    app.setWindowIcon(QIcon(str(RESOURCES / "icons" / "vigie.svg")))
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.Canada))
    if app.findChild(QTranslator) is None:
        translator = QTranslator(app)
        if translator.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(translator)
    return app


class Session(QObject):
    """One run of the program: a desk after another (the real one, the sample), never two at once."""

    ready = Signal()
    """A window is there."""

    def __init__(self, app: QApplication, launch: Launch) -> None:
        super().__init__()
        self._app, self._launch, self._sample = app, launch, launch.sample
        self._carried: Settings | None = None
        self._import = launch.import_file
        self._secrets = launch.secrets
        self.theme = Theme(app, Appearance(bundled_font=launch.picture is not None))
        self.notices = Notices(self)
        self.tasks = TaskRunner(self)
        self.tasks.failed.connect(self.notices.error)
        self._watchdog = Watchdog(app)
        self.collector = Collector(self)
        self.opening = OpeningWindow()
        self.opening.retry.connect(lambda: self.open(self._sample))
        self.opening.plain.connect(lambda: self.open(self._sample, plain=True))
        self.opening.encrypt.connect(self._encrypt)
        self.opening.code_given.connect(self._recover)
        self.opening.closed.connect(self._quit)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.opening.show)
        self._services: Services | None = None
        self.window: MainWindow | None = None
        if launch.picture is None:
            self.notices.catch_all()
            app.setQuitOnLastWindowClosed(False)

    def open(self, sample: bool, name: str = "", role: Role | None = None, *, plain: bool = False) -> None:
        """Open a desk off the UI thread, then show its window."""
        self._sample = sample
        self.opening.wait(sample)
        self._patience.start(_PATIENCE)
        home, secrets = self._launch.home, self._secrets
        plain = plain or self._launch.plain
        self.tasks.write(
            lambda: open_desk(home, sample, name, role, plain=plain, secrets=secrets),
            self._opened,
            self._failed,
        )

    def paint(self, target: Path) -> int:
        """Write a picture of the window with its first page loaded. Code `picture.write`; status 0."""
        somebody = self.tr("Poste d’essai")
        launch = self._launch
        opened = open_desk(
            launch.home,
            launch.sample,
            somebody,
            Role.MODERATOR,
            plain=launch.plain,
            secrets=launch.secrets,
        )
        self._opened(opened)
        window = self.window
        assert window is not None  # noqa: S101  made by _opened just above
        window.resize(*_PICTURE_SIZE)
        self._settle()
        written = window.grab().save(str(target))
        self.end()
        if not written:
            raise EnvironmentProblemError("picture.write", path=str(target))
        return 0

    def end(self) -> None:
        """Let the writes finish, close the store, leave nothing running."""
        self._leave()
        self._watchdog.close()
        self.tasks.shutdown()
        services, self._services = self._services, None
        if services is not None:
            try:
                services.close()
            except VigieError:
                # Only encrypting at the end can fail: the file is whole, and the next start says how it lies.
                log.exception("the desk was closed, but not encrypted")
        # Last: a thread of the services that collected cycles would destroy widgets outside the UI thread.
        self.collector.stop()

    def _opened(self, opened: Opened) -> None:
        self._patience.stop()
        self._services = opened.services
        settings = self._carried or opened.settings
        if not self._launch.picture:
            self.theme.apply(settings.appearance)
        commands = Commands(all_commands(), self)
        commands.load(settings.keys, settings.single_keys)
        desk = Desk(
            opened.services,
            self._launch.home,
            self.theme,
            self.tasks,
            self.notices,
            commands,
            settings,
            self,
        )
        if opened.actor is not None:
            desk.seat(opened.actor)
        desk.set_emergency(opened.emergency)
        # Queued: the word comes from a button of the window that is about to go.
        desk.reopen.connect(self._reopen, Qt.ConnectionType.QueuedConnection)
        self.window = MainWindow(desk)
        self.window.closed.connect(self._app.quit)
        self.window.show()
        self.opening.hide()
        self.collector.settle()
        self._import_once(desk)
        self._say_protection(opened)
        self.ready.emit()

    def _import_once(self, desk: Desk) -> None:
        """The file of the command line, as soon as somebody is at the desk."""
        file, self._import = self._import, None
        if file is None:
            return
        if desk.introduced:
            desk.open_page.emit("import", file)
        else:
            once = Qt.ConnectionType.SingleShotConnection
            desk.actor_changed.connect(lambda: desk.open_page.emit("import", file), once)

    def _failed(self, error: Exception) -> None:
        self._patience.stop()
        notice = self.notices.explain(error)
        if isinstance(error, VigieError) and error.code in WAYS:
            log.info("the person is asked: %s", error)
            self.opening.ask(notice)
            return
        log.error("the desk could not be opened", exc_info=error)
        self.opening.say(notice)

    def _encrypt(self) -> None:
        home, secrets = self._launch.home, self._secrets
        self.opening.wait(sample=False, encrypting=True)
        self.tasks.write(
            lambda: at_rest(home, secrets=secrets).encrypt(), lambda _: self.open(False), self._failed
        )

    def _recover(self, code: str) -> None:
        home, secrets = self._launch.home, self._secrets
        self.tasks.write(lambda: recover(home, code, secrets), self._recovered, self._code_refused)

    def _recovered(self, passing: Secrets | None) -> None:
        self._secrets = passing or self._secrets
        self.open(sample=False)

    def _code_refused(self, error: Exception) -> None:
        notice = self.notices.explain(error)
        if self.opening.choice is not None:
            self.opening.choice.refuse(f"{notice.title} {notice.next}")

    def _say_protection(self, opened: Opened) -> None:
        """A desk has just been encrypted, or lies in plain text because somebody chose so."""
        protection, status = opened.services.protection, opened.protection
        if protection is None or status is None or protection.passing or self._launch.picture:
            return
        if protection.fresh:
            self.notices.info(
                self.tr("La base de ce poste est chiffrée."),
                self.tr(
                    "Sa clé est dans le trousseau de votre session. La supervision imprime le code de "
                    "récupération dans Réglages, Données."
                ),
                Tone.DONE,
            )
        elif status.state is State.PLAIN and status.because is Because.PERSON:
            self.notices.toast(self.tr("Ce poste n’est pas chiffré (Réglages, Données)."))

    def _quit(self) -> None:
        # Closed by hand: its own hiding once a desk is open does not count.
        if self.window is None:
            self._app.quit()

    def _reopen(self, sample: bool, name: str, role: Role | None) -> None:
        services = self._services
        # The sample looks as the desk did that it was opened from.
        self._carried = self.window.desk.settings if sample and self.window is not None else None
        self._leave()
        self._services = None
        if services is None:
            self.open(sample, name, role)
            return
        protection = services.protection
        encrypting = protection is not None and protection.encrypts_at_closing
        self.opening.wait(sample, encrypting=encrypting)
        self._patience.start(_PATIENCE)
        self.tasks.write(
            services.close,
            lambda _: self.open(sample, name, role),
            lambda error: self._not_closed(error, sample, name, role),
        )

    def _not_closed(self, error: Exception, sample: bool, name: str, role: Role | None) -> None:
        """What went wrong (an encryption that could not be done) is said in the window that opens next."""
        once = Qt.ConnectionType.SingleShotConnection
        self.ready.connect(lambda: self.notices.error(error), once)
        self.open(sample, name, role)

    def _leave(self) -> None:
        if self.window is not None:
            self.window.closed.disconnect(self._app.quit)
            self.window.close()
            gone, self.window = self.window, None
            gone.deleteLater()
            # Now, not at the next turn: no timer of it may ask for work once the store is closed.
            QCoreApplication.sendPostedEvents(gone, QEvent.Type.DeferredDelete.value)

    def _settle(self) -> None:
        """Wait, in the one place where nobody works, until everything asked for has come."""
        loop = QEventLoop()
        poll = QTimer()
        poll.timeout.connect(lambda: loop.quit() if self.tasks.pending == 0 else None)
        poll.start(50)
        QTimer.singleShot(_PICTURE_LIMIT, loop, loop.quit)
        loop.exec()
        poll.stop()
