"""Every generation of Google Takeout's `comments.csv`."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from console.domain.messages import Kind
from console.platforms.files.youtube_takeout import segments
from tests.platforms.files.conftest import Desk

CHANNEL, COMMENT, VIDEO = "UCA6DtnbZ2KJckyTYfXOwQNA", "UgxtiXQkY7gqHbldJ1F4AaABAg", "WtOskFeLmr4"
CELLS = {
    "Comment ID": COMMENT,
    "Channel ID": CHANNEL,
    "Comment Create Timestamp": "2023-09-19T17:42:53.434647+00:00",
    "Price": "0",
    "Parent Comment ID": "",
    "Post ID": "",
    "Video ID": VIDEO,
    "Comment Text": '{"text":"Allô"}',
    "Top-Level Comment ID": "",
}
NEWEST = list(CELLS)
SEVEN = [
    "Channel ID",
    "Comment Create Timestamp",
    "Price",
    "Comment ID",
    "Parent Comment ID",
    "Video ID",
    "Comment Text",
]
SIX = ["Comment ID", "Channel ID", "Comment Create Timestamp", "Price", "Video ID", "Comment Text"]


def _file(columns: list[str], names: list[str] | None = None, **changed: str) -> str:
    cells = {**CELLS, **{key.replace("_", " "): value for key, value in changed.items()}}

    def line(values: list[str]) -> str:
        return ",".join('"' + value.replace('"', '""') + '"' for value in values)

    return line(names or columns) + "\r\n" + line([cells[column] for column in columns]) + "\r\n"


@pytest.mark.parametrize("columns", [NEWEST, SEVEN, SIX])
@pytest.mark.parametrize("lower", [False, True])
def test_all_generations_of_columns(desk: Desk, columns: list[str], lower: bool) -> None:
    names = [name.capitalize() for name in columns] if lower else columns
    message = desk.one(_file(columns, names))
    assert (message.platform, message.external_id, message.text) == ("youtube", COMMENT, "Allô")
    assert (message.author_external_id, message.post_external_id) == (CHANNEL, VIDEO)
    assert message.posted_at == datetime(2023, 9, 19, 17, 42, 53, 434647, tzinfo=UTC)
    assert message.permalink == f"https://www.youtube.com/watch?v={VIDEO}&lc={COMMENT}"
    assert message.kind is Kind.COMMENT


def test_headers_in_a_language_nobody_foresaw(desk: Desk) -> None:
    message = desk.one(
        _file(SEVEN, ["Ідентифікатор каналу", "Час", "Ціна", "Коментар", "Батько", "Відео", "Текст"])
    )
    assert (message.external_id, message.author_external_id) == (COMMENT, CHANNEL)
    assert (message.text, message.post_external_id) == ("Allô", VIDEO)


def test_a_reply_names_its_parent(desk: Desk) -> None:
    message = desk.one(_file(NEWEST, Parent_Comment_ID="Ugabc", Comment_ID="Ugabc.9iw"))
    assert (message.kind, message.parent_external_id) == (Kind.REPLY, "Ugabc")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('{"text":"un"}', "un"),
        ('{"takeoutSegments":[{"text":"un "},{"text":"deux"}]}', "un deux"),
        ('{"text":"\\u003e citation"},{"text":"\\n"},{"text":"réponse"}', "> citation\nréponse"),
        ('{"text":"Merci "},{"mention":{"externalChannelId":"UC1"},"text":"@Ville"}', "Merci @Ville"),
        ("texte simple", "texte simple"),
        ('{"text":"coupé', '{"text":"coupé'),
        ("{accolade}", "{accolade}"),
    ],
)
def test_segments(cell: str, text: str) -> None:
    assert segments(cell) == text


def test_text_of_several_lines_and_the_older_time(desk: Desk) -> None:
    cell = json.dumps({"text": "un\ndeux"}, ensure_ascii=False)
    message = desk.one(_file(SIX, Comment_Text=cell, Comment_Create_Timestamp="2020-02-19 23:05:53 UTC"))
    assert message.text == "un\ndeux"
    assert message.posted_at == datetime(2020, 2, 19, 23, 5, 53, tzinfo=UTC)


def test_the_channel_that_a_person_names_is_the_city(desk: Desk) -> None:
    assert not desk.one(_file(SEVEN)).by_city
    assert desk.one(_file(SEVEN), city=CHANNEL).by_city
