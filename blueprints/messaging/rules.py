"""Pure rules: states and how they follow each other, when to try again, who is told what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from shopbell import due

CHANNELS = ("sms", "email")
Purpose = Literal["code", "incident", "transactional", "reminder", "marketing"]
STATES = ("queued", "sending", "sent", "delivered", "failed", "unknown", "cancelled", "dropped")
#: What a message is for, and how early its turn comes: what somebody waits for before what can wait.
PRIORITIES = {
    "code": due.WAITED_FOR,
    "incident": due.ALARM,
    "transactional": due.ORDINARY,
    "reminder": due.PLANNED,
    "marketing": due.BULK,
}
PURPOSES = tuple(PRIORITIES)
#: What happens to a message, each written down as it happens.
STEPS = (
    "decided",
    "attempt",
    "accepted",
    "refused",
    "put_off",
    "doubt",
    "asked",
    "receipt",
    "resent",
    "replayed",
    "cancelled",
    "failed_over",
    "reply",
    "click",
)

#: Tries before a message that nobody takes is given up: the pauses add up to about five hours.
RETRY_SECONDS = (2, 5, 15, 60, 300, 900, 1800, 3600, 3600, 7200)
#: When a provider is asked about a text message in doubt, and asked again.
ASK_SECONDS = (2, 6, 60, 300, 900, 3600)
#: How often it must be missing from the provider's list, which may lag behind what was accepted.
MISSED_ENOUGH = 2
#: When an e-mail in doubt goes out again; nobody can be asked about it.
REPEAT_SECONDS = 10
#: When a text message in doubt does whose provider cannot be asked: a receipt may still tell.
OVERHEAR_SECONDS = 60
MAX_RESENDS = 1

UPCOMING = frozenset({"booked", "confirmed"})


@dataclass(frozen=True)
class Occasion:
    """What a message is about; its words are those of `templates`.

    `statuses` are those of the appointment in which it still holds, and `versioned` says that a later move overtakes
    it. `overtakes` names the occasions whose messages it takes back when they are not sent yet. `calendar` is what its
    calendar file does. One told `afterwards` is about a visit that has taken place, all others about one that lies
    ahead. The text of a `secret` one opens an account, and is forgotten once it is sent, or cannot be any more.
    `purpose` says which rules of sending hold for it, and how early its turn comes.
    """

    statuses: frozenset[str] = UPCOMING
    versioned: bool = False
    overtakes: tuple[str, ...] = ()
    calendar: Literal["", "PUBLISH", "CANCEL"] = ""
    afterwards: bool = False
    secret: bool = False
    purpose: Purpose = "transactional"

    @property
    def priority(self) -> int:
        return PRIORITIES[self.purpose]

    @property
    def withdraws_event(self) -> bool:
        return self.calendar == "CANCEL"


BEFORE = ("confirmation", "change", "reminder", "request")

#: Every occasion. Those from `offer` on are not about the state of somebody's appointment: see service.notices,
#: service.accounts from `invitation` on, and service.own for `sign_up`.
OCCASIONS = {
    "confirmation": Occasion(overtakes=("request", "offer"), calendar="PUBLISH"),
    "change": Occasion(versioned=True, overtakes=BEFORE, calendar="PUBLISH"),
    "cancellation": Occasion(frozenset({"cancelled"}), overtakes=BEFORE, calendar="CANCEL"),
    "part_cancelled": Occasion(frozenset({"cancelled"})),
    "reminder": Occasion(versioned=True, purpose="reminder"),
    "request": Occasion(frozenset({"requested"}), versioned=True, overtakes=("request",)),
    "review": Occasion(frozenset({"done"}), afterwards=True),
    "calendar": Occasion(),
    "declined": Occasion(frozenset({"cancelled"}), overtakes=BEFORE),
    "offer": Occasion(),
    "offer_gone": Occasion(overtakes=("offer",)),
    "wish_joined": Occasion(),
    "answer": Occasion(),
    "too_late": Occasion(),
    "invitation": Occasion(secret=True),
    "password_link": Occasion(secret=True),
    "password_forgotten": Occasion(secret=True),
    "sign_in_code": Occasion(secret=True, purpose="code"),
    "sign_up": Occasion(secret=True),
    # Not an incident: nobody's code or closed branch waits for it, and what staff are told comes in storms.
    "staff_alert": Occasion(),
}

RANKS = {"queued": 0, "sending": 1, "unknown": 1, "sent": 2, "delivered": 3, "failed": 3, "cancelled": 3, "dropped": 3}
REPORTED = ("sending", "sent", "delivered", "failed")
"""What a receipt may say, whatever its provider calls it."""


def dedupe_key(subject_id: UUID, template: str, channel: str, version: int) -> str:
    """The key that lets a message exist only once: one per subject (mostly a booking), template, channel, version."""
    return f"{subject_id}:{template}:{channel}:{version}"


def still_true(template: str, status: str, starts_at: datetime, now: datetime) -> bool:
    """Whether an occasion still holds for a booking of this status: nobody is told of what is past or undone."""
    if (starts_at <= now) != OCCASIONS[template].afterwards:
        return False
    return status in OCCASIONS[template].statuses


def retry_pause(attempts: int, spread: float = 0.0) -> timedelta | None:
    """How long to wait after the n-th refused-for-now attempt (1, 2, ...); None: give up. A `spread` between 0 and 1
    lengthens it by up to a quarter, so that what failed together does not come back together."""
    if not 1 <= attempts <= len(RETRY_SECONDS):
        return None
    return timedelta(seconds=RETRY_SECONDS[attempts - 1] * (1 + spread / 4))


def worth_repeating(purpose: str, resends: int) -> bool:
    """Whether what may have arrived is sent once more: what matters to a visit is, and marketing never."""
    return purpose != "marketing" and resends < MAX_RESENDS


def ask_pause(times_asked: int) -> timedelta | None:
    """How long to wait before asking the provider the (n+1)-th time; None: a person has to decide."""
    return timedelta(seconds=ASK_SECONDS[times_asked]) if times_asked < len(ASK_SECONDS) else None


def after_receipt(state: str, reported: str) -> str | None:
    """The state after a receipt that says one of REPORTED, or None when it changes nothing, as any other word does.

    Receipts come late, twice and in any order: only a step forward counts, and a final state stays. One of any kind
    proves that the provider has the message, so it settles a doubt.
    """
    if reported not in REPORTED:
        return None
    if reported == "sending":
        return "sent" if state in ("queued", "sending", "unknown") else None
    return reported if RANKS[reported] > RANKS[state] else None


def address_fits(recipient: str) -> bool:
    """Whether a mailbox address can stand in an envelope: one @, something on both sides, nothing unprintable."""
    local, at, domain = recipient.rpartition("@")
    return bool(at and local and domain) and recipient.isprintable() and " " not in recipient and "@" not in local


def share(amount_minor: int, percent: int | None) -> int:
    """That percentage of an amount, rounded half up to whole minor units."""
    return (amount_minor * (percent or 0) + 50) // 100
