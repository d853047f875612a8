"""The pictures of the guide can be taken again, and each that the documents show is one of them."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtGui import QImage

from tests import screenshots, screenshots_learning, screenshots_platforms, screenshots_sharing
from ui.theme import Theme

ROOT = Path(screenshots.__file__).parent.parent


def test_a_picture_has_the_size_of_the_window_and_few_colours(theme: Theme, tmp_path: Path) -> None:
    (written,) = screenshots.take({screenshots.WELCOME}, tmp_path)
    picture = QImage(str(written))
    assert (picture.width(), picture.height()) == screenshots.SIZE
    assert 16 < picture.colorCount() <= 256


def test_the_documents_show_only_pictures_that_are_taken() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        name for each in documents for name in re.findall(r"images/([\w-]+)\.png", each.read_text("utf-8"))
    }
    taken = {screenshots.WELCOME, *(each.name for each in screenshots.PICTURES)}
    taken |= {*screenshots_sharing.NAMES, *screenshots_platforms.NAMES, *screenshots_learning.NAMES}
    assert shown <= taken
    assert all((screenshots.IMAGES / f"{name}.png").is_file() for name in shown)
