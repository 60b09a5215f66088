"""Asking a provider over HTTP, and what it means when no answer comes."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from typing import Any

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from blueprints.messaging.channels.outcomes import InDoubt, NotNow

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LONGEST_WAIT_SECONDS = 3600.0


class Http:
    """A pool of kept-alive connections to one provider. Safe between threads.

    `step_seconds` bounds each step on the network: connecting, and waiting for the answer.
    """

    def __init__(self, base: str, *, step_seconds: float) -> None:
        self.base = base.rstrip("/")
        self._pool = urllib3.PoolManager(
            num_pools=4, maxsize=32, retries=False, timeout=urllib3.Timeout(connect=step_seconds, read=step_seconds)
        )

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: str | bytes | None = None
    ) -> tuple[int, Mapping[str, Any], float]:
        """Status, members of the JSON answer, and how many seconds it asks us to wait. Raises NotNow or InDoubt."""
        try:
            response = self._pool.request(method, self.base + path, body=body, headers=headers)
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise NotNow("the provider cannot be reached", reason="unavailable") from error
        except SSLError as error:
            if isinstance(error.args[0], ssl.SSLCertVerificationError):
                raise NotNow("the provider's certificate is not valid", reason="unavailable") from error
            raise _lost(error) from error
        except HTTPError as error:
            raise _lost(error) from error
        return response.status, members(response.data), _wait(response.headers.get("Retry-After", ""))

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._pool.clear()


def members(data: bytes) -> Mapping[str, Any]:
    """A JSON object; empty for anything else."""
    try:
        answer = json.loads(data)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _lost(error: HTTPError) -> InDoubt:
    return InDoubt(f"the connection ended before the answer: {type(error).__name__}", reason="unavailable")


def _wait(text: str) -> float:
    return min(float(text), LONGEST_WAIT_SECONDS) if text.isdigit() else 0.0
