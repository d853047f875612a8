"""Every entry of the lexicon by its own examples: what it must find, and what it must leave alone."""

from __future__ import annotations

import pytest

from console.netiquette.lexicon.entries import Entry
from console.netiquette.lexicon.frames import PARENT_SIGN, Frame
from console.netiquette.lexicon.loading import load_entries, load_frames
from console.paths import RESOURCES
from tests.unit.engine_b.conftest import Read

ENTRIES = load_entries(RESOURCES / "lexicon" / "terms")
FRAMES = load_frames(RESOURCES / "frames")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.source} {entry.lemma}")
def test_entry(entry: Entry, read: Read) -> None:
    for sentence in entry.hit:
        assert entry in {hit.entry for hit in read(sentence).hits}, sentence
    for sentence in entry.miss:
        assert entry not in {hit.entry for hit in read(sentence).hits}, sentence


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.id)
def test_frame(frame: Frame, read: Read) -> None:
    for sentence in frame.hit:
        parent, _, text = sentence.rpartition(PARENT_SIGN)
        found = {match.frame.id for match in read(text.strip(), parent.strip()).matches}
        assert frame.id in found, f"{sentence} → {found}"


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [(frame, sentence) for frame in FRAMES for sentence in frame.miss],
    ids=lambda value: value.id if isinstance(value, Frame) else None,
)
def test_frame_miss(frame: Frame, sentence: str, judge) -> None:
    """A counter-example breaks none of the rules that the frame speaks of."""
    rules = {rule for rule, weight in frame.rules if weight >= 1}
    found = {finding.rule for finding in judge(sentence).findings}
    assert not rules & found, f"{sentence} → {found}"
