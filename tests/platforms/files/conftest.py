"""Small files shaped like the real ones, written where each test may."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from console.domain.messages import IncomingMessage
from console.platforms.files import FileLibrary
from console.services.intake import ColumnMapping, Recognised
from console.services.ports import Skipped


class Desk:
    """Writes files, recognises and reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.library = folder, FileLibrary()

    def write(self, content: bytes | str | Any, name: str = "fichier.dat") -> Path:
        """Bytes and text as they are, anything else as JSON."""
        path = self.folder / name
        if not isinstance(content, bytes | str):
            content = json.dumps(content, ensure_ascii=False)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def archive(self, members: Mapping[str, bytes | str], name: str = "archive.zip") -> Path:
        """A ZIP archive."""
        path = self.folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return path

    def recognise(self, content: Any) -> Recognised:
        """Of a path, or of content that is written first."""
        return self.library.recognise(content if isinstance(content, Path) else self.write(content))

    def items(
        self, content: Any, mapping: ColumnMapping | None = None, **constants: str
    ) -> list[IncomingMessage | Skipped]:
        """Everything the file gives; a table by the proposed mapping unless one is given."""
        recognised = self.recognise(content)
        chosen = mapping or recognised.proposed or ColumnMapping("", {}, {})
        chosen = ColumnMapping("", chosen.columns, {**chosen.constants, **constants})
        return list(self.library.open(recognised, chosen).read())

    def messages(self, content: Any, **constants: str) -> list[IncomingMessage]:
        """Every row must become a message."""
        items = self.items(content, **constants)
        assert all(isinstance(item, IncomingMessage) for item in items), items
        return [item for item in items if isinstance(item, IncomingMessage)]

    def one(self, content: Any, **constants: str) -> IncomingMessage:
        """The only message."""
        (message,) = self.messages(content, **constants)
        return message


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder with the library over it."""
    return Desk(tmp_path)


@pytest.fixture
def meta_text() -> Callable[[str], str]:
    """Text as Meta's downloads write it: the UTF-8 bytes as Latin-1 letters."""
    return lambda text: text.encode("utf-8").decode("latin-1")
