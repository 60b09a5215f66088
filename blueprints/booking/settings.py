"""Terms as settings: what a chain, a region or a branch demands, of every service or of one."""

from __future__ import annotations

from blueprints.booking.rules.terms import Terms
from shopbell.text import N_
from tenants.settings.keys import Key, Number

TERMS_OF_BOOKING = N_("Booking terms")
LIMITS: dict[str, tuple[int, int]] = {
    "cancel_minutes": (0, 43200),
    "move_minutes": (0, 43200),
    "max_moves": (0, 99),
    "late_cancel_percent": (0, 100),
    "no_show_percent": (0, 100),
    "deposit_percent": (0, 100),
    "no_shows_for_deposit": (1, 99),
    "late_grace_minutes": (0, 240),
    "no_show_after_minutes": (5, 1440),
}
LABELS = {
    "cancel_minutes": N_("Cancelling is free of charge until, in minutes before"),
    "move_minutes": N_("Moving is possible until, in minutes before"),
    "max_moves": N_("Moves at most"),
    "late_cancel_percent": N_("Fee for cancelling late, in percent of the price"),
    "no_show_percent": N_("Fee for not coming, in percent of the price"),
    "deposit_percent": N_("Deposit, in percent of the price"),
    "no_shows_for_deposit": N_("Missed visits within a year that make a deposit necessary"),
    "late_grace_minutes": N_("Counts as late after minutes"),
    "no_show_after_minutes": N_("Time is given away after minutes"),
}
PREFIX = "terms."
USUAL = {**vars(Terms()), "cancel_minutes": None, "move_minutes": None}
"""The product's own terms; until when one may cancel or move follows the branch's deadline."""
TERMS = {
    name: Key(
        PREFIX + name, LABELS[name], Number(*limits), USUAL[name], TERMS_OF_BOOKING, about="service", falls_back=True
    )
    for name, limits in LIMITS.items()
}
"""By the names of rules.terms.Terms. Where nobody says anything the branch's deadline and the product's terms hold."""
SETTINGS = tuple(TERMS.values())
