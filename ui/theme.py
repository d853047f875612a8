"""The one theme of the application: roles, fonts and lengths that follow the system and the person.

There is one, as there is one QApplication: `current()` gives it anywhere on the UI thread, and
`Theme.changed` tells whoever painted or measured with it to do so again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QStyle, QStyleFactory

from console.paths import RESOURCES
from ui import tokens
from ui.stylesheet import StyleSheet


class Mode(StrEnum):
    """What the person chose; SYSTEM follows the light or dark scheme and the contrast of the system."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Appearance:
    """The person's choices. `text` is in per cent (100–200); `reduced_motion` None follows the system."""

    mode: Mode = Mode.SYSTEM
    text: int = 100
    reduced_motion: bool | None = None
    bundled_font: bool = False
    """Use the bundled Inter whatever the system has: for pictures that are the same everywhere."""


@dataclass(frozen=True, slots=True)
class Type:
    """A font role in pixels at 100 %."""

    size: int
    line: int
    weight: QFont.Weight = QFont.Weight.Normal
    capitals: bool = False


TYPES: dict[str, Type] = {
    "base": Type(14, 20),
    "strong": Type(14, 20, QFont.Weight.DemiBold),
    "message": Type(17, 26),
    "label": Type(12, 16, QFont.Weight.DemiBold, capitals=True),
    "small": Type(12, 18),
    "small_strong": Type(12, 18, QFont.Weight.DemiBold),
    "note": Type(13, 19),
    "tiny": Type(11, 14, QFont.Weight.Medium),
    "title": Type(16, 22, QFont.Weight.DemiBold),
    "display": Type(24, 32, QFont.Weight.DemiBold),
}

SHAPES = ("ring", "waves", "dot", "diamond", "square")
"""The shape beside the colour of each severity, 0 (nothing found) to 4: see `ui.widgets.shapes`."""

_POOR_FAMILIES = frozenset(
    {
        "DejaVu Sans",
        "Bitstream Vera Sans",
        "Sans Serif",
        "Sans",
        "Helvetica",
        "Liberation Sans",
        "FreeSans",
        "",
    }
)
"""What fontconfig falls back to when a machine has no interface font of its own."""


@dataclass(frozen=True, slots=True)
class SeverityStyle:
    """How a severity looks: colour on its soft ground, and a shape so that colour is never alone."""

    fg: QColor
    bg: QColor
    shape: str


