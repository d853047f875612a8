#!/usr/bin/env python3
"""Everything a developer or a newcomer does with Vigie, with nothing but Python 3.11+ and pip.

python3 dev.py run [ARGUMENTS…]   prepare the machine and start Vigie (arguments go to `vigie`)
python3 dev.py test [ARGUMENTS…]  check, then the whole suite (arguments go to pytest)
python3 dev.py cover [ARGUMENTS…] the suite with the report of what it does not reach (a fifth slower)
python3 dev.py check              formatting, lint, types, import contract
python3 dev.py bench [NAME…]      benchmarks of tests/bench, as ratios to a floor of the same run
python3 dev.py soak hub           the random city for long: [--minutes N] [--seed S]
python3 dev.py soak platforms     random days of 20,000 comments (--things N) over six platforms: the same
python3 dev.py build              the one-folder program with PyInstaller, then its self-test
python3 dev.py screenshots        the main screens into docs/images
python3 dev.py train              rebuild the learned model from the project's own corpus
python3 dev.py lock               resolve the dependencies anew into requirements/
"""

from __future__ import annotations

import argparse
import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
RUNTIME, DEVELOPMENT = ROOT / "requirements/runtime.txt", ROOT / "requirements/dev.txt"

SOAKS = {"hub": "tests/hub/soak_city.py", "platforms": "tests/platforms/soak_day.py"}

# What Qt loads and pip does not bring, by the name that the loader looks for → Debian's package.
QT_LIBRARIES = {
    "EGL": "libegl1",
    "GL": "libgl1",
    "glib-2.0": "libglib2.0-0",
    "fontconfig": "libfontconfig1",
    "dbus-1": "libdbus-1-3",
    "xkbcommon": "libxkbcommon0",
}
QT_X11_LIBRARIES = {
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-image": "libxcb-image0",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-randr": "libxcb-randr0",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-shape": "libxcb-shape0",
    "xcb-sync": "libxcb-sync1",
    "xcb-xfixes": "libxcb-xfixes0",
    "xcb-xkb": "libxcb-xkb1",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "X11-xcb": "libx11-xcb1",
}


