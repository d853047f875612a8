"""ZIP downloads: opened in place, refused whole when anything is wrong with them."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
import zlib

import pytest

from console.domain.messages import IncomingMessage
from console.errors import ValidationError
from console.platforms.files import archive
from console.services.intake import Member
from console.services.ports import Skipped
from tests.platforms.files.conftest import Desk
from tests.platforms.files.test_recognise import FACEBOOK, TAKEOUT, VIGIE


def _refused(desk: Desk, path: object) -> str:
    with pytest.raises(ValidationError) as caught:
        desk.items(path)
    return caught.value.code


def _conversation(other: str, title: bool = False) -> str:
    messages = [
        {"sender_name": name, "timestamp_ms": 1750790000000, "content": "Allô"} for name in (other, "Ville")
    ]
    head = {"title": other} if title else {}
    return json.dumps({"participants": [{"name": other}, {"name": "Ville"}], "messages": messages, **head})


def test_only_what_is_recognised_is_read(desk: Desk) -> None:
    path = desk.archive(
        {
            "Takeout/YouTube/comments/comments.csv": TAKEOUT,
            "Takeout/YouTube/subscriptions.csv": "Channel Id,Channel Title\r\nUC1,Une chaine\r\n",
            "Takeout/archive_browser.html": "<html></html>",
            "Takeout/photo.png": b"\x89PNG\r\n\x1a\n" + bytes(64),
            "facebook/comments.json": FACEBOOK,
            "vide.json": "",
        }
    )
    found = desk.recognise(path)
    assert found.format == "archive"
    assert found.members == (
        Member("Takeout/YouTube/comments/comments.csv", "youtube-takeout-comments"),
        Member("facebook/comments.json", "facebook-comments"),
    )
    assert [each.text for each in desk.messages(path)] == ["Allô", "Ok"]


def test_a_single_table_may_be_zipped(desk: Desk) -> None:
    path = desk.archive({"export.csv": "id;texte\n1;Allô\n"})
    assert desk.recognise(path).headers == ("id", "texte")
    assert desk.one(path).text == "Allô"


def test_rows_of_an_archive_name_their_file(desk: Desk) -> None:
    items = desk.items(desk.archive({"a.jsonl": VIGIE + "{", "b/c.jsonl": "[]\n" + VIGIE + VIGIE}))
    assert [item for item in items if isinstance(item, Skipped)] == [
        Skipped(2, "import.row.json", {"file": "a.jsonl"}),
        Skipped(1, "import.row.not_object", {"file": "b/c.jsonl"}),
    ]


def test_a_broken_member_is_reported_and_the_others_are_read(desk: Desk) -> None:
    items = desk.items(desk.archive({"a.jsonl": VIGIE, "b.json": '{"messages": ['}))
    assert isinstance(items[1], IncomingMessage)
    assert items[0] == Skipped(0, "import.row.member", {"file": "b.json", "reason": "import.truncated"})


def test_whoever_is_in_every_conversation_is_the_city(desk: Desk) -> None:
    path = desk.archive(
        {f"messages/inbox/{name}/message_1.json": _conversation(name) for name in ("Ana", "Jo", "Léa")}
    )
    assert desk.recognise(path).account == "Ville"
    assert sorted((each.author_name, each.by_city) for each in desk.messages(path))[-1] == ("Ville", True)
    assert sum(each.by_city for each in desk.messages(path)) == 3


@pytest.mark.parametrize(
    "name", ["../hors.jsonl", "/etc/hors.jsonl", "C:\\hors.jsonl", "a/../../hors.jsonl", "..\\h"]
)
def test_paths_that_leave_are_refused(desk: Desk, name: str) -> None:
    assert _refused(desk, desk.archive({"bon.jsonl": VIGIE, name: VIGIE})) == "import.archive_paths"


def test_links_are_refused(desk: Desk) -> None:
    path = desk.archive({"bon.jsonl": VIGIE})
    link = zipfile.ZipInfo("lien")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr(link, "/etc/passwd")
    assert _refused(desk, path) == "import.archive_paths"


@pytest.mark.parametrize("inner", [b"PK\x03\x04", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"])
def test_archives_within_are_refused(desk: Desk, inner: bytes) -> None:
    path = desk.archive({"bon.jsonl": VIGIE, "dedans.bin": inner + bytes(64)})
    assert _refused(desk, path) == "import.archive_nested"


def test_a_password_is_said(desk: Desk) -> None:
    path = desk.archive({"bon.jsonl": VIGIE})
    content = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + place] |= 1
    path.write_bytes(bytes(content))
    assert _refused(desk, path) == "import.archive_encrypted"


def test_a_bomb_is_not_unpacked(desk: Desk) -> None:
    path = desk.folder / "bombe.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened, opened.open("a.jsonl", "w") as member:
        for _ in range(40):
            member.write(b" " * (1 << 20))
    assert path.stat().st_size < 100_000
    assert _refused(desk, path) == "import.archive_bomb"


def test_members_that_share_bytes_are_refused(desk: Desk) -> None:
    packed = zlib.compress(VIGIE.encode())[2:-4]
    sizes = (zlib.crc32(VIGIE.encode()), len(packed), len(VIGIE.encode()), 1, 0)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, *sizes[:3], 1, 0) + b"a" + packed
    central = b"".join(
        struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, *sizes[:3], 1, 0, 0, 0, 0, 0, 0)
        + name
        for name in (b"a", b"b")
    )
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 2, 2, len(central), len(local), 0)
    path = desk.write(local + central + end, "double.zip")
    assert _refused(desk, path) == "import.archive_bomb"


def test_too_many_members_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    assert _refused(desk, desk.archive({f"{n}.jsonl": VIGIE for n in range(4)})) == "import.archive_bomb"


def test_nothing_recognised(desk: Desk) -> None:
    assert _refused(desk, desk.archive({"a.txt": "Bonjour"})) == "import.archive_nothing"
    assert _refused(desk, desk.archive({})) == "import.archive_nothing"
    assert (
        _refused(desk, desk.archive({f"{n}.csv": "id;texte\n1;a\n" for n in range(2)}))
        == "import.archive_nothing"
    )


def test_a_cut_or_damaged_archive(desk: Desk) -> None:
    path = desk.archive({"a.jsonl": VIGIE * 2000})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert _refused(desk, path) == "import.archive_broken"
    damaged = bytearray(whole)
    damaged[60:90] = bytes(30)
    path.write_bytes(bytes(damaged))
    assert _refused(desk, path) == "import.archive_broken"


def test_a_member_cut_short_stops_everything(desk: Desk) -> None:
    document = "[" + ",".join([VIGIE.strip()] * 3000)
    assert _refused(desk, desk.archive({"a.json": document})) == "import.truncated"


def test_a_workbook_is_no_archive(desk: Desk) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr("[Content_Types].xml", "<Types/>")
        opened.writestr("xl/workbook.xml", "<workbook/>")
    assert _refused(desk, desk.write(buffer.getvalue())) == "import.workbook_broken"
