"""What a page of the window is. Pages are made when first opened, and live as long as the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.desk import Desk


class Page(QWidget):
    """Base of all pages. Subclasses build their widgets in `__init__` and load nothing there."""

    title = ""
    """Heading in the top bar, French."""
    search_hint = ""
    """Placeholder of the search field; "" hides the field on this page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("surface", "page")

    def bar_widgets(self) -> Sequence[QWidget]:
        """Widgets for the right of the top bar; made once, owned by the page's bar."""
        return ()

    def search(self, text: str) -> None:
        """The search field changed (debounced); "" when cleared."""

    def open(self, argument: object) -> None:
        """Asked for by another page, with what it is about (an id)."""

    def entered(self) -> None:
        """The page came to the front: (re)load what may be stale, put the focus where work begins."""

    def left(self) -> None:
        """Another page came to the front."""

    def set_room(self, width: int) -> None:
        """The page's width in pixels at 100 % text: fold or unfold at the breakpoints of the look."""
