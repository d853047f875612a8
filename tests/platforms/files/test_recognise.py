"""What a file is, by its content alone; and what it is not, said clearly."""

from __future__ import annotations

import io
import zipfile

import pytest

from console.errors import EnvironmentProblemError, ValidationError
from tests.platforms.files.conftest import Desk

TAKEOUT = (
    "Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Post ID,Video ID,"
    "Comment Text,Top-Level Comment ID\r\n"
    'Ugx1,UC1,2025-06-24T18:30:00+00:00,0,,,dQw4w9WgXcQ,"{""text"":""Allô""}",\r\n'
)
HOOTSUITE = (
    "Message ID,Direction,Message Type,Medium,Channel,Post URL,Content,Created at,Sentiment,"
    "Contact Primary Identifier,Contact Secondary Identifier\n"
    "m1,Inbound,Comment,Facebook,Ville,https://www.facebook.com/1,Allô,2025-06-24 14:30:00,Neutral,Léa,lea\n"
)
EXPORTCOMMENTS = (
    ',,Name,Username,"Profile ID",Date,Likes,Comment,"User Verified",Thumbnail,"Comment ID",'
    '"Profile URL","Comment URL"\n'
    '1,,Léa,lea.c,42,"2025-06-24 14:30:00",0,"Allô, la Ville",no,,181,https://www.instagram.com/lea.c,'
    "https://www.instagram.com/p/AbC/c/181\n"
)
VIGIE = '{"id":"1","channel":"comment","platform":"facebook","text":"Allô"}\n'
BARE = '[{"timestamp":1750790000,"data":[{"comment":{"timestamp":1750790000,"comment":"Ok","author":"L"}}]}]'
FACEBOOK = '{"comments_v2":' + BARE + "}"
MESSAGES = (
    '{"participants":[{"name":"L"},{"name":"V"}],'
    '"messages":[{"sender_name":"L","timestamp_ms":1750790000000,"content":"Ok"}]}'
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (VIGIE, "vigie-jsonl"),
        (VIGIE * 3, "vigie-jsonl"),
        ("[" + VIGIE + "]", "vigie-json"),
        ('{"messages": [' + VIGIE + "]}", "vigie-json"),
        (TAKEOUT, "youtube-takeout-comments"),
        (HOOTSUITE, "hootsuite-inbox"),
        (EXPORTCOMMENTS, "exportcomments"),
        (FACEBOOK, "facebook-comments"),
        (BARE, "facebook-comments"),
        (MESSAGES, "meta-messages"),
        ("id;texte\n1;Allô\n", "table"),
        ("id\ttexte\n1\tAllô\n", "table"),
        ("id|texte\n1|Allô\n", "table"),
        ("commentaire\nAllô\nBonjour\n", "table"),
        ('[{"body":"Allô","when":"2025-06-24"}]', "table"),
        ('{"body":"Allô"}\n{"body":"Bonjour"}\n', "table"),
        ('{"count":2,"data":[{"body":"Allô"},{"body":"Bonjour"}]}', "table"),
    ],
)
def test_recognised_whatever_the_name(desk: Desk, content: str, code: str) -> None:
    for name in ("a.csv", "b.json", "c.pdf", "sans-extension"):
        assert desk.library.recognise(desk.write(content, name)).format == code
    assert code in desk.library.formats()


def _docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import.empty"),
        (b"\xef\xbb\xbf", "import.empty"),
        (b" \r\n\r\n ", "import.empty"),
        (b"[]", "import.empty"),
        (b'{"comments_v2":[]}', "import.empty"),
        (b"id,texte\r\n", "import.header_only"),
        (TAKEOUT.split("\r\n")[0].encode(), "import.header_only"),
        (b"%PDF-1.7\n%\xe2\xe3", "import.binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "import.binary"),
        (b"\xff\xd8\xff\xe0" + bytes(64), "import.binary"),
        (_docx(), "import.binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "import.office_or_locked"),
        (b"\x1f\x8b\x08\x00" + bytes(64), "import.archive"),
        (b"Rar!\x1a\x07\x01\x00", "import.archive"),
        (b"<!DOCTYPE html><html><body>Allo</body></html>", "import.html"),
        (bytes(range(256)) * 8, "import.unknown"),
        (b"RIFF\0\0\0\0WAVEfmt ", "import.binary"),
        (b"BZh91AY&SY" + bytes(32), "import.archive"),
        (b"\0" * 300, "import.empty"),
        (
            b"Bonjour, voici un mot.\nIl y a, parfois, des virgules.\nPas toujours.\n",
            "import.unknown",
        ),
        (b'[{"id":1,"text":"a"},', "import.truncated"),
        (b'{"comments_v2":', "import.truncated"),
        (b'[{"id":1 "text":"a"}]', "import.json_broken"),
        (b"[" * 100_000, "import.json_broken"),
        (b"2025-06-24,12,3\n2025-06-25,13,4\n", "import.unknown"),
    ],
)
def test_what_is_no_import_is_said_by_code(desk: Desk, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        desk.recognise(desk.write(content))
    assert caught.value.code == code
    assert caught.value.facts["name"] == "fichier.dat"


def test_a_file_or_folder_that_is_not_there(desk: Desk) -> None:
    for path in (desk.folder / "absent.csv", desk.folder):
        with pytest.raises(ValidationError) as caught:
            desk.library.recognise(path)
        assert caught.value.code == "import.missing"


def test_a_file_that_vanishes_between_looking_and_reading(desk: Desk) -> None:
    recognised = desk.recognise(path := desk.write(VIGIE))
    source = desk.library.open(recognised, None)
    path.unlink()
    with pytest.raises((ValidationError, EnvironmentProblemError)) as caught:
        list(source.read())
    assert caught.value.code == "import.missing"


def test_a_table_shows_headers_rows_and_a_first_guess(desk: Desk) -> None:
    rows = "".join(f"{n};24/06/2025 14:{n:02};Léa;Bonjour {n};Facebook\n" for n in range(10, 20))
    found = desk.recognise("Numéro;Date de publication;Auteure;Commentaire;Réseau\n" + rows)
    assert found.headers == ("Numéro", "Date de publication", "Auteure", "Commentaire", "Réseau")
    assert len(found.sample) == 5
    assert found.sample[0] == ("10", "24/06/2025 14:10", "Léa", "Bonjour 10", "Facebook")
    assert found.proposed is not None
    assert found.proposed.is_sure
    assert found.proposed.columns == {
        "text": "Commentaire",
        "external_id": "Numéro",
        "posted_at": "Date de publication",
        "author_name": "Auteure",
        "platform": "Réseau",
    }


def test_no_guess_without_a_column_for_the_text(desk: Desk) -> None:
    assert desk.recognise("a;b\n1;2\n").proposed is None


def test_a_column_is_guessed_by_name_only_when_its_values_agree(desk: Desk) -> None:
    found = desk.recognise("date;texte;canal\nhier;Allô;télé\ndemain;Bon;radio\n").proposed
    assert found is not None
    assert dict(found.columns) == {"text": "texte"}
