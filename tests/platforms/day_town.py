"""The other side of the random day: the town that writes, what goes wrong, and what a person of the city
does by hand on the platforms' own pages."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from console.domain.messages import FACEBOOK, LINKEDIN, YOUTUBE, Channel, Platform, X
from console.domain.platforms import Act, Target
from console.platforms.simulator.city_life import PLATFORMS
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.living import Living
from console.platforms.simulator.meta import GraphApi
from console.platforms.simulator.running import Simulator
from console.platforms.simulator.things import SimComment, SimMessage, SimPerson
from console.platforms.simulator.world import World

THINGS_PER_HAPPENING = 1.15
"""Floods and raids write many, removals none."""
_BETWEEN_POSTS = timedelta(hours=3)


class Town(Living):
    """Lives as the demonstration's, but has many more people, and a city that publishes at its usual pace
    however much is commented."""

    def __init__(self, world: World, seed: int, began: datetime, per_hour: float) -> None:
        self._last: dict[Platform, datetime] = {}
        self._people = random.Random(seed)
        super().__init__(world, seed, began, per_hour)

    def _publish(self, at: datetime, platform: Platform | None = None) -> None:
        platform = platform or self._platform()
        last = self._last.get(platform)
        if last is None or at - last >= _BETWEEN_POSTS:
            self._last[platform] = at
            super()._publish(at, platform)

    def _somebody(self, platform: Platform) -> SimPerson:
        """A few write very often, most of them once or twice."""
        name = self._words.of("people")
        number = int(self._people.paretovariate(0.6))
        return self._world.person(platform, name if number < 2 else f"{name} {min(number, 400)}")


Happens = Callable[["Mishaps", Platform], None]


class Mishaps:
    """Beside the faults of single calls: what goes wrong with a whole account for a while."""

    def __init__(self, sim: Simulator, dice: random.Random) -> None:
        self._sim, self._dice = sim, dice
        self._over: list[Callable[[], None]] = []
        self._usual = {p: api.calls_an_hour for p in PLATFORMS if isinstance(api := sim.api(p), GraphApi)}

    def happen(self) -> str:
        """One of them; its name."""
        platform = self._dice.choice(list(PLATFORMS))
        name, happens = self._dice.choice(list(_MISHAPS.items()))
        with self._sim.world.lock:
            happens(self, platform)
        return f"{name} {platform}"

    def pass_over(self) -> None:
        """What lasts a while ends."""
        for end in self._over:
            end()
        self._over.clear()

    def shift(self, platform: Platform) -> None:
        """People write while pages are read."""
        self._sim.faults.shift(platform, self._dice.randint(1, 3))
        self._over.append(lambda: self._sim.faults.shift(platform, 0))

    def forget_pages(self, platform: Platform) -> None:
        """No page token is good any more."""
        self._sim.faults.forget_pages(platform)

    def used_up(self, platform: Platform) -> None:
        """Little is left of the allowance."""
        left = self._dice.randint(0, 20)
        self._sim.quota(platform, left=left)
        if platform in self._usual:
            self._over.append(lambda: self._sim.quota(platform, limit=self._usual[platform]))
        if platform == X:
            self._over.append(lambda: self._sim.quota(X, left=None))

    def revoked(self, platform: Platform) -> None:
        """Every token is void: somebody has to connect again."""
        for grant in self._sim.world.grants.values():
            if grant.platform == platform:
                grant.revoked = True

    def expired(self, platform: Platform) -> None:
        """Access tokens end early; where there is a refresh token it is good."""
        for grant in self._sim.world.grants.values():
            if grant.platform == platform:
                grant.expires_at = self._sim.clock.now()

    def lost(self, platform: Platform) -> None:
        """The role on the page is gone for a call, or the platform asks to stop."""
        fault = self._dice.choice((Fault.PERMISSION, Fault.BLOCKED, Fault.TOKEN_EXPIRED))
        self._sim.faults.next(platform, "*", "*", fault)

    def limited(self, platform: Platform) -> None:
        """Asked to wait, once."""
        self._sim.faults.next(platform, "*", "*", Fault.RATE_LIMITED)


_MISHAPS: dict[str, Happens] = {
    "shift": Mishaps.shift,
    "forget pages": Mishaps.forget_pages,
    "used up": Mishaps.used_up,
    "revoked": Mishaps.revoked,
    "expired": Mishaps.expired,
    "lost": Mishaps.lost,
    "limited": Mishaps.limited,
}


def good_tokens(sim: Simulator, platform: Platform) -> None:
    """The administration settles it on the platform: a token can be given out again."""
    api = sim.api(platform)
    if isinstance(api, GraphApi):
        grant = sim.world.grants[api.page_token]
        grant.revoked, grant.expires_at = False, None


# --- what a person sees and does on the platform's own pages ------------------------------------


def thing_of(world: World, target: Target) -> SimComment | SimMessage | None:
    """What a target of the desk is in the world."""
    identifier = sim_id(target.platform, target.channel, target.external_id)
    if target.channel is Channel.PRIVATE:
        return world.message_by_id(target.platform, identifier)
    return world.comment_by_id(target.platform, identifier)


def sim_id(platform: Platform, channel: Channel, external_id: str) -> str:
    """The simulator's plain identifier of what the desk calls `external_id`."""
    if platform == X:
        return external_id.removeprefix("dm:")
    if channel is Channel.COMMENT and platform == FACEBOOK:
        return external_id.rpartition("_")[2]
    if platform == LINKEDIN:
        return external_id.rpartition(",")[2].removesuffix(")")
    return external_id


class Hands:
    """A person of the city at the platforms' own pages."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim

    def do(self, target: Target, act: Act, text: str) -> bool:
        """Carry out one act; False when it can no longer be."""
        world = self._sim.world
        thing = thing_of(world, target)
        assert thing is not None, target
        with world.lock:
            if act in (Act.BAN, Act.UNBAN):
                banned = world.banned(target.platform)
                (banned.add if act is Act.BAN else banned.discard)(thing.person.id)
                return True
            if act is Act.MESSAGE:
                return self._write(thing, text)
            if act is Act.REPLY:
                return isinstance(thing, SimComment) and self._answer(thing, text)
            return self._sim.wall.act(target.platform, thing.id, act)

    def _write(self, thing: SimComment | SimMessage, text: str) -> bool:
        if thing.person.unavailable:
            return False
        self._sim.world.send(thing.person, text)
        return True

    def _answer(self, comment: SimComment, text: str) -> bool:
        top = comment if comment.platform == X or comment.parent is None else comment.parent
        if comment.removed or top.removed or comment.post.removed:
            return False
        self._sim.world.comment(comment.post, self._sim.world.cities[comment.platform], text, top)
        return True

    def sees(self, target: Target, text: str) -> bool:
        """Whether the city's text stands where it was to go."""
        world = self._sim.world
        thing = thing_of(world, target)
        assert thing is not None, target
        with world.lock:
            sent = any(each.text == text for each in world.sent(thing.person))
            return sent or (
                isinstance(thing, SimComment) and any(each.text == text for each in world.replies(thing))
            )


def hidden_now(comment: SimComment) -> bool:
    """Whether the public does not see it because the city held it back."""
    return comment.status == "heldForReview" if comment.platform == YOUTUBE else comment.hidden


def taken_away(comment: SimComment) -> bool:
    """Whether it is gone for everybody."""
    return comment.removed or comment.status == "rejected"
