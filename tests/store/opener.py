"""A second program that opens a desk's file and says how it went: `python -m tests.store.opener FILE`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from console.clock import SystemClock
from console.errors import EnvironmentProblemError
from console.store.database import open_store

NOBODY = 65534


def main() -> None:
    """Open the file named on the command line, as somebody without special rights if so asked."""
    if "nobody" in sys.argv:
        # All that opening imports has to be there: the program's own folder may be closed to others.
        with TemporaryDirectory() as folder:
            open_store(Path(folder) / "vigie.db", SystemClock()).close()
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        open_store(Path(sys.argv[1]), SystemClock()).close()
    except EnvironmentProblemError as error:
        print(error.code, error.facts.get("pid", ""))
    else:
        print("opened")


main()
