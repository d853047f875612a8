"""Pictures that were removed once are recognised when they come again, even scaled or compressed anew.

A difference hash (dHash): the picture is shrunk to 9 by 8 grey squares; each of 64 bits says whether a
square is brighter than its right neighbour. Copies differ in a few bits, other pictures in about 32.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.domain.messages import Attachment
from console.errors import ValidationError
from console.services.connecting_ports import KnownPicture

if TYPE_CHECKING:
    from PIL import Image

NEAR = 6
"""Bits in which two pictures may differ and still count as the same."""
MOST_PIXELS = 40_000_000
THUMBNAIL = 640
"""Pixels of a thumbnail's longer side."""
_WIDE, _HIGH = 9, 8
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp")
_PLAIN = 4
"""A picture with fewer bits set (or unset) is one colour or one slope: it would resemble too many."""


def is_picture(attachment: Attachment) -> bool:
    """Whether an attachment is a picture that can be fetched."""
    kind = attachment.media_type.lower()
    named = attachment.name.lower().endswith(_ENDINGS)
    return bool(attachment.url) and (kind.startswith(("image", "photo")) or (not kind and named))


def hash_of(data: bytes) -> int | None:
    """The hash of an encoded picture, as a signed 64-bit number.

    None for a picture with nothing in it to tell it from others. Code `picture.unreadable`.
    """
    from PIL import Image

    grey = _opened(data).convert("L").resize((_WIDE, _HIGH), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(_HIGH):
        for column in range(_WIDE - 1):
            at = row * _WIDE + column
            bits = bits << 1 | (grey[at] > grey[at + 1])
    if not _PLAIN <= bits.bit_count() <= 64 - _PLAIN:
        return None
    return bits - (1 << 64) if bits >> 63 else bits


def distance(one: int, other: int) -> int:
    """Bits in which two hashes differ."""
    return ((one ^ other) & (1 << 64) - 1).bit_count()


@dataclass(frozen=True, slots=True)
class Match:
    """A removed picture that came again, and by how many bits it differs."""

    picture: KnownPicture
    distance: int


def nearest(data: bytes, known: Sequence[KnownPicture]) -> Match | None:
    """The known picture that is the most like this one, if any is the same. Code `picture.unreadable`."""
    found = hash_of(data)
    if found is None or not known:
        return None
    best = min(known, key=lambda each: (distance(found, each.hash), each.noted_at, each.rule))
    bits = distance(found, best.hash)
    return Match(best, bits) if bits <= NEAR else None


def thumbnail(data: bytes) -> bytes:
    """A small copy (PNG) that only this program has encoded: the screen never opens what strangers made.

    Code `picture.unreadable`.
    """
    picture = _opened(data)
    small = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    written = io.BytesIO()
    small.save(written, "PNG")
    return written.getvalue()


def _opened(data: bytes) -> Image.Image:
    """The first frame, upright. Whatever a broken or hostile file does is one code."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a bomb warns before it bursts
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise ValidationError("picture.unreadable")
                picture.seek(0)
                picture.draft("RGB", (2 * THUMBNAIL, 2 * THUMBNAIL))
                upright = ImageOps.exif_transpose(picture)
                upright.load()
                return upright
    except ValidationError:
        raise
    except Exception as error:
        # Decoders raise nearly anything at what is not a picture: OSError, SyntaxError, struct.error…
        raise ValidationError("picture.unreadable") from error
