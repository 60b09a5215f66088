"""Having a calendar read in a process that can be stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from blueprints.feeds.rules.keeping import Times

SECONDS = 30
"""For the whole of it: names, servers, reading and counting."""
_CHILD = "blueprints.feeds.service.outside"
_PASSED_ON = ("PATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "SYSTEMROOT")

BusyTimes = list[tuple[str, datetime, datetime]]


@dataclass(frozen=True)
class Question:
    """What to read: the address, the version we have, and between which instants (RFC 3339) it matters."""

    url: str
    etag: str
    modified: str
    first: str
    last: str
    zone: str
    own_host: str
    private: bool


@dataclass(frozen=True)
class Answer:
    """What was read. `busy` is None when nothing has changed; with an `error` nothing is known."""

    busy: BusyTimes | None = None
    etag: str = ""
    modified: str = ""
    error: str = ""


def read(question: Question, *, seconds: float = SECONDS) -> Answer:
    """Ask a process of its own. Whatever happens in it, the answer comes in time and names what went wrong."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and nothing of the calendar on the command line
            [sys.executable, "-m", _CHILD],
            input=json.dumps(asdict(question)),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        return Answer(error="too_slow")
    if done.returncode != 0:
        # Stopped by its limits on time or memory.
        return Answer(error="too_many")
    return _answer(json.loads(done.stdout))


def _environment() -> dict[str, str]:
    """No secret of ours is given to a process that reads what strangers wrote."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _answer(found: dict[str, Any]) -> Answer:
    if "busy" not in found:
        return Answer(error=found.get("error", ""))
    busy = [(uid, datetime.fromisoformat(first), datetime.fromisoformat(last)) for uid, first, last in found["busy"]]
    return Answer(busy, found["etag"], found["modified"])


def window_text(window: Times) -> tuple[str, str]:
    return window[0].isoformat(), window[1].isoformat()
