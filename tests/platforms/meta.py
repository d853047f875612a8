"""What the tests of Facebook and Instagram share."""

from __future__ import annotations

from dataclasses import replace

from console.domain.messages import FACEBOOK, IncomingMessage, Platform
from console.domain.platforms import Target
from console.platforms.facebook import Facebook
from console.platforms.facebook_pages import comment_id
from console.platforms.instagram import Instagram
from console.platforms.meta_connector import MetaConnector
from console.platforms.simulator.running import Simulator
from console.platforms.simulator.things import SimComment
from tests.platforms.connecting import Kept, no_wait, target_of


def connector(
    sim: Simulator, platform: Platform, store: Kept | None = None, page_size: int = 100
) -> MetaConnector:
    """The connector of the simulated account."""
    kind = Facebook if platform == FACEBOOK else Instagram
    store = store or Kept(sim.tokens(platform))
    known = sim.connection(platform)
    connection = replace(known, settings={**known.settings, "page_size": str(page_size)})
    return kind(connection, store, sim.clock, wait=no_wait)


def name_of(comment: SimComment) -> str:
    """How the desk names a simulated comment."""
    return comment_id(comment.id, comment.post.id) if comment.platform == FACEBOOK else comment.id


def aim(comment: SimComment) -> Target:
    """The target of an act, with the parent as the desk names it."""
    parent = name_of(comment.parent) if comment.parent else ""
    return replace(target_of(comment, name_of(comment)), parent_external_id=parent)


def standing(sim: Simulator, platform: Platform) -> dict[str, str]:
    """Identifier and text of everything that stands there, in public and in private."""
    public = {name_of(each): each.text for each in sim.world.comments(platform)}
    return public | {each.id: each.text for each in sim.world.messages(platform)}


def by_id(messages: dict[str, IncomingMessage], comment: SimComment) -> IncomingMessage:
    """What the desk knows of a comment."""
    return messages[name_of(comment)]
