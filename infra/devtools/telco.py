"""The telco simulator's network: numbers, messages, and what goes wrong on purpose.

A message is kept as the provider's resource would show it, plus the callback address. Faults are planned per
destination number, by the magic numbers below or by `Telco.plan(number, name)`.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from infra.devtools.journal import Entry, Journal
from shopbell.sms_text import count

#: What each plan does. The first five numbers are those Twilio documents for its test credentials.
PLANS: dict[str, str] = {
    "deliver": "accepted and delivered",
    "invalid": "refused: not a valid number (21211)",
    "unroutable": "refused: no route to the number (21612)",
    "no_permission": "refused: the region is not enabled (21408)",
    "stopped": "refused: the recipient said STOP (21610)",
    "landline": "refused: not a mobile number (21614)",
    "busy": "answered 429 twice for each text, then accepted",
    "broken": "answered 500 once for each text without accepting it, then accepted",
    "unreachable": "accepted, then undelivered (30003)",
    "lost": "accepted, then failed (30008)",
    "swallow": "accepted, and the connection closed before the answer, once for each text",
    "silent": "accepted, no receipt is ever sent",
    "noisy": "receipts come twice and in the wrong order",
}
MAGIC_NUMBERS: dict[str, str] = {
    "+15005550001": "invalid",
    "+15005550002": "unroutable",
    "+15005550003": "no_permission",
    "+15005550004": "stopped",
    "+15005550009": "landline",
    "+15005550029": "busy",
    "+15005550050": "broken",
    "+15005550030": "unreachable",
    "+15005550031": "lost",
    "+15005550060": "swallow",
    "+15005550061": "silent",
    "+15005550062": "noisy",
}
RANK = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "undelivered": 3, "failed": 3}


@dataclass(frozen=True)
class Weather:
    """Trouble for everybody: `latency_ms` before each answer, `error_rate` of answers that are a plain 500."""

    latency_ms: int = 0
    error_rate: float = 0.0


class Telco:
    """Every message the simulator accepted. Safe between threads."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.weather = Weather()
        self._plans = dict(MAGIC_NUMBERS)
        self._times: dict[tuple[str, str, str], int] = {}
        self._lock = threading.Lock()

    def plan(self, number: str, name: str) -> None:
        """From now on treat a number so. Raises KeyError for an unknown plan."""
        if name not in PLANS:
            raise KeyError(name)
        with self._lock:
            self._plans[number] = name

    def plan_for(self, number: str) -> str:
        """How a number is treated."""
        with self._lock:
            return self._plans.get(number, "deliver")

    def set_weather(self, **changes: Any) -> None:
        """Change the general trouble. Raises TypeError for an unknown name."""
        self.weather = replace(self.weather, **changes)

    def times_tried(self, plan: str, number: str, text: str) -> int:
        """How often this text had been sent to this number before; counts one more."""
        with self._lock:
            before = self._times.get((plan, number, text), 0)
            self._times[plan, number, text] = before + 1
            return before

    def accept(self, *, account: str, sender: str, to: str, body: str, callback: str) -> Entry:
        """Take a message into the network."""
        length = count(body)
        moment = _now()
        sid = "SM" + secrets.token_hex(16)
        entry = {
            "account_sid": account,
            "from": sender,
            "to": to,
            "body": body,
            "num_segments": length.segments,
            "encoding": length.encoding,
            "status": "queued",
            "error_code": None,
            "error_message": None,
            "date_created": moment,
            "date_updated": moment,
            "date_sent": None,
            "callback": callback,
        }
        self.journal.put(sid, entry)
        return {"id": sid, **entry}

    def advance(self, sid: str, status: str, *, error_code: int | None = None) -> Entry | None:
        """Move a message to a later status; None when it is gone."""
        with self._lock:
            entry = self.journal.get(sid)
            if entry is None:
                return None
            if RANK[status] >= RANK[str(entry["status"])]:
                moment = _now()
                entry = {**entry, "status": status, "error_code": error_code, "date_updated": moment}
                entry["date_sent"] = entry["date_sent"] or (moment if RANK[status] >= 2 else None)
                self.journal.put(sid, entry)
            return {"id": sid, **entry}

    def messages(self, *, to: str = "", limit: int = 100_000) -> list[Entry]:
        """Accepted messages, newest first; `to` is a part of the number."""
        digits = "".join(letter for letter in to if letter.isdigit())
        found = [entry for entry in self.journal.newest() if digits in entry["to"]]
        return found[:limit]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
