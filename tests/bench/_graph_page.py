"""A Page with as many comments as wanted, served by the Graph API's forms from nothing but their numbers.

    python -m tests.bench._graph_page COMMENTS

Says its port on standard output and serves until it is killed. It keeps no comment: memory stays flat
however many there are, so that what grows elsewhere is seen.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.bench.intake import rows

PAGE = "100"
UNDER_EACH = 2_000
"""Comments under one publication."""
NEWEST = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
_POOL = 20_000
"""Different texts; each comment's own number makes it another."""


@cache
def _texts() -> tuple[str, ...]:
    return tuple(str(row["text"]) for row in rows(_POOL))


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def comment(number: int) -> dict[str, Any]:
    """Comment `number` of the whole Page; 0 is the newest. Twenty days hold them all."""
    chance = random.Random(number)
    post = f"{PAGE}_{number // UNDER_EACH}"
    return {
        "id": f"{post.partition('_')[2]}_{number}",
        "message": f"{_texts()[number % _POOL]} {number}",
        "from": {"id": f"u{chance.randrange(5_000)}", "name": "Léa Côté"},
        "created_time": _time(NEWEST - timedelta(seconds=number % 1_700_000)),
        "object": {"id": post},
        "permalink_url": f"https://exemple.invalid/{number}",
        "is_hidden": False,
    }


class Handler(BaseHTTPRequestHandler):
    """GET alone; every list is empty but the publications and the comments under them."""

    protocol_version = "HTTP/1.1"
    comments = 0

    def do_GET(self) -> None:
        """One page of a list."""
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        start, limit = int(asked.get("after") or 0), int(asked.get("limit") or 25)
        _, owner, *edges = parts.path.split("/")
        if not edges:
            self._answer(json.dumps(comment(int(owner.rpartition("_")[2]))).encode())
            return
        edge = edges[0]
        if edge == "published_posts":
            posts = -(-self.comments // UNDER_EACH)
            found = [self._post(each) for each in range(start, min(start + limit, posts))]
            more = start + limit < posts
        elif edge == "comments":
            first = int(owner.partition("_")[2]) * UNDER_EACH
            last = min(first + UNDER_EACH, self.comments)
            since = int(asked.get("since") or 0)
            found = [comment(each) for each in range(first + start, min(first + start + limit, last))]
            found = [each for each in found if _seconds(each["created_time"]) >= since]
            more = first + start + limit < last and bool(found)
        else:
            found, more = [], False
        body: dict[str, Any] = {"data": found}
        if more:
            after = str(start + limit)
            body["paging"] = {"cursors": {"after": after}, "next": f"{self.path}&after={after}"}
        self._answer(json.dumps(body).encode())

    def _post(self, number: int) -> dict[str, Any]:
        own = {"id": PAGE, "name": "Ville d’essai"}
        return {
            "id": f"{PAGE}_{number}",
            "message": f"Publication {number}",
            "from": own,
            "created_time": _time(NEWEST - timedelta(days=21)),
        }

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """Say nothing."""


def _seconds(created: str) -> float:
    return datetime.strptime(created, "%Y-%m-%dT%H:%M:%S%z").timestamp()


def main(comments: int) -> None:
    """Serve."""
    Handler.comments = comments
    _texts()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
