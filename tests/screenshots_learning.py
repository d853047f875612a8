"""Pictures of learning: a proposal before it is adopted. Everything in it is made up.

`python -m tests.screenshots_learning [--into FOLDER] [NAME…]`; `python3 dev.py screenshots learning` runs it
too. The desk and its services are real; the engine knows three words, so that a picture changes only when
the screen does.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from tests.desks import open_desk
from tests.screenshots import IMAGES, LOOK, window_on
from tests.unit.learning.town import decide_the_town, over_the_small_engine
from ui.app import qt_application
from ui.pages.learning.page import LearningPage
from ui.theme import Mode, Theme

MODES = {"learning-light": Mode.LIGHT, "learning-dark": Mode.DARK}
NAMES = tuple(MODES)


def take(names: set[str], target: Path) -> list[Path]:
    """Write the named pictures and return their files."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory() as name, open_desk(Path(name)) as store:
        over_the_small_engine(store)
        decide_the_town(store, apart=timedelta(hours=7))
        store.services.access.switch(store.supervisor.staff.id)
        with window_on(store.services, Path(name), Theme(qt_application(), LOOK)) as stage:
            stage.window.go("learning")
            page = stage.window.page("learning")
            assert isinstance(page, LearningPage)
            page.learn.click()
            for each in (each for each in NAMES if each in names):
                stage.look(MODES[each])
                written.append(target / f"{each}.png")
                stage.save(written[-1])
    return written


def main(arguments: list[str] | None = None) -> int:
    """Write all pictures, or the named ones; the exit status is 0."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--into", type=Path, default=IMAGES)
    given = parser.parse_args(arguments)
    for written in take(set(given.names) or set(NAMES), given.into):
        print(f"{written.name}  {written.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
