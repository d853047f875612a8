"""Tables through a column mapping: delimiters, quotes, torn rows, names of platforms and channels."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.messages import Channel, IncomingMessage, Kind
from console.errors import ValidationError
from console.platforms.files import delimited
from console.services.intake import ColumnMapping
from console.services.ports import Skipped
from tests.platforms.files.conftest import Desk

FULL = "Id;Date;Heure;Auteur;Texte;Réseau;Canal;Compte;Publication;Lien;Sens\n"


def test_every_field_of_a_table(desk: Desk) -> None:
    message = desk.one(
        FULL + "7;24/06/2025;14 h 30;Léa;Allô;Insta;Message privé;Ville;;https://e.org/7;entrant\n"
    )
    assert (message.external_id, message.author_name, message.text) == ("7", "Léa", "Allô")
    assert message.posted_at == datetime(2025, 6, 24, 18, 30, tzinfo=UTC)
    assert (message.platform, message.channel, message.account) == ("instagram", Channel.PRIVATE, "Ville")
    assert (message.permalink, message.by_city) == ("https://e.org/7", False)


def test_what_the_city_sent_is_context(desk: Desk) -> None:
    message = desk.one(FULL + "7;24/06/2025;14 h 30;Ville;Bonjour;X;Public;Ville;Le pont;;sortant\n")
    assert message.by_city
    assert (message.post_text, message.kind) == ("Le pont", Kind.COMMENT)


def test_the_platform_follows_the_link_when_no_column_says_it(desk: Desk) -> None:
    message = desk.one("id;texte;lien\n1;a;https://www.tiktok.com/@ville/video/1\n")
    assert message.platform == "tiktok"
    assert desk.one("id;texte;lien\n1;a;https://e.org\n", platform="LinkedIn").platform == "linkedin"


@pytest.mark.parametrize(
    ("columns", "code", "fact"),
    [
        ({}, "import.mapping_missing", ""),
        ({"external_id": "id"}, "import.mapping_missing", ""),
        ({"text": "texte", "colour": "id"}, "import.mapping_missing", ""),
        ({"text": "message"}, "import.column_missing", "message"),
    ],
)
def test_a_mapping_that_does_not_fit(desk: Desk, columns: dict[str, str], code: str, fact: str) -> None:
    recognised = desk.recognise("id;texte\n1;a\n")
    with pytest.raises(ValidationError) as caught:
        desk.library.open(recognised, ColumnMapping("", columns, {}))
    assert caught.value.code == code
    assert caught.value.facts.get("column", "") == fact


def test_headers_match_without_accents_or_capitals(desk: Desk) -> None:
    mapping = ColumnMapping("", {"text": "MESSAGE RECU"}, {})
    assert [each.text for each in desk.items("Message reçu;x\nAllô;1\n", mapping)] == ["Allô"]


def test_torn_rows_are_reported_with_their_number(desk: Desk) -> None:
    items = desk.items(
        'id,date,texte\n1,2025-06-24,a\n2,2025-06-24,b,de trop\n\n4\n5,2025-06-24,"e\n6,2025-06-24,f\n'
    )
    assert [item.text for item in items if isinstance(item, IncomingMessage)] == ["a"]
    assert [item for item in items if isinstance(item, Skipped)] == [
        Skipped(3, "import.row.columns", {"expected": 3, "found": 4}),
        Skipped(5, "import.row.columns", {"expected": 3, "found": 1}),
        Skipped(6, "import.row.quote_open", {"lines": 2}),
    ]


def test_a_stray_quote_spoils_its_row_only(desk: Desk) -> None:
    items = desk.items('id,date,texte\n1,2025-06-24,"il dit "non" ici"\n2,2025-06-24,b\n')
    assert items[0] == Skipped(2, "import.row.quotes", {})
    assert isinstance(items[1], IncomingMessage)


def test_cells_missing_at_the_end_are_empty(desk: Desk) -> None:
    assert desk.one("id,texte,auteur,lien\n1,a\n").author_name == ""


def test_rows_without_a_date_and_an_id_are_told_apart_by_their_order(desk: Desk) -> None:
    once = [each.external_id for each in desk.messages("texte,auteur\nAllô,L\nAllô,L\nAllô,M\n")]
    again = [each.external_id for each in desk.messages("texte,auteur\nAllô,L\nAllô,L\nAllô,M\n")]
    assert once == again
    assert len(set(once)) == 3


def test_the_hint_of_spreadsheet_programs_is_no_header(desk: Desk) -> None:
    recognised = desk.recognise("sep=;\nid;texte\n1;Allô, toi\n")
    assert recognised.headers == ("id", "texte")
    assert desk.one("sep=;\nid;texte\n1;Allô, toi\n").text == "Allô, toi"


def test_repeated_and_unnamed_columns_can_be_chosen(desk: Desk) -> None:
    recognised = desk.recognise("texte;date;texte;\na;2025-06-24;b;c\n")
    assert recognised.headers == ("texte", "date", "texte (2)", "#4")
    mapping = ColumnMapping("", {"text": "texte (2)"}, {})
    assert [each.text for each in desk.items("texte;date;texte;\na;2025-06-24;b;c\n", mapping)] == ["b"]


def test_commas_in_prose_do_not_beat_the_true_delimiter(desk: Desk) -> None:
    rows = "".join(f"{n};oui, non, peut-être, bon\n" for n in range(20))
    assert desk.recognise("id;texte\n" + rows).headers == ("id", "texte")


def test_objects_become_columns(desk: Desk) -> None:
    recognised = desk.recognise(
        [
            {
                "id": 1,
                "message": "Allô",
                "from": {"name": "Léa", "id": 9},
                "created_time": "2020-02-19T23:05:53+0000",
            }
        ]
    )
    assert recognised.headers == ("id", "message", "from.name", "from.id", "created_time")
    mapping = ColumnMapping(
        "",
        {
            "text": "message",
            "author_name": "from.name",
            "author_external_id": "from.id",
            "posted_at": "created_time",
        },
        {"platform": "facebook"},
    )
    (message,) = desk.library.open(recognised, mapping).read()
    assert isinstance(message, IncomingMessage)
    assert (message.author_name, message.author_external_id, message.platform) == ("Léa", "9", "facebook")
    assert message.posted_at == datetime(2020, 2, 19, 23, 5, 53, tzinfo=UTC)


def test_a_line_of_many_megabytes_is_reported_not_loaded(desk: Desk) -> None:
    long = "x" * 9_000_000
    items = desk.items(f"id,date,texte\n1,2025-06-24,a\n2,2025-06-24,{long}\n3,2025-06-24,c\n")
    assert [getattr(item, "text", getattr(item, "code", "")) for item in items] == [
        "a",
        "import.row.too_long",
        "c",
    ]
    line = f'{{"id":"2","text":"{long}"}}'
    items = desk.items('{"id":"1","text":"a"}\n' + line + '\n{"id":"3","text":"c"}\n')
    assert [getattr(item, "text", getattr(item, "code", "")) for item in items] == [
        "a",
        "import.row.too_long",
        "c",
    ]


_CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\"',;|\té"), max_size=40)


@given(
    rows=st.lists(st.tuples(_CELL, _CELL.filter(lambda text: text.strip())), min_size=1, max_size=8),
    delimiter=st.sampled_from(delimited.DELIMITERS),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_csv_writes_comes_back_word_for_word(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], delimiter: str, end: str
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("auteur", "texte"), *rows])
    desk = Desk(tmp_path_factory.mktemp("csv"))
    read = desk.messages(buffer.getvalue())
    assert [each.text for each in read] == [
        text.replace("\r\n", "\n").replace("\r", "\n") for _, text in rows
    ]
    assert [each.author_name for each in read] == [author.strip() for author, _ in rows]
