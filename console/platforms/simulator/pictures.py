"""Small pictures of the simulated people, drawn from their name."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageDraw

_SIDE = 96
_COPY = "~"


@lru_cache(maxsize=256)
def png(name: str) -> bytes:
    """A PNG that only depends on `name`.

    `NAME~2`, `NAME~3`… look like `NAME` without being the same bytes (another size, another shade): what
    somebody gets who saves a picture and posts it again.
    """
    motif, _, copy = name.partition(_COPY)
    digest = sha256(motif.encode()).digest()
    picture = Image.new("RGB", (_SIDE, _SIDE), (digest[0], digest[1], digest[2]))
    draw = ImageDraw.Draw(picture)
    for at in range(3, 27, 4):
        x, y = digest[at] % _SIDE, digest[at + 1] % _SIDE
        colour = (digest[at + 2], digest[at + 3], digest[at])
        draw.ellipse((x - 22, y - 22, x + 22, y + 22), fill=colour)
    if copy:
        side = _SIDE + 8 * (sum(copy.encode()) % 5 + 1)
        picture = picture.resize((side, side), Image.Resampling.BICUBIC)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
