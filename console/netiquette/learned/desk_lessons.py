"""What moderators decided, as lessons: a text, what they said of its rules, who, and what is alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from console.domain.ids import MessageId, RuleId
from console.domain.messages import Channel
from console.netiquette import likeness
from console.netiquette.learned.desk import LEFT_ALONE, terms_of
from console.netiquette.text.document import build


@dataclass(frozen=True, slots=True)
class Lesson:
    """One message that was decided or disputed.

    `labels` says of rules whether they are broken, by an act of the person; `whole` that no other rule is,
    as far as they saw. `teacher` and `author` are any names that tell people apart.
    """

    message: MessageId
    text: str
    parent: str
    channel: Channel
    author: str
    teacher: str
    labels: Mapping[RuleId, bool]
    whole: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A lesson with its words (key → as the person wrote it), and the number of the group of lessons that say
    nearly the same."""

    lesson: Lesson
    written: Mapping[str, str]
    group: int

    @property
    def keys(self) -> Collection[str]:
        """The distinct words."""
        return self.written.keys()


def prepare(lessons: Iterable[Lesson]) -> tuple[Prepared, ...]:
    """Lessons in the order of their ids, so that nothing depends on how they were read; what only concerns
    rules that are left alone is dropped."""
    kept = sorted((each for each in map(_taught, lessons) if each is not None), key=lambda each: each.message)
    groups = group([each.text for each in kept])
    return tuple(
        Prepared(each, _written(each.text), number) for each, number in zip(kept, groups, strict=True)
    )


def _written(text: str) -> dict[str, str]:
    document = build(text)
    found: dict[str, str] = {}
    for term in terms_of(document):
        span = document.span(term.start, term.end)
        found.setdefault(term.key, " ".join(text[span.start : span.end].split()).casefold())
    return found


def _taught(lesson: Lesson) -> Lesson | None:
    labels = {rule: said for rule, said in lesson.labels.items() if rule not in LEFT_ALONE}
    if not labels and not lesson.whole:
        return None
    return Lesson(
        lesson.message,
        lesson.text,
        lesson.parent,
        lesson.channel,
        lesson.author,
        lesson.teacher,
        labels,
        lesson.whole,
    )


def group(texts: Sequence[str]) -> list[int]:
    """For each text the place of the first of its kind: near-duplicates, also by way of others."""
    first: list[int] = []
    by_key: dict[int, list[int]] = defaultdict(list)
    exact: dict[str, int] = {}
    for place, text in enumerate(texts):
        folded = likeness.folded(text)
        keys = likeness.bands(text)
        like = exact.get(folded)
        near = sorted({other for key in keys for other in by_key[key]}) if like is None else [like]
        alike = [other for other in near if likeness.same(folded, likeness.folded(texts[other]))]
        first.append(min((first[other] for other in alike), default=place))
        for other in {first[other] for other in alike} - {first[place]}:
            first = [first[place] if each == other else each for each in first]
        exact.setdefault(folded, place)
        if like is None:
            for key in keys:
                by_key[key].append(place)
    return first
