"""Placeholders that only a person can fill, marked in a text: nothing goes out while one is open."""

from __future__ import annotations

import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from ui.theme import current

OPEN = re.compile(r"\{[^{}\n]*\}")


class OpenFieldMarker(QSyntaxHighlighter):
    """Marks `{placeholders}` in a document, by the theme."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._format = QTextCharFormat()
        current().changed.connect(self._dress)
        self._dress()

    def highlightBlock(self, text: str) -> None:
        """Mark those of one paragraph."""
        # Python counts code points, Qt UTF-16 units.
        for match in OPEN.finditer(text):
            first = len(text[: match.start()].encode("utf-16-le")) // 2
            length = len(match.group().encode("utf-16-le")) // 2
            self.setFormat(first, length, self._format)

    def _dress(self) -> None:
        theme = current()
        self._format.setBackground(theme.color("mark"))
        self._format.setFontUnderline(True)
        self._format.setUnderlineColor(theme.color("severity_3"))
        self.rehighlight()
