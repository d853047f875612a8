"""The file that travels between desks: signed, encrypted, and readable by the desks of one hub only.

Layout: `MAGIC`, length of the header (4 bytes, big-endian), header (JSON), ciphertext, signature. The
ciphertext is AES-256-GCM (NIST SP 800-38D) over zlib under the hub's key for files, with all that stands
before it as associated data; the signature is Ed25519 (RFC 8032) by the desk's key over everything before.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from console.domain.ids import DeskId
from console.errors import ConflictError, PermissionDeniedError, ValidationError

MAGIC = b"vigie-carry\n"
FORMAT = 1
_NONCE, _SIGNATURE = 12, 64
_LONGEST_HEADER = 4096
_LARGEST = 1 << 30
"""Bytes of a body that is taken in: more would not fit beside the program on an office machine."""


class Header(msgspec.Struct, frozen=True):
    """What everybody may read of a file. `length`: of the ciphertext."""

    format: int
    hub: str
    desk: DeskId
    created_at: datetime
    nonce: str
    length: int


def sealed(
    body: bytes, hub: str, desk: DeskId, at: datetime, key: bytes, signing: Ed25519PrivateKey
) -> bytes:
    """The file of `body`. Code `carry.too_large`."""
    if len(body) > _LARGEST:
        raise ValidationError("carry.too_large", largest=_LARGEST >> 20)
    packed, nonce = zlib.compress(body), secrets.token_bytes(_NONCE)
    header = msgspec.json.encode(Header(FORMAT, hub, desk, at, nonce.hex(), len(packed) + 16))
    front = MAGIC + len(header).to_bytes(4, "big") + header
    signed = front + AESGCM(key).encrypt(nonce, packed, front)
    return signed + signing.sign(signed)


def opened(
    data: bytes, hub: str, key: bytes, key_of: Callable[[DeskId], bytes | None]
) -> tuple[Header, bytes]:
    """Header and body, once everything holds; `key_of` gives the public key of a desk of this hub.

    Raises `ValidationError` (`carry.not_a_file`, `carry.damaged`, `carry.too_new`, `carry.other_hub`),
    `ConflictError` (`carry.unknown_desk`) and `PermissionDeniedError` (`carry.signature`).
    """
    header, front = _header(data)
    if header.format > FORMAT:
        raise ValidationError("carry.too_new", found=header.format, known=FORMAT)
    if len(data) != front + header.length + _SIGNATURE:
        raise ValidationError("carry.damaged")
    if header.hub != hub:
        raise ValidationError("carry.other_hub")
    public = key_of(header.desk)
    if public is None:
        raise ConflictError("carry.unknown_desk", desk=header.desk)
    signed, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
        packed = AESGCM(key).decrypt(bytes.fromhex(header.nonce), signed[front:], signed[:front])
    except InvalidSignature as error:
        raise PermissionDeniedError("carry.signature", desk=header.desk) from error
    except (InvalidTag, ValueError) as error:
        raise ValidationError("carry.damaged") from error
    return header, _unpacked(packed)


def _header(data: bytes) -> tuple[Header, int]:
    """The header, and where the ciphertext begins."""
    if not data.startswith(MAGIC):
        # The beginning of such a file is one that was cut; anything else never was one.
        code = "carry.damaged" if data and MAGIC.startswith(data) else "carry.not_a_file"
        raise ValidationError(code)
    start = len(MAGIC) + 4
    length = int.from_bytes(data[len(MAGIC) : start], "big")
    if length > _LONGEST_HEADER or len(data) < start + length:
        raise ValidationError("carry.damaged")
    try:
        return msgspec.json.decode(data[start : start + length], type=Header), start + length
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValidationError("carry.damaged") from error


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        body = unpacking.decompress(packed, _LARGEST)
    except zlib.error as error:
        raise ValidationError("carry.damaged") from error
    if not unpacking.eof:
        raise ValidationError("carry.damaged")
    return body
