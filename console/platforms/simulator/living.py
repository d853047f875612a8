"""A city that lives: people comment, quarrel, change their words, write in private, attack together.

Only the seed, the beginning and the pace decide what happens and when, however often time is asked to go
on; what a moderator does changes who still writes (whoever is banned falls silent), not what is drawn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random

from console.domain.messages import Platform, X
from console.platforms.simulator.city_life import PLATFORMS, PRIVATE, Words, name_on
from console.platforms.simulator.things import SimComment, SimPerson, SimPost
from console.platforms.simulator.world import World

_OPEN_POSTS = 8
"""People write under so many of the latest publications of a platform."""
_REMEMBERED = 200
_FLOOD = 20
_AT = "@villeessai "

Happening = Callable[[datetime], None]


class Living:
    """What happens in a world from `began` on, as far as `advance` lets it.

    `per_hour`: happenings of their own accord in an hour; may be changed at any time. `platforms`: by
    default all where the city is.
    """

    def __init__(self, world: World, seed: int, began: datetime, per_hour: float = 20.0) -> None:
        self._world = world
        self._seed = seed
        self._random = Random(seed)  # noqa: S311 (nothing here is secret)
        self._words = Words(self._random)
        self.per_hour = per_hour
        self._due: list[tuple[datetime, int, Happening]] = []
        self._order = 0
        self._posts: dict[Platform, deque[SimPost]] = {
            platform: deque(maxlen=_OPEN_POSTS) for platform in PLATFORMS if platform in world.cities
        }
        self._recent: deque[SimComment] = deque(maxlen=_REMEMBERED)
        self._answered: set[str] = set()
        for platform in self._posts:
            self._publish(began, platform)
        self._plan(began + self._pause(), self._of_its_own_accord)

    def advance(self, until: datetime) -> int:
        """Let everything happen that is due by then; how many things that was."""
        with self._world.lock:
            self._react(until)
            count = 0
            while self._due and self._due[0][0] <= until:
                at, _, happening = heappop(self._due)
                happening(at)
                count += 1
            return count

    def plan_raid(self, at: datetime) -> None:
        """Many people will write one text within a minute."""
        self._plan(at, self._raid)

    def plan_flood(self, at: datetime) -> None:
        """One person will write the same twenty times."""
        self._plan(at, self._flood)

    def _plan(self, at: datetime, happening: Happening) -> None:
        self._order += 1
        heappush(self._due, (at, self._order, happening))

    def _pause(self) -> timedelta:
        return timedelta(hours=self._random.expovariate(self.per_hour))

    def _of_its_own_accord(self, at: datetime) -> None:
        """One thing happens, and the next one is planned."""
        choices: dict[Happening, float] = {
            self._comment: 60,
            self._reply: 14,
            self._private: 8,
            self._delete: 4,
            self._turn: 3,
            self._quarrel: 3,
            self._picture: 3,
            self._publish: 2.5,
            self._bad_picture: 1,
            self._flood: 0.4,
            self._raid: 0.25,
        }
        (happening,) = self._random.choices(tuple(choices), tuple(choices.values()))
        happening(at)
        self._plan(at + self._pause(), self._of_its_own_accord)

    # What happens

    def _publish(self, at: datetime, platform: Platform | None = None) -> None:
        platform = platform or self._platform()
        self._posts[platform].append(self._world.publish(platform, self._words.of("posts"), at=at))

    def _comment(self, at: datetime) -> None:
        platform = self._platform()
        self._say(at, self._post(platform), self._somebody(platform), self._words.comment())

    def _reply(self, at: datetime) -> None:
        text = self._words.of("replies")
        platform = self._platform()
        parent = self._one_of([one for one in self._recent if one.platform == platform])
        post = parent.post if parent is not None else self._post(platform)
        self._say(at, post, self._somebody(platform), text, parent)

    def _private(self, at: datetime) -> None:
        platforms = [one for one in PRIVATE if one in self._posts]
        if not platforms:
            return
        platform = self._random.choice(platforms)
        person, text = self._somebody(platform), self._words.of("messages")
        if person.id not in self._world.banned(platform) | self._world.muted(platform):
            self._world.message(platform, person, text, at=at)

    def _delete(self, at: datetime) -> None:
        comment = self._one_of(self._recent)
        if comment is not None:
            self._world.remove(comment)

    def _turn(self, at: datetime) -> None:
        """Somebody writes, and changes the words a while later."""
        platform = self._platform()
        first, second = self._words.texts("texts_that_turn")
        said = self._say(at, self._post(platform), self._somebody(platform), first)
        later = at + timedelta(minutes=self._random.uniform(1, 20))
        if said is not None:
            self._plan(later, lambda then: self._change(said, second, then))

    def _quarrel(self, at: datetime) -> None:
        """Two people answer each other, faster and faster."""
        platform = self._platform()
        post, people = self._post(platform), [self._somebody(platform), self._somebody(platform)]
        first: list[SimComment | None] = []

        def turn(then: datetime, number: int, text: str) -> None:
            parent = first[0] if first else None
            first.append(self._say(then, post, people[number % 2], text, parent))

        for number, text in enumerate(self._words.texts("quarrels")):
            self._plan(at, lambda then, number=number, text=text: turn(then, number, text))  # type: ignore[misc]  # bound now
            at += timedelta(minutes=self._random.uniform(0.5, 4) / (number + 1))

    def _picture(self, at: datetime) -> None:
        platform = self._platform()
        text, name = self._words.of("with_picture"), self._words.of("pictures")
        self._say(at, self._post(platform), self._somebody(platform), text, picture=name)

    def _bad_picture(self, at: datetime) -> None:
        """The same picture again and again, never quite the same bytes."""
        platform = self._platform()
        name = f"{self._words.of('bad_pictures')}~{self._random.randint(2, 9)}"
        text = self._words.of("with_picture")
        self._say(at, self._post(platform), self._somebody(platform), text, picture=name)

    def _flood(self, at: datetime) -> None:
        """One person, twenty times."""
        platform = self._platform()
        post, person, text = self._post(platform), self._somebody(platform), self._words.of("floods")
        for _ in range(_FLOOD):
            self._plan(at, lambda then: self._said(then, post, person, text))
            at += timedelta(seconds=self._random.uniform(2, 12))

    def _raid(self, at: datetime) -> None:
        """Many people, one text, within a minute."""
        platform = self._platform()
        post, text = self._post(platform), self._words.of("raids")
        for _ in range(self._random.randint(15, 35)):
            name = f"Compte {self._random.randint(1000, 9999)}"
            person = self._world.person(platform, name_on(platform, name))
            slightly = text + self._random.choice(("", "", "!!", " 😡", " ✊"))
            then = at + timedelta(seconds=self._random.uniform(0, 55))
            self._plan(
                then,
                lambda then, person=person, slightly=slightly: self._said(then, post, person, slightly),  # type: ignore[misc]  # bound now
            )

    def _react(self, until: datetime) -> None:
        """Some of those whom the city wrote to in private answer after some minutes."""
        for platform in PRIVATE:
            for one in self._world.conversations(platform):
                last = one.messages[-1]
                if not last.by_city or last.id in self._answered:
                    continue
                self._answered.add(last.id)
                own = Random(f"{self._seed}/{last.id}")  # noqa: S311 (and apart from what else is drawn)
                if own.random() < 0.5 and not one.person.unavailable:
                    text = Words(own).of("answers")
                    then = last.at + timedelta(minutes=own.uniform(1, 10))
                    self._plan(then, lambda at, one=one, text=text: self._answer(at, one.person, text))  # type: ignore[misc]  # bound now

    def _answer(self, at: datetime, person: SimPerson, text: str) -> None:
        if person.id not in self._world.muted(person.platform):
            self._world.message(person.platform, person, text, at=at)

    # Who, where, what

    def _platform(self) -> Platform:
        platforms = tuple(self._posts)
        (platform,) = self._random.choices(platforms, [PLATFORMS[one] for one in platforms])
        return platform

    def _post(self, platform: Platform) -> SimPost:
        """Mostly the newest ones."""
        posts = self._posts[platform]
        (post,) = self._random.choices(posts, [at + 1 for at in range(len(posts))])
        return post

    def _somebody(self, platform: Platform) -> SimPerson:
        return self._world.person(platform, name_on(platform, self._words.of("people")))

    def _one_of(self, comments: Sequence[SimComment]) -> SimComment | None:
        """One draw, however many there are: a ban changes no later one."""
        drawn = self._random.random()
        return comments[int(drawn * len(comments))] if comments else None

    def _say(
        self,
        at: datetime,
        post: SimPost,
        person: SimPerson,
        text: str,
        parent: SimComment | None = None,
        picture: str | None = None,
    ) -> SimComment | None:
        """None when the person is banned, or what is commented on is gone."""
        if post.platform == X and self._random.random() < 0.7:
            text = _AT + text
        if person.id in self._world.banned(post.platform) or post.removed:
            return None
        if parent is not None:
            top = parent if post.platform == X or parent.parent is None else parent.parent
            parent = None if top.removed else top
        said = self._world.comment(post, person, text, parent=parent, picture=picture, at=at)
        self._recent.append(said)
        return said

    def _said(self, at: datetime, post: SimPost, person: SimPerson, text: str) -> None:
        self._say(at, post, person, text)

    def _change(self, comment: SimComment, text: str, at: datetime) -> None:
        if not comment.removed and comment.person.id not in self._world.banned(comment.platform):
            text = _AT + text if comment.text.startswith(_AT) else text
            self._world.edit(comment, text, at=at)
