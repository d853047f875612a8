"""Colours of a theme: base colours → roles, read from resources/theme; widgets know roles only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtGui import QColor, QPalette

from console.paths import RESOURCES

FOLDER = RESOURCES / "theme"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme file. `system` names the palette roles used instead when the system asks for contrast."""

    name: str
    dark: bool
    roles: Mapping[str, str]
    """Role → `#RRGGBB` or `#AARRGGBB`."""
    system: Mapping[str, str]

    def with_palette(self, palette: QPalette) -> Tokens:
        """The same roles, those named in `system` taken from the system's palette."""
        taken = {
            role: palette.color(getattr(QPalette.ColorRole, name)).name()
            for role, name in self.system.items()
        }
        return Tokens(self.name, self.dark, {**self.roles, **taken}, self.system)


@cache
def load(name: str, folder: Path = FOLDER) -> Tokens:
    """The theme file `name` (without suffix). Raises KeyError when a role names no base colour."""
    raw = json.loads((folder / f"{name}.json").read_text("utf-8"))
    base: dict[str, str] = raw["base"]
    roles = {role: base[colour] for role, colour in raw["roles"].items()}
    return Tokens(raw["name"], raw["scheme"] == "dark", roles, raw.get("system", {}))


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 black to 1 white (WCAG 2.2, «relative luminance»)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(each) for each in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2, «contrast ratio»)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