def main() -> int:
    """Dispatch; the exit status is that of what was run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    os.chdir(ROOT)
    return COMMANDS[given.command](given.arguments)


def run(arguments: list[str]) -> int:
    """Start Vigie as a user would."""
    prepare(RUNTIME, x11=bool(os.environ.get("DISPLAY")))
    # Whatever the shell says, compiled modules are kept: the second start is the fast one.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.call([str(PYTHON), "-m", "ui.entry", *arguments], env=environment)


def test(arguments: list[str]) -> int:
    """The whole floor: checks first, then every test."""
    if check([]):
        return 1
    return suite(arguments)


def cover(arguments: list[str]) -> int:
    """Every test, and what of the program none of them reached."""
    prepare(DEVELOPMENT)
    return suite(["--cov", "--cov-report=term:skip-covered", *arguments])


def suite(arguments: list[str]) -> int:
    """The tests, on every processor."""
    workers = (
        [] if "-n" in " ".join(arguments) else ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal"]
    )
    return subprocess.call([str(PYTHON), "-m", "pytest", *workers, *arguments], env=offscreen())


def check(_arguments: list[str]) -> int:
    """Formatting, lint, types, imports. Every step runs, so that one run shows every failure."""
    prepare(DEVELOPMENT)
    tools = VENV / ("Scripts" if WINDOWS else "bin")
    failed = 0
    for step in (
        [str(PYTHON), "-m", "ruff", "format", "--check", "."],
        [str(PYTHON), "-m", "ruff", "check", "."],
        [str(PYTHON), "-m", "mypy"],
        [str(tools / "lint-imports")],
    ):
        print("·", " ".join([Path(step[0]).stem, *step[1:]]), flush=True)
        failed += subprocess.call(step) != 0
    return failed


def bench(arguments: list[str]) -> int:
    """Run the named benchmarks, or all. Each prints its floor and its ratios."""
    prepare(DEVELOPMENT)
    known = sorted(path.stem for path in (ROOT / "tests/bench").glob("[a-z]*.py"))
    names = [name for name in arguments if not name.startswith("-")]
    if unknown := [name for name in names if name not in known]:
        print(f"unknown benchmark {', '.join(unknown)}; known: {', '.join(known)}")
        return 64
    failed = 0
    options = [argument for argument in arguments if argument.startswith("-")]
    environment = {key: value for key, value in offscreen().items() if key != "PYTHONDONTWRITEBYTECODE"}
    for name in names or known:
        print(f"=== {name}", flush=True)
        failed += subprocess.call([str(PYTHON), "-m", f"tests.bench.{name}", *options], env=environment) != 0
    return failed


def soak(arguments: list[str]) -> int:
    """Walk the random city until the time is over or something does not hold; seeds are printed."""
    parser = argparse.ArgumentParser(prog="dev.py soak")
    parser.add_argument("what", choices=sorted(SOAKS))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--things", type=int, default=20_000, help="comments of a day (platforms)")
    given = parser.parse_args(arguments)
    prepare(DEVELOPMENT)
    environment = offscreen() | {"VIGIE_SOAK_MINUTES": str(given.minutes)}
    environment["VIGIE_SOAK_THINGS"] = str(given.things)
    if given.seed is not None:
        environment["VIGIE_SOAK_SEED"] = str(given.seed)
    command = [str(PYTHON), "-m", "pytest", "-q", "-s", SOAKS[given.what]]
    return subprocess.call(command, env=environment)


def build(_arguments: list[str]) -> int:
    """The frozen program, proved by its own self-test."""
    prepare(DEVELOPMENT)
    packed = subprocess.call([str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--clean", "build.spec"])
    if packed:
        return packed
    program = ROOT / "dist/vigie" / ("vigie.exe" if WINDOWS else "vigie")
    print("·", program, "--self-test", flush=True)
    return subprocess.call([str(program), "--self-test"], env=offscreen())


def screenshots(arguments: list[str]) -> int:
    """Write the main screens, from the sample queue, into docs/images; «sharing»: those of two desks,
    «platforms»: those of connected accounts, «learning»: that of what a desk learns."""
    prepare(DEVELOPMENT)
    if arguments[:1] in (["sharing"], ["platforms"], ["learning"]):
        command = [str(PYTHON), "-m", f"tests.screenshots_{arguments[0]}", *arguments[1:]]
        return subprocess.call(command, env=offscreen())
    return subprocess.call([str(PYTHON), "-m", "tests.screenshots", *arguments], env=offscreen())


def train(arguments: list[str]) -> int:
    """Rebuild the learned model."""
    prepare(DEVELOPMENT)
    return subprocess.call([str(PYTHON), "-m", "console.netiquette.training", *arguments])


def lock(_arguments: list[str]) -> int:
    """Resolve for every platform at once; hashes, and no address of an index."""
    if not PYTHON.exists():
        create_environment()
    subprocess.check_call([str(PYTHON), "-m", "pip", "install", "--quiet", "uv"])
    for target, extra in ((RUNTIME, []), (DEVELOPMENT, ["--extra", "dev"])):
        command = ["uv", "pip", "compile", "pyproject.toml", *extra, "--universal", "--upgrade"]
        command += ["--generate-hashes", "--no-header", "--no-annotate"]
        command += ["--quiet", "--output-file", str(target)]
        subprocess.check_call([str(PYTHON), "-m", *command])
    return 0


COMMANDS = {
    "run": run,
    "test": test,
    "cover": cover,
    "check": check,
    "bench": bench,
    "soak": soak,
    "build": build,
    "screenshots": screenshots,
    "train": train,
    "lock": lock,
}


# --- the machine ------------------------------------------------------------------------------


def prepare(requirements: Path, x11: bool = False) -> None:
    """Virtual environment, locked dependencies, the program itself, Qt's system libraries."""
    if not PYTHON.exists():
        create_environment()
    if requirements == RUNTIME and stamp(DEVELOPMENT).exists():
        requirements = DEVELOPMENT  # a superset that is there already
    if not stamp(requirements).exists():
        print(f"· installing {requirements.relative_to(ROOT).as_posix()}", flush=True)
        # The lock is complete. Were pip to resolve again, a newer release that an extra admits
        # (`coverage[toml]`) would be tried first, and refused for want of a hash.
        pip("install", "--no-deps", "--require-hashes", "--requirement", str(requirements))
        pip("install", "--no-deps", "--no-build-isolation", "--editable", ".")
        for old in VENV.glob(f".vigie-{requirements.stem}-*"):
            old.unlink()
        stamp(requirements).touch()
    install_system_libraries(QT_LIBRARIES | (QT_X11_LIBRARIES if x11 else {}))


def stamp(requirements: Path) -> Path:
    """A file that exists once this very lock has been installed with this very interpreter."""
    parts = (requirements.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode())
    return VENV / f".vigie-{requirements.stem}-{hashlib.sha256(b'|'.join(parts)).hexdigest()[:16]}"


def create_environment() -> None:
    """A fresh virtual environment. Debian keeps `ensurepip` in a package of its own."""
    print("· creating .venv", flush=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.call(command, stdout=subprocess.DEVNULL) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    install_packages([f"python{version}-venv"], "Python's venv module is not complete")
    subprocess.check_call(command)


def pip(*arguments: str) -> None:
    """pip of the environment; its own failure message is the clearest, so it is shown as it is."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    if subprocess.call(command):
        sys.exit(f"pip failed: {' '.join(arguments)}\nIs there a network, and does pip reach its index?")


def install_system_libraries(libraries: dict[str, str]) -> None:
    """On Linux, make sure that Qt finds what pip does not bring."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for name, package in libraries.items() if not ctypes.util.find_library(name)]
    if missing:
        install_packages(missing, "Qt needs system libraries that are missing")


def install_packages(packages: list[str], why: str) -> None:
    """Install Debian packages when root; otherwise say the exact command and stop."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        sys.exit(f"{why}. Install the equivalents of: {' '.join(packages)}")
    if os.geteuid() != 0:
        sys.exit(f"{why}. Run once:\n  sudo apt-get update && sudo {' '.join(install)}")
    print(f"· {why}: installing {' '.join(packages)}", flush=True)
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["apt-get", "update", "-qq"], [*install, "-qq"]):
        if subprocess.call(command, env=quiet, stdout=subprocess.DEVNULL):
            sys.exit(f"{why}. This failed: {' '.join(command)}")


def offscreen() -> dict[str, str]:
    """The environment of tests and pictures: Qt without a screen."""
    return dict(os.environ, QT_QPA_PLATFORM="offscreen")


if __name__ == "__main__":
    sys.exit(main())
