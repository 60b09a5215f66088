"""Posting to the address that a customer of the provider gave for its callbacks."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import urllib3


class Callbacks:
    """A pool of connections to customers. Safe between threads."""

    def __init__(self, *, at_once: int = 8) -> None:
        self._http = urllib3.PoolManager(num_pools=50, maxsize=at_once, retries=False)

    def post(self, url: str, body: str | bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer, 0 when there was none within five seconds."""
        reachable, host = _reachable(url)
        try:
            answer = self._http.request(
                "POST", reachable, body=body, headers={**headers, "Host": host}, timeout=urllib3.Timeout(5.0)
            )
        except urllib3.exceptions.HTTPError:
            return 0
        return answer.status


def _reachable(url: str) -> tuple[str, str]:
    # Names under .localhost mean this machine everywhere, yet not every resolver knows it.
    parts = urlsplit(url)
    if (parts.hostname or "").endswith(".localhost"):
        port = f":{parts.port}" if parts.port else ""
        return urlunsplit(parts._replace(netloc=f"127.0.0.1{port}")), parts.netloc
    return url, parts.netloc
