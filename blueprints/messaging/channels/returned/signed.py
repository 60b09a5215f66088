"""Reports of other programs, signed as Standard Webhooks 1.0 has it: whatever mail server or service there is."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from blueprints.messaging.channels.replies import meaning
from blueprints.messaging.channels.returned.values import Kind, Report, without_addresses

OLDEST = timedelta(minutes=5)
PREFIX = "whsec_"
KINDS = frozenset(get_args(Kind)) - {"unreadable", "answer"}


class NotSigned(Exception):
    """Not signed by who knows our secret, or too long ago."""


class BadField(ValueError):
    """Says which field is wrong, and how."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(f"{field}: {said}")
        self.field = field


@dataclass(frozen=True)
class Told:
    """A report, and the envelope address of the mail that it is about."""

    sender: str
    report: Report


def check(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises NotSigned. `headers` by their names in lower case."""
    message_id, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not secret or not seconds.isdigit() or abs(now.timestamp() - int(seconds)) > OLDEST.total_seconds():
        raise NotSigned
    content = f"{message_id}.{seconds}.".encode() + body
    wanted = base64.b64encode(hmac.digest(_key(secret), content, hashlib.sha256))
    given = [one.removeprefix("v1,") for one in headers.get("webhook-signature", "").split() if one.startswith("v1,")]
    if not any(hmac.compare_digest(wanted, one.encode("utf-8", "replace")) for one in given):
        raise NotSigned


def read(body: bytes) -> Told:
    """`{"kind": …, "sender": …, "status": …, "said": …}`; the last two may be missing. Raises BadField."""
    try:
        said = json.loads(body)
    except ValueError:
        raise BadField("body", "this is no JSON") from None
    if not isinstance(said, dict):
        raise BadField("body", "this is no object")
    kind = _text(said, "kind")
    if kind not in KINDS:
        raise BadField("kind", f"one of {', '.join(sorted(KINDS))}")
    means = meaning(f"{_text(said, 'status')} {_text(said, 'said')}")
    reason = means.reason if kind in ("bounce", "late") else kind if kind == "complaint" else ""
    dead = kind == "bounce" and means.is_dead
    return Told(_text(said, "sender"), Report(kind, reason, dead, without_addresses(_text(said, "said"))))  # type: ignore[arg-type]


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str):
        raise BadField(name, "this is no text")
    return value


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()
