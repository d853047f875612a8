"""What incoming messages are judged with: nearly the same words, and the ladder of their authors."""

from __future__ import annotations

from datetime import timedelta

from console.domain.messages import FACEBOOK, INSTAGRAM
from console.services.ports import Earlier, Likeness
from tests.builders import NOW, DeskFile, judged, message

DAY = timedelta(days=1)


def _take(desk: DeskFile, text: str, bands: tuple[int, ...], days: float) -> None:
    desk.take_in(judged(message(text, posted_at=NOW - days * DAY), bands=bands))


def _texts(found: tuple[Earlier, ...]) -> list[str]:
    return [each.text for each in found]


def test_three_shared_keys_are_needed_or_as_many_as_there_are(desk: DeskFile) -> None:
    _take(desk, "trois", (1, 2, 3, 4), 1)
    _take(desk, "deux", (1, 2, 8, 9), 2)
    _take(desk, "aucune", (7,), 3)
    asked = [Likeness(keys, NOW - 10 * DAY, NOW) for keys in ((1, 2, 3, 5), (1, 2), (7,))]
    several, pair, single = desk.db.reads.sharing_bands(asked, 10)
    assert _texts(several) == ["trois"]
    assert _texts(pair) == ["trois", "deux"]
    assert _texts(single) == ["aucune"]


def test_only_the_stretch_of_time_that_was_asked_for(desk: DeskFile) -> None:
    for days in range(30):
        _take(desk, f"il y a {days} jours", (1, 2), days)
    (found,) = desk.db.reads.sharing_bands([Likeness((1, 2), NOW - 12 * DAY, NOW - 3 * DAY)], 100)
    assert _texts(found) == [f"il y a {days} jours" for days in range(3, 13)]


def test_the_newest_come_first_and_no_more_than_asked(desk: DeskFile) -> None:
    for days in (5, 4, 3, 2, 1):
        _take(desk, str(days), (-(2**63), 2**63 - 1), days)
    likeness = Likeness((-(2**63), 2**63 - 1), NOW - 10 * DAY, NOW)
    assert _texts(desk.db.reads.sharing_bands([likeness], 3)[0]) == ["1", "2", "3"]


def test_nothing_stored_and_nothing_asked(desk: DeskFile) -> None:
    likeness = Likeness((1, 2), NOW - DAY, NOW)
    assert desk.db.reads.sharing_bands([likeness, likeness], 3) == ((), ())
    _take(desk, "a", (1, 2), 0.5)
    assert desk.db.reads.sharing_bands([], 3) == ()
    assert desk.db.reads.sharing_bands([Likeness((), NOW - DAY, NOW)], 3) == ((),)


def test_warnings_are_found_by_the_authors_key_and_through_links(desk: DeskFile) -> None:
    warned, linked, _ = desk.take_in(
        message(author_external_id="a"),
        message(author_external_id="b", platform=INSTAGRAM),
        message(author_external_id="c"),
    )
    issued = desk.warn(warned, desk.decide(warned))
    authors = [(FACEBOOK, "a"), (INSTAGRAM, "b"), (FACEBOOK, "c"), (FACEBOOK, "inconnu")]
    before = desk.db.reads.warnings_by_author(authors)
    assert {author: [each.id for each in found] for author, found in before.items()} == {
        (FACEBOOK, "a"): [issued]
    }
    with desk.db.write() as work:
        work.link_people(work.case(warned).person_id, work.case(linked).person_id)
    after = desk.db.reads.warnings_by_author(authors)
    assert set(after) == {(FACEBOOK, "a"), (INSTAGRAM, "b")}
    assert [each.id for each in after[INSTAGRAM, "b"]] == [issued]
    assert desk.db.reads.warnings_by_author([]) == {}
