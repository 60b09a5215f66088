"""What a reply that says one thing asks for, and whether it can be done without anybody. Pure."""

from __future__ import annotations

from datetime import datetime

STATES = ("open", "closed")
KINDS = ("in", "out", "done")
DEEDS = ("confirmed", "cancelled", "too_late", "stopped", "started")
"""What was done by itself; such an entry says which."""
LONGEST = 500


def deed(keyword: str, status: str, deadline: datetime, starts_at: datetime, now: datetime) -> str:
    """What a reply to a message about an appointment leads to: one of DEEDS, or nothing that could be done alone."""
    if keyword == "stop":
        return "stopped"
    if keyword == "start":
        return "started"
    if status not in {"booked", "confirmed", "requested"} or starts_at <= now:
        return ""
    if keyword == "confirm":
        return "confirmed" if status != "requested" else ""
    if keyword == "refuse":
        return "cancelled" if now < deadline else "too_late"
    return ""


def waits(done: str) -> bool:
    """Whether somebody has to look at it."""
    return done in ("", "too_late")
