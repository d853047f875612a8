"""Tokens that an administrator pastes: given out by the platform's own pages, with no refresh here."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from console.domain.messages import Platform
from console.platforms.simulator.world import World
from console.services.platform_ports import Tokens


def newest(world: World, platform: Platform, scopes: Iterable[str], lives: timedelta | None) -> Tokens:
    """The newest token of the city's account that is taken now; a new one when there is none."""
    with world.lock:
        known = [g for g in world.grants.values() if world.grant_of(platform, g.access) is not None]
        if known:
            return Tokens(known[-1].access, expires_at=known[-1].expires_at)
        made = world.grant(platform, secrets.token_urlsafe(32), scopes, lives=lives)
        return Tokens(made.access, expires_at=made.expires_at)
