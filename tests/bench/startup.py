"""Second start: from the command to a painted window, beside a bare Qt window of the same size.

The limit is 3 s beyond what Qt itself needs. Prints both, the difference, and how close it is.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 5
LIMIT_SECONDS = 3.0
ROOT = Path(__file__).resolve().parents[2]

BARE = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv)
window = QMainWindow()
window.resize(1440, 900)
window.show()
app.processEvents()
window.grab().save(sys.argv[1])
"""
VIGIE = """
import sys
from pathlib import Path
from console.launch import Launch
from ui import app
app.run(Launch(Path(sys.argv[2]), True, None, Path(sys.argv[1])))
"""


def seconds(code: str, picture: Path, home: Path) -> float:
    """One start in a process of its own, until its picture is written."""
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, str(picture), str(home)], cwd=ROOT, env=environment, check=True
    )
    return time.perf_counter() - begun


def main() -> int:
    """Measure; 1 when the limit is passed."""
    with tempfile.TemporaryDirectory() as folder:
        picture, home = Path(folder) / "window.png", Path(folder) / "home"
        first = seconds(VIGIE, picture, home)
        bare = statistics.median(seconds(BARE, picture, home) for _ in range(RUNS))
        second = statistics.median(seconds(VIGIE, picture, home) for _ in range(RUNS))
    beyond = second - bare
    print(f"bare Qt window                     {bare:6.2f} s")
    print(f"first start, sample queue filled   {first:6.2f} s")
    print(f"second start                       {second:6.2f} s   {second / bare:.1f} × bare Qt")
    share = beyond / LIMIT_SECONDS
    print(f"beyond Qt                          {beyond:6.2f} s   limit {LIMIT_SECONDS} s, {share:.0%} of it")
    return int(beyond > LIMIT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
