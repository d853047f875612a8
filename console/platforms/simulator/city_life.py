"""The words of the simulated people (resources/simulator/living.yaml), drawn without repeating too soon."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import Any, Generic, TypeVar

import yaml

from console.domain.messages import FACEBOOK, INSTAGRAM, LINKEDIN, TIKTOK, YOUTUBE, Platform, X
from console.paths import RESOURCES

PLATFORMS: Mapping[Platform, int] = {FACEBOOK: 45, INSTAGRAM: 20, TIKTOK: 12, X: 10, YOUTUBE: 8, LINKEDIN: 5}
"""How much is written on each, of a hundred."""
PRIVATE = (FACEBOOK, INSTAGRAM, X)
"""Where the interface hands over private messages."""
KINDS: Mapping[str, int] = {
    "praise": 13,
    "question": 14,
    "request": 12,
    "criticism": 16,
    "exasperation": 6,
    "chatter": 15,
    "insult": 9,
    "threat": 1,
    "hate": 2,
    "privacy": 1,
    "advert": 3,
    "false_claim": 2,
    "off_topic": 2,
    "other_language": 2,
    "shouting": 1,
    "denouncing": 1,
}
"""How often people write what, of a hundred."""

T = TypeVar("T")


class Bag(Generic[T]):
    """Gives each thing once, in a drawn order, before any comes again."""

    def __init__(self, things: Sequence[T], random: Random) -> None:
        self._things = list(things)
        self._random = random
        self._left: list[T] = []

    def draw(self) -> T:
        """The next one."""
        if not self._left:
            self._left = list(self._things)
            self._random.shuffle(self._left)
        return self._left.pop()


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """The file, read once."""
    text = (RESOURCES / "simulator" / "living.yaml").read_text(encoding="utf-8")
    read: Mapping[str, Any] = yaml.safe_load(text)
    return read


class Words:
    """What is said next, of each kind; only the seed decides."""

    def __init__(self, random: Random) -> None:
        said = words()
        self._random = random
        self._kinds = {kind: Bag[str](texts, random) for kind, texts in said["comments"].items()}
        self._lists: dict[str, Bag[Any]] = {
            name: Bag(things, random)
            for name, things in said.items()
            if isinstance(things, list) and name not in ("streets", "parks")
        }

    def comment(self) -> str:
        """A comment of any kind."""
        (kind,) = self._random.choices(tuple(KINDS), tuple(KINDS.values()))
        return self.placed(self._kinds[kind].draw())

    def of(self, name: str) -> str:
        """The next text of a list of the file."""
        return self.placed(str(self._lists[name].draw()))

    def texts(self, name: str) -> list[str]:
        """The next sequence of texts of a list of sequences."""
        return [self.placed(text) for text in self._lists[name].draw()]

    def placed(self, text: str) -> str:
        """With the name of a street or a park where it says so."""
        said = words()
        text = text.replace("{rue}", self._random.choice(said["streets"]))
        return text.replace("{parc}", self._random.choice(said["parks"]))


def name_on(platform: Platform, name: str) -> str:
    """How somebody is called there: on Instagram people have user names."""
    if platform != INSTAGRAM:
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".")
