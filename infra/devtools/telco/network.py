"""The network behind all doors: the texts it has, what became of them, and what people wrote back."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from infra.devtools.journal import Entry, Journal
from infra.devtools.telco import plans
from shopbell.sms_text import count

RANK = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "undelivered": 3, "failed": 3, "received": 3}


@dataclass(frozen=True)
class Weather:
    """Trouble for everybody, and how long the plans' delays take.

    `latency_ms` passes before each answer, `error_rate` of the answers are an error of the provider's own,
    `stall_seconds` is how long the plan `stall` holds an answer back, `late_seconds` how late `late` is.
    `smpp_receipts` is how SMPP's are written: as a text, as tags, or as both.
    """

    latency_ms: int = 0
    error_rate: float = 0.0
    stall_seconds: float = 45.0
    late_seconds: float = 20.0
    smpp_receipts: Literal["both", "text", "tags"] = "both"


@dataclass(frozen=True)
class Sent:
    """A text as a door took it. `to` is E.164; `extra` is what the door itself wants to remember."""

    id: str
    dialect: str
    account: str
    sender: str
    to: str
    body: str
    callback: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


class Telco:
    """Every text that was accepted or written back. Safe between threads."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.weather = Weather()
        self._plans: dict[str, str] = {}
        self._times: dict[tuple[str, str, str], int] = {}
        self._lock = threading.Lock()

    def plan(self, number: str, name: str) -> None:
        """From now on treat a number so. Raises KeyError for an unknown plan."""
        if name not in plans.PLANS:
            raise KeyError(name)
        with self._lock:
            self._plans[number] = name

    def plan_for(self, number: str) -> str:
        """How a number is treated."""
        with self._lock:
            return self._plans.get(number) or plans.planned(number)

    def set_weather(self, **changes: Any) -> None:
        """Change the general trouble. Raises TypeError for an unknown name."""
        self.weather = replace(self.weather, **changes)

    def obstacle(self, number: str, text: str) -> str:
        """The plan that keeps this text from being accepted now, or nothing. Counts that it was tried."""
        plan = self.plan_for(number)
        if plan in plans.REFUSED:
            return plan
        turned_away = plans.TURNED_AWAY.get(plan, 0)
        return plan if turned_away and self._tried(plan, number, text) < turned_away else ""

    def first_time(self, plan: str, number: str, text: str) -> bool:
        """Whether this text is seen under this plan for the first time."""
        return self._tried(f"first {plan}", number, text) == 0

    def accept(self, sent: Sent) -> Entry:
        """Take a text into the network."""
        length = count(sent.body)
        moment = _now()
        entry = {
            "direction": "out",
            "dialect": sent.dialect,
            "account": sent.account,
            "from": sent.sender,
            "to": sent.to,
            "body": sent.body,
            "plan": self.plan_for(sent.to),
            "num_segments": length.segments,
            "encoding": length.encoding,
            "status": "queued",
            "reason": "",
            "date_created": moment,
            "date_updated": moment,
            "date_sent": None,
            "callback": sent.callback,
            "extra": sent.extra,
        }
        self.journal.put(sent.id, entry)
        return {"id": sent.id, **entry}

    def write_back(self, reply_id: str, answered: Entry, text: str) -> Entry:
        """Keep what a person wrote back to one of the texts."""
        moment = _now()
        length = count(text)
        entry = {
            **{name: answered[name] for name in ("dialect", "account", "extra")},
            "direction": "in",
            # The phone's screen is sorted by the number of its owner, whoever wrote.
            "from": answered["from"],
            "to": answered["to"],
            "body": text,
            "plan": "deliver",
            "num_segments": length.segments,
            "encoding": length.encoding,
            "status": "received",
            "reason": "",
            "date_created": moment,
            "date_updated": moment,
            "date_sent": moment,
            "callback": "",
        }
        self.journal.put(reply_id, entry)
        return {"id": reply_id, **entry}

    def advance(self, text_id: str, status: str, *, reason: str = "") -> Entry | None:
        """Move a text to a later status; None when it is gone."""
        with self._lock:
            entry = self.journal.get(text_id)
            if entry is None:
                return None
            if RANK[status] >= RANK[str(entry["status"])]:
                moment = _now()
                entry = {**entry, "status": status, "reason": reason, "date_updated": moment}
                entry["date_sent"] = entry["date_sent"] or (moment if RANK[status] >= 2 else None)
                self.journal.put(text_id, entry)
            return {"id": text_id, **entry}

    def messages(self, *, to: str = "", dialect: str = "", limit: int = 100_000) -> list[Entry]:
        """Accepted texts, newest first; `to` is a part of the number."""
        return [entry for entry in self.conversation(to=to, dialect=dialect) if entry["direction"] == "out"][:limit]

    def conversation(self, *, to: str = "", dialect: str = "") -> list[Entry]:
        """Accepted texts and what was written back, newest first."""
        digits = "".join(letter for letter in to if letter.isdigit())
        return [entry for entry in self.journal.newest() if digits in entry["to"] and dialect in ("", entry["dialect"])]

    def _tried(self, plan: str, number: str, text: str) -> int:
        with self._lock:
            before = self._times.get((plan, number, text), 0)
            self._times[plan, number, text] = before + 1
            return before


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
