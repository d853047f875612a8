"""Which platforms are simulated."""

from __future__ import annotations

from console.platforms.simulator.api import PlatformApi
from console.platforms.simulator.facebook import FacebookApi
from console.platforms.simulator.instagram import InstagramApi
from console.platforms.simulator.linkedin import LinkedinApi
from console.platforms.simulator.tiktok import TiktokApi
from console.platforms.simulator.x import XApi
from console.platforms.simulator.youtube import YoutubeApi

SIMULATED: tuple[type[PlatformApi], ...] = (
    FacebookApi,
    InstagramApi,
    YoutubeApi,
    XApi,
    LinkedinApi,
    TiktokApi,
)
"""One class a platform; each is made once for a world."""
