"""The simulator as a process of its own, as the demonstration starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.platforms.simulator.conftest import NO_TLS


@contextmanager
def _process(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    command = [sys.executable, "-m", "console.platforms.simulator", "--until-eof", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
        process.kill()


def test_one_line_says_all_and_the_city_lives() -> None:
    with _process("--seed", "7", "--living") as (process, told):
        facebook = told["platforms"]["facebook"]
        assert facebook["base_url"] == f"http://127.0.0.1:{told['port']}/facebook"
        assert facebook["connection"]["external_id"] == "100200300400500"
        assert facebook["pasted"] != facebook["tokens"]["access"]
        answer = httpx.get(
            f"{facebook['base_url']}/100200300400500/published_posts",
            params={"access_token": facebook["tokens"]["access"]},
            trust_env=False,
            verify=NO_TLS,
        )
        assert answer.json()["data"]
        wall = httpx.get(f"{told['wall']}/etat", trust_env=False, verify=NO_TLS).json()
        assert {one["platform"] for one in wall["platforms"]} == set(told["platforms"])
        assert sum(len(post["comments"]) for one in wall["platforms"] for post in one["posts"]) > 50
        # Who started it ends (its pipe closes): so does the simulator.
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def test_it_ends_when_asked() -> None:
    with _process() as (process, told):
        assert set(told) == {"port", "wall", "platforms"}
        process.terminate()
        # On Windows nobody can ask: there the process is ended.
        assert process.wait(timeout=20) == (0 if sys.platform != "win32" else 1)
