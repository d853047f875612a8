"""Connecting an account of the city: in the system's browser (YouTube, X), or by a token that somebody
copies from the platform's own pages (Facebook, Instagram, LinkedIn, TikTok)."""

from __future__ import annotations

from console.domain.messages import Platform
from console.errors import ValidationError
from console.services.platform_ports import SignIn


def sign_in(platform: Platform, ca_file: str = "") -> SignIn:
    """How an account of the platform is connected. `ca_file`: an authority of the city's network (PEM).
    Code `platform.unknown`."""
    match platform:
        case "facebook":
            from console.platforms.signing_in.meta import FacebookSignIn

            return FacebookSignIn(ca_file=ca_file)
        case "instagram":
            from console.platforms.signing_in.meta import InstagramSignIn

            return InstagramSignIn(ca_file=ca_file)
        case "youtube":
            from console.platforms.signing_in.youtube import YouTubeSignIn

            return YouTubeSignIn(ca_file=ca_file)
        case "x":
            from console.platforms.signing_in.x import XSignIn

            return XSignIn(ca_file=ca_file)
        case "linkedin":
            from console.platforms.signing_in.linkedin import LinkedInSignIn

            return LinkedInSignIn(ca_file=ca_file)
        case "tiktok":
            from console.platforms.signing_in.tiktok import TikTokSignIn

            return TikTokSignIn(ca_file=ca_file)
    raise ValidationError("platform.unknown", platform=platform)
