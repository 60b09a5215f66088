"""Pure rules: how long an operator stays signed in, and what is written down of what they do."""

from __future__ import annotations

from datetime import datetime, timedelta

from shopbell.text import N_

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
STEP_LIFE = timedelta(minutes=10)
TOUCH_EVERY = timedelta(minutes=1)
BROWSER_KNOWN = timedelta(days=180)
LONGEST_NAME = 80
LONGEST_AGENT = 300

LATE = timedelta(minutes=5)
"""How old the oldest due work or message may be before the console says so."""
SILENT = timedelta(hours=2)
"""After how long without a count, which is made once an hour, nobody seems to work for a chain."""

WORKER_STATES = {
    "idle": N_("waits for work"),
    "busy": N_("works"),
    "started": N_("has begun"),
    "suspended": N_("paused"),
}
"""What RQ says of a worker."""

ROLES = {"operator": N_("Operator"), "observer": N_("Observer, who changes nothing")}

RECORDED = {
    "operator.created": N_("Account made"),
    "operator.reset": N_("New password and phone"),
    "operator.closed": N_("Account closed"),
    "operator.opened": N_("Account opened"),
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "codes_on": N_("Codes from the phone switched on"),
    "password": N_("Chose a new password"),
    "phone": N_("Set up another phone"),
    "recovery_codes": N_("New recovery codes made"),
    "recovery_code_used": N_("A recovery code was used"),
    "sessions": N_("Ended sessions"),
    "refused": N_("Was not allowed"),
    "chain.asked_for": N_("Asked for a new chain"),
    "chain.suspended": N_("Switched off"),
    "chain.resumed": N_("Switched on again"),
    "chain.renamed": N_("Renamed"),
    "chain.limits": N_("Limits set"),
    "host.added": N_("Host name added"),
    "host.primary": N_("Host name made the main one"),
    "host.removed": N_("Host name removed"),
    "work.again": N_("Failed work tried again"),
}


def is_over(last_seen_at: datetime, expires_at: datetime, at: datetime) -> bool:
    """A session ends after two unused hours and after twelve in any case."""
    return at >= expires_at or at >= last_seen_at + IDLE


def is_late(oldest: datetime | None, at: datetime) -> bool:
    return oldest is not None and oldest < at - LATE


def is_silent(counted_at: datetime | None, at: datetime) -> bool:
    return counted_at is None or counted_at < at - SILENT
