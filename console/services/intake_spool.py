"""Messages of one import, kept aside until all are read, given back in the order they were posted.

Downloads list the newest first, yet a repetition can only be seen from what came before; so the whole
file is read before anything is judged. Small imports stay in memory, large ones in a temporary file
that has no name (POSIX) or dies with the process (Windows). Only a number per message is held.

A file without a name still leaves what citizens wrote on the disk, to be found once it is gone. So every
message is encrypted (AES-256-GCM) under a key that only this object has and that ends with it.
"""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from array import array
from collections.abc import Iterator
from datetime import datetime
from types import TracebackType

import msgspec

from console.domain.messages import IncomingMessage
from console.errors import EnvironmentProblemError

IN_MEMORY = 16 << 20
_UNKNOWN = -(1 << 62)
_NONCE = 12


class Spool:
    """A context manager; `add` everything, then iterate `in_order`."""

    def __init__(self) -> None:
        # Imported here: whoever only reads a desk need not load it.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(secrets.token_bytes(32))
        # Closed by __exit__; the file must outlive this line.
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, prefix="vigie-")  # noqa: SIM115  closed by __exit__
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(IncomingMessage)
        self._offsets = array("q")
        self._times = array("q")
        self._at = 0
        self._sorted = True

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # On a full disk even closing fails; what was put aside is not needed any more.
        with contextlib.suppress(OSError):
            self._file.close()

    def __len__(self) -> int:
        return len(self._offsets)

    def add(self, message: IncomingMessage) -> None:
        """Keep one more message. One without a date takes its place after the one before it.

        Code `import.no_room`: the folder for temporary files is full.
        """
        # Each place in the file is written once under this key, and so makes a nonce of its own.
        encoded = self._cipher.encrypt(_nonce(self._at), self._encoder.encode(message), None)
        try:
            self._file.write(len(encoded).to_bytes(4, "little") + encoded)
        except OSError as error:
            raise EnvironmentProblemError("import.no_room", system=error.strerror or "") from error
        previous = self._times[-1] if self._times else _UNKNOWN
        instant = _microseconds(message.posted_at) if message.posted_at else previous
        self._sorted = self._sorted and instant >= previous
        self._offsets.append(self._at)
        self._times.append(instant)
        self._at += 4 + len(encoded)

    def in_order(self) -> Iterator[IncomingMessage]:
        """Oldest first; messages of the same instant in the order of the file."""
        self._file.seek(0)
        if self._sorted:
            for offset in self._offsets:
                yield self._read(offset)
            return
        for place in sorted(range(len(self)), key=self._times.__getitem__):
            self._file.seek(self._offsets[place])
            yield self._read(self._offsets[place])

    def _read(self, offset: int) -> IncomingMessage:
        size = int.from_bytes(self._file.read(4), "little")
        return self._decoder.decode(self._cipher.decrypt(_nonce(offset), self._file.read(size), None))


def _nonce(offset: int) -> bytes:
    return offset.to_bytes(_NONCE, "little")


def _microseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1_000_000)
