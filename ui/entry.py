"""Entry points of the installed program. Qt is imported only when a window is really opened."""

from __future__ import annotations

import sys

from console import cli
from console.launch import Launch


def vigie() -> int:
    """The command line `vigie`; without a command, the window."""
    return cli.main(sys.argv[1:], _open_window)


def window() -> int:
    """`vigie-gui`: the same, for desktops where there is no terminal."""
    return vigie()


def _open_window(launch: Launch) -> int:
    from ui import app

    return app.run(launch)


if __name__ == "__main__":
    sys.exit(vigie())
