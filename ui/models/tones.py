"""The word and shape beside the colour of each severity: never colour alone (WCAG 1.4.1).

Shapes are the names that `ui.widgets.shapes` draws; they are never typed as signs, which a font may
lack and a screen reader would spell.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.theme import SHAPES

DANGER_SHAPE = "triangle"
"""Danger to life, from the route; it outranks every severity."""
ROUTE_SHAPE = "arrow"
SIMILAR_SHAPE = "waves"


def shape_of(severity: int) -> str:
    """The shape of a severity 0 (nothing found) to 4 (grave)."""
    return SHAPES[max(0, min(severity, 4))]


def word_of(severity: int) -> str:
    """The word of a severity 0 to 4."""
    words = (
        QCoreApplication.translate("Severity", "Rien à signaler"),
        QCoreApplication.translate("Severity", "Information"),
        QCoreApplication.translate("Severity", "Légère"),
        QCoreApplication.translate("Severity", "Moyenne"),
        QCoreApplication.translate("Severity", "Grave"),
    )
    return words[max(0, min(severity, 4))]
