"""Logging: one line per event on standard error, with the time in UTC, without anybody's links and personal data.

Who has the address of a visit, an offer or a calendar may do what its owner may. Logs are read by more people than
that and kept for longer: so no line, not even the web server's own, shows the signed part of an address, a telephone
number, an e-mail address, a token, what was searched for, or what the database quotes of a row.
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

_PRIVATE = (
    # What a library says of a request when it is asked to say everything.
    (re.compile(r"((?:token|secret|password)[\"']?[:=] ?[\"']?)[^\s\"',;&}]+"), rf"\1{HIDDEN}"),
    # What the database quotes: Key (phone, name)=(…) already exists; Failing row contains (…); invalid input …: "…"
    (re.compile(r"(\)=\(|row contains \()[^\n]*\)"), rf"\1{HIDDEN})"),
    (re.compile(r'((?:invalid|malformed) [\w ]+: )"[^\n]*"'), rf'\1"{HIDDEN}"'),
    # What was searched for or filled in, in the query of an address.
    (re.compile(r"([?&](?:q|who|name|phone|email|note)=)[^&\s\"']+"), rf"\1{HIDDEN}"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), HIDDEN),
    # E.164, and mobile numbers as people in China and Vietnam write them.
    (re.compile(r"\+[1-9][0-9]{7,14}(?!\w)"), HIDDEN),
    (re.compile(r"(?<![\w-])(?:1[3-9][0-9]{9}|0[35789][0-9]{8})(?![\w-])"), HIDDEN),
)


def discreet(text: str) -> str:
    """The text with the signed parts of addresses and personal data left out."""
    text = _SIGNED.sub(HIDDEN, text)
    for pattern, instead in _PRIVATE:
        text = pattern.sub(instead, text)
    return text


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
