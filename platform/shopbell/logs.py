"""Logging: one line per event on standard error, with the time in UTC and without anybody's links.

Who has the address of a visit, an offer or a calendar may do what its owner may. Logs are read by more people than
that and kept for longer: so no line, not even the web server's own, shows the signed part of an address.
"""

from __future__ import annotations

import logging
import os
import re
import time

SERVERS = ("gunicorn.error", "gunicorn.access")
HIDDEN = "…"

# A part of a path, or a value of a query, as long as what we sign; file names in tracebacks have no capitals.
_SIGNED = re.compile(r"(?<=[/=])(?![a-z0-9_]+(?![A-Za-z0-9_-]))[A-Za-z0-9_-]{40,}(?:\.[A-Za-z0-9_-]{16,})*")


def discreet(text: str) -> str:
    """The text with the signed parts of addresses left out."""
    return _SIGNED.sub(HIDDEN, text)


class Discreet(logging.Formatter):
    """Writes what another formatter does, discreetly: messages, arguments and tracebacks."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return discreet(self.inner.format(record))


def configure_logging() -> None:
    """Set up the process's log; SHOPBELL_LOG_LEVEL (default WARNING) says how much."""
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(formatter))
    logging.basicConfig(level=os.environ.get("SHOPBELL_LOG_LEVEL", "WARNING"), handlers=[handler], force=True)
    for server in map(logging.getLogger, SERVERS):
        for own in server.handlers:
            if not isinstance(own.formatter, Discreet):
                own.setFormatter(Discreet(own.formatter or logging.Formatter()))
