"""Reading a calendar from an address somebody gave us, in a process of its own.

`python -m blueprints.feeds.service.outside` takes one question as JSON on its standard input and answers on its
standard output. The parent (service.reading) kills it when its time is over, so neither a server that answers a byte a
minute nor a file that recurs every second can hold anybody up; it knows no secret and no database.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as Late

from blueprints.feeds.rules.addresses import NotAnAddress, web_address
from blueprints.feeds.rules.busy import NotACalendar, TooManyEvents, busy_times
from shopbell import clock
from shopbell.outgoing import Trouble, ask

CONNECT_SECONDS = 5
FETCH_SECONDS = 10
CPU_SECONDS = 20
MEMORY_BYTES = 1 << 30
MOST_BYTES = 5_000_000
MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Fetched:
    """A file, or None when it is the same as before, with what the server said of its version."""

    body: bytes | None
    etag: str
    modified: str


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """{"error": code}, {"same": true}, or the version with "busy": [[uid, start, end], ...] in RFC 3339."""
    try:
        found = fetch(question["url"], question["etag"], question["modified"], question["private"])
        if found.body is None:
            return {"same": True}
        first, last = datetime.fromisoformat(question["first"]), datetime.fromisoformat(question["last"])
        busy = busy_times(found.body, first, last, clock.zone(question["zone"]), question["own_host"])
    except Trouble as trouble:
        return {"error": trouble.code}
    except NotACalendar:
        return {"error": "not_a_calendar"}
    except (TooManyEvents, MemoryError, RecursionError):
        return {"error": "too_many"}
    times = [[one.uid, one.starts_at.isoformat(), one.ends_at.isoformat()] for one in busy]
    return {"etag": found.etag, "modified": found.modified, "busy": times}


def fetch(url: str, etag: str, modified: str, private: bool) -> Fetched:
    """The file at the address; every redirect and every address it leads to is checked again. Raises Trouble."""
    deadline = time.monotonic() + FETCH_SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        response = _ask(url, _headers(etag, modified), private)
        try:
            if response.status in _REDIRECTS and response.headers.get("Location"):
                url = urljoin(url, response.headers["Location"])
                continue
            return _received(response, deadline)
        finally:
            response.close()
    raise Trouble("too_many_redirects")


def _headers(etag: str, modified: str) -> dict[str, str]:
    headers = {"Accept": "text/calendar, */*;q=0.5", "Accept-Encoding": "identity", "User-Agent": "Shopbell/1 calendar"}
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    return headers


def _ask(url: str, headers: dict[str, str], private: bool) -> urllib3.BaseHTTPResponse:
    try:
        address = web_address(url)
    except NotAnAddress:
        raise Trouble("bad_address") from None
    return ask("GET", address, headers, private=private, seconds=CONNECT_SECONDS)


def _received(response: urllib3.BaseHTTPResponse, deadline: float) -> Fetched:
    if response.status == 304:
        return Fetched(None, "", "")
    if response.status != 200:
        raise Trouble(f"http:{response.status}")
    body = bytearray()
    try:
        while piece := response.read1(65536):
            body += piece
            if len(body) > MOST_BYTES:
                raise Trouble("too_large")
            if time.monotonic() > deadline:
                raise Trouble("too_slow")
    except Late:
        raise Trouble("too_slow") from None
    except (HTTPError, OSError):
        raise Trouble("unreachable") from None
    headers = response.headers
    return Fetched(bytes(body), headers.get("ETag", "")[:500], headers.get("Last-Modified", "")[:100])


if __name__ == "__main__":
    main()
