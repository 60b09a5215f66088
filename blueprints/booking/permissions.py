"""Who may do what with the booking book; `scope:` names are API scopes."""

from shopbell.auth import Permission
from shopbell.text import N_

STAFF = frozenset({"hq", "manager", "frontdesk"})
LEADS = frozenset({"hq", "manager"})
ALL = STAFF | {"scope:booking"}

SCOPES = {
    "booking.read": N_("Look up appointments, free times, services and people"),
    "booking": N_("Look up appointments, and make, move and cancel them"),
}

PERMISSIONS = {
    "booking.read": Permission(N_("Look up appointments and free times"), ALL | {"scope:booking.read"}),
    "booking.write": Permission(N_("Make, move and cancel appointments"), ALL),
    "booking.approve": Permission(N_("Approve and decline requests"), STAFF),
    "booking.rules": Permission(N_("Change the booking rules"), frozenset({"hq", "scope:settings"}), chain_wide=True),
    "booking.charges": Permission(N_("Decide on deposits and fees"), LEADS),
    "booking.override": Permission(N_("Set a booking rule aside, with a reason"), LEADS),
}
