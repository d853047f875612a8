"""A recovery code survives hands and eyes, and opens one file only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import ValidationError
from console.services.recovery_code import GROUP, GROUPS, Wrapped, new_code, read_code, unwrap, wrap
from console.services.secret_ports import FileKey

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def refused(code: str) -> ValidationError:
    """The error that reading `code` gives."""
    with pytest.raises(ValidationError) as error:
        read_code(code)
    return error.value


def test_a_code_has_eight_groups_of_five_and_is_never_the_same() -> None:
    codes = {new_code() for _ in range(50)}
    assert len(codes) == 50
    for code in codes:
        groups = code.split("-")
        assert [len(each) for each in groups] == [GROUP] * GROUPS
        assert set(code) - {"-"} <= set(ALPHABET)
        assert len(read_code(code)) == 20


def test_case_spaces_dashes_and_look_alikes_do_not_matter() -> None:
    code = new_code()
    meant = read_code(code)
    assert read_code(code.lower()) == meant
    assert read_code(code.replace("-", " \t")) == meant
    assert read_code(code.replace("0", "O").replace("1", "l")) == meant
    assert read_code(code.replace("1", "i").replace("V", "u")) == meant


@given(st.integers(0, GROUPS * GROUP - 1), st.integers(1, 31))
def test_one_wrong_character_is_found_in_its_group(place: int, shift: int) -> None:
    plain = new_code().replace("-", "")
    other = ALPHABET[(ALPHABET.index(plain[place]) + shift) % 32]
    error = refused(plain[:place] + other + plain[place + 1 :])
    assert (error.code, error.facts["group"]) == ("recovery.group", place // GROUP + 1)


@given(st.integers(0, GROUPS - 1), st.integers(0, GROUP - 2))
def test_two_swapped_characters_are_found(group: int, place: int) -> None:
    plain = new_code().replace("-", "")
    at = group * GROUP + place
    if plain[at] == plain[at + 1]:
        return
    swapped = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    assert refused(swapped).facts["group"] == group + 1


def test_swapped_groups_are_found() -> None:
    groups = new_code().split("-")
    if groups[0] != groups[1]:
        assert refused("-".join([groups[1], groups[0], *groups[2:]])).facts["group"] == 1


@pytest.mark.parametrize("text", ["", "ABC", "x" * 39, "0" * 41, "é" * 40])
def test_a_code_of_another_shape_is_refused(text: str) -> None:
    assert refused(text).code in ("recovery.length", "recovery.group")


def test_the_code_gives_the_key_back() -> None:
    key, code = FileKey.new(), new_code()
    wrapped = wrap(key, code, "file")
    assert unwrap(wrapped, code.lower(), "file") == key
    assert key.raw not in wrapped.sealed


def test_another_code_another_file_or_an_altered_wrap_is_refused() -> None:
    key, code = FileKey.new(), new_code()
    wrapped = wrap(key, code, "file")
    flipped = bytes([wrapped.sealed[0] ^ 1]) + wrapped.sealed[1:]
    tries: list[tuple[Wrapped, str, str]] = [
        (wrapped, new_code(), "file"),
        (wrapped, code, "another file"),
        (replace(wrapped, sealed=flipped), code, "file"),
        (replace(wrapped, sealed=b""), code, "file"),
        (replace(wrapped, salt=b"0" * 16), code, "file"),
        (replace(wrapped, nonce=b"0" * 12), code, "file"),
        (replace(wrapped, nonce=b""), code, "file"),
    ]
    for altered, given_code, about in tries:
        with pytest.raises(ValidationError) as error:
            unwrap(altered, given_code, about)
        assert error.value.code == "recovery.refused"


def test_a_key_never_shows_in_a_log() -> None:
    key = FileKey.new()
    assert key.hex not in repr(key)
    assert repr(key.raw)[2:-1] not in f"{key} {key!r} {[key]}"
    with pytest.raises(ValueError, match="32 bytes"):
        FileKey(b"short")
    for text in ("", "zz", "00" * 31, "00" * 33):
        with pytest.raises(ValidationError, match="unusable") as error:
            FileKey.from_hex(text)
        assert error.value.facts == {}
