"""Which platforms are simulated."""

from __future__ import annotations

from console.platforms.simulator.api import PlatformApi
from console.platforms.simulator.facebook import FacebookApi
from console.platforms.simulator.instagram import InstagramApi

SIMULATED: tuple[type[PlatformApi], ...] = (FacebookApi, InstagramApi)
"""One class a platform; each is made once for a world."""
