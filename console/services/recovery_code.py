"""The recovery code: on paper, it gives back the key of an encrypted desk when the keyring has lost it.

A code is 160 random bits in eight groups of five characters of Crockford's base 32
(crockford.com/base32.html): four that carry 20 bits, and one that checks them and their place, so that
a slip of the pen is found in its group. From the code HKDF-SHA256 (RFC 5869) derives a key under which
AES-256-GCM wraps the file's key. 160 random bits need no slow derivation: there is nothing to guess.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from console.errors import ValidationError
from console.services.secret_ports import KEY_BYTES, FileKey

GROUPS, GROUP = 8, 5
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OILU", "011V")
"""Letters that the alphabet leaves out because hands and eyes confuse them."""
_NONCE, _SALT = 12, 16
_PURPOSE = b"vigie desk recovery 1"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A file's key under a recovery code. Nothing in it helps without the code."""

    salt: bytes
    nonce: bytes
    sealed: bytes


def new_code() -> str:
    """A code nobody has had before: `XXXXX-XXXXX-…`, eight groups."""
    return _written(secrets.token_bytes(GROUPS * (GROUP - 1) * 5 // 8))


def read_code(text: str) -> bytes:
    """The 160 bits of a code as a person types it: case, spaces and dashes do not matter.

    Codes: `recovery.length`, `recovery.group` (which group is wrong, from 1).
    """
    plain = "".join(each for each in text.upper() if each.isalnum()).translate(_READ_AS)
    if len(plain) != GROUPS * GROUP:
        raise ValidationError("recovery.length", found=len(plain), needed=GROUPS * GROUP)
    number = 0
    for place in range(GROUPS):
        group = plain[place * GROUP : (place + 1) * GROUP]
        digits = [_ALPHABET.find(each) for each in group]
        if -1 in digits or digits[-1] != _check(place, digits[:-1]):
            raise ValidationError("recovery.group", group=place + 1)
        for digit in digits[:-1]:
            number = number << 5 | digit
    return number.to_bytes(GROUPS * (GROUP - 1) * 5 // 8, "big")


def wrap(key: FileKey, code: str, about: str) -> Wrapped:
    """Wrap a key. `about` (the file's id) is bound in: the wrap of another file is refused."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    return Wrapped(salt, nonce, AESGCM(_derived(code, salt)).encrypt(nonce, key.raw, about.encode()))


def unwrap(wrapped: Wrapped, code: str, about: str) -> FileKey:
    """The key. Code `recovery.refused`: well written, but not the code of this file (or no longer)."""
    # Imported here: slow to load, and needed once in the life of a desk.
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        opened = AESGCM(_derived(code, wrapped.salt)).decrypt(wrapped.nonce, wrapped.sealed, about.encode())
        return FileKey(opened)
    except (InvalidTag, ValueError) as error:
        raise ValidationError("recovery.refused") from error


def _derived(code: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, salt, _PURPOSE).derive(read_code(code))


def _written(bits: bytes) -> str:
    number, groups = int.from_bytes(bits, "big"), []
    for place in range(GROUPS):
        low = (GROUPS - 1 - place) * (GROUP - 1) * 5
        group = number >> low
        digits = [group >> shift & 31 for shift in (15, 10, 5, 0)]
        groups.append("".join(_ALPHABET[each] for each in (*digits, _check(place, digits))))
    return "-".join(groups)


def _check(place: int, digits: list[int]) -> int:
    """A polynomial in GF(32): any one wrong character and any two swapped ones give another value."""
    value = place + 1
    for digit in (*digits, 0):
        value = _doubled(value) ^ digit
    return value


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 32 else value
