"""The one style sheet, made from resources/theme/style.qss and the tokens of the theme."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTemporaryDir

from console.paths import RESOURCES
from ui.tokens import FOLDER

if TYPE_CHECKING:
    from ui.theme import Theme

_CALL = re.compile(r"@(?P<name>[a-z_0-9]+)(?:\((?P<arguments>[^)]*)\))?")


class StyleSheet:
    """Fills the template. Pictures that Qt reads by path are tinted into a folder that dies with it."""

    def __init__(self) -> None:
        self._folder = QTemporaryDir()

    @cached_property
    def _template(self) -> str:
        return (FOLDER / "style.qss").read_text("utf-8")

    def render(self, theme: Theme) -> str:
        """The style sheet for what `theme` holds now. Raises KeyError for an unknown role."""

        def fill(match: re.Match[str]) -> str:
            name, arguments = match["name"], match["arguments"]
            if arguments is None:
                return theme.color(name).name(theme.color(name).NameFormat.HexArgb)
            if name == "px":
                return f"{theme.px(float(arguments))}px"
            if name == "icon":
                return self._icon(theme, *(each.strip() for each in arguments.split(",")))
            raise KeyError(name)

        return _CALL.sub(fill, self._template)

    def _icon(self, theme: Theme, name: str, role: str) -> str:
        colour = theme.color(role).name()
        path = f"{self._folder.path()}/{name}-{colour[1:]}.svg"
        svg = (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
        with open(path, "w", encoding="utf-8") as stream:  # noqa: PTH123  Qt's own temporary folder is a str
            stream.write(svg)
        return f'url("{path}")'
