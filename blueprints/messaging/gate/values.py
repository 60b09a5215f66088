"""What the gate is asked about, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Verdict = Literal["send", "later", "drop"]
Detail = Mapping[str, Any]

MARKETING, REMINDER = "marketing", "reminder"


@dataclass(frozen=True)
class Envelope:
    """A message about to be handed over.

    `cost_micros` are millionths of `currency`, as estimated. `text` and `subject` are read for marketing alone, whose
    first and last words the law asks about. `approval` is what the provider said of the template: "" where none has to.
    """

    id: UUID
    channel: str
    purpose: str
    template: str
    recipient: str
    customer_id: UUID | None
    branch_id: UUID | None
    locale: str
    segments: int
    cost_micros: int
    expires_at: datetime | None
    created_at: datetime
    currency: str = ""
    subject: str = ""
    text: str = ""
    approval: Literal["", "approved", "pending", "refused"] = ""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. A failed one has a `reason` code; one that puts off says until when."""

    name: str
    verdict: Verdict = "send"
    reason: str = ""
    detail: Detail = field(default_factory=dict)
    until: datetime | None = None

    @property
    def passed(self) -> bool:
        return self.verdict == "send"


@dataclass(frozen=True)
class Decision:
    """`until` is when to ask again, for "later"; `reason` the code of the check that decided, "" for "send"."""

    verdict: Verdict
    until: datetime | None
    reason: str
    checks: Sequence[Check]

    def as_detail(self) -> dict[str, Any]:
        """The decision as it is kept with the message, and read by `explain`."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "until": self.until.isoformat() if self.until else None,
            "checks": [{"check": one.name, "passed": one.passed, "detail": dict(one.detail)} for one in self.checks],
        }


def decided(envelope: Envelope, checks: Sequence[Check]) -> Decision:
    """The strictest of the checks. What would have to wait until it is worth nothing any more is dropped."""
    failed = [one for one in checks if not one.passed]
    forbidden = next((one for one in failed if one.verdict == "drop"), None)
    if forbidden is not None:
        return Decision("drop", None, forbidden.reason, checks)
    if not failed:
        return Decision("send", None, "", checks)
    last = max(failed, key=lambda one: one.until or envelope.created_at)
    if envelope.expires_at is not None and last.until is not None and last.until >= envelope.expires_at:
        late = Check("expiry", "drop", "too_late", {"until": last.until.isoformat()})
        return Decision("drop", None, late.reason, (*checks, late))
    return Decision("later", last.until, last.reason, checks)
