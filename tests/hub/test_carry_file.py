"""A file between desks that was changed, cut or made elsewhere is refused, and nothing of it is taken."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from console.domain.decisions import Action
from console.domain.ids import DeskId
from console.errors import EnvironmentProblemError, ValidationError, VigieError
from console.hub import carry_file
from console.hub.carry_file import MAGIC, opened, sealed
from tests.hub.conftest import Hub
from tests.hub.desks import Seat, seat
from tests.hub.model import state_of

DESK, HUB, KEY = DeskId("d" * 32), "h" * 32, bytes(range(32))
SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = SIGNING.public_key().public_bytes_raw()
BODY = b"Gang de pourris " * 40
AT = datetime(2026, 11, 20, 15, tzinfo=UTC)
FILE = sealed(BODY, HUB, DESK, AT, KEY, SIGNING)
REFUSALS = {
    "carry.not_a_file",
    "carry.damaged",
    "carry.too_new",
    "carry.other_hub",
    "carry.unknown_desk",
    "carry.signature",
}


def key_of(desk: DeskId) -> bytes | None:
    """The keys of a hub with one desk."""
    return PUBLIC if desk == DESK else None


def code_of(data: bytes, *, hub: str = HUB, key: bytes = KEY) -> str:
    """Why a file is refused."""
    with pytest.raises(VigieError) as found:
        opened(data, hub, key, key_of)
    return found.value.code


def test_a_file_comes_back_as_it_was_and_shows_none_of_it() -> None:
    header, body = opened(FILE, HUB, KEY, key_of)
    assert (header.desk, header.created_at, body) == (DESK, AT, BODY)
    assert b"Gang" not in FILE
    # The same contents never give the same file.
    assert sealed(BODY, HUB, DESK, AT, KEY, SIGNING)[-64:] != FILE[-64:]


@given(place=st.integers(0, len(FILE) - 1), flip=st.integers(1, 255))
def test_no_byte_of_it_can_be_another(place: int, flip: int) -> None:
    changed = bytearray(FILE)
    changed[place] ^= flip
    assert code_of(bytes(changed)) in REFUSALS


@given(length=st.integers(0, len(FILE) - 1))
def test_a_file_that_was_cut_is_refused(length: int) -> None:
    assert code_of(FILE[:length]) == ("carry.damaged" if length else "carry.not_a_file")


def _region(name: str) -> int:
    header = FILE.index(b"{")
    return {
        "magic": 2,
        "header": FILE.index(b"created_at") + 14,
        "nonce": FILE.index(b"nonce") + 9,
        "ciphertext": len(FILE) - 64 - 40,
        "tag": len(FILE) - 64 - 2,
        "signature": len(FILE) - 10,
        "length": header - 2,
    }[name]


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("magic", "carry.not_a_file"),
        ("length", "carry.damaged"),
        ("header", "carry.signature"),
        ("nonce", "carry.signature"),
        ("ciphertext", "carry.signature"),
        ("tag", "carry.signature"),
        ("signature", "carry.signature"),
    ],
)
def test_each_region_says_what_is_wrong(region: str, code: str) -> None:
    changed = bytearray(FILE)
    place = _region(region)
    changed[place] = changed[place] + 1 if region != "nonce" else ord("0") + (changed[place] == ord("0"))
    assert code_of(bytes(changed)) == code


def test_longer_than_it_says_another_hub_an_unknown_desk_and_the_wrong_key() -> None:
    assert code_of(FILE + b"x") == "carry.damaged"
    assert code_of(FILE, hub="g" * 32) == "carry.other_hub"
    assert code_of(sealed(BODY, HUB, DeskId("e" * 32), AT, KEY, SIGNING)) == "carry.unknown_desk"
    assert code_of(FILE, key=bytes(32)) == "carry.damaged"
    # Encrypted as it should be, but by somebody who only took the desk's name.
    forged = sealed(BODY, HUB, DESK, AT, KEY, Ed25519PrivateKey.generate())
    assert code_of(forged) == "carry.signature"
    assert code_of(b"id,texte\n1,Bonjour\n") == "carry.not_a_file"


def test_a_newer_format_asks_for_an_update() -> None:
    newer = FILE.replace(b'"format":1', b'"format":2')
    assert code_of(newer) == "carry.too_new"


def test_a_body_that_would_fill_the_memory_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carry_file, "_LARGEST", 1 << 10)
    with pytest.raises(ValidationError, match=r"carry\.too_large"):
        sealed(bytes(1 << 11), HUB, DESK, AT, KEY, SIGNING)
    monkeypatch.undo()
    bomb = sealed(bytes(1 << 11), HUB, DESK, AT, KEY, SIGNING)
    monkeypatch.setattr(carry_file, "_LARGEST", 1 << 10)
    assert code_of(bomb) == "carry.damaged"


def test_what_is_signed_but_not_packed_as_it_should_be_is_refused() -> None:
    nonce = bytes(12)
    for packed in (b"", b"not zlib", zlib.compress(BODY)[:-3]):
        start = FILE.index(b"{")
        rest = FILE[start : FILE.index(b"}") + 1]
        header = rest[: rest.index(b'"nonce"')]
        header += b'"nonce":"' + nonce.hex().encode() + b'","length":' + str(len(packed) + 16).encode() + b"}"
        front = MAGIC + len(header).to_bytes(4, "big") + header
        signed = front + AESGCM(KEY).encrypt(nonce, packed, front)
        assert code_of(signed + SIGNING.sign(signed)) == "carry.damaged"


# --- at a desk -----------------------------------------------------------------------------------


Open = Callable[[str], Seat]


@pytest.fixture
def sit(hub: Hub, tmp_path: Path) -> Iterator[Open]:
    """Opens a desk that has joined as the login given."""
    with ExitStack() as stack:
        yield lambda login: seat(stack, hub, tmp_path / login, login)


def test_a_desk_takes_nothing_of_what_it_refuses(sit: Open, tmp_path: Path) -> None:
    marie, noah = sit("marie"), sit("noah")
    for number in range(3):
        marie.decide(marie.receive(f"m{number}"), Action.HIDE)
    report = marie.services.sharing.carry_out(marie.moderator, tmp_path)
    assert report.file is not None
    before = state_of(noah)

    def refused() -> str:
        with pytest.raises(VigieError) as found:
            noah.services.sharing.carry_in(noah.moderator, report.file)
        assert state_of(noah) == before
        return found.value.code

    # It has not heard of Marie's desk: it learns her key at its next exchange.
    assert refused() == "carry.unknown_desk"
    noah.sync()
    data = report.file.read_bytes()
    for place in (3, 60, len(data) // 2, len(data) - 1):
        report.file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert refused() in REFUSALS
        report.file.write_bytes(data[:place])
        assert refused() in REFUSALS
    report.file.unlink()
    assert refused() == "carry.read"
    report.file.write_bytes(data)
    assert noah.services.sharing.carry_in(noah.moderator, report.file).messages == 3


def test_a_place_where_nothing_can_be_written_leaves_nothing(sit: Open, tmp_path: Path) -> None:
    marie = sit("marie")
    marie.receive("m1")
    for to in (tmp_path / "marie" / "vigie.db" / "x.vigie", tmp_path / "absent" / "x.vigie"):
        with pytest.raises(EnvironmentProblemError, match=r"carry\.write"):
            marie.services.sharing.carry_out(marie.moderator, to)
    assert not [each for each in tmp_path.iterdir() if each.is_file()]