class Theme(QObject):
    """Colours, fonts and lengths by role. Live: `changed` is emitted after every change."""

    changed = Signal()
    _current: ClassVar[Theme | None] = None

    def __init__(self, app: QApplication, appearance: Appearance | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._appearance = appearance or Appearance()
        self._family = ""
        self._tokens = tokens.load("light")
        self._colors: dict[str, QColor] = {}
        self._fonts: dict[str, QFont] = {}
        self._sheet = StyleSheet()
        app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self._restyle)
        accessibility = getattr(app.styleHints(), "accessibility", None)
        if accessibility is not None:
            accessibility().contrastPreferenceChanged.connect(self._restyle)
        Theme._current = self
        self.apply(self._appearance)

    @property
    def appearance(self) -> Appearance:
        """What is applied now."""
        return self._appearance

    @property
    def dark(self) -> bool:
        """Whether the ground is dark."""
        return self._tokens.dark

    @property
    def name(self) -> str:
        """`light`, `dark` or `contrast`."""
        return self._tokens.name

    @property
    def scale(self) -> float:
        """The text setting as a factor, 1.0 to 2.0."""
        return self._appearance.text / 100

    def apply(self, appearance: Appearance) -> None:
        """Take the person's choices and restyle every widget."""
        appearance = replace(appearance, text=max(100, min(200, appearance.text)))
        self._appearance = appearance
        hints = self._app.styleHints()
        wanted = {Mode.LIGHT: Qt.ColorScheme.Light, Mode.DARK: Qt.ColorScheme.Dark}.get(appearance.mode)
        hints.colorSchemeChanged.disconnect(self._restyle)
        if wanted is None:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(wanted)  # title bars and native dialogs follow
        hints.colorSchemeChanged.connect(self._restyle)
        self._restyle()

    def color(self, role: str) -> QColor:
        """The colour of `role`, a copy. Raises KeyError for an unknown role."""
        return QColor(self._colors[role])

    def severity(self, level: int) -> SeverityStyle:
        """Style of severity 0 (nothing found) to 4 (grave)."""
        role = "fine" if level <= 0 else f"severity_{min(level, 4)}"
        return SeverityStyle(self.color(role), self.color(f"{role}_soft"), SHAPES[max(0, min(level, 4))])

    def font(self, role: str = "base") -> QFont:
        """The font of a role of `TYPES`, scaled, with tabular figures. A copy: change it freely."""
        return QFont(self._fonts[role])

    def line_height(self, role: str = "base") -> int:
        """Height of a line of text in pixels, scaled."""
        return self.px(TYPES[role].line)

    def px(self, n: float) -> int:
        """A length that belongs to text (heights, icons, chips), scaled by the text setting."""
        return round(n * self.scale)

    def space(self, n: float) -> int:
        """A gap: grows half as fast as text, so that 200 % keeps room for the words."""
        return round(n * (1 + (self.scale - 1) / 2))

    def motion(self, milliseconds: int) -> int:
        """Length of an animation: at most 150 ms, 0 with reduced motion."""
        return 0 if self.reduced_motion else min(150, milliseconds)

    @property
    def reduced_motion(self) -> bool:
        """The person's choice, else the system's."""
        chosen = self._appearance.reduced_motion
        if chosen is not None:
            return chosen
        return self._app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0

    def _restyle(self, *_what: object) -> None:
        self._tokens = self._choose()
        self._colors = {role: QColor(value) for role, value in self._tokens.roles.items()}
        self._family = _family(self._appearance.bundled_font)
        self._fonts = {role: self._make_font(kind) for role, kind in TYPES.items()}
        self._app.setFont(self._fonts["base"])
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(self._sheet.render(self))
        self.changed.emit()

    def _choose(self) -> tokens.Tokens:
        mode, hints = self._appearance.mode, self._app.styleHints()
        dark = hints.colorScheme() == Qt.ColorScheme.Dark
        asks = _asks_for_contrast(hints)
        if mode is Mode.CONTRAST or (mode is Mode.SYSTEM and asks):
            if not asks:
                return tokens.load("contrast-dark" if dark else "contrast-light")
            self._app.setPalette(QPalette())  # give the system's own palette back, to read it
            system = self._app.palette()
            on_dark = tokens.luminance(system.color(QPalette.ColorRole.Window)) < 0.5
            return tokens.load("contrast-dark" if on_dark else "contrast-light").with_palette(system)
        if mode is Mode.SYSTEM:
            return tokens.load("dark" if dark else "light")
        return tokens.load(str(mode))

    def _make_font(self, kind: Type) -> QFont:
        font = QFont(self._family)
        font.setPixelSize(self.px(kind.size))
        font.setWeight(kind.weight)
        font.setFeature(QFont.Tag("tnum"), 1)
        if kind.capitals:
            # The words stay in their case for assistive technology; only the drawing is in capitals.
            font.setCapitalization(QFont.Capitalization.AllUppercase)
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.3 * self.scale)
        return font

    def _palette(self) -> QPalette:
        palette, role = QPalette(), QPalette.ColorRole
        pairs = {
            role.Window: "bg", role.WindowText: "text", role.Base: "surface", role.AlternateBase: "hover",
            role.Text: "text", role.Button: "surface", role.ButtonText: "text", role.BrightText: "severity_4",
            role.Highlight: "accent", role.HighlightedText: "on_accent", role.Link: "accent",
            role.LinkVisited: "accent", role.ToolTipBase: "toast", role.ToolTipText: "on_toast",
            role.PlaceholderText: "muted", role.Accent: "accent", role.Mid: "line", role.Midlight: "line",
            role.Light: "surface", role.Dark: "field_line", role.Shadow: "field_line",
        }  # fmt: skip
        for palette_role, name in pairs.items():
            palette.setColor(palette_role, self.color(name))
        for palette_role in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, palette_role, self.color("disabled"))
        return palette


def current() -> Theme:
    """The application's theme. Raises RuntimeError before one was made."""
    if Theme._current is None:
        raise RuntimeError("no theme has been made for this application")
    return Theme._current


def _asks_for_contrast(hints: QStyleHints) -> bool:
    accessibility = getattr(hints, "accessibility", None)  # since Qt 6.10
    if accessibility is None:
        return False
    return bool(accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)


def _family(bundled: bool) -> str:
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if not bundled and QFontInfo(system).family() not in _POOR_FAMILIES:
        return system.family()
    for path in sorted((RESOURCES / "fonts").glob("*.otf")):
        if path.name not in _loaded:
            _loaded[path.name] = QFontDatabase.addApplicationFont(str(path))
    return "Inter"


_loaded: dict[str, int] = {}
