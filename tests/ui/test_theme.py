"""Every pair of roles that meets on the screen can be read, in every theme; a change is live."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.conftest import PLAIN
from ui import icons, tokens
from ui.theme import TYPES, Mode, Theme

THEMES = ("light", "dark", "contrast-light", "contrast-dark")
SEVERITIES = ("fine", "severity_1", "severity_2", "severity_3", "severity_4")
GROUNDS = ("bg", "surface")
TEXT = [
    *((ink, ground) for ink in ("text", "muted", "accent", "accent_hover") for ground in GROUNDS),
    *((ink, ground) for ink in ("text", "muted") for ground in ("hover", "accent_soft")),
    ("accent", "accent_soft"),
    ("accent", "hover"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("text", "pressed"),
    ("text", "mark"),
    ("on_toast", "toast"),
    ("toast_muted", "toast"),
    ("surface", "severity_4"),
    *((severity, f"{severity}_soft") for severity in SEVERITIES),
    *((severity, ground) for severity in SEVERITIES for ground in GROUNDS),
    *(("text", f"{severity}_soft") for severity in SEVERITIES),
]
"""Ink on ground: 4.5:1 (WCAG 2.2, 1.4.3)."""
SHAPES = [
    *(("field_line", ground) for ground in (*GROUNDS, "hover")),
    *(("accent", ground) for ground in (*GROUNDS, "hover", "accent_soft")),
    *((severity, "mark") for severity in SEVERITIES[2:]),
    ("disabled", "surface"),
    ("disabled", "bg"),
]
"""Edges of fields, focus rings, underlines: 3:1 (WCAG 2.2, 1.4.11)."""


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (SHAPES, 3.0)])
def test_every_pair_of_roles_can_be_read(name: str, pairs: list[tuple[str, str]], least: float) -> None:
    roles = tokens.load(name).roles
    poor = {
        pair: round(ratio, 2)
        for pair in pairs
        if (ratio := tokens.contrast(QColor(roles[pair[0]]), QColor(roles[pair[1]]))) < least
    }
    assert not poor


def test_themes_have_the_same_roles() -> None:
    assert len({frozenset(tokens.load(name).roles) for name in THEMES}) == 1


def test_contrast_is_that_of_the_standard() -> None:
    black, white = QColor("black"), QColor("white")
    assert tokens.contrast(black, white) == pytest.approx(21)
    assert tokens.contrast(white, white) == pytest.approx(1)
    # Worked example of WCAG's technique G18: #767676 on white passes, #777777 does not.
    assert tokens.contrast(QColor("#767676"), white) >= 4.5 > tokens.contrast(QColor("#777777"), white)


@given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
def test_contrast_does_not_depend_on_the_order(one: int, other: int) -> None:
    first, second = QColor(f"#{one:06x}"), QColor(f"#{other:06x}")
    assert tokens.contrast(first, second) == tokens.contrast(second, first) >= 1


def test_high_contrast_takes_the_palette_of_the_system() -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor("#000033"))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#00FF66"))
    taken = tokens.load("contrast-dark").with_palette(palette)
    assert taken.roles["bg"] == "#000033"
    assert taken.roles["accent"] == "#00ff66"
    assert taken.roles["severity_4"] == tokens.load("contrast-dark").roles["severity_4"]


def test_a_change_of_theme_reaches_widgets_and_icons_at_once(theme: Theme, qtbot: object) -> None:
    label = QLabel("Vigie")
    picture = icons.icon("check", "text")
    heard: list[str] = []
    theme.changed.connect(lambda: heard.append(theme.name))
    light = (QApplication.palette().window().color(), _ink(picture.pixmap(QSize(32, 32)).toImage()))
    theme.apply(replace(PLAIN, mode=Mode.DARK))
    dark = (QApplication.palette().window().color(), _ink(picture.pixmap(QSize(32, 32)).toImage()))
    assert heard == ["dark"]
    assert light == (QColor("#F4F5F7"), QColor("#1B2230"))
    assert dark == (QColor("#14171D"), QColor("#E8EBF1"))
    label.deleteLater()


def test_sizes_follow_the_text_setting(theme: Theme) -> None:
    assert (theme.px(14), theme.font("message").pixelSize(), theme.line_height("message")) == (14, 17, 26)
    theme.apply(replace(PLAIN, text=200))
    assert (theme.px(14), theme.font("message").pixelSize(), theme.line_height("message")) == (28, 34, 52)
    assert theme.space(16) == 24
    theme.apply(replace(PLAIN, text=900))
    assert theme.appearance.text == 200


def test_figures_are_tabular_and_only_section_labels_are_in_capitals(theme: Theme) -> None:
    for role in TYPES:
        font = theme.font(role)
        assert font.featureValue(QFont.Tag("tnum")) == 1
        assert (font.capitalization() == QFont.Capitalization.AllUppercase) == (role == "label")


def test_reduced_motion_is_none_at_all_and_motion_is_short(theme: Theme) -> None:
    assert theme.motion(140) == 0
    theme.apply(replace(PLAIN, reduced_motion=False))
    assert theme.motion(140) == 140
    assert theme.motion(400) == 150


def test_severities_differ_by_shape_too(theme: Theme) -> None:
    assert len({theme.severity(level).shape for level in range(5)}) == 5


def test_what_is_asked_of_the_theme_is_a_copy(theme: Theme) -> None:
    theme.color("accent").setAlpha(0)
    theme.font("base").setBold(True)
    assert theme.color("accent").alpha() == 255
    assert not theme.font("base").bold()


def test_an_unknown_role_or_icon_is_an_error(theme: Theme) -> None:
    with pytest.raises(KeyError):
        theme.color("no-such-role")
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_drawn_for_the_pixels_of_the_screen(theme: Theme, ratio: float) -> None:
    picture = icons.pixmap("siren", "accent", 20, ratio)
    assert picture.width() == round(20 * ratio)
    assert picture.deviceIndependentSize().width() == pytest.approx(20, abs=0.5)


def _ink(image: QImage) -> QColor:
    """The colour of the most opaque pixel."""
    shaded = image.convertToFormat(QImage.Format.Format_ARGB32)
    points = ((x, y) for x in range(shaded.width()) for y in range(shaded.height()))
    best = max(points, key=lambda point: shaded.pixelColor(*point).alpha())
    colour = shaded.pixelColor(*best)
    assert colour.alpha() > 250
    return colour.toRgb() if colour.spec() != QColor.Spec.Rgb else colour


def test_the_system_scheme_is_followed(theme: Theme) -> None:
    hints = QApplication.styleHints()
    expected = "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"
    theme.apply(replace(PLAIN, mode=Mode.SYSTEM))
    assert theme.name == expected
