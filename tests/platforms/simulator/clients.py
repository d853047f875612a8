"""HTTP clients of the tests: plain, since loading the machine's certificates takes longer than a test."""

from __future__ import annotations

import ssl

import httpx

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def plain(base_url: str) -> httpx.Client:
    """A client for one platform on loopback, deaf to the environment's proxies."""
    return httpx.Client(base_url=base_url, trust_env=False, verify=_NO_TLS)
