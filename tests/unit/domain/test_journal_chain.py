"""The chain notices whatever is done to the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from console.domain.ids import DeskId, EventId, StaffId
from console.domain.journal import GENESIS, Event, Link, first_break, seal

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=3), children, max_size=3)
    ),
    max_leaves=5,
)
events = st.builds(
    Event,
    id=st.uuids().map(lambda value: EventId(value.hex)),
    kind=st.sampled_from(["decision.made", "decision.undone"]),
    subject=st.text(max_size=4),
    actor=st.just(StaffId("a")),
    desk=st.just(DeskId("d")),
    at=st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1)),  # noqa: DTZ001  zone added by `timezones`
    payload=st.dictionaries(st.text(max_size=3), json_values, max_size=3),
)


def chain(of: list[Event]) -> list[Link]:
    """The events sealed one after the other."""
    links: list[Link] = []
    for sequence, event in enumerate(of, 1):
        links.append(seal(event, sequence, links[-1].sha256 if links else GENESIS))
    return links


def head(links: list[Link]) -> tuple[int, str]:
    """What the store remembers."""
    return (links[-1].sequence, links[-1].sha256) if links else (0, GENESIS)


@given(st.lists(events, max_size=6))
def test_an_untouched_chain_holds(of: list[Event]) -> None:
    links = chain(of)
    assert first_break(links, head(links)) is None


@given(st.lists(events, min_size=1, max_size=6), st.data())
def test_a_changed_event_is_named(of: list[Event], data: st.DataObject) -> None:
    links = chain(of)
    at = data.draw(st.integers(0, len(links) - 1))
    changed = data.draw(events)
    links[at] = replace(links[at], event=replace(changed, id=EventId("f" * 32)))
    broken = first_break(links, head(links))
    assert broken is not None
    assert (broken.sequence, broken.reason) == (at + 1, "content")


@given(st.lists(events, min_size=1, max_size=6), st.data())
def test_a_removed_link_is_named(of: list[Event], data: st.DataObject) -> None:
    links = chain(of)
    remembered = head(links)
    at = data.draw(st.integers(0, len(links) - 1))
    was_last = at == len(links) - 1
    del links[at]
    broken = first_break(links, remembered)
    assert broken is not None
    assert (broken.sequence, broken.reason) == (at + 1, "tail" if was_last else "gap")


@given(st.lists(events, min_size=2, max_size=6))
def test_resealing_one_link_breaks_the_next(of: list[Event]) -> None:
    """Whoever recomputes one hash has to recompute all that follow, and the head with them."""
    links = chain(of)
    forged = seal(replace(links[0].event, subject="forged"), 1, GENESIS)
    assert first_break([forged, *links[1:]], head(links)) is not None
