"""Files that a city already has, read as messages. One file a format; `library.FileLibrary` is the door."""

from __future__ import annotations

from console.platforms.files.library import FileLibrary

__all__ = ["FileLibrary"]
